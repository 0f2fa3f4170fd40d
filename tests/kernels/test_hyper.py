import copy
import gc

import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.conversion.convert import convert
from tfcompress.conversion.recipe import Recipe
from tfcompress.export.float32_clone import float32_clone
from tfcompress.export.tflite import to_tflite
from tfcompress.kernels.generator import Generator
from tfcompress.kernels.hyper import Hyper
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.report.report import report

# Of one generator: 4 * (2 * 2 + 2) and (2 + 1) * 3 * 3 * 4.
GENERATOR = 132


def network(dtype=None, **options):
    kernel = Hyper(generator=Generator(block=(3, 3, 4, 4), embedding=2))
    conv = {"padding": "same", "use_bias": False, "kernel": kernel, "dtype": dtype}
    inputs = keras.Input((6, 6, 4))
    x = CompressedConv2D(8, 3, name="first", **conv)(inputs)
    x = layers.ReLU()(x)
    x = CompressedConv2D(6, 3, name="second", **conv)(x)
    return keras.Model(inputs, CompressedConv2D(4, 3, name="third", **conv)(x))


def generators(model):
    names = ("first", "second", "third")
    return {id(model.get_layer(n).kernels["kernel"].generator) for n in names}


@pytest.fixture
def x(rng):
    return rng.normal(size=(3, 6, 6, 4)).astype("float32")


def test_layers_share_one_generator():
    model = network()
    assert len(generators(model)) == 1
    assert model.count_params() == GENERATOR + 2 * (2 + 4 + 2)


def test_a_block_is_what_the_formula_says(rng):
    kernel = Hyper(generator=Generator(block=(2, 3, 4, 5), embedding=2, hidden=3))
    kernel.build((2, 3, 4, 5))
    g = kernel.generator
    for part in g.variables:
        part.assign(rng.normal(size=part.shape))
    z = kernel.embeddings.numpy()[0]
    for i in range(4):
        a = z @ g.inner.numpy()[i] + g.inner_bias.numpy()[i]
        k = (a @ g.outer.numpy() + g.outer_bias.numpy()).reshape(2, 3, 5)
        np.testing.assert_allclose(kernel.full().numpy()[:, :, i], k, atol=1e-5)


def test_weights_are_tiled_and_the_last_blocks_cut(rng):
    kernel = Hyper(generator=Generator(block=(4, 3), embedding=2))
    kernel.build((6, 8))
    blocks = kernel.generator.blocks(kernel.embeddings).numpy()
    assert blocks.shape == (6, 4, 3)
    full = kernel.full().numpy()
    np.testing.assert_allclose(full[:4, 3:6], blocks[1], atol=1e-6)
    np.testing.assert_allclose(full[4:, 6:], blocks[5][:2, :2], atol=1e-6)


@pytest.mark.parametrize("way", ["load", "clone", "config", "json", "deepcopy"])
def test_a_copy_has_one_generator_of_its_own(way, tmp_path, x):
    model = network()
    made = _copy(model, way, tmp_path)
    assert len(generators(made)) == 1
    assert generators(made).isdisjoint(generators(model))
    made.set_weights(model.get_weights())
    np.testing.assert_array_equal(made(x), model(x))
    made.set_weights([w + 1 for w in model.get_weights()])
    assert not np.allclose(made(x), model(x))
    # And so has a copy of the copy, and a second copy of the first.
    for source in (made, model):
        again = _copy(source, way, tmp_path)
        assert len(generators(again)) == 1
        assert generators(again).isdisjoint(generators(model) | generators(made))


def _copy(model, way, tmp_path):
    if way == "load":
        model.save(tmp_path / "model.keras")
        return keras.models.load_model(tmp_path / "model.keras")
    return {
        "clone": keras.models.clone_model,
        "config": lambda m: type(m).from_config(m.get_config()),
        "json": lambda m: keras.models.model_from_json(m.to_json()),
        "deepcopy": copy.deepcopy,
    }[way](model)


def test_loading_where_the_model_is_gone_keeps_the_sharing(tmp_path, x):
    model = network()
    expected = model(x)
    model.save(tmp_path / "model.keras")
    del model
    gc.collect()
    for _ in range(2):
        loaded = keras.models.load_model(tmp_path / "model.keras")
        assert len(generators(loaded)) == 1
        np.testing.assert_array_equal(loaded(x), expected)


def test_a_part_of_a_model_can_be_copied_first(x):
    model = network()
    part = keras.Model(model.input, model.get_layer("second").output)
    parts = keras.models.clone_model(part)
    whole = keras.models.clone_model(model)
    assert len(generators(whole)) == 1
    shared = parts.get_layer("first").kernels["kernel"].generator
    assert id(shared) not in generators(whole) | generators(model)


def test_converted_layers_share_it_and_other_layers_are_left(x):
    dense = [layers.Dense(8, name=f"dense_{i}") for i in range(3)]
    model = keras.Sequential([keras.Input((8,)), *dense])
    kernel = Hyper(generator=Generator(block=(4, 4), embedding=2))
    small = convert(model, {"dense_[01]": kernel})
    first, second = (
        small.get_layer(f"dense_{i}").kernels["kernel"].generator for i in (0, 1)
    )
    assert first is second
    again = convert(small, {"dense_2": Hyper(generator=Generator(block=(4, 4)))})
    inner = [one.kernels["kernel"].generator for one in again.layers]
    assert inner[0] is inner[1] is not first
    assert inner[2] is not inner[0]


def test_weights_that_a_generator_made_are_recovered(rng):
    source = [Hyper(generator=g) for g in [Generator(block=(4, 4), embedding=2)] * 2]
    for kernel in source:
        kernel.build((8, 8))
        for variable in kernel.variables:
            variable.assign(rng.normal(size=variable.shape))
    dense = [layers.Dense(8, name=f"dense_{i}") for i in range(2)]
    model = keras.Sequential([keras.Input((8,)), *dense])
    for layer, kernel in zip(dense, source, strict=True):
        layer.kernel.assign(kernel.full())
    kernel = Hyper(generator=Generator(block=(4, 4), embedding=2))
    small = convert(model, {"*": kernel})
    for before, after in zip(model.layers, small.layers, strict=True):
        np.testing.assert_allclose(after.kernel, before.kernel, atol=1e-4)
        assert after.kernels["kernel"].error < 1e-4  # also of the one fitted first


def test_it_starts_with_the_scale_of_each_weight():
    generator = Generator(block=(20, 20), embedding=16)
    for shape in ((200, 200), (100, 60)):
        kernel = Hyper(generator=generator)
        kernel.build(shape, initializer="glorot_normal")
        assert kernel.full().numpy().var() == pytest.approx(2 / sum(shape), rel=0.4)


@pytest.mark.parametrize("policy", ["mixed_float16", "float32"])
@pytest.mark.parametrize("jit", [False, True])
def test_training_moves_the_generator_and_every_embedding(policy, jit, x):
    model = network(dtype=policy)
    model.compile("sgd", "mse", jit_compile=jit)
    before = model.get_weights()
    model.fit(x, x, epochs=1, verbose=0)
    assert all((a != b).any() for a, b in zip(model.get_weights(), before, strict=True))


def test_a_report_counts_the_generator_once():
    rows = {row.name: row.stored_bits for row in report(network()).rows}
    assert rows["first"] == 32 * (GENERATOR + 4)
    assert (rows["second"], rows["third"]) == (32 * 8, 32 * 4)


def test_a_file_is_written_in_half_precision_too(tmp_path):
    model = network(dtype="mixed_float16")
    assert len(generators(float32_clone(model))) == 1
    assert to_tflite(model, tmp_path / "model.tflite").max_error < 0.1


def test_a_recipe_in_json_has_a_generator_of_its_own():
    kernel = Hyper(generator=Generator(block=(4, 4)))
    again = Recipe.from_json(Recipe({"dense": kernel}).to_json()).rules[0].change
    assert again.generator is not kernel.generator
    assert again.generator.block == (4, 4)


def test_blocks_of_other_axes_are_refused():
    kernel = Hyper(generator=Generator(block=(3, 3, 4, 4)))
    with pytest.raises(ValueError, match="blocks of 2 axes for a weight of \\(4, 8\\)"):
        kernel.build((4, 8))


def test_what_is_no_generator_is_refused():
    with pytest.raises(
        TypeError, match="`generator` must be a `tfcompress.kernels.Gen"
    ):
        Hyper(generator=4)


def test_another_generator_with_the_key_is_not_taken_for_the_models(tmp_path, x):
    model = network()
    expected = model(x)
    model.save(tmp_path / "model.keras")
    [key] = {g.key for layer in model.layers for g in _generators_of(layer)}
    del model
    gc.collect()
    other = Generator(block=(2, 2), embedding=2, key=key)

    loaded = keras.models.load_model(tmp_path / "model.keras")

    assert len(generators(loaded)) == 1
    assert other.members == set()
    np.testing.assert_array_equal(loaded(x), expected)


def _generators_of(layer):
    kernels = getattr(layer, "kernels", {}).values()
    return [kernel.generator for kernel in kernels if isinstance(kernel, Hyper)]
