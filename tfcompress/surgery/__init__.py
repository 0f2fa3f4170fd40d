"""What is done to a trained model, without training it."""

from tfcompress.surgery.deepen import deepen
from tfcompress.surgery.groups import Group, Member, coupled_groups
from tfcompress.surgery.net_trim import net_trim
from tfcompress.surgery.plan import Decision, Plan, plan
from tfcompress.surgery.shrink import shrink
from tfcompress.surgery.widen import widen

__all__ = [
    "Decision",
    "Group",
    "Member",
    "Plan",
    "coupled_groups",
    "deepen",
    "net_trim",
    "plan",
    "shrink",
    "widen",
]
