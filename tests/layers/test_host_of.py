"""Layers of other people, in the many ways that they keep their weights."""

import pathlib
import subprocess
import sys

import keras
import numpy as np
import pytest
from contract import assert_same, randomized
from keras import ops

from tfcompress.conversion.convert import convert
from tfcompress.conversion.recipe import Recipe
from tfcompress.kernels.binary import Binary
from tfcompress.kernels.full import Full
from tfcompress.kernels.hashed import Hashed
from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.compressed_rnn import CompressedRNN
from tfcompress.layers.host import Host
from tfcompress.layers.host_of import host_of


@keras.saving.register_keras_serializable("theirs")
class Linear(keras.layers.Layer):
    """As in Keras's guide: its weights have no names."""

    def __init__(self, units=8, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.w = self.b = None

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], self.units), initializer="normal")
        self.b = self.add_weight((self.units,), "zeros")

    def call(self, inputs):
        return ops.matmul(inputs, self.w) + self.b

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable("theirs")
class Pooling(keras.layers.Layer):
    """Its weights have other names than its attributes; it takes a mask."""

    supports_masking = True

    def build(self, shape):
        self.query = self.add_weight(name="att_weight", shape=(shape[-1], 8))
        self.rest = [self.add_weight(shape=(8, 1)) for _ in range(2)]
        self.count = self.add_weight(shape=(), trainable=False, initializer="zeros")

    def call(self, inputs, mask=None, training=False):
        score = ops.tanh(ops.matmul(inputs, self.query))
        score = ops.matmul(score, self.rest[0]) + ops.matmul(score, self.rest[1])
        if mask is not None:
            score = ops.where(mask[..., None], score, -1e4)
        return ops.sum(ops.softmax(score, axis=1) * inputs, axis=1)

    def compute_mask(self, inputs, mask=None):
        return None


@keras.saving.register_keras_serializable("theirs")
class Bilinear(keras.layers.Layer):
    """It takes two inputs, and builds for both."""

    def build(self, left_shape, right_shape):
        shape = (left_shape[-1], right_shape[-1])
        self.kernel = self.add_weight(name="kernel", shape=shape)

    def call(self, left, right):
        return ops.sum(ops.matmul(left, self.kernel) * right, axis=-1, keepdims=True)


@keras.saving.register_keras_serializable("theirs")
class Cell(keras.layers.Layer):
    """A cell for `keras.layers.RNN`."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = self.state_size = units

    def build(self, shape):
        self.kernel = self.add_weight(name="kernel", shape=(shape[-1], self.units))
        self.recurrent = self.add_weight(name="u", shape=(self.units, self.units))

    def call(self, inputs, states):
        mixed = ops.matmul(inputs, self.kernel) + ops.matmul(states[0], self.recurrent)
        output = ops.tanh(mixed)
        return output, [output]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@host_of(Linear, hosted=("w",), optional=("b",))
class CompressedLinear(Host, Linear):
    pass


@host_of(Pooling, hosted=("query",))
class CompressedPooling(Host, Pooling):
    pass


@host_of(Bilinear)
class CompressedBilinear(Host, Bilinear):
    pass


@host_of(Cell, hosted=("kernel", "recurrent"))
class CompressedCell(Host, Cell):
    pass


def linear():
    return keras.Sequential([keras.Input((6,)), Linear(name="it")])


def pooling():
    inputs = keras.Input((5, 6))
    return keras.Model(inputs, Pooling(name="it")(keras.layers.Masking()(inputs)))


def bilinear():
    inputs = keras.Input((6,))
    right = keras.layers.Dense(8, name="right")(inputs)
    return keras.Model(inputs, Bilinear(name="it")(inputs, right))


def recurrent():
    return keras.Sequential(
        [keras.Input((5, 6)), keras.layers.RNN(Cell(8, name="it"), name="rnn")]
    )


MODELS = (linear, pooling, bilinear, recurrent)
CLASSES = (Linear, Pooling, Bilinear, Cell)
KERNELS = (Hashed(ratio=0.5, seed=1), LowRank(rank=2, must_pay=False), Binary())


def batch(model, rng, size=3):
    x = rng.normal(size=(size, *model.input_shape[1:])).astype("float32")
    if x.ndim == 3:
        x[0, 3:] = 0  # masked by those that mask
    return x


@pytest.mark.parametrize("make", MODELS)
def test_with_full_kernels_it_is_the_twin(make, rng):
    model = randomized(make(), rng)
    converted = convert(model, {"it": Full()})
    x = batch(model, rng)
    assert_same(converted(x), model(x))
    assert converted.count_params() == model.count_params()


@pytest.mark.parametrize("twin", CLASSES)
def test_rules_reach_it_by_class(twin):
    model = MODELS[CLASSES.index(twin)]()
    assert convert(model, {twin: Hashed(ratio=0.5)}).count_params() < (
        model.count_params()
    )


def test_rules_reach_it_by_glob_and_as_data():
    recipe = Recipe({"i*": (CompressedLinear, {"w": Hashed(ratio=0.5)})})
    converted = convert(linear(), Recipe.from_json(recipe.to_json()))
    assert type(converted.get_layer("it")) is CompressedLinear


@pytest.mark.parametrize(
    ("policy", "jit"),
    [("float32", True), ("mixed_float16", False), ("mixed_bfloat16", False)],
)
@pytest.mark.parametrize("make", MODELS)
def test_trains_in_any_precision(make, policy, jit, rng):
    keras.config.set_dtype_policy(policy)
    model = convert(make(), {"it": KERNELS[0]})
    model.compile("sgd", "mse", jit_compile=jit)
    kernels = [v for v in model.trainable_variables if v.path.endswith("/value")]
    before = [v.numpy() for v in kernels]
    x = 0.1 * batch(model, rng)  # small, for the scale of the loss begins high
    y = 0.1 * rng.normal(size=(3, *model.output_shape[1:]))
    model.fit(x, y, epochs=2, verbose=0)
    after = [v.numpy() for v in kernels]
    assert len(before) in (1, 2)
    assert all((a != b).any() for a, b in zip(after, before, strict=True))


LOAD = """
import sys, keras, numpy as np
sys.path[:0] = sys.argv[2:4]
import test_host_of
for name in sys.argv[4:]:
    model = keras.models.load_model(f"{sys.argv[1]}/{name}.keras")
    outputs = model.predict(np.load(f"{sys.argv[1]}/{name}.x.npy"), verbose=0)
    np.save(f"{sys.argv[1]}/{name}.npy", outputs)
"""


def test_loads_in_a_fresh_process(tmp_path, rng):
    here = {}
    for make in MODELS:
        model = convert(make(), {"it": KERNELS[0]})
        x = batch(model, rng)
        here[make.__name__] = model.predict(x, verbose=0)
        model.save(tmp_path / f"{make.__name__}.keras")
        np.save(tmp_path / f"{make.__name__}.x.npy", x)
    tests = pathlib.Path(__file__).parents[1]
    places = [str(tmp_path), str(tests / "layers"), str(tests)]
    subprocess.run(
        [sys.executable, "-c", LOAD, *places, *here], check=True, cwd=tests.parent
    )
    for name, outputs in here.items():
        np.testing.assert_array_equal(np.load(tmp_path / f"{name}.npy"), outputs)


def test_kernels_of_a_cell_are_computed_once_per_call(rng):
    layer = CompressedRNN(CompressedCell(4, kernels=Hashed(ratio=0.5)), unroll=True)
    x = rng.normal(size=(2, 9, 3)).astype("float32")
    layer(x)
    calls = []
    for kernel in layer.cell.kernels.values():
        full = kernel.full
        kernel.__dict__["full"] = lambda *a, full=full: calls.append(1) or full(*a)
    layer(x)
    assert len(calls) == 2


def test_training_reaches_kernels_of_a_layer_that_does_not_ask_for_it():
    class Told(Full):
        def full(self, training=None):
            self.__dict__.setdefault("told", []).append(training)
            return super().full(training)

    layer = CompressedLinear(3, w=Told())
    layer(np.ones((1, 2), "float32"), training=True)
    assert layer.kernels["w"].told[-1] is True


def test_an_optional_weight_stays_a_variable_or_takes_a_kernel():
    plain, hashed = (
        CompressedLinear(8),
        CompressedLinear(8, b=Hashed(ratio=0.5, block_size=1)),
    )
    for layer in (plain, hashed):
        layer.build((None, 6))
    assert isinstance(plain.b, keras.Variable)
    assert hashed.count_params() == 6 * 8 + 4


def refused(twin, message, **options):
    """Calling the host of `twin` is refused."""

    class Theirs(Host, twin):
        pass

    with pytest.raises((ValueError, TypeError, AttributeError), match=message):
        host_of(twin, **options)(Theirs)()(np.ones((2, 4), "float32"))


def test_a_weight_that_the_layer_does_not_make_is_refused():
    message = r"`kernel` must be a weight that Theirs makes.*It makes: w, b\."
    refused(Linear, message, hosted=("kernel",))
    twin = Linear(3)
    twin.build((None, 4))
    with pytest.raises(ValueError, match=r"`kernel` must .* Linear keeps as.*w, b\."):
        Host.weight_of(twin, "kernel")


def test_a_weight_that_call_does_not_read_is_refused():
    class Elsewhere(keras.layers.Layer):
        def build(self, shape):
            self.w = self.add_weight(name="kernel", shape=(4, 4))

        def call(self, inputs):
            return ops.matmul(inputs, self.weights[0])

    refused(
        Elsewhere, "`w` must be an attribute that `call` of .* reads", hosted=("w",)
    )


def test_a_weight_that_is_read_in_build_is_refused():
    class Early(keras.layers.Layer):
        def build(self, shape):
            self.w = self.add_weight(shape=(4, 4))
            self.same = self.w

        def call(self, inputs):
            return ops.matmul(inputs, self.same)

    refused(Early, "`w` must be read in `call` only", hosted=("w",))


def test_a_weight_that_is_not_kept_is_refused():
    class Used(keras.layers.Layer):
        def build(self, shape):
            self.w = self.add_weight(shape=(4, 4))
            self.add_weight(shape=(4,)).assign([1, 2, 3, 4])

    class Lost(Used):
        def build(self, shape):
            self.w = self.add_weight(shape=(4, 4))
            self.more = []
            self.more.append(self.add_weight(shape=(4,)))

        def call(self, inputs):
            return ops.matmul(inputs, self.w)

    refused(Used, "uses a weight before it keeps it", hosted=("w",))
    refused(Lost, "keep each weight that it makes.*1 are not kept", hosted=("w",))


def test_a_weight_that_add_weight_did_not_make_is_refused():
    class Own(keras.layers.Layer):
        def build(self, shape):
            self.w = keras.Variable(np.ones((4, 4)))

        def call(self, inputs):
            return ops.matmul(inputs, self.w)

    refused(Own, "`w` must be what `add_weight` returns", hosted=("w",))


def test_a_layer_without_config_is_refused():
    class Silent(keras.layers.Layer):
        def __init__(self, units=3):
            super().__init__()

    refused(Silent, "have `get_config`.*'Silent'")


@pytest.mark.parametrize("twin", [3, int, Linear(2)])
def test_what_is_no_layer_class_is_refused(twin):
    with pytest.raises(TypeError, match="`twin` must be a layer class"):
        host_of(twin)


def test_host_must_come_in_front():
    with pytest.raises(TypeError, match="class of `Host` and then Linear"):

        @host_of(Linear, hosted=("w",))
        class Behind(Linear, Host):
            pass


def test_names_must_be_a_tuple():
    with pytest.raises(TypeError, match="`hosted` must be a tuple of attribute names"):
        host_of(Linear, hosted="w")


def test_a_kernel_for_an_unknown_weight_is_refused():
    with pytest.raises(ValueError, match="`v` must be one of .*: w, b"):
        CompressedLinear(3, v=Full())
