import importlib
import re

import keras
import numpy as np
import pytest
from every_layer import NAMES, model_of
from keras import layers

from tfcompress import dictionaries, kernels
from tfcompress.conversion.fold import fold
from tfcompress.export.export_error import ExportError
from tfcompress.export.pack import pack
from tfcompress.export.unpack import unpack
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.hashed_dense import HashedDense
from tfcompress.packing.approximation import Stored
from tfcompress.packing.record import record_of

RATIO = {"ratio": 0.5}
OPTIONS = {
    "CanonicalPolyadic": {"rank": 2},
    "Dictionary": {
        "dictionary": dictionaries.Cosine(),
        "atoms": 2,
        "must_pay": False,
    },
    "FrequencyHashed": RATIO,
    "FunctionalHashed": RATIO,
    "GeneralizedDropout": {"strength": 0.1},
    "HardConcrete": {"strength": 0.1},
    "Hashed": RATIO,
    "Hyper": {"generator": kernels.Generator(block=(3, 3, 8, 8))},
    "LowFrequency": RATIO,
    "LowRank": {"rank": 2, "must_pay": False},
    "SpatialLowRank": {"rank": 2},
    "Tucker": {"ranks": (2, 2)},
    "VariationalDropout": {"strength": 0.1},
}
# Not kernels, but what some of them are made of.
KERNELS = [n for n in kernels.__all__ if n not in ("Kernel", "Codes", "Generator")]
FILTERS = (
    "Hyper",
    "CanonicalPolyadic",
    "FrequencyHashed",
    "Separable",
    "SpatialLowRank",
    "Tucker",
)
MATRICES = ("Dictionary",)


def assert_comes_back(model, tmp_path, **options):
    result = pack(model, tmp_path / "model.tfc")
    again = unpack(result.path, **options)
    assert result.max_error == 0
    assert _config(again) == _config(_loaded(model, tmp_path))
    for one, other in zip(again.weights, model.weights, strict=True):
        assert one.dtype == other.dtype
        assert one.numpy().tobytes() == other.numpy().tobytes()
    return again, result


def _config(model):
    # A generator that was loaded has a key of its own, as it should.
    return re.sub(r"'key': \d+", "'key'", str(model.get_config()))


def _loaded(model, tmp_path):
    model.save(tmp_path / "model.keras")
    return keras.models.load_model(tmp_path / "model.keras", compile=False)


@pytest.mark.parametrize("name", NAMES)
def test_every_layer_comes_back_bit_by_bit(name, tmp_path, rng):
    model = model_of(name)
    again, _ = assert_comes_back(model, tmp_path)
    x = rng.integers(0, 9, (2, *model.input_shape[1:]))
    np.testing.assert_array_equal(again(x), model(x))


@pytest.mark.parametrize("name", KERNELS)
def test_every_kernel_comes_back_bit_by_bit(name, tmp_path):
    kernel = getattr(kernels, name)(**OPTIONS.get(name, {}))
    model = keras.Sequential([keras.Input((6, 6, 8))])
    if name not in MATRICES:
        model.add(CompressedConv2D(16, 3, kernel=kernel))
    if name not in FILTERS:
        model.add(CompressedDense(16, kernel=kernel))
    assert_comes_back(model, tmp_path)


def test_nested_and_shared_layers_stay_shared(tmp_path):
    shared = layers.Dense(4)
    inner_input = keras.Input((4,))
    inner = keras.Model(inner_input, layers.Dense(4)(inner_input), name="inner")
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    outputs = {"x": inner(a), "y": layers.Add()([inner(shared(b)), shared(a)])}
    model = keras.Model([a, b], outputs)
    again, _ = assert_comes_back(model, tmp_path)
    assert again.count_params() == 2 * 20
    x = [np.ones((1, 4), "f4"), np.full((1, 4), 2, "f4")]
    np.testing.assert_array_equal(again(x)["y"], model(x)["y"])


@keras.saving.register_keras_serializable("test_pack")
class Doubled(keras.Model):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.dense = HashedDense(units, ratio=0.5, seed=1)
        self.step = self.add_weight(shape=(), dtype="int64", trainable=False)

    def call(self, x):
        return 2 * self.dense(x)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def test_a_subclassed_model_that_is_registered(tmp_path, rng):
    model = Doubled(8)
    x = rng.normal(size=(2, 5)).astype("f4")
    model(x)
    model.step.assign(7)
    again, _ = assert_comes_back(model, tmp_path)
    assert type(again) is Doubled
    np.testing.assert_array_equal(again(x), model(x))


@pytest.mark.parametrize(
    "policy", ["mixed_float16", "mixed_bfloat16", "bfloat16", "float64"]
)
def test_every_policy(policy, tmp_path):
    keras.config.set_dtype_policy(policy)
    model = keras.Sequential(
        [keras.Input((5,)), HashedDense(8, ratio=0.5), layers.Dense(3)]
    )
    again, _ = assert_comes_back(model, tmp_path)
    assert again.layers[1].dtype_policy.name == policy


@pytest.mark.parametrize("mode", ["int8", "int4"])
@pytest.mark.filterwarnings("ignore:Layer InputLayer does not have a `quantize` method")
def test_models_that_keras_quantized(mode, tmp_path):
    model = keras.Sequential([keras.Input((8,)), layers.Dense(6), layers.Dense(2)])
    model.quantize(mode)
    assert_comes_back(model, tmp_path)


def test_averages_and_counters_come_back(tmp_path):
    stack = [layers.BatchNormalization(), layers.Dropout(0.5, seed=1), layers.Dense(2)]
    model = keras.Sequential([keras.Input((4,)), *stack])
    model(np.ones((3, 4)), training=True)
    assert_comes_back(model, tmp_path)


def test_a_vocabulary_comes_back(tmp_path):
    words = layers.TextVectorization(vocabulary=["small", "fast"])
    model = keras.Sequential([keras.Input((), dtype="string"), words])
    again, _ = assert_comes_back(model, tmp_path)
    assert again.layers[0].get_vocabulary() == words.get_vocabulary()


def test_every_bit_of_odd_weights_comes_back(tmp_path):
    model = keras.Sequential([keras.Input((2,)), layers.Dense(3)])
    odd = np.uint32([[0x7FC00001, 0xFF800000, 0x80000000], [0, 1, 0x3F800000]])
    model.layers[0].kernel.assign(odd.view("f4"))
    assert_comes_back(model, tmp_path)


def test_optimizer_and_compile_are_not_stored(pair, tmp_path):
    pair.compile("adam", "mse")
    before = pack(pair, tmp_path / "before.tfc").bytes
    pair.fit(np.ones((2, 2)), np.ones((2, 1)), verbose=0)
    result = pack(pair, tmp_path / "after.tfc")
    assert len(result.tensors) == 2
    assert result.bytes <= before + 8
    assert not unpack(result.path).compiled


def test_same_model_gives_the_same_file(mlp, tmp_path):
    files = [pack(mlp, tmp_path / name).path.read_bytes() for name in "ab"]
    assert files[0] == files[1]


def test_zeros_and_few_values_make_a_file_small(tmp_path, rng):
    model = keras.Sequential([keras.Input((200,)), layers.Dense(100)])
    kernel = rng.integers(1, 17, (200, 100)) * (rng.random((200, 100)) < 0.05)
    model.layers[0].kernel.assign(kernel / 16)
    result = pack(model, tmp_path / "a.tfc")
    assert result.path.stat().st_size == result.bytes
    _loaded(model, tmp_path)
    theirs = (tmp_path / "model.keras").stat().st_size
    assert abs(result.keras_bytes / theirs - 1) < 0.05
    assert result.times_smaller > 40
    assert result.tensors[0].form.startswith("gaps")
    assert result.tensors[0].bytes < 1.08 * result.tensors[0].entropy_bound


@pytest.mark.parametrize(
    ("kernel", "bits"), [(kernels.Binary(), 1), (kernels.Quantized(bits=4), 4)]
)
def test_real_numbers_behind_few_values_are_left_out_by_fold(kernel, bits, tmp_path):
    model = keras.Sequential([keras.Input((96,)), CompressedDense(128, kernel=kernel)])
    trained = pack(model, tmp_path / "a.tfc")
    folded = fold(model)
    result = pack(folded, tmp_path / "b.tfc")
    assert trained.bytes > 3 * 96 * 128  # hardly less than float32
    assert result.bytes < 96 * 128 * bits / 8 + 3000  # the config, scales and values
    x = np.eye(96, dtype="float32")
    np.testing.assert_array_equal(unpack(result.path)(x), folded(x))
    np.testing.assert_allclose(folded(x), model(x), atol=1e-6)


class TestBits:
    def test_kernels_have_so_many_values_and_zeros_stay(self, tmp_path, rng):
        model = keras.Sequential([keras.Input((30,)), layers.Dense(40)])
        kernel = rng.normal(size=(30, 40)) * (rng.random((30, 40)) < 0.3)
        model.layers[0].kernel.assign(kernel)
        model.layers[0].bias.assign(rng.normal(size=40))
        result = pack(model, tmp_path / "a.tfc", bits=3)
        again = unpack(result.path).layers[0]
        shared = again.kernel.numpy()
        assert len(np.unique(shared)) == 8
        assert ((shared == 0) == (kernel == 0)).all()
        assert (again.bias.numpy() == model.layers[0].bias.numpy()).all()
        assert (
            result.max_error
            == np.abs(shared.astype("f8") - model.layers[0].kernel).max()
        )
        assert result.bytes < pack(model, tmp_path / "a.tfc").bytes / 2

    def test_smooth_filters_are_stored_by_frequencies(self, tmp_path, rng):
        model = keras.Sequential([keras.Input((9, 9, 8)), layers.Conv2D(32, 5)])
        x = np.linspace(-1, 1, 5)
        waves = x[:, None, None, None] * rng.normal(size=(8, 32)) + np.zeros(
            (5, 5, 1, 1)
        )
        model.layers[0].kernel.assign(waves + 0.01 * rng.normal(size=waves.shape))
        result = pack(model, tmp_path / "a.tfc", bits=4)
        assert result.tensors[0].form == "frequencies"
        off = unpack(result.path).layers[0].kernel.numpy() - model.layers[0].kernel
        assert result.max_error == pytest.approx(np.abs(off).max(), rel=1e-5)

    @pytest.mark.parametrize("bits", [0, 9, 2.5])
    def test_other_numbers_of_bits_are_refused(self, pair, tmp_path, bits):
        with pytest.raises(ValueError, match=r"`bits` must be an integer in \[1, 8\]"):
            pack(pair, tmp_path / "a.tfc", bits=bits)


class TestRefusals:
    def test_something_else_than_a_model(self, tmp_path):
        with pytest.raises(TypeError, match="`model` must be a `keras.Model`"):
            pack(layers.Dense(1), tmp_path / "a.tfc")

    def test_a_model_that_is_not_built(self, tmp_path):
        with pytest.raises(ValueError, match="`model` must be built"):
            pack(keras.Sequential([layers.Dense(1)]), tmp_path / "a.tfc")

    def test_a_folder_that_is_not_there(self, pair, tmp_path):
        with pytest.raises(ValueError, match="`path` must lie in a folder"):
            pack(pair, tmp_path / "none" / "a.tfc")

    def test_an_archive_that_gives_other_weights(self, pair, tmp_path, monkeypatch):
        (tmp_path / "a.tfc").write_text("old")
        zero = record_of(np.zeros((2, 1), "f4"))
        module = importlib.import_module("tfcompress.export.pack")
        monkeypatch.setattr(module, "exact", lambda array: Stored(zero, 0.0, 0.0))
        with pytest.raises(
            ExportError, match="does not give 'layers/dense/vars/0' back"
        ):
            pack(pair, tmp_path / "a.tfc")
        assert (tmp_path / "a.tfc").read_text() == "old"
        assert [path.name for path in tmp_path.iterdir()] == ["a.tfc"]
