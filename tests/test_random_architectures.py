"""What must hold for every network, on networks that nobody designed."""

import tempfile

import keras
import numpy as np
from architectures import network
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shrinking import assert_equal_outputs, batch, halves, outputs, silence

import tfcompress as tfc


def for_networks(examples):
    """Runs a test on so many networks, the same each time; it gets model, inputs, rng."""

    def decorate(test):
        def run(data, seed):
            rng = np.random.default_rng(seed)
            keras.utils.set_random_seed(seed)
            model = network(lambda options: data.draw(st.sampled_from(options)), rng)
            test(model, batch(model, rng), rng)

        run.__name__ = test.__name__
        drawn = given(data=st.data(), seed=st.integers(0, 99))(run)
        health = list(HealthCheck)  # Building a model takes its time.
        return settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            suppress_health_check=health,
        )(drawn)

    return decorate


@for_networks(25)
def test_folding_changes_no_output(model, inputs, rng):
    folded = tfc.fold(model)

    assert folded.count_params() <= model.count_params()
    assert_equal_outputs(model, folded, inputs)


@for_networks(15)
def test_what_is_not_read_leaves_and_changes_no_output(model, inputs, rng):
    for group, stays in halves(model, rng):
        silence(group, stays, "reads")

    assert_equal_outputs(model, tfc.shrink(model), inputs)


@for_networks(12)
def test_layers_of_full_rank_compute_what_they_replace(model, inputs, rng):
    whole = tfc.kernels.LowRank(energy=1.0, must_pay=False)
    converted = tfc.convert(model, {"*": whole})

    scale = max(1, *(np.abs(one).max() for one in outputs(model, inputs)))
    for a, b in zip(outputs(model, inputs), outputs(converted, inputs), strict=True):
        np.testing.assert_allclose(b, a, atol=1e-4 * scale)
    assert_equal_outputs(converted, tfc.fold(converted), inputs)


@for_networks(12)
def test_an_archive_gives_back_every_bit(model, inputs, rng):
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/model.tfc"
        tfc.export.pack(model, path)
        again = tfc.export.unpack(path)

    for a, b in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    for a, b in zip(outputs(model, inputs), outputs(again, inputs), strict=True):
        np.testing.assert_array_equal(a, b)


@for_networks(6)
def test_a_file_computes_what_the_network_does(model, inputs, rng):
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/model.tflite"
        tfc.export.to_tflite(model, path)
        made = tfc.runtime.TFLiteModel(path).predict(inputs[0])

    expected = outputs(model, inputs)
    for a, b in zip(expected, keras.tree.flatten(made), strict=True):
        np.testing.assert_allclose(b, a, atol=1e-4 * max(1, np.abs(a).max()))
