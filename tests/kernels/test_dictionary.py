import keras
import numpy as np
import pytest

from tfcompress import dictionaries as d
from tfcompress.conversion.convert import convert
from tfcompress.conversion.output_errors import output_errors
from tfcompress.export.tflite import to_tflite
from tfcompress.kernels.dictionary import Dictionary
from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.compressed_dense import CompressedDense

RANDOM = d.Random(seed=1)


def built(shape, **options):
    kernel = Dictionary(**options)
    kernel.build(shape)
    return kernel


def test_a_weight_that_the_atoms_span_is_recovered(rng):
    kernel = built((20, 30), atoms=4, dictionary=RANDOM)
    array = RANDOM.atoms((20,), 4) @ rng.normal(size=(4, 30)).astype("float32")
    assert kernel.encode(array) < 1e-5


def test_start_is_the_least_squares_solution(rng):
    array = rng.normal(size=(20, 30)).astype("float32")
    kernel = built(array.shape, atoms=4, dictionary=RANDOM)
    kernel.encode(array)
    rest = array - kernel.full().numpy()
    assert (
        np.abs(RANDOM.atoms((20,), 4).T @ rest).max() < 1e-5
    )  # orthogonal to the span


def test_all_atoms_of_a_basis_are_exact(rng):
    array = rng.normal(size=(3, 3, 4, 6)).astype("float32")
    kernel = built(array.shape, atoms=36, dictionary=d.Cosine(), must_pay=False)
    assert kernel.encode(array) < 1e-5


def test_only_the_learned_factor_is_stored():
    kernel = built((20, 30), atoms=4, dictionary=RANDOM)
    assert kernel.stored_bits() == 32 * 4 * 30
    assert kernel.macs() == 4 * (20 + 30)
    assert [v.name for v in kernel.variables] == ["value"]


def test_atoms_of_data_are_stored_and_not_trained(rng):
    kernel = built(
        (20, 30), atoms=4, dictionary=d.Covariance(rng.normal(size=(50, 20)))
    )
    assert kernel.stored_bits() == 32 * 4 * (20 + 30)
    assert [v.name for v in kernel.trainable_variables] == ["value"]


def test_each_dictionary_has_outputs_of_its_own(rng):
    rules = [d.Random(seed=1), d.Cosine()]
    kernel = built((20, 30), atoms=4, dictionary=rules)
    value = kernel.value.numpy()
    expected = np.hstack(
        [
            r.atoms((20,), 4) @ v
            for r, v in zip(rules, np.split(value, 2, 1), strict=True)
        ]
    )
    np.testing.assert_allclose(kernel.full(), expected, atol=1e-6)
    assert kernel.stored_bits() == 32 * 4 * 30


@pytest.mark.parametrize("rules", [RANDOM, [RANDOM, d.Cosine()]], ids=["one", "two"])
def test_the_weight_is_never_formed(rules, rng):
    kernel = built((20, 30), atoms=4, dictionary=rules)
    x = rng.normal(size=(5, 20)).astype("float32")
    seen = []

    def op(inputs, weight):
        seen.append(tuple(weight.shape))
        return keras.ops.matmul(inputs, weight)

    outputs = kernel.apply(op, x, output_axis=-1)
    assert seen == [(20, 8 if isinstance(rules, list) else 4)]
    np.testing.assert_allclose(outputs, x @ kernel.full().numpy(), atol=1e-5)


def test_rows_are_those_of_the_weight():
    kernel = built((20, 30), atoms=4, dictionary=[RANDOM, d.Cosine()])
    rows = kernel.rows(np.array([[3, 0], [3, 19]]))
    np.testing.assert_allclose(
        rows, kernel.full().numpy()[[[3, 0], [3, 19]]], atol=1e-6
    )


def test_it_starts_with_the_scale_of_the_weight():
    for rule in (RANDOM, d.Sketch(1), d.Gaussian((10, 20), seed=1)):
        kernel = Dictionary(atoms=80, dictionary=rule)
        kernel.build((200, 100), initializer="glorot_normal")
        assert kernel.full().numpy().var() == pytest.approx(2 / 300, rel=0.25)


@pytest.mark.parametrize("rule", [RANDOM, d.Gaussian((4, 5), seed=1), d.Covariance()])
def test_outputs_are_nearer_when_it_is_fitted_to_them(rule, rng):
    x = rng.normal(size=(80, 20)) * np.arange(1, 21)
    model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(9, name="it")])
    small = convert(model, {"it": Dictionary(atoms=4, dictionary=rule)}, inputs=x)
    (error,) = output_errors(small)
    assert error.of_outputs <= error.of_weights * (1 + 1e-5)
    # No rank of that size comes nearer than the best of outputs.
    (best,) = output_errors(convert(model, {"it": LowRank(rank=4)}, inputs=x))
    assert best.of_outputs <= error.of_outputs


def test_atoms_of_data_are_saved_and_carried(tmp_path, rng):
    model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(9, name="it")])
    x = rng.normal(size=(80, 20)).astype("float32")
    rule = {"it": Dictionary(atoms=4, dictionary=d.KMeans())}
    small = convert(model, rule, inputs=x)
    small.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    clone = keras.models.clone_model(small)
    clone.set_weights(small.get_weights())
    for other in (loaded, clone):
        np.testing.assert_array_equal(other(x), small(x))


@pytest.mark.parametrize("compact", [False, True])
def test_a_file_holds_the_factors(compact, tmp_path):
    rules = [d.Random(seed=1), d.Cosine((16, 16)), d.Gaussian((16, 16), seed=1)]
    layer = CompressedDense(300, kernel=Dictionary(atoms=20, dictionary=rules))
    model = keras.Sequential([keras.Input((256,)), layer])
    result = to_tflite(model, tmp_path / "model.tflite", compact=compact)
    atoms = 0 if compact else 4 * 3 * 20 * 256
    least = 4 * model.count_params() + atoms
    assert result.bytes < least + 8_000 * len(rules) < 4 * 256 * 300
    assert result.max_error < 1e-4


def test_a_number_of_atoms_that_does_not_pay_names_the_one_that_does(rng):
    with pytest.raises(ValueError, match="most atoms that pay are 19.*atoms=20"):
        built((20, 30), atoms=20, dictionary=RANDOM)
    data = d.Covariance(rng.normal(size=(50, 20)))
    with pytest.raises(ValueError, match="most atoms that pay are 11.*atoms=12"):
        built((20, 30), atoms=12, dictionary=data)  # 12 * (20 + 30) = 20 * 30


def test_a_dictionary_without_its_data_is_refused():
    with pytest.raises(ValueError, match="made from data.*convert\\(..., inputs=x\\)"):
        built((20, 30), atoms=4, dictionary=d.Covariance())


def test_outputs_that_cannot_be_dealt_out_are_refused():
    with pytest.raises(ValueError, match="divides the 31 outputs.*dictionary=2"):
        built((20, 31), atoms=4, dictionary=[RANDOM, RANDOM])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dictionary": RANDOM}, "`atoms` must be given, or else `ratio`"),
        ({"dictionary": RANDOM, "atoms": 2, "ratio": 0.5}, "and not both"),
        ({"dictionary": RANDOM, "atoms": 0}, "`atoms` must be a positive integer"),
        ({"dictionary": "dct", "atoms": 2}, "`dictionary` must be a rule"),
        ({"dictionary": [], "atoms": 2}, "`dictionary` must be a rule"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises((ValueError, TypeError), match=message):
        Dictionary(**options)


def test_a_ratio_below_one_atom_is_refused():
    with pytest.raises(ValueError, match="The least is 0.05.*ratio=0.01"):
        built((20, 30), ratio=0.01, dictionary=RANDOM)
