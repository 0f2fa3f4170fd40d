import keras
import numpy as np
import pytest
from shrinking import assert_equal_outputs, batch, chain, randomized

from tfcompress.conversion.convert import convert
from tfcompress.kernels.binary import Binary
from tfcompress.kernels.full import Full
from tfcompress.kernels.hashed import Hashed
from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.compressed_lstm import CompressedLSTM
from tfcompress.layers.hashed_dense import HashedDense
from tfcompress.surgery.groups import coupled_groups
from tfcompress.surgery.hosted import kernel_of
from tfcompress.surgery.shrink import shrink

layers = keras.layers
KERNELS = [Full(), Hashed(ratio=0.5), LowRank(rank=2), Binary(scale="channel")]
MODELS = {
    "dense": lambda: chain((6,), layers.Dense(8, name="a"), layers.Dense(5)),
    "convolution": lambda: chain((6, 6, 3), layers.Conv2D(8, 3, name="a")),
    "recurrent": lambda: chain((4, 6), layers.LSTM(8, name="a"), layers.Dense(5)),
    "inside": lambda: chain(
        (4, 6), layers.Dense(8, name="a"), layers.Bidirectional(layers.GRU(3))
    ),
}


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: type(kernel).__name__)
@pytest.mark.parametrize("name", MODELS)
def test_cut_hosts_compute_what_plain_layers_with_their_weights_do(name, kernel, rng):
    rules = {"*": kernel} if type(kernel) is not LowRank else {"a": kernel}
    model = convert(randomized(MODELS[name](), rng), rules)
    plain = MODELS[name]()
    theirs = [member for group in coupled_groups(plain) for member in group.members]
    ours = [member for group in coupled_groups(model) for member in group.members]
    for member, hosted in zip(theirs, ours, strict=True):
        member.variable.assign(hosted.values())
    keep = {coupled_groups(model)[0].name: [0, 3, 4]}

    small = shrink(model, keep=keep)

    assert_equal_outputs(shrink(plain, keep=keep), small, batch(model, rng))


def test_hosts_that_lose_nothing_stay_as_they_are(rng):
    model = convert(randomized(MODELS["inside"](), rng), {"*": KERNELS[1]})
    small = shrink(model)
    assert [type(x) for x in small.layers] == [type(x) for x in model.layers]
    assert_equal_outputs(model, small, batch(model, rng))


def test_kernel_that_holds_the_smaller_weight_stays_of_its_kind(rng):
    model = randomized(MODELS["dense"](), rng)
    for kernel in (LowRank(rank=2), Binary(scale="channel")):
        small = shrink(convert(model, {"a": kernel}), keep={"a": 0.5})
        assert type(small.get_layer("a").kernels["kernel"]) is type(kernel)


def test_hashed_layer_becomes_a_plain_one_only_if_its_weight_is_cut(rng):
    model = keras.Sequential(
        [
            keras.Input((6,)),
            HashedDense(64, ratio=0.5, name="a"),
            layers.Dense(4, name="b"),
            HashedDense(8, ratio=0.5, name="c"),
            layers.Dense(2),
        ]
    )
    small = shrink(model, keep={"a": 0.5})
    kinds = [type(layer) for layer in small.layers[:3]]
    assert kinds == [layers.Dense, layers.Dense, HashedDense]
    [before, after] = (m.get_layer("c").kernels["kernel"] for m in (model, small))
    np.testing.assert_array_equal(after.full(), before.full())


def test_kernel_is_found_by_the_path_of_its_weight():
    layer = CompressedLSTM(3)
    layer.build((None, 4, 2))
    assert kernel_of(layer, "cell.kernel") is layer.kernels["kernel"]
    assert kernel_of(layer, "cell.bias") is None
    layer = CompressedDense(3)
    layer.build((None, 4))
    assert kernel_of(layer, "kernel") is layer.kernels["kernel"]
    assert kernel_of(layers.Dense(3), "kernel") is None
