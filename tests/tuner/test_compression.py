import pytest
from tuning import X, network

from tfcompress.kernels.low_rank import LowRank
from tfcompress.methods.converted import Converted
from tfcompress.methods.units import Units
from tfcompress.methods.zeros import Zeros
from tfcompress.tuner.compression import Compression, matching

LOW = Converted(LowRank)


def test_each_layer_gets_its_method_and_ratio():
    made = Compression({"a": (LOW, 0.25), "b": (Units(), 0.5)})
    small = made.apply(network())
    assert small.get_layer("b").units == 16
    # The units of `b` left first: `a` is 16 x 64, of which a quarter is rank 3.
    assert small.get_layer("a").kernels["kernel"].factor_rank == 3


def test_a_ratio_of_one_leaves_a_layer_as_it_is():
    model = network()
    made = Compression({"a": (LOW, 1.0)})
    copy = made.apply(model)
    assert copy is not model  # which is not to be trained
    assert copy.compiled
    assert (copy(X).numpy() == model(X).numpy()).all()
    assert str(made) == "nothing; dynamic"


def test_a_glob_gives_layers_one_ratio():
    small = Compression({"[ab]": (Units(), 0.5)}).apply(network())
    assert [small.get_layer(name).units for name in "ab"] == [32, 16]


def test_a_glob_that_names_nothing_is_refused():
    with pytest.raises(ValueError, match="`choices` must name layers that Units suits"):
        Compression({"head*": (Units(), 0.5)}).apply(network())


def test_it_is_plain_data_and_back():
    made = Compression({"a": (LOW, 0.25), "b": (Zeros(), 0.5)}, None, 0.0)
    assert Compression.from_config(made.get_config()) == made
    assert made.name != Compression({"a": (LOW, 0.25)}, None, 0.0).name


def test_what_keeps_zeros_comes_along():
    made = Compression({"a": (LOW, 0.25), "b": (Zeros(), 0.5)})
    [callback] = made.callbacks(network())
    assert callback.which == ["b"]


def test_matching_takes_names_and_globs():
    assert matching("a*", ["a1", "b", "a2"]) == ["a1", "a2"]
    assert matching("b", ["a1", "b"]) == ["b"]


@pytest.mark.parametrize(
    ("wrong", "kind", "message"),
    [
        ({"choices": {"a": LOW}}, TypeError, "must be a pair"),
        ({"choices": {"a": (LOW, 0.0)}}, ValueError, r"must be a number in \(0, 1\]"),
        ({"choices": {}, "quantize": "int3"}, ValueError, "`quantize` must be one of"),
        ({"choices": {}, "alpha": 2}, ValueError, "`alpha` must be"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong, kind, message):
    with pytest.raises(kind, match=message):
        Compression(**wrong)
