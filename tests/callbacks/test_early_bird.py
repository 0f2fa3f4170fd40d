import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.callbacks.channel_scores.channel_score import ChannelScore
from tfcompress.callbacks.early_bird import EarlyBird
from tfcompress.surgery.shrink import shrink

X = np.random.default_rng(1).normal(size=(8, 4)).astype("float32")
Y = X[:, :2] * 2


def network(*hidden, rate=0.0):
    """Two hidden layers of 4 and 6 units, with what `hidden` makes behind each."""
    parts = [keras.Input((4,))]
    for name, units in (("a", 4), ("b", 6)):
        parts += [layers.Dense(units, name=name), *(make() for make in hidden)]
    model = keras.Sequential([*parts, layers.Dense(2, name="head")])
    model.compile(keras.optimizers.SGD(rate), "mse")
    return model


def normed(**options):
    model = network(layers.BatchNormalization, layers.ReLU, **options)
    scales = [one for one in model.layers if isinstance(one, layers.BatchNormalization)]
    return model, [one.gamma for one in scales]


def fit(model, bird, epochs=6, **options):
    return model.fit(X, Y, epochs=epochs, verbose=0, callbacks=[bird], **options)


class Scripted(ChannelScore):
    """Scores that are given for each epoch."""

    comparable = True

    def __init__(self, *epochs):
        self.epochs = list(epochs)
        self.now = -1

    def reset(self):
        self.now += 1

    def attach(self, model, groups):
        self.now = 0

    def scores(self, group):
        return np.array(self.epochs[min(self.now, len(self.epochs) - 1)][group.name])


def ordered(*best):
    """Scores of 4 and 6 channels of which those numbered `best` are the largest."""
    scores = np.zeros(10)
    scores[list(best)] = 1 + np.arange(len(best))
    return {"a": scores[:4], "b": scores[4:]}


def test_ticket_is_drawn_once_the_last_masks_are_alike():
    first, then = ordered(0, 1, 2, 4, 5), ordered(0, 1, 4, 5, 6)
    bird = EarlyBird(0.5, Scripted(first, then), patience=3, stop=False)
    history = fit(network(), bird)
    # Two of ten channels differ until the first mask is out of the queue.
    assert history.history["mask_distance"] == pytest.approx([1, 0.2, 0.2, 0, 0, 0])
    assert bird.epoch == 4
    assert [mask.tolist() for mask in bird.ticket] == [
        [True, True, False, False],
        [True, True, True, False, False, False],
    ]
    assert bird.keep == {"a": [0, 1], "b": [0, 1, 2]}


def test_newest_mask_is_compared_with_each_of_the_queue():
    # Each is 0.2 from the one before, and the third 0.4 from the first.
    steps = [ordered(0, 1, 4, 5, 6), ordered(0, 4, 5, 6, 7), ordered(4, 5, 6, 7, 0)]
    far = ordered(0, 5, 6, 7, 8)
    bird = EarlyBird(0.5, Scripted(steps[0], steps[1], far), patience=3, threshold=0.2)
    history = fit(network(), bird, epochs=3)
    assert history.history["mask_distance"] == pytest.approx([1, 0.2, 0.4])
    assert bird.ticket is None


def test_distance_equal_to_the_threshold_is_alike():
    bird = EarlyBird(
        0.5,
        Scripted(ordered(0, 1, 2, 4, 5), ordered(0, 1, 4, 5, 6)),
        patience=2,
        threshold=0.2,
    )
    assert len(fit(network(), bird).epoch) == bird.epoch == 2


def test_training_stops_at_the_draw_and_not_otherwise():
    for stop, epochs in ((True, 3), (False, 6)):
        bird = EarlyBird(0.5, "norm", patience=3, stop=stop)
        assert len(fit(network(), bird).epoch) == epochs
        assert bird.epoch == 3


def test_scales_that_are_not_trained_yet_are_ranked_by_the_weights_before_them():
    model, _ = normed()
    kernel = np.diag([1.0, 4.0, 3.0, 2.0])
    model.get_layer("a").kernel.assign(kernel)
    bird = EarlyBird(0.5, patience=2, scope="layer", penalty=0)
    fit(model, bird)
    assert next(iter(bird.ticket)).tolist() == [False, True, True, False]


def test_largest_scales_of_all_layers_stay():
    model, (first, second) = normed()
    first.assign([0.1, -3.0, 0.2, 0.3])
    second.assign([2.0, 0.4, -2.5, 0.5, 0.6, 0.7])
    bird = EarlyBird(0.7, patience=2)
    fit(model, bird)
    assert bird.keep == {"a": [1], "b": [0, 2]}


def test_a_layer_never_leaves_as_a_whole():
    model, (first, second) = normed()
    first.assign([0.1, 0.2, 0.4, 0.3])
    second.assign([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    bird = EarlyBird(0.6, patience=2)
    fit(model, bird)
    assert bird.keep == {"a": [2], "b": [3, 4, 5]}
    assert shrink(model, keep=bird.keep).get_layer("a").units == 1


def test_each_of_the_layers_that_are_joined_keeps_a_channel():
    inputs = keras.Input((4,))
    left = layers.Dense(3, name="left")(inputs)
    right = layers.Dense(3, name="right")(inputs)
    both = layers.Concatenate()([left, right])
    both = layers.Add()([both, layers.Dense(6, name="sum")(inputs)])
    model = keras.Model(inputs, layers.Dense(2, name="head")(both))
    model.compile(keras.optimizers.SGD(0.0), "mse")
    model.get_layer("left").kernel.assign(np.full((4, 3), 9.0))
    bird = EarlyBird(0.5, "norm", patience=2)
    fit(model, bird)
    assert all(bird.keep.values())
    shrink(model, keep=bird.keep)


def test_penalty_draws_scales_to_zero_in_fit_and_only_there():
    model, scales = normed(rate=0.1)
    # No gradient but that of the penalty.
    model.get_layer("head").kernel.assign(np.zeros((6, 2)))
    model.get_layer("head").trainable = False
    bird = EarlyBird(0.5, patience=2, penalty=0.5, stop=False)
    fit(model, bird, epochs=4)
    for scale in scales:
        np.testing.assert_allclose(scale, 1 - 4 * 0.1 * 0.5, rtol=1e-5)
    assert all(scale.regularizer is None for scale in scales)
    assert not model.losses


def test_penalty_is_added_to_the_regularizer_that_is_there():
    model, (first, _) = normed()
    first.regularizer = own = keras.regularizers.L2(1.0)
    seen = []
    spy = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: seen.append(float(sum(model.losses)))
    )
    bird = EarlyBird(0.5, penalty=0.5)
    model.fit(X, Y, verbose=0, callbacks=[bird, spy])
    assert seen == pytest.approx([4 + 0.5 * 10])
    assert first.regularizer is own


@pytest.mark.parametrize("criterion", ["norm", "taylor", "activation"])
def test_models_without_batch_normalization_have_tickets_too(criterion):
    model = network(layers.ReLU, rate=0.01)
    bird = EarlyBird(0.5, criterion, patience=2, threshold=0.5)
    fit(model, bird, validation_data=(X, Y))
    assert bird.ticket.kept == 5


def test_distances_are_those_of_all_epochs_and_can_be_plotted(tmp_path):
    first, then = ordered(0, 1, 2, 4, 5), ordered(0, 1, 4, 5, 6)
    bird = EarlyBird(0.5, Scripted(first, then), patience=2)
    fit(network(), bird, epochs=3)
    expected = [[0, 0.2, 0.2], [0.2, 0, 0], [0.2, 0, 0]]
    np.testing.assert_allclose(bird.distances(), expected)
    assert bird.plot(tmp_path / "map.png").stat().st_size > 1000


def test_second_fit_begins_anew():
    bird = EarlyBird(0.5, "norm", patience=2)
    model = network()
    fit(model, bird)
    fit(model, bird)
    assert (len(bird.masks), bird.epoch) == (2, 2)


def test_refusals():
    with pytest.raises(ValueError, match="`sparsity` must be a number in"):
        EarlyBird(1.0)
    for threshold in (0.0, 1.5):
        with pytest.raises(
            ValueError, match=r"`threshold` must be a number in \(0, 1\]"
        ):
            EarlyBird(0.5, threshold=threshold)
    with pytest.raises(ValueError, match="`patience` must be an integer of at least 2"):
        EarlyBird(0.5, patience=1)
    with pytest.raises(ValueError, match="`criterion` must be one of"):
        EarlyBird(0.5, "size")
    with pytest.raises(ValueError, match="`penalty` must be a number in"):
        EarlyBird(0.5, penalty=-1)
    with pytest.raises(ValueError, match="not be 'bn_scale' for 'a'"):
        fit(network(), EarlyBird(0.5))
    with pytest.raises(ValueError, match="`penalty` must be 0 or None for a model"):
        fit(network(), EarlyBird(0.5, "norm", penalty=1e-4))
    single = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    single.compile("sgd", "mse")
    with pytest.raises(ValueError, match="`model` must have channels that can leave"):
        fit(single, EarlyBird(0.5, "norm"))
    with pytest.raises(ValueError, match="No ticket was drawn"):
        _ = EarlyBird(0.5).keep


def test_config_round_trip():
    bird = EarlyBird(0.3, "norm", patience=3, threshold=0.2, penalty=0, which="a")
    assert EarlyBird.from_config(bird.get_config()).get_config() == bird.get_config()
