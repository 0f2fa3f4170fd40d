import keras
import numpy as np
import pytest

from tfcompress.kernels.soft_shared import SoftShared
from tfcompress.layers.compressed_dense import CompressedDense


def _model(array, **options):
    layer = CompressedDense(
        array.shape[1], kernel=SoftShared(**options), use_bias=False
    )
    model = keras.Sequential([keras.Input((array.shape[0],)), layer])
    layer.kernels["kernel"].encode(array)
    return model, layer.kernels["kernel"]


@pytest.mark.parametrize("jit", [False, True])
def test_weights_gather_around_few_values_and_snap_to_them(jit, rng):
    array = rng.choice([0, 0, 0, -0.5, 1.0], (16, 8)) + rng.normal(0, 0.05, (16, 8))
    model, kernel = _model(array, components=4, strength=1e-2, zeros=0.6)
    model.compile(keras.optimizers.Adam(0.01), "mse", jit_compile=jit)
    x = np.zeros((32, 16))  # the outputs do not matter: only the prior acts
    loss = model.fit(x, x[:, :8], epochs=60, batch_size=32, verbose=0).history["loss"]
    assert loss[-1] < loss[0]
    before = kernel.value.numpy()
    assert kernel.snap() <= 5
    after = kernel.value.numpy()
    assert np.abs(after - before).max() < 0.3
    assert (after == 0).mean() == pytest.approx(0.6, abs=0.15)


def test_loss_is_the_prior_and_the_regularizer():
    layer = CompressedDense(
        1,
        kernel=SoftShared(strength=0.0),
        kernel_regularizer=keras.regularizers.L2(1.0),
        kernel_initializer="ones",
    )
    layer.build((None, 3))
    assert float(sum(layer.losses)) == pytest.approx(3.0)
    layer.kernels["kernel"].strength.assign(1.0)
    assert float(sum(layer.losses)) != pytest.approx(3.0)


def test_prior_by_hand():
    model, kernel = _model(np.zeros((1, 1)), components=2, strength=2.0, zeros=0.5)
    kernel.means.assign([-1, 1])
    kernel.log_deviations.assign([0, 0, 0])
    # Of the densities 0.3989 at 0 and 0.2420 at 1 a half and two quarters: 0.3205.
    assert float(sum(model.losses)) == pytest.approx(-2 * np.log(0.3205), abs=1e-3)


def test_no_component_becomes_a_point():
    model, kernel = _model(np.zeros((1, 1)), components=2, strength=1.0, zeros=0.5)
    kernel.means.assign([-1, 1])
    kernel.log_deviations.assign([-9, 0, 0])
    # Half of a density of deviation 1/1000 of the largest mean: 0.5 * 398.9 at 0.
    assert float(sum(model.losses)) == pytest.approx(-np.log(199.5), abs=1e-2)


def test_saved_model_gives_the_same_outputs(tmp_path, rng):
    model, _ = _model(rng.normal(size=(6, 4)))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    x = rng.normal(size=(4, 6))
    np.testing.assert_array_equal(loaded(x), model(x))


@pytest.mark.parametrize(
    "options", [{"components": 1}, {"strength": -1.0}, {"zeros": 1.0}]
)
def test_arguments_out_of_range_are_refused(options):
    with pytest.raises(ValueError, match=f"`{next(iter(options))}` must be"):
        SoftShared(**options)
