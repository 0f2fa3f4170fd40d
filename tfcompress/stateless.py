"""Models that keep a state from call to call, refused where calls are compared."""

from tfcompress import _checks
from tfcompress.sublayers import every_layer


def refuse_stateful(model) -> None:
    """Raises if a layer keeps a state from call to call: then no two are the same."""
    stateful = [x.name for x in every_layer(model) if getattr(x, "stateful", False)]
    if stateful:
        rule = "keep no state from call to call"
        remedy = "Make these layers with `stateful=False`."
        raise _checks.error("model", rule, stateful, remedy=remedy)
