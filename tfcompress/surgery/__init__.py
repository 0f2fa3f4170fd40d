"""What is done to a trained model, without training it."""

from tfcompress.surgery.groups import Group, Member, coupled_groups
from tfcompress.surgery.net_trim import net_trim

__all__ = ["Group", "Member", "coupled_groups", "net_trim"]
