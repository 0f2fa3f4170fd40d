import keras
import numpy as np

from tfcompress.methods.zeros import Zeros


def network():
    model = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(2, name="a"), keras.layers.Dense(1)]
    )
    kernel = np.array([[1, -8], [7, 2], [-6, 3], [4, 5.0]])
    model.layers[0].set_weights([kernel, np.ones(2)])
    model.compile("sgd", "mse")
    return model


def test_the_largest_weights_of_the_layer_stay():
    small = Zeros().compress(network(), {"a": 0.375})
    kernel = small.get_layer("a").kernel.numpy().tolist()
    assert kernel == [[0, -8], [7, 0], [-6, 0], [0, 0]]
    assert np.count_nonzero(small.layers[1].kernel) == 2  # no other layer's


def test_training_keeps_the_zeros():
    small = Zeros().compress(network(), {"a": 0.375})
    before = small.get_layer("a").kernel.numpy()
    callbacks = Zeros().callbacks({"a": 0.375})
    x = np.ones((8, 4), "float32")
    small.fit(x, x[:, :1], epochs=2, verbose=0, callbacks=callbacks)
    after = small.get_layer("a").kernel.numpy()
    assert ((after == 0) == (before == 0)).all()
    assert not np.array_equal(after, before)
