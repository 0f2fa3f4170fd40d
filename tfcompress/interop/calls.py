"""The calls of a graph, put in an order in which they can be made."""

import dataclasses

from tfcompress.interop.graph import Call, Output, leaves, mapped


@dataclasses.dataclass(frozen=True)
class History:
    """Where a value comes from: output `position` of use number `use` of a layer."""

    layer: str
    use: int
    position: int


def in_order(uses, inputs, outputs):
    """Returns the calls that `outputs` need, and both ends with an `Output` for each.

    Args:
        uses: For each (layer, number of its use) its arguments `(args, kwargs)`, with a
            `History` for each tensor.
        inputs: A structure of `History`.
        outputs: Likewise.

    Raises:
        ValueError: The uses depend on each other in a circle.
    """
    needed = _needed(uses, [*_histories(inputs), *_histories(outputs)])
    calls, place = [], {}

    def made(value):
        if not isinstance(value, History):
            return value
        return Output(place[value.layer, value.use], value.position)

    waiting = [use for use in uses if use in needed]
    while waiting:
        later = []
        for use in waiting:
            if any((h.layer, h.use) not in place for h in _histories(uses[use])):
                later.append(use)
                continue
            args, kwargs = uses[use]
            place[use] = len(calls)
            calls.append(Call(use[0], mapped(made, args), mapped(made, kwargs)))
        if len(later) == len(waiting):
            raise ValueError(f"The graph of the model has a circle: {later[0][0]!r}.")
        waiting = later
    return calls, mapped(made, inputs), mapped(made, outputs)


def _needed(uses, waiting):
    needed = set()
    while waiting:
        one = waiting.pop()
        use = (one.layer, one.use)
        if use not in needed:
            needed.add(use)
            waiting += _histories(uses[use])
    return needed


def _histories(structure):
    return [leaf for leaf in leaves(structure) if isinstance(leaf, History)]
