import keras
import numpy as np
import pytest

from tfcompress.surgery.groups import coupled_groups

Dense = keras.layers.Dense


def residual():
    inputs = keras.Input((4,))
    first = Dense(6, name="first")(inputs)
    second = Dense(6, name="second")(first)
    added = keras.layers.Add()([first, second])
    return keras.Model(inputs, Dense(2, name="third")(added))


def test_layers_that_are_added_share_a_group():
    stream, outputs = coupled_groups(residual())
    assert stream.sources == ("first", "second")
    assert (stream.size, stream.is_free) == (6, True)
    assert outputs.sources == ("third",)
    assert outputs.reason == "outputs of the model"


def test_members_are_all_weights_that_the_channels_run_along():
    stream, _ = coupled_groups(residual())
    found = {(m.layer.name, m.weight, m.axis, m.role) for m in stream.members}
    assert found == {
        ("first", "kernel", 1, "makes"),
        ("first", "bias", 0, "carries"),
        ("second", "kernel", 0, "reads"),
        ("second", "kernel", 1, "makes"),
        ("second", "bias", 0, "carries"),
        ("third", "kernel", 0, "reads"),
    }


def test_places_along_an_axis_name_their_channel():
    model = keras.Sequential(
        [
            keras.Input((2, 2, 1)),
            keras.layers.Conv2D(3, 1, name="conv"),
            keras.layers.Flatten(),
            Dense(2, name="dense"),
        ]
    )
    conv, _ = coupled_groups(model)
    [reads] = conv.roles("reads")
    assert (reads.layer.name, reads.weight, reads.axis) == ("dense", "kernel", 0)
    np.testing.assert_array_equal(reads.channels, [0, 1, 2] * 4)


def test_gates_of_a_unit_leave_together():
    inputs = keras.Input((5, 3))
    x = keras.layers.LSTM(2, name="lstm")(inputs)
    lstm, _ = coupled_groups(keras.Model(inputs, Dense(1)(x)))
    channels = {(m.weight, m.axis): list(m.channels) for m in lstm.members}
    assert channels["cell.kernel", 1] == [0, 1] * 4
    assert channels["cell.recurrent_kernel", 0] == [0, 1]


def test_norms_are_those_of_the_weights_that_make_the_channels():
    model = residual()
    first, second = model.get_layer("first"), model.get_layer("second")
    kernel = np.zeros((4, 6))
    kernel[0, 2] = 3
    first.kernel.assign(kernel)
    kernel = np.zeros((6, 6))
    kernel[1, 2] = 4
    second.kernel.assign(kernel)
    stream, _ = coupled_groups(model)
    np.testing.assert_allclose(stream.norms(), [0, 0, 5, 0, 0, 0])


def test_what_is_not_known_is_left_whole_with_the_reason():
    inputs = keras.Input((4,))
    x = Dense(6, name="first")(inputs)
    x = keras.layers.Lambda(lambda x: x[:, ::-1], name="turned")(x)
    first, _ = coupled_groups(keras.Model(inputs, Dense(2)(x)))
    assert not first.is_free
    assert first.reason == "Lambda 'turned' needs them all"


def test_subclassed_model_is_refused_with_advice():
    class Mine(keras.Model):
        def call(self, x):
            return x

    with pytest.raises(ValueError, match=r"Sequential or Functional.*keras.Model\("):
        coupled_groups(Mine())


@pytest.mark.parametrize(("name", "free"), [("MobileNetV2", 25), ("ResNet50", 37)])
def test_free_groups_are_those_counted_by_hand(name, free):
    model = getattr(keras.applications, name)(
        weights=None, input_shape=(32, 32, 3), classes=2
    )
    groups = coupled_groups(model)
    assert sum(group.is_free for group in groups) == free
