"""Kinds of arguments, and for each what is wrong for it."""

import dataclasses
import math
from collections.abc import Callable

import keras
import numpy as np


@dataclasses.dataclass(frozen=True)
class Kind:
    """What an argument takes.

    Args:
        bad: Label -> a value that is refused, or a `Made` one.
        good: A number or a truth value that is taken, in the types of NumPy too; None
            where the argument is something else.
    """

    bad: dict
    good: object = None

    def without(self, *labels):
        """Returns this kind with fewer bad values."""
        bad = {key: value for key, value in self.bad.items() if key not in labels}
        return dataclasses.replace(self, bad=bad)

    def more(self, **bad):
        """Returns this kind with more bad values."""
        return dataclasses.replace(self, bad=self.bad | bad)


@dataclasses.dataclass(frozen=True)
class Made:
    """A bad value that is made of the shared things, when it is needed."""

    of: Callable


HUGE = 10**400  # no float holds it
NOT_NUMBERS = {
    "None": None,
    "digits": "3",
    "empty text": "",
    "bytes": b"3",
    "True": True,
    "numpy's True": np.True_,
    "complex": 1j,
    "list": [1],
    "tuple": (),
    "dict": {},
    "array": np.ones(2),
    "class": int,
}
NOT_FINITE = {
    "nan": math.nan,
    "inf": math.inf,
    "-inf": -math.inf,
    "numpy's nan": np.float32("nan"),
}
OTHERS = {
    "None": None,
    "number": 3,
    "float": 0.5,
    "True": True,
    "text": "nonsense",
    "empty text": "",
    "bytes": b"x",
    "list": [],
    "dict": {},
    "array": np.ones(2),
    "object": object(),
}


def other(*taken, **more):
    """Returns a kind of which all of `OTHERS` are bad but those `taken`."""
    return Kind(OTHERS).without(*taken).more(**more)


def integer(low=1, high=None):
    bad = NOT_NUMBERS | NOT_FINITE
    bad |= {"fraction": low + 0.5, "whole float": float(low + 1), "below": low - 1}
    bad |= {"numpy's float": np.float64(low + 1), "numpy's below": np.int64(low - 1)}
    if high is not None:
        bad["above"] = high + 1
    return Kind(bad, good=low + 1)


def number(*outside, good=0.5):
    """A float; `outside` are numbers beyond the ends of its interval."""
    bad = NOT_NUMBERS | NOT_FINITE | {"huge": HUGE}
    return Kind(bad | {f"{one:g}": one for one in outside}, good=good)


def several(*taken, **wrong_inside):
    """A list of which the things inside are of a kind too."""
    return other(*taken, none_in=(None,), **wrong_inside)


COUNT = integer()
NATURAL = integer(low=0)
RATIO = number(0, -0.0, -0.5, 1.01)  # (0, 1]
SPARSITY = number(-0.01, 1, 1.5)  # [0, 1)
SHARE = number(-0.01, 1.01)  # [0, 1]
INNER = number(0, -0.5, 1, 1.5)  # (0, 1)
POSITIVE = number(0, -0.0, -1)
NOT_NEGATIVE = number(-1e-9, -1)
ABOVE_ONE = number(1, 0.5, -2, good=1.5)
FINITE = number()
BOOLEAN = dataclasses.replace(
    other("True", one=1, zero=0, yes="yes", texts=["True"]), good=True
)
CHOICE = other(case="SMALLEST", tuple=(), nan=math.nan)
CHOICE_OR_NONE = CHOICE.without("None")
NAME = other("text")
FUNCTION = other()
OBJECT = other()
POSITION = other(
    "number",
    negative=-1,
    fraction=1.5,
    nan=math.nan,
    unit="3 steps",
    bare="10",
    over="110%",
    below="-5%",
    tuple=(),
)
COUNTS = several(zero=(0,), half=(1.5,), digits=("1",), truth=(True,))
PAIR_OF_COUNTS = several(
    one=(1,), zero=(0, 1), half=(1.5, 1), digits=("1", "2"), truth=(True, 1)
)

MODEL = other(
    layer=Made(lambda t: keras.layers.Dense(3)),
    models=Made(lambda t: [t.model]),
    kind=Made(lambda t: type(t.model)),
    unbuilt=Made(lambda t: t.unbuilt),
    empty=Made(lambda t: t.empty),
)
FINITE_MODEL = MODEL.more(not_finite=Made(lambda t: t.not_finite))
GRAPH = MODEL.more(subclassed=Made(lambda t: t.subclassed))
FINITE_GRAPH = GRAPH.more(not_finite=Made(lambda t: t.not_finite))

WRITTEN = other(
    "text",
    folder=Made(lambda t: t.out),
    missing=Made(lambda t: t.out / "missing" / "a.tflite"),
    below_a_file=Made(lambda t: t.text / "a.tflite"),
    read_only=Made(lambda t: t.read_only_file),
    null="a\0b.tflite",
    long="a" * 5000,
)
PICTURE = WRITTEN.more(ending="a.tflite", no_ending="a")
FOLDER = other(
    "text",
    file=Made(lambda t: t.text),
    below_a_file=Made(lambda t: t.text / "folder"),
    read_only=Made(lambda t: t.read_only_folder),
    in_a_read_only=Made(lambda t: t.read_only_folder / "a"),
    null="a\0b",
    long="a" * 5000,
)
READ = other(
    folder=Made(lambda t: t.folder),
    missing=Made(lambda t: t.folder / "missing"),
    format=Made(lambda t: t.text),
    null="a\0b",
    long="a" * 5000,
)


def spoiled(array, value=math.nan):
    """Returns a copy of an array with one number that is none."""
    array = np.array(array)
    array.flat[-1] = value
    return array


INPUTS = Kind(
    {
        "None": None,
        "number": 3,
        "text": "nonsense",
        "dict": {},
        "object": object(),
        "empty": np.ones((0, 4), "float32"),
        "narrow": np.ones((5, 3), "float32"),
        "flat": np.ones(4, "float32"),
        "texts": np.array([["a"] * 4] * 5),
        "ragged": [[1.0, 2.0, 3.0, 4.0], [1.0]],
        "nan": Made(lambda t: spoiled(t.x)),
        "inf": Made(lambda t: spoiled(t.x, math.inf)),
    }
)
LABELS = other(
    shorter=np.zeros(3, int),
    nan=np.full(24, math.nan),
    texts=np.array(["a"] * 24),
    unknown=np.full(24, 3),
    negative=np.full(24, -1),
    fractions=np.full(24, 0.5),
)
PAIR = other(
    single=Made(lambda t: (t.x,)),
    inputs=Made(lambda t: t.x),
    triple=Made(lambda t: (t.x, t.y, t.y)),
    shorter=Made(lambda t: (t.x, t.y[:5])),
    empty=Made(lambda t: (t.x[:0], t.y[:0])),
    narrow=Made(lambda t: (t.x[:, :2], t.y)),
    nan=Made(lambda t: (spoiled(t.x), t.y)),
    texts=Made(lambda t: (t.x, np.array(["a"] * len(t.y)))),
    nan_labels=Made(lambda t: (t.x, spoiled(t.y.astype(float)))),
    unknown_class=Made(lambda t: (t.x, t.y + 3)),
    negative_class=Made(lambda t: (t.x, t.y - 1)),
)
KERNEL = other(kind=keras.layers.Dense, layer=Made(lambda t: t.model.layers[0]))
WHICH = other("text", pair=["hidden", 3], kind=int, empty_in=["hidden", ""]).more(
    nested=[["hidden"]], none_in=[None]
)
LAYERS = several(unknown=["nowhere"], number_in=["hidden", 3], numbers=(1, 2))
RATIOS = several(
    scalar=0.5,
    above=(0.5, 1.5),
    zero=(0.0,),
    digits=("0.5",),
    nan=(math.nan,),
    truth=(True,),
)
