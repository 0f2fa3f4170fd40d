import keras
import numpy as np
import pytest
import tensorflow as tf

from tfcompress.callbacks.distill import Distill
from tfcompress.datasets.with_teacher import with_teacher
from tfcompress.losses.knowledge_distillation import KnowledgeDistillation


def make(activation=None):
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation)])


@pytest.fixture
def data(rng):
    return rng.normal(size=(8, 4)).astype("float32"), np.arange(8) % 3


def count(teacher):
    calls, call = [], teacher.call
    teacher.call = lambda *args, **kwargs: calls.append(1) or call(*args, **kwargs)
    return calls


class TestWhatIsCarried:
    def test_labels_weights_and_the_teacher_s_logits(self, data):
        x, y = data
        teacher, weights = make(), np.ones(8)
        same, carried, unchanged = with_teacher((x, y, weights), teacher, batch_size=3)
        assert (same is x, unchanged is weights) == (True, True)
        np.testing.assert_array_equal(carried["labels"], y)
        np.testing.assert_allclose(carried["teacher"], teacher(x), atol=1e-6)

    def test_without_labels_the_logits_are_the_labels(self, data):
        teacher = make()
        _, logits = with_teacher(data[0], teacher)
        np.testing.assert_allclose(logits, teacher(data[0]), atol=1e-6)

    def test_of_probabilities_the_logarithms(self, data):
        teacher = make("softmax")
        _, logits = with_teacher(data[0], teacher)
        np.testing.assert_allclose(np.exp(logits), teacher(data[0]), atol=1e-6)

    def test_of_several_teachers_the_mean(self, data):
        one, other = make(), make()
        _, logits = with_teacher(data[0], [one, other])
        expected = (one(data[0]) + other(data[0])) / 2
        np.testing.assert_allclose(logits, expected, atol=1e-6)

    def test_a_data_set_is_asked_batch_by_batch_as_it_is_read(self, data):
        teacher = make()
        batches = tf.data.Dataset.from_tensor_slices(data).batch(3)
        expected = with_teacher(data, teacher)[1]["teacher"]
        found = [y["teacher"] for _, y in with_teacher(batches, teacher)]
        np.testing.assert_allclose(np.concatenate(found), expected, atol=1e-6)


class TestTraining:
    def student(self, like):
        student = keras.models.clone_model(like)
        student.set_weights(like.get_weights())
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        student.compile(keras.optimizers.SGD(0.5), loss, metrics=["accuracy"])
        return student

    @pytest.mark.parametrize("kind", ["arrays", "data set"])
    def test_is_that_of_a_teacher_that_is_asked_in_every_step(self, data, kind):
        teacher, start = make("softmax"), make()
        one, other = self.student(start), self.student(start)
        options = {"epochs": 2, "verbose": 0, "shuffle": False, "validation_data": data}
        asked = one.fit(
            *data, batch_size=4, callbacks=[Distill(teacher)], **options
        ).history

        if kind == "arrays":
            x, y = with_teacher(data, teacher)
            fitted = {"x": x, "y": y, "batch_size": 4}
        else:
            batches = tf.data.Dataset.from_tensor_slices(data).batch(4)
            fitted = {"x": with_teacher(batches, teacher).cache()}
        calls = count(teacher)
        carried = other.fit(**fitted, callbacks=[Distill()], **options).history

        assert calls == []
        assert set(carried) == set(asked)
        for name, values in asked.items():
            np.testing.assert_allclose(carried[name], values, rtol=1e-5)
        np.testing.assert_allclose(
            one.layers[-1].kernel, other.layers[-1].kernel, atol=1e-6
        )

    def test_keeps_metrics_weights_and_validation_split(self, data):
        student = self.student(make())
        x, y = with_teacher(data, make())
        history = student.fit(
            x,
            y,
            sample_weight=np.ones(8),
            validation_split=0.25,
            verbose=0,
            callbacks=[Distill()],
        ).history
        assert {"accuracy", "val_accuracy", "distillation_loss"} <= set(history)
        student.evaluate(*data, verbose=0)  # is its own again

    def test_without_the_callback_is_that_of_two_outputs(self, data):
        teacher, start = make(), make()
        one, other = self.student(start), self.student(start)
        x, y = with_teacher(data, teacher)
        one.fit(x, y, verbose=0, batch_size=8, callbacks=[Distill()])

        twins = keras.Model(
            other.inputs, {"labels": other.outputs[0], "teacher": other.outputs[0]}
        )
        twins.compile(
            keras.optimizers.SGD(0.5),
            {"labels": other.loss, "teacher": KnowledgeDistillation(from_logits=True)},
            loss_weights={"labels": 0.5, "teacher": 0.5},
            metrics={"labels": ["accuracy"], "teacher": []},
        )
        twins.fit(x, y, verbose=0, batch_size=8)

        np.testing.assert_allclose(
            one.layers[-1].kernel, other.layers[-1].kernel, atol=1e-6
        )


class TestCache:
    def test_is_asked_once_for_all(self, data, tmp_path):
        teacher, path = make(), tmp_path / "logits.npz"
        first = with_teacher(data, teacher, cache=path)[1]["teacher"]
        again = with_teacher(data, teacher, cache=path)[1]["teacher"]
        np.testing.assert_array_equal(first, again)
        assert [file.name for file in tmp_path.iterdir()] == ["logits.npz"]

    def test_of_other_weights_or_inputs_is_refused(self, data, tmp_path):
        teacher, path = make(), tmp_path / "logits.npz"
        with_teacher(data, teacher, cache=path)
        x, y = data
        with pytest.raises(ValueError, match="`cache` must hold the logits of this"):
            with_teacher((x[::-1], y), teacher, cache=path)
        bias = teacher.layers[0].bias
        bias.assign(bias + 1e-3)
        with pytest.raises(ValueError, match="`cache` must hold the logits of this"):
            with_teacher(data, teacher, cache=path)

    def test_of_inputs_that_differ_in_one_number_is_refused(self, rng, tmp_path):
        x, path = rng.normal(size=(20, 4)).astype("float32"), tmp_path / "logits.npz"
        teacher = make()
        with_teacher(x, teacher, cache=path)
        x[19, 3] += 1e-3
        with pytest.raises(ValueError, match="`cache` must hold the logits of this"):
            with_teacher(x, teacher, cache=path)

    def test_of_another_seed_and_other_metrics_is_the_same(self, data, tmp_path):
        path = tmp_path / "logits.npz"
        layers = [keras.layers.Dropout(0.5), keras.layers.Dense(3)]
        teacher = keras.Sequential([keras.Input((4,)), *layers])
        first = with_teacher(data, teacher, cache=path)[1]["teacher"]
        again = keras.models.clone_model(teacher)  # draws its own seed
        again.set_weights(teacher.get_weights())
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        again.compile("sgd", loss, metrics=["accuracy"])
        again.evaluate(*data, verbose=0)

        same = with_teacher(data, again, cache=path)[1]["teacher"]

        np.testing.assert_array_equal(first, same)

    def test_of_other_layers_with_these_weights_is_refused(self, data, tmp_path):
        teacher, path = make(), tmp_path / "logits.npz"
        with_teacher(data, teacher, cache=path)
        other = keras.Sequential(
            [keras.Input((4,)), keras.layers.ReLU(), *teacher.layers]
        )
        with pytest.raises(ValueError, match="`cache` must hold the logits of this"):
            with_teacher(data, other, cache=path)

    def test_that_was_not_written_whole_leaves_no_file(self, data, tmp_path):
        teacher, path = make(), tmp_path / "logits.npz"
        teacher.call = lambda *args, **kwargs: 1 / 0
        with pytest.raises(ZeroDivisionError):
            with_teacher(data, teacher, cache=path)
        assert list(tmp_path.iterdir()) == []

    def test_of_a_data_set_is_refused(self, data):
        batches = tf.data.Dataset.from_tensor_slices(data).batch(3)
        with pytest.raises(ValueError, match="`cache` must be None for a data set"):
            with_teacher(batches, make(), cache="logits.npz")


def test_data_of_other_kinds_are_refused():
    with pytest.raises(TypeError, match="`data` must be arrays"):
        with_teacher("digits", make())


def test_outputs_that_do_not_tell_what_they_are_are_refused(data):
    with pytest.raises(ValueError, match="`from_logits` must be given"):
        with_teacher(data, make("sigmoid"))
    _, carried = with_teacher(data, make("sigmoid"), from_logits=True)
    assert carried["teacher"].min() >= 0
