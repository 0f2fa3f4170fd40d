import zipfile

import keras
import numpy as np
import pytest
from keras import ops

from tfcompress.callbacks.distill import Distill
from tfcompress.losses.knowledge_distillation import KnowledgeDistillation

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
        distill = Distill(teacher, alpha=1.0)

        fit(student, data, distill)

        loss = distill._soft_loss
        assert (loss.from_logits, loss.teacher_from_logits) == (False, False)

    def test_sequences_are_taught_at_every_position(self, rng):
        x = rng.normal(size=(2, 5, 4)).astype("float32")
        teacher = keras.Sequential([keras.Input((5, 4)), keras.layers.Dense(CLASSES)])
        student = keras.models.clone_model(teacher)
        student.compile("sgd")
        z, v = student.predict(x, verbose=0), teacher.predict(x, verbose=0)

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

    def test_computes_in_its_own_precision(self, data):
        teacher = make(5)
        keras.config.set_dtype_policy("mixed_float16")
        student = compiled(make(5))
        x, y = data
        z, v = student.predict(x, verbose=0), teacher.predict(x, verbose=0)

        history = fit(student, data, Distill(teacher))

        assert (z.dtype, v.dtype) == (np.float16, np.float32)
        expected = KnowledgeDistillation(4.0, from_logits=True)(v, z)
        np.testing.assert_allclose(history["distillation_loss"], expected, rtol=1e-3)


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


class Branches(keras.Model):
    """A subclassed model, of which Keras knows neither inputs nor outputs."""

    def __init__(self, classes=CLASSES, heads=1):
        super().__init__()
        self.heads = [keras.layers.Dense(classes) for _ in range(heads)]

    def call(self, inputs):
        outputs = [head(inputs) for head in self.heads]
        return outputs if len(outputs) > 1 else outputs[0]


class TestSubclassedModels:
    def test_teach_if_they_say_what_their_outputs_are(self, data):
        teacher = Branches()
        teacher(data[0])
        student = compiled(Branches())
        distill = Distill(teacher, from_logits=True, teacher_from_logits=True)

        assert fit(student, data, distill)["distillation_loss"][0] > 0

    @pytest.mark.parametrize("name", ["from_logits", "teacher_from_logits"])
    def test_are_refused_if_they_do_not(self, data, name):
        teacher = Branches()
        teacher(data[0])
        both = {"from_logits": True, "teacher_from_logits": True}
        del both[name]

        with pytest.raises(ValueError, match=f"`{name}` must be given: the last layer"):
            fit(compiled(Branches()), data, Distill(teacher, **both))

    @pytest.mark.parametrize("options", [{"classes": 5}, {"heads": 2}])
    def test_with_other_outputs_are_refused_in_the_first_step(self, data, options):
        teacher = Branches(**options)
        teacher(data[0])
        distill = Distill(teacher, from_logits=True, teacher_from_logits=True)

        with pytest.raises(ValueError, match=r"`teacher.outputs` must have the shape"):
            fit(compiled(Branches()), data, distill)


class TestRefusals:
    @pytest.mark.parametrize("temperature", [0, -1.0, float("inf"), "4"])
    def test_temperature(self, temperature):
        with pytest.raises(ValueError, match="`temperature` must be a number in"):
            Distill(make(), temperature=temperature)

    @pytest.mark.parametrize("alpha", [-0.1, 1.1, float("nan"), None])
    def test_alpha(self, alpha):
        with pytest.raises(ValueError, match=r"`alpha` must be a number in \[0, 1\]"):
            Distill(make(), alpha=alpha)

    @pytest.mark.parametrize("teacher", [None, "teacher.keras", np.ones(3)])
    def test_teacher_that_is_no_model(self, teacher):
        with pytest.raises(TypeError, match=r"`teacher` must be a `keras.Model`"):
            Distill(teacher)

    def test_teacher_that_is_not_built(self):
        teacher = keras.Sequential([keras.layers.Dense(3)])
        with pytest.raises(ValueError, match="`teacher` must be built, and trained"):
            Distill(teacher)

    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_teacher_that_has_diverged(self, value):
        teacher = make()
        teacher.layers[0].bias.assign([0.0, value, 0.0])
        with pytest.raises(ValueError, match=r"`teacher` must have finite.*dense.*bias"):
            Distill(teacher)

    @pytest.mark.parametrize("loss", ["mse", keras.losses.mean_squared_error])
    def test_loss_that_is_not_an_object(self, loss):
        with pytest.raises(TypeError, match="`loss` must be a loss object"):
            Distill(make(), loss=loss)

    def test_teacher_that_is_the_student(self, data):
        student = compiled(make())
        with pytest.raises(ValueError, match="`teacher` must be another model"):
            fit(student, data, Distill(student))

    def test_teacher_of_other_classes(self, data):
        match = r"`teacher.outputs` must have the shape.*\(None, 3\).*\(None, 5\)"
        with pytest.raises(ValueError, match=match):
            fit(compiled(make()), data, Distill(make(classes=5)))

    def test_teacher_of_other_inputs(self, data):
        teacher = keras.Sequential([keras.Input((6,)), keras.layers.Dense(3)])
        match = r"`teacher.inputs` must have the shape.*\(None, 4\).*\(None, 6\)"
        with pytest.raises(ValueError, match=match):
            fit(compiled(make()), data, Distill(teacher))

    def test_several_outputs(self, data):
        inputs = keras.Input((4,))
        both = keras.Model(inputs, [make()(inputs), make()(inputs)])
        student = keras.models.clone_model(both)
        student.compile("sgd", ["mse", "mse"])
        with pytest.raises(ValueError, match=r"`teacher.outputs` must be a single"):
            fit(student, (data[0], [data[1], data[1]]), Distill(both))

    @pytest.mark.parametrize("activation", ["sigmoid", "relu"])
    def test_outputs_that_are_neither_logits_nor_softmax(self, data, activation):
        with pytest.raises(ValueError, match="neither linear nor a softmax"):
            fit(compiled(make()), data, Distill(make(activation=activation)))

    def test_a_single_class(self, data):
        student = make(classes=1)
        student.compile("sgd", "mse")
        with pytest.raises(ValueError, match="`teacher` must give two classes or more"):
            fit(student, data, Distill(make(classes=1)))

    def test_two_teachers_in_one_fit(self, data):
        with pytest.raises(ValueError, match="must have one `Distill` at most"):
            fit(compiled(make()), data, Distill(make()), Distill(make()))

    def test_student_whose_compute_loss_cannot_tell_validation(self, data):
        class Old(keras.Sequential):
            def compute_loss(self, x, y, y_pred, sample_weight):
                return ops.mean(y_pred)

        student = compiled(Old(make().layers))
        with pytest.raises(ValueError, match="must take the argument `training`"):
            fit(student, data, Distill(make()))

    def test_student_whose_train_step_goes_its_own_way(self, data):
        class Own(keras.Sequential):
            def train_step(self, data):
                return {"loss": ops.sum(self(data[0]))}

        student = compiled(Own(make().layers))
        with pytest.raises(ValueError, match="must call `self.compute_loss`"):
            fit(student, data, Distill(make()))

    def test_student_that_is_not_compiled(self, data):
        with pytest.raises(ValueError, match="compile"):
            fit(make(), data, Distill(make()))
