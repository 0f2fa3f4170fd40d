import zipfile

import keras
import numpy as np
import pytest

from tfcompress.callbacks.distill import Distill
from tfcompress.losses.attention_transfer import AttentionTransfer
from tfcompress.losses.feature_matching import FeatureMatching
from tfcompress.losses.relational_distance import RelationalDistance

PAIR = {"hidden": "hidden"}


def make(width, **options):
    return keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(width, "tanh", name="hidden"),
            keras.layers.Dense(3, name="out"),
        ],
        **options,
    )


def compiled(model, rate=0.5, **options):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(rate), loss, **options)
    return model


@pytest.fixture
def data(rng):
    return rng.normal(size=(8, 4)).astype("float32"), np.arange(8) % 3


def fit(student, data, distill, **options):
    options = {"batch_size": 8, "verbose": 0, **options}
    return student.fit(*data, callbacks=[distill], **options).history


def hidden(model, x):
    layer = model.get_layer("hidden")
    return np.tanh(x @ layer.kernel.numpy() + layer.bias.numpy())


@pytest.mark.parametrize("options", [{}, {"jit_compile": True}])
def test_step_is_that_of_the_feature_loss_by_hand(data, options):
    x, _ = data
    student, teacher = compiled(make(5), **options), make(5)
    kernel, h = student.layers[0].kernel.numpy(), hidden(student, x)
    u = hidden(teacher, x)
    out = student.layers[1].kernel.numpy()
    # Nothing but features: the soft loss does not move a student that it multiplies by 0.
    distill = Distill(
        teacher,
        alpha=1.0,
        loss=Nothing(),
        features=PAIR,
        feature_weight=3.0,
    )

    history = fit(student, data, distill)

    gradient = x.T @ (3.0 * (h - u) / 5 * (1 - h**2)) / 8
    new = student.layers[0].kernel.numpy()
    np.testing.assert_allclose(new, kernel - 0.5 * gradient, atol=1e-6)
    np.testing.assert_array_equal(student.layers[1].kernel.numpy(), out)
    expected = np.mean((h - u) ** 2) / 2
    np.testing.assert_allclose(history["feature_loss"], expected, rtol=1e-5)
    np.testing.assert_allclose(history["loss"], 3 * expected, rtol=1e-5)


@pytest.mark.parametrize("options", [{}, {"jit_compile": True}])
def test_adapter_between_other_widths_is_not_saved(data, tmp_path, options):
    student, teacher = compiled(make(5, name="student"), **options), make(6)
    path, plain = tmp_path / "during.keras", tmp_path / "plain.keras"
    save = keras.callbacks.ModelCheckpoint(path)
    distill = Distill(teacher, features=PAIR)

    student.fit(*data, verbose=0, callbacks=[distill, save])

    student.save(plain)
    with zipfile.ZipFile(path) as file, zipfile.ZipFile(plain) as same:
        assert file.read("config.json") == same.read("config.json")
    assert len(keras.models.load_model(path).weights) == len(student.weights) == 4


def test_adapter_alone_moves_a_frozen_student_s_features_to_the_teacher_s(data):
    student, teacher = make(5), make(6)
    student.get_layer("hidden").trainable = False
    before = student.get_layer("hidden").kernel.numpy()

    losses = fit(
        compiled(student, 1.0), data, Distill(teacher, features=PAIR), epochs=100
    )["feature_loss"]

    # Eight examples in five dimensions: the best linear map, by least squares.
    x = data[0]
    h, u = hidden(student, x), hidden(teacher, x)
    best = u - h @ np.linalg.lstsq(h, u, rcond=None)[0]
    np.testing.assert_array_equal(student.get_layer("hidden").kernel.numpy(), before)
    assert losses[-1] < 0.5 * losses[0]
    assert losses[-1] >= np.mean(best**2) / 2 * (1 - 1e-5)


@pytest.mark.parametrize("loss", [AttentionTransfer(), RelationalDistance()])
def test_losses_of_any_width_need_no_adapter(rng, loss):
    x = rng.normal(size=(8, 6, 4)).astype("float32")

    def sequence(width):
        return keras.Sequential(
            [
                keras.Input((6, 4)),
                keras.layers.Conv1D(width, 3, name="hidden"),
                keras.layers.GlobalAveragePooling1D(),
                keras.layers.Dense(3),
            ]
        )

    student, teacher = compiled(sequence(3)), sequence(7)
    h, u = (m.get_layer("hidden")(x) for m in (student, teacher))
    distill = Distill(teacher, features=PAIR, feature_loss=loss)

    history = fit(student, (x, np.arange(8) % 3), distill)

    assert distill._features.adapters == []
    np.testing.assert_allclose(history["feature_loss"], float(loss(u, h)), rtol=1e-4)


def test_sample_weights_count(data):
    student, teacher = compiled(make(5), rate=0.0), make(5)
    weights = np.linspace(0, 1, 8, dtype="float32")
    h, u = (hidden(model, data[0]) for model in (student, teacher))

    history = fit(student, data, Distill(teacher, features=PAIR), sample_weight=weights)

    expected = float(FeatureMatching()(u, h, weights))
    np.testing.assert_allclose(history["feature_loss"], expected, rtol=1e-5)


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize(
    "loss", [FeatureMatching(), AttentionTransfer(), RelationalDistance()]
)
def test_positions_that_one_side_masks_count_as_equal(rng, loss, side):
    x = rng.normal(size=(8, 8, 4)).astype("float32")  # a mask of (8, 8) fits all sums
    x[:5, 6:] = 0

    def sequence(masked):
        layers = [
            keras.layers.Dense(5, "tanh", bias_initializer="ones", name="hidden"),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(3),
        ]
        first = [keras.layers.Masking()] if masked else []
        return keras.Sequential([keras.Input((8, 4)), *first, *layers])

    models = [sequence(masked=place == side) for place in (0, 1)]
    h, u = (hidden(model, x) for model in models)
    for features in (h, u):
        features[:5, 6:] = 0
    distill = Distill(models[1], features=PAIR, feature_loss=loss)

    history = fit(compiled(models[0]), (x, np.arange(8) % 3), distill)

    np.testing.assert_allclose(history["feature_loss"], float(loss(u, h)), rtol=1e-4)


def test_an_adapter_learns_nothing_of_positions_that_are_masked(rng):
    def sequence(width):
        return keras.Sequential(
            [
                keras.Input((6, 4)),
                keras.layers.Masking(),
                keras.layers.GRU(width, return_sequences=True, name="hidden"),
                keras.layers.GRU(3),
                keras.layers.Dense(3),
            ]
        )

    x = rng.normal(size=(8, 6, 4)).astype("float32")
    x[:, 2:] = 0
    student, teacher = sequence(2), sequence(3)
    student.get_layer("hidden").trainable = False  # one linear map fits the rest

    losses = fit(
        compiled(student, 20.0),
        (x, np.arange(8) % 3),
        Distill(teacher, features=PAIR, feature_weight=0.0),
        epochs=200,
    )["feature_loss"]

    h, u = (m.get_layer("hidden")(x).numpy()[:, :2] for m in (student, teacher))
    h, u = h.reshape(16, 2), u.reshape(16, 3)
    best = u - h @ np.linalg.lstsq(h, u, rcond=None)[0]
    np.testing.assert_allclose(losses[-1], np.sum(best**2) / (2 * 8 * 18), rtol=1e-3)


def test_of_several_teachers_the_first_shows_its_features(data):
    student, first, other = compiled(make(5)), make(5), make(7)
    h, u = hidden(student, data[0]), hidden(first, data[0])

    history = fit(student, data, Distill([first, other], features=PAIR))

    expected = np.mean((h - u) ** 2) / 2
    np.testing.assert_allclose(history["feature_loss"], expected, rtol=1e-5)


def test_mixed_precision_student_with_a_teacher_of_other_width(data):
    teacher = make(6)
    keras.config.set_dtype_policy("mixed_float16")
    student = make(5)
    student.compile("adam")

    history = fit(student, data[:1], Distill(teacher, alpha=1.0, features=PAIR))

    assert np.isfinite(history["feature_loss"][0])
    assert np.isfinite(student.get_layer("hidden").kernel.numpy()).all()


def test_layers_are_left_as_they_were_even_if_a_fit_was_aborted(data):
    class Abort(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            raise KeyboardInterrupt

    student, teacher = compiled(make(5)), make(6)
    distill = Distill(teacher, features=PAIR)
    with pytest.raises(KeyboardInterrupt):
        student.fit(*data, verbose=0, callbacks=[distill, Abort()])

    student.fit(*data, verbose=0)

    layers = student.get_layer("hidden"), teacher.get_layer("hidden")
    assert all("call" not in vars(layer) for layer in layers)


@keras.saving.register_keras_serializable("test")
class Nothing(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return 0 * keras.ops.sum(y_pred, axis=-1)
