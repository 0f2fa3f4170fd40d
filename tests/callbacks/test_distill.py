import zipfile

import keras
import numpy as np
import pytest
from keras import ops

from tfcompress.callbacks.distill import Distill
from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.losses.knowledge_distillation import KnowledgeDistillation
from tfcompress.losses.logit_mimic import LogitMimic
from tfcompress.schedules.constant import Constant

CLASSES = 3


def make(*hidden, activation=None, classes=CLASSES, name=None, **last):
    return keras.Sequential(
        [
            keras.Input((4,)),
            *(keras.layers.Dense(units, "relu") for units in hidden),
            keras.layers.Dense(classes, activation, **last),
        ],
        name=name,
    )


def compiled(model, rate=0.5, **kwargs):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(rate), loss, **kwargs)
    return model


@pytest.fixture
def data(rng):
    return rng.normal(size=(8, 4)).astype("float32"), np.arange(8) % CLASSES


def fit(student, data, *callbacks, **kwargs):
    kwargs = {"batch_size": 8, "verbose": 0, **kwargs}
    return student.fit(*data, callbacks=list(callbacks), **kwargs).history


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


class TestStep:
    """One step of plain SGD on one linear layer, against the gradient by hand."""

    temperature, alpha, rate, l2 = 3.0, 0.7, 0.5, 0.1

    @pytest.mark.parametrize("weighted", [False, True])
    @pytest.mark.parametrize("options", [{}, {"jit_compile": True}])
    def test_is_that_of_the_weighted_sum_of_both_losses(self, data, weighted, options):
        x, y = data
        teacher = make(5)
        student = make(kernel_regularizer=keras.regularizers.L2(self.l2))
        before = student.layers[0].kernel.numpy()
        weights = np.linspace(0.1, 2.0, 8, dtype="float32") if weighted else None
        distill = Distill(teacher, temperature=self.temperature, alpha=self.alpha)

        compiled(student, self.rate, **options)
        fit(student, data, distill, sample_weight=weights)

        expected = self.step(before, x, y, teacher.predict(x, verbose=0), weights)
        kernel = student.layers[0].kernel.numpy()
        np.testing.assert_allclose(kernel, expected, atol=1e-6)

    def step(self, kernel, x, y, targets, weights):
        t, logits = self.temperature, x @ kernel
        soft = t * (softmax(logits / t) - softmax(targets / t))
        hard = softmax(logits) - np.eye(CLASSES)[y]
        error = self.alpha * soft + (1 - self.alpha) * hard
        if weights is not None:
            error = weights[:, None] * error
        penalty = (1 - self.alpha) * 2 * self.l2 * kernel
        return kernel - self.rate * (x.T @ error / len(x) + penalty)

    def test_with_class_weights_is_that_with_their_sample_weights(self, data):
        teacher, student = make(5), compiled(make())
        start = student.get_weights()
        fit(student, data, Distill(teacher), class_weight={0: 1.0, 1: 0.5, 2: 2.0})
        by_class = student.get_weights()

        student.set_weights(start)
        weights = np.array([1.0, 0.5, 2.0], "float32")[data[1]]
        fit(student, data, Distill(teacher), sample_weight=weights)

        for a, b in zip(by_class, student.get_weights(), strict=True):
            np.testing.assert_allclose(a, b, atol=1e-6)

    def test_keeps_what_layers_add_to_the_loss(self, data):
        student = make(activity_regularizer=keras.regularizers.L2(0.1))
        teacher = make(5, activity_regularizer=keras.regularizers.L2(7.0))
        z, v = student.predict(data[0], verbose=0), teacher.predict(data[0], verbose=0)

        history = fit(compiled(student), data, Distill(teacher, alpha=0.7))

        soft = KnowledgeDistillation(4.0, from_logits=True)(v, z)
        hard = -np.mean(np.log(softmax(z)[np.arange(8), data[1]]))
        added = 0.1 * np.sum(z**2) / 8  # for an example, as Keras has it
        expected = 0.7 * soft + 0.3 * (hard + added)
        np.testing.assert_allclose(history["loss"], expected, rtol=1e-5)

    def test_is_the_student_s_own_if_alpha_is_0(self, data):
        student = compiled(make())
        start = student.get_weights()
        fit(student, data)
        alone = student.get_weights()

        student.set_weights(start)
        fit(student, data, Distill(make(5), alpha=0.0))

        for a, b in zip(alone, student.get_weights(), strict=True):
            np.testing.assert_allclose(a, b, atol=1e-7)


class TestOutputs:
    def test_a_softmax_on_either_side_teaches_the_same(self, data):
        taught = []
        for activation in (None, "softmax"):
            for own in (None, "softmax"):
                keras.utils.set_random_seed(0)
                teacher, student = make(5, activation=activation), make(activation=own)
                student.compile(keras.optimizers.SGD(0.5))
                fit(student, data, Distill(teacher, alpha=1.0))
                taught.append(student.layers[-1].kernel.numpy())

        for kernel in taught[1:]:
            np.testing.assert_allclose(kernel, taught[0], atol=1e-5)

    def test_the_last_activation_is_found_in_functional_and_nested_models(self, data):
        inputs = keras.Input((4,))
        inner = make(activation="softmax", name="inner")
        teacher = keras.Model(inputs, inner(keras.layers.Dense(4)(inputs)))
        student = keras.Model(inputs, keras.layers.Softmax()(make()(inputs)))
        student.compile("sgd")
        z, v = student.predict(data[0], verbose=0), teacher.predict(data[0], verbose=0)

        history = fit(student, data, Distill(teacher, alpha=1.0))

        expected = KnowledgeDistillation(4.0)(v, z)
        np.testing.assert_allclose(history["loss"], expected, rtol=1e-4)

    def test_sequences_are_taught_at_every_position(self, rng):
        x = rng.normal(size=(2, 5, 4)).astype("float32")
        teacher = keras.Sequential([keras.Input((5, 4)), keras.layers.Dense(CLASSES)])
        student = keras.models.clone_model(teacher)
        student.compile("sgd")
        z, v = student.predict(x, verbose=0), teacher.predict(x, verbose=0)

        history = fit(student, (x,), Distill(teacher, alpha=1.0))

        expected = KnowledgeDistillation(4.0, from_logits=True)(v, z)
        np.testing.assert_allclose(history["loss"], expected, rtol=1e-5)

    def test_positions_that_are_masked_are_not_taught(self, rng):
        x = rng.normal(size=(2, 5, 4)).astype("float32")
        x[0, 2:] = x[1, 3:] = 0
        teacher = keras.Sequential([keras.Input((5, 4)), keras.layers.Dense(CLASSES)])
        student = keras.Sequential(
            [
                keras.Input((5, 4)),
                keras.layers.Masking(),
                keras.layers.Dense(CLASSES),
            ]
        )
        student.layers[-1].bias.assign([1.0, 2.0, 3.0])  # wrong on zeros too
        student.compile("sgd")
        seen = np.concatenate([x[0, :2], x[1, :3]])
        z, v = student.layers[-1](seen), teacher.layers[-1](seen)

        history = fit(student, (x,), Distill(teacher, alpha=1.0))

        expected = KnowledgeDistillation(4.0, from_logits=True)(v, z)
        np.testing.assert_allclose(history["loss"], expected, rtol=1e-5)

    def test_another_loss_sees_the_outputs_as_they_are(self, data):
        teacher, student = make(5), make(activation="sigmoid")
        student.compile("sgd")
        z, v = student.predict(data[0], verbose=0), teacher.predict(data[0], verbose=0)
        loss = keras.losses.MeanSquaredError()

        history = fit(student, data, Distill(teacher, alpha=1.0, loss=loss))

        np.testing.assert_allclose(history["loss"], np.mean((z - v) ** 2), rtol=1e-5)


class TestTeacher:
    def teacher(self):
        return keras.Sequential(
            [
                keras.Input((4,)),
                keras.layers.Dense(5),
                keras.layers.BatchNormalization(),
                keras.layers.Dropout(0.5),
                keras.layers.Dense(CLASSES),
            ]
        )

    def test_stays_as_it_was(self, data):
        teacher = self.teacher()
        before = [variable.numpy() for variable in teacher.variables]

        fit(compiled(make()), data, Distill(teacher), epochs=2)

        assert len(teacher.trainable_weights) == 6
        for old, new in zip(before, teacher.variables, strict=True):
            np.testing.assert_array_equal(old, new.numpy())

    def test_is_asked_in_inference_mode(self, data):
        teacher, student = self.teacher(), make()
        student.compile("sgd")
        z, v = student.predict(data[0], verbose=0), teacher.predict(data[0], verbose=0)

        history = fit(student, data, Distill(teacher, alpha=1.0))

        expected = KnowledgeDistillation(4.0, from_logits=True)(v, z)
        np.testing.assert_allclose(history["loss"], expected, rtol=1e-5)

    def test_is_not_saved_with_the_student(self, data, tmp_path):
        path, plain = tmp_path / "student.keras", tmp_path / "plain.keras"
        student = compiled(make(name="student"))
        checkpoint = keras.callbacks.ModelCheckpoint(path)  # saves during `fit`

        fit(student, data, Distill(make(5, name="teacher")), checkpoint)

        student.save(plain)
        with zipfile.ZipFile(path) as file, zipfile.ZipFile(plain) as same:
            assert "teacher" not in file.read("config.json").decode()
            sizes = [len(f.read("model.weights.h5")) for f in (file, same)]
        assert sizes[0] == sizes[1]
        loaded = keras.models.load_model(path)
        np.testing.assert_array_equal(
            loaded.predict(data[0], verbose=0), student.predict(data[0], verbose=0)
        )

    @pytest.mark.parametrize("jit_compile", [False, True])
    def test_computes_in_its_own_precision(self, data, jit_compile):
        teacher = make(5)
        keras.config.set_dtype_policy("mixed_float16")
        student = compiled(make(5), jit_compile=jit_compile)
        z, v = student.predict(data[0], verbose=0), teacher.predict(data[0], verbose=0)

        history = fit(student, data, Distill(teacher))

        assert (z.dtype, v.dtype) == (np.float16, np.float32)
        expected = KnowledgeDistillation(4.0, from_logits=True)(v, z)
        np.testing.assert_allclose(history["distillation_loss"], expected, rtol=1e-3)


class TestSeveralTeachers:
    def test_teach_the_mean_of_their_logits(self, data):
        one, other, student = make(5), make(5, activation="softmax"), make()
        student.compile("sgd")
        z = student.predict(data[0], verbose=0)
        v = (one(data[0]) + np.log(other(data[0]))) / 2

        history = fit(student, data, Distill([one, other], alpha=1.0))

        expected = KnowledgeDistillation(4.0, from_logits=True)(v, z)
        np.testing.assert_allclose(history["loss"], expected, rtol=1e-4)

    @pytest.mark.parametrize("teacher_from_logits", [False, True])
    def test_teach_another_loss_of_logits(self, data, teacher_from_logits):
        one, other, student = make(5), make(5, activation="softmax"), make()
        student.compile("sgd")
        z = student.predict(data[0], verbose=0)
        v = (one(data[0]) + np.log(other(data[0]))) / 2
        loss = LogitMimic(teacher_from_logits=teacher_from_logits)

        history = fit(student, data, Distill([one, other], alpha=1.0, loss=loss))

        np.testing.assert_allclose(history["loss"], LogitMimic()(v, z), rtol=1e-4)


class TestAlpha:
    @pytest.mark.parametrize("options", [{}, {"jit_compile": True}])
    def test_follows_a_schedule_step_by_step(self, data, options):
        x, y = data
        teacher, student = make(5), compiled(make(), rate=1e-9, **options)
        alpha = keras.optimizers.schedules.PolynomialDecay(1.0, 4, 0.0)
        own = student.evaluate(x, y, verbose=0)
        soft = KnowledgeDistillation(4.0, from_logits=True)(teacher(x), student(x))

        losses = fit(student, data, Distill(teacher, alpha=alpha), epochs=5)["loss"]

        alphas = np.array([1.0, 0.75, 0.5, 0.25, 0.0])
        expected = alphas * float(soft) + (1 - alphas) * own
        np.testing.assert_allclose(losses, expected, rtol=1e-5)


class TestStudent:
    @pytest.mark.parametrize(
        "options", [{}, {"steps_per_execution": 2}, {"run_eagerly": True}]
    )
    def test_reports_the_mean_of_the_teacher_s_loss(self, data, options):
        student = compiled(make(), rate=1e-9, **options)  # the student does not move
        teacher = make(5)
        z, v = student.predict(data[0], verbose=0), teacher.predict(data[0], verbose=0)

        history = fit(student, data, Distill(teacher), epochs=2, batch_size=3)

        expected = KnowledgeDistillation(4.0, from_logits=True)(v, z)
        np.testing.assert_allclose(
            history["distillation_loss"], 2 * [expected], rtol=1e-5
        )

    def test_reports_each_epoch_by_itself(self, data):
        teacher, student = make(5), compiled(make())
        distill = Distill(teacher)
        fit(student, data, distill)
        z, v = student.predict(data[0], verbose=0), teacher.predict(data[0], verbose=0)
        start = KnowledgeDistillation(4.0, from_logits=True)(v, z)
        copy = compiled(keras.models.clone_model(student))
        copy.set_weights(student.get_weights())

        first, second = fit(student, data, distill, epochs=2)["distillation_loss"]
        fit(copy, data, distill)
        (alone,) = fit(copy, data, distill)["distillation_loss"]

        np.testing.assert_allclose([first, second], [start, alone], rtol=1e-5)

    def test_keeps_its_own_loss_and_metrics_in_validation(self, data):
        student = compiled(make(kernel_regularizer="l2"), metrics=["accuracy"])

        history = fit(student, data, Distill(make(5)), validation_data=data)

        names = {"loss", "accuracy", "distillation_loss", "val_loss", "val_accuracy"}
        assert set(history) == names
        loss, accuracy = student.evaluate(*data, verbose=0)
        np.testing.assert_allclose(history["val_loss"], loss, rtol=1e-6)
        np.testing.assert_allclose(history["val_accuracy"], accuracy)

    def test_is_its_own_again_after_fit(self, data):
        student = compiled(make())

        fit(student, data, Distill(make(5)))

        assert not {"compute_loss", "make_train_function"} & set(vars(student))
        self.assert_alone(student, data)

    def test_is_its_own_again_after_an_aborted_fit(self, data):
        student = compiled(make())
        with pytest.raises(KeyboardInterrupt):
            fit(student, data, Distill(make(5)), Abort())

        self.assert_alone(student, data)

    def assert_alone(self, student, data):
        """A fit without a teacher moves the student as it moves a copy."""
        copy = compiled(keras.models.clone_model(student))
        copy.set_weights(student.get_weights())
        fit(student, data)
        fit(copy, data)
        for a, b in zip(student.get_weights(), copy.get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)

    @pytest.mark.parametrize("abort", [False, True])
    def test_is_taught_again_in_the_next_fit(self, data, abort):
        teacher, student = make(5), compiled(make(), rate=1e-9)
        distill = Distill(teacher)
        if abort:
            with pytest.raises(KeyboardInterrupt):
                fit(student, data, distill, Abort())
        else:
            fit(student, data, distill)
        calls = count_calls(teacher)

        first = fit(student, data, distill)
        second = fit(student, data, Distill(teacher))

        assert first["loss"] == pytest.approx(second["loss"])
        assert len(calls) == 2  # each fit traced its own step, once

    def test_can_have_one_teacher_and_then_another(self, data):
        one, other = compiled(make()), compiled(make())
        distill = Distill(make(5))

        fit(one, data, distill)
        fit(other, data, distill)

        assert "compute_loss" not in {**vars(one), **vars(other)}

    def test_keeps_a_compute_loss_that_somebody_else_has_set(self, data):
        student = make()
        student.compile("sgd")

        def mine(x=None, y=None, y_pred=None, sample_weight=None, training=True):
            return ops.mean(y_pred**2)

        student.compute_loss = mine
        fit(student, data, Distill(make(5)))

        assert student.compute_loss is mine

    def test_is_taught_under_accumulation_as_with_one_large_batch(self, data):
        teacher, student = make(5), make()
        start = student.get_weights()
        compiled(student)
        fit(student, data, Distill(teacher))
        at_once = student.get_weights()

        student.set_weights(start)
        optimizer = keras.optimizers.SGD(0.5, gradient_accumulation_steps=2)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        student.compile(optimizer, loss)
        fit(student, data, Distill(teacher), batch_size=4, shuffle=False)

        for a, b in zip(at_once, student.get_weights(), strict=True):
            np.testing.assert_allclose(a, b, atol=1e-6)

    def test_is_taught_while_it_is_pruned(self, data):
        student = compiled(make())
        prune = PruneLowMagnitude(Constant(0.5))

        history = fit(student, data, Distill(make(5)), prune)

        assert history["distillation_loss"][0] > 0
        assert np.count_nonzero(student.layers[0].kernel) == 6

    def test_is_taught_by_itself_before_it_was_pruned(self, data):
        student = compiled(make(), rate=1.0)
        fit(student, data, epochs=5)
        teacher = keras.models.clone_model(student)
        teacher.set_weights(student.get_weights())
        prune = PruneLowMagnitude(Constant(0.5))

        soft = fit(student, data, prune, Distill(teacher, alpha=1.0), epochs=20)[
            "distillation_loss"
        ]

        assert np.count_nonzero(teacher.layers[0].kernel) == 12
        assert np.count_nonzero(student.layers[0].kernel) == 6
        assert soft[-1] < 0.8 * soft[0]

    def test_may_name_its_output(self, data):
        inputs = keras.Input((4,))
        student = keras.Model(inputs, {"out": make()(inputs)})
        student.compile("sgd")

        history = fit(student, (data[0],), Distill(make(5), alpha=1.0))

        assert history["distillation_loss"][0] > 0

    def test_that_is_built_by_fit_is_taught(self, data):
        student = keras.Sequential([keras.layers.Dense(CLASSES)])

        history = fit(compiled(student), data, Distill(make(5)))

        assert history["distillation_loss"][0] > 0


class Abort(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        raise KeyboardInterrupt


def count_calls(model):
    calls, call = [], model.call

    def counted(*args, **kwargs):
        calls.append(args)
        return call(*args, **kwargs)

    model.call = counted
    return calls


class Subclassed(keras.Model):
    """Of such a model Keras knows neither inputs nor outputs."""

    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(CLASSES)

    def call(self, inputs):
        return self.dense(inputs)


def test_subclassed_models_teach_and_learn_if_told_what_they_put_out(data):
    teacher = Subclassed()
    teacher(data[0])
    student = compiled(Subclassed())
    distill = Distill(teacher, from_logits=True, teacher_from_logits=True)

    assert fit(student, data, distill)["distillation_loss"][0] > 0


class TestSigmoids:
    """Each is a softmax over two classes."""

    def test_step_is_that_of_softened_sigmoids(self, data):
        x, rate, t = data[0], 0.5, 3.0
        teacher = make(5, activation="sigmoid", classes=2)
        student = make(activation="sigmoid", classes=2)
        student.compile(keras.optimizers.SGD(rate), "binary_crossentropy")
        before = student.layers[0].kernel.numpy()

        fit(student, (x,), Distill(teacher, temperature=t, alpha=1.0))

        taught = teacher.predict(x, verbose=0)
        targets, logits = np.log(taught / (1 - taught)), x @ before
        soft = t * (
            sigmoid(logits / t) - sigmoid(targets / t)
        )  # of 8 examples, 2 units
        np.testing.assert_allclose(
            student.layers[0].kernel, before - rate * x.T @ soft / 16, atol=1e-6
        )

    def test_one_unit_is_taught(self, data):
        x, y = data
        student, teacher = (make(activation="sigmoid", classes=1) for _ in range(2))
        student.compile(keras.optimizers.SGD(1.0), "binary_crossentropy")
        history = fit(student, (x, y % 2), Distill(teacher, alpha=1.0), epochs=50)
        soft = history["distillation_loss"]
        assert soft[-1] < 0.1 * soft[0]

    def test_a_teacher_of_logits_is_refused(self, data):
        student = make(activation="sigmoid", classes=1)
        student.compile("sgd", "binary_crossentropy")
        teacher = make(classes=1, name="linear")
        with pytest.raises(ValueError, match="end in a sigmoid, .* teacher='linear'"):
            fit(student, data, Distill(teacher))
        told = Distill(make(activation="sigmoid", classes=1), teacher_from_logits=True)
        with pytest.raises(ValueError, match="left out .* teacher_from_logits=True"):
            fit(student, data, told)


def sigmoid(logits):
    return 1 / (1 + np.exp(-logits))
