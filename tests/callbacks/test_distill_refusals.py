import keras
import numpy as np
import pytest
from keras import ops

from tfcompress.callbacks.distill import Distill
from tfcompress.losses.attention_transfer import AttentionTransfer
from tfcompress.losses.logit_mimic import LogitMimic


def make(activation=None, classes=3):
    layer = keras.layers.Dense(classes, activation)
    return keras.Sequential([keras.Input((4,)), layer])


def compiled(model):
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def fit(student, data, *callbacks):
    student.fit(*data, verbose=0, callbacks=list(callbacks))


@pytest.fixture
def data(rng):
    return rng.normal(size=(8, 4)).astype("float32"), np.arange(8) % 3


class Branches(keras.Model):
    """A subclassed model, of which Keras knows neither inputs nor outputs."""

    def __init__(self, classes=3, heads=1):
        super().__init__()
        self.heads = [keras.layers.Dense(classes) for _ in range(heads)]

    def call(self, inputs):
        outputs = [head(inputs) for head in self.heads]
        return outputs if len(outputs) > 1 else outputs[0]


@pytest.mark.parametrize("temperature", [0, -1.0, float("inf"), "4"])
def test_temperature_that_is_not_positive_is_refused(temperature):
    with pytest.raises(ValueError, match="`temperature` must be a number in"):
        Distill(make(), temperature=temperature)


@pytest.mark.parametrize("alpha", [-0.1, 1.1, float("nan"), None])
def test_alpha_outside_0_to_1_is_refused(alpha):
    with pytest.raises(ValueError, match=r"`alpha` must be a number in \[0, 1\]"):
        Distill(make(), alpha=alpha)


@pytest.mark.parametrize("teacher", ["teacher.keras", np.ones(3), [0]])
def test_teacher_that_is_no_model_is_refused(teacher):
    with pytest.raises(TypeError, match=r"`teacher` must be a `keras.Model`"):
        Distill(teacher)


def test_teacher_that_is_not_built_is_refused():
    teacher = keras.Sequential([keras.layers.Dense(3)])
    with pytest.raises(ValueError, match="`teacher` must be built, and trained"):
        Distill(teacher)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_teacher_that_has_diverged_is_refused(value):
    teacher = make()
    teacher.layers[0].bias.assign([0.0, value, 0.0])
    with pytest.raises(ValueError, match=r"`teacher` must have finite.*dense.*bias"):
        Distill(teacher)


@pytest.mark.parametrize("loss", ["mse", keras.losses.mean_squared_error])
def test_loss_that_is_not_an_object_is_refused(loss):
    with pytest.raises(TypeError, match="`loss` must be a loss object"):
        Distill(make(), loss=loss)


@pytest.mark.parametrize("options", [{"temperature": 2.0}, {"from_logits": True}])
def test_arguments_that_another_loss_would_ignore_are_refused(options):
    loss = keras.losses.MeanSquaredError()
    with pytest.raises(ValueError, match="`loss` takes the place of `temperature`"):
        Distill(make(), loss=loss, **options)


def test_teacher_that_is_the_student_is_refused(data):
    student = compiled(make())
    with pytest.raises(ValueError, match="`teacher` must be another model"):
        fit(student, data, Distill(student))


def test_teacher_of_other_classes_is_refused(data):
    match = r"`teacher.outputs` must have the shape.*\(None, 3\).*\(None, 5\)"
    with pytest.raises(ValueError, match=match):
        fit(compiled(make()), data, Distill(make(classes=5)))


def test_teacher_of_other_inputs_is_refused(data):
    teacher = keras.Sequential([keras.Input((6,)), keras.layers.Dense(3)])
    match = r"`teacher.inputs` must have the shape.*\(None, 4\).*\(None, 6\)"
    with pytest.raises(ValueError, match=match):
        fit(compiled(make()), data, Distill(teacher))


def test_several_outputs_are_refused(data):
    inputs = keras.Input((4,))
    both = keras.Model(inputs, [make()(inputs), make()(inputs)])
    student = keras.models.clone_model(both)
    student.compile("sgd", ["mse", "mse"])
    with pytest.raises(ValueError, match=r"`teacher.outputs` must be a single"):
        fit(student, (data[0], [data[1], data[1]]), Distill(both))


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_outputs_that_are_neither_logits_nor_softmax_are_refused(data, activation):
    with pytest.raises(ValueError, match="neither linear nor a softmax"):
        fit(compiled(make()), data, Distill(make(activation=activation)))


def test_a_single_class_is_refused(data):
    student = make(classes=1)
    student.compile("sgd", "mse")
    with pytest.raises(ValueError, match="must have two classes or more"):
        fit(student, data, Distill(make(classes=1)))


def test_two_teachers_in_one_fit_are_refused(data):
    with pytest.raises(ValueError, match="must have one `Distill` at most"):
        fit(compiled(make()), data, Distill(make()), Distill(make()))


def test_student_whose_compute_loss_cannot_tell_validation_is_refused(data):
    class Old(keras.Sequential):
        def compute_loss(self, x, y, y_pred, sample_weight):
            return ops.mean(y_pred)

    student = compiled(Old(make().layers))
    with pytest.raises(ValueError, match="must take the argument `training`"):
        fit(student, data, Distill(make()))


def test_student_whose_train_step_goes_its_own_way_is_refused(data):
    class Own(keras.Sequential):
        def train_step(self, data):
            return {"loss": ops.sum(self(data[0]))}

    student = compiled(Own(make().layers))
    with pytest.raises(ValueError, match=r"must call `self.compute_loss`"):
        fit(student, data, Distill(make()))


def test_student_that_is_not_compiled_is_refused(data):
    with pytest.raises(ValueError, match="compile"):
        fit(make(), data, Distill(make()))


@pytest.mark.parametrize("name", ["from_logits", "teacher_from_logits"])
def test_subclassed_models_must_say_what_their_outputs_are(data, name):
    teacher = Branches()
    teacher(data[0])
    both = {"from_logits": True, "teacher_from_logits": True}
    del both[name]

    with pytest.raises(ValueError, match=f"`{name}` must be given: the last layer"):
        fit(compiled(Branches()), data, Distill(teacher, **both))


@pytest.mark.parametrize("options", [{"classes": 5}, {"heads": 2}])
def test_subclassed_models_with_other_outputs_are_refused_in_the_first_step(
    data, options
):
    teacher = Branches(**options)
    teacher(data[0])
    distill = Distill(teacher, from_logits=True, teacher_from_logits=True)

    with pytest.raises(ValueError, match=r"`teacher.outputs` must have the shape"):
        fit(compiled(Branches()), data, distill)


def test_no_teacher_at_all_is_refused(data):
    with pytest.raises(ValueError, match="either from `teacher` or with the data"):
        fit(compiled(make()), data, Distill())
    with pytest.raises(ValueError, match="`teacher_from_logits` must be left out"):
        Distill(teacher_from_logits=False)
    with pytest.raises(ValueError, match="`teacher` must be a model or some of them"):
        Distill([])


def test_two_sources_of_the_same_are_refused(data):
    x, y = data
    taught = x, {"labels": y, "teacher": np.zeros((8, 3), "float32")}
    with pytest.raises(ValueError, match="either from `teacher` or with the data"):
        fit(compiled(make()), taught, Distill(make()))


def test_teacher_that_trains_with_the_student_is_refused(data):
    student = compiled(make())
    teacher = keras.Sequential([keras.Input((4,)), *student.layers])
    with pytest.raises(ValueError, match="`teacher` must share no weight"):
        fit(student, data, Distill(teacher))


@pytest.mark.parametrize("values", [(1.5, 0.0), (0.5, -0.5)])
def test_schedule_that_leaves_0_to_1_is_refused(data, values):
    alpha = keras.optimizers.schedules.PolynomialDecay(values[0], 1, values[1])
    with pytest.raises(ValueError, match=r"`alpha\([01]\)` must be a number in"):
        fit(compiled(make()), data, Distill(make(), alpha=alpha))


def test_loss_that_takes_outputs_for_what_they_are_not_is_refused(data):
    loss = LogitMimic(from_logits=False)
    with pytest.raises(ValueError, match="`from_logits` must be given the loss as T"):
        fit(compiled(make()), data, Distill(make(), loss=loss))


class TestFeatures:
    @pytest.mark.parametrize("names", [{"x": "hidden"}, {"hidden": "x"}])
    def test_layers_that_are_not_there_are_refused(self, data, names):
        match = r"`features` must name layers; the .* has \['hidden', 'out'\].*'x'"
        with pytest.raises(ValueError, match=match):
            fit(compiled(deep()), data, Distill(deep(), features=names))

    def test_layers_of_other_positions_are_refused(self, data):
        inputs = keras.Input((4,))
        rows = keras.layers.Reshape((2, 2), name="rows")(inputs)
        outputs = keras.layers.Dense(3)(keras.layers.Flatten()(rows))
        teacher = keras.Model(inputs, outputs)
        with pytest.raises(ValueError, match="pair layers that differ in width alone"):
            fit(compiled(deep()), data, Distill(teacher, features={"hidden": "rows"}))

    def test_layers_that_are_called_twice_are_refused(self, data):
        inputs, twice = keras.Input((4,)), keras.layers.Dense(4, name="twice")
        teacher = keras.Model(inputs, keras.layers.Dense(3)(twice(twice(inputs))))
        with pytest.raises(ValueError, match="teacher that are called once"):
            fit(compiled(deep()), data, Distill(teacher, features={"hidden": "twice"}))

    def test_of_a_model_without_a_graph_are_refused(self, data):
        teacher = Branches()
        teacher(data[0])
        name = teacher.heads[0].name
        distill = Distill(teacher, features={"hidden": name}, teacher_from_logits=True)
        with pytest.raises(ValueError, match="of a Functional or Sequential teacher"):
            fit(compiled(deep()), data, distill)

    def test_of_no_teacher_or_none_at_all_are_refused(self):
        for teacher, names in ((None, {"hidden": "hidden"}), (deep(), {})):
            with pytest.raises(ValueError, match="with layers of a teacher"):
                Distill(teacher, features=names)

    def test_arguments_without_effect_or_of_other_types_are_refused(self):
        with pytest.raises(ValueError, match="`feature_loss` must be given with"):
            Distill(deep(), feature_loss=AttentionTransfer())
        with pytest.raises(TypeError, match="`features` must be a mapping"):
            Distill(deep(), features=["hidden"])
        with pytest.raises(TypeError, match="`feature_loss` must be a loss object"):
            Distill(deep(), features={"hidden": "hidden"}, feature_loss="mse")
        with pytest.raises(ValueError, match="`feature_weight` must be a number"):
            Distill(deep(), features={"hidden": "hidden"}, feature_weight=-1)


def deep():
    return keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(5, "relu", name="hidden"),
            keras.layers.Dense(3, name="out"),
        ]
    )
