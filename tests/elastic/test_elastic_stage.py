import keras
import numpy as np
import pytest

from tfcompress.elastic.elastic_stage import ElasticStage
from tfcompress.elastic.setting import Setting


def make(rng, depths=(1, 2), widths=(3, 6), kernel_sizes=(1, 3), **options):
    stage = ElasticStage(depths, widths, kernel_sizes, **options)
    stage.build((None, 5, 4, 2))
    for weight in stage.trainable_weights:
        weight.assign(rng.normal(size=weight.shape))
    return stage


def images(rng):
    return rng.normal(size=(3, 5, 4, 2)).astype("float32")


def test_is_what_is_taken_from_it_in_every_setting(rng):
    stage, x = make(rng), images(rng)
    assert len(stage.settings) == 8
    for setting in stage.settings:
        stage.use(setting)
        np.testing.assert_allclose(stage.taken(setting)(x), stage(x), atol=1e-4)


def test_a_block_is_its_formula(rng):
    stage = make(rng, depths=(1,), widths=(2,), kernel_sizes=(1,))
    [block] = [{name: w.numpy() for name, w in b.items()} for b in stage.blocks]
    x = images(rng)

    h = x @ block["kernel"][0, 0]
    mean, variance = h.mean(-1, keepdims=True), h.var(-1, keepdims=True)
    h = (h - mean) / np.sqrt(variance + 1e-3) * block["gamma"] + block["beta"]
    expected = x + np.maximum(h, 0) @ block["back"][0, 0] + block["bias"]

    np.testing.assert_allclose(stage(x), expected, atol=1e-5)


def test_a_smaller_kernel_is_the_middle_through_its_matrix(rng):
    stage = make(rng, depths=(1,), widths=(2,))
    matrix = stage.blocks[0]["transform1"].numpy()
    stage.use(Setting(1, 2, 1))
    one = stage(images(np.random.default_rng(1)))
    assert matrix.shape == (1, 1)

    kernel = np.zeros((3, 3, 2, 2), "float32")
    kernel[1, 1] = stage.blocks[0]["kernel"].numpy()[1, 1] * matrix
    stage.blocks[0]["kernel"].assign(kernel)
    stage.use(Setting(1, 2, 3))

    same = stage(images(np.random.default_rng(1)))
    np.testing.assert_allclose(one, same, atol=1e-5)


def test_sorting_channels_changes_no_output(rng):
    stage, x = make(rng), images(rng)
    before = stage(x)

    stage.sort_channels()

    np.testing.assert_allclose(stage(x), before, atol=1e-4)
    sizes = np.abs(stage.blocks[1]["kernel"].numpy()).sum((0, 1, 2))
    assert (np.diff(sizes) <= 0).all()


def test_costs_are_those_of_what_is_taken(rng):
    stage = make(rng)
    for setting in stage.settings:
        assert stage.parameters(setting) == stage.taken(setting).count_params()
    # 20 positions, each 3 channels inside: from 2 by 9 weights, and back to 2.
    assert stage.macs(Setting(1, 3, 3)) == 20 * (3 * 9 * 2 + 3 * 2)


@pytest.mark.parametrize("jit", [False, True])
def test_a_new_setting_needs_no_new_trace(rng, jit):
    stage, traces = make(rng), []
    call = stage.call
    stage.call = lambda inputs: traces.append(1) or call(inputs)
    model = keras.Sequential([keras.Input((5, 4, 2)), stage])
    model.compile("sgd", "mse", jit_compile=jit)
    x = images(rng)
    model.train_on_batch(x, x)
    done = len(traces)
    for setting in stage.settings:
        stage.use(setting)
        model.train_on_batch(x, x)
    assert len(traces) == done


def test_what_is_not_in_use_does_not_learn(rng):
    stage, x = make(rng), images(rng)
    model = keras.Sequential([keras.Input((5, 4, 2)), stage])
    model.compile("sgd", "mse")
    stage.use(Setting(1, 3, 1))
    before = [{name: w.numpy() for name, w in b.items()} for b in stage.blocks]

    model.train_on_batch(x, x)

    first, second = (
        {name: w.numpy() != old[name] for name, w in block.items()}
        for block, old in zip(stage.blocks, before, strict=True)
    )
    assert not any(moved.any() for moved in second.values())
    assert first["kernel"][1, 1, :, :3].any()
    first["kernel"][1, 1, :, :3] = False
    assert not first["kernel"].any()
    assert not first["back"][0, 0, 3:].any()
    assert first["transform1"].all()


def test_half_precision_is_what_is_taken_too(rng):
    stage, x = make(rng, dtype="mixed_float16"), images(rng)
    setting = Setting(2, 3, 3)
    stage.use(setting)
    taken = stage.taken(setting)(x)
    assert taken.dtype == stage(x).dtype == "float16"
    np.testing.assert_allclose(taken, stage(x), atol=0.1)


def test_saved_stage_is_the_same(rng, tmp_path):
    stage, x = make(rng), images(rng)
    stage.use(Setting(1, 3, 1))
    model = keras.Sequential([keras.Input((5, 4, 2)), stage])
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert loaded.layers[0].setting == Setting(1, 3, 1)
    np.testing.assert_array_equal(loaded(x), model(x))


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"depths": ()}, "`depths` must be one size or more"),
        ({"depths": 2}, "`depths` must be one size or more"),
        ({"widths": (0, 4)}, "`widths` must be a positive integer"),
        ({"widths": (4, 4)}, "`widths` must name each size once"),
        ({"kernel_sizes": (3, 4)}, "`kernel_sizes` must be odd"),
    ],
)
def test_sizes_that_cannot_be_are_refused(options, match):
    with pytest.raises(ValueError, match=match):
        ElasticStage(**options)


def test_other_settings_and_shapes_are_refused(rng):
    stage = make(rng)
    with pytest.raises(ValueError, match="`setting` must be one of"):
        stage.use(Setting(3, 3, 1))
    with pytest.raises(TypeError, match="`setting` must be a"):
        stage.use((1, 3, 1))
    with pytest.raises(ValueError, match="with known channels"):
        ElasticStage().build((None, 8))
    open_stage = ElasticStage()
    open_stage.build((None, None, None, 2))
    with pytest.raises(ValueError, match="have known height and width"):
        open_stage.macs(open_stage.largest)
