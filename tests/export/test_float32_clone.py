import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.export.export_error import ExportError
from tfcompress.export.float32_clone import float32_clone
from tfcompress.layers.hashed_dense import HashedDense
from tfcompress.sublayers import every_layer


def compute_dtypes(model):
    return {layer.compute_dtype for layer in every_layer(model)}


def test_a_model_in_float32_is_handed_back(mlp):
    assert float32_clone(mlp) is mlp


def test_constants_of_another_type_do_not_matter():
    normalization = layers.Normalization(mean=np.zeros(3), variance=np.ones(3))
    model = keras.Sequential([keras.Input((3,)), normalization])
    assert float32_clone(model) is model


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float16"])
def test_the_clone_computes_in_float32_with_the_same_weights(policy, rng):
    keras.config.set_dtype_policy(policy)
    x = keras.Input((6, 4), name="sequence")
    h = layers.Bidirectional(layers.GRU(3))(x)
    h = keras.Sequential([keras.Input((6,)), HashedDense(8, ratio=1 / 2)])(h)
    model = keras.Model(x, layers.BatchNormalization()(h))
    keras.config.set_dtype_policy("float32")

    clone = float32_clone(model)
    assert compute_dtypes(clone) == {"float32"}
    assert clone.inputs[0].name == "sequence"
    for ours, theirs in zip(clone.weights, model.weights, strict=True):
        np.testing.assert_array_equal(ours, np.asarray(theirs, ours.dtype))
    values = rng.random((2, 6, 4), "float32")
    np.testing.assert_allclose(
        clone(values), np.asarray(model(values), "float32"), atol=0.05
    )


def test_the_clone_needs_no_loss_of_the_model():
    keras.config.set_dtype_policy("mixed_float16")
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(2), layers.Lambda(lambda x: 2 * x)]
    )
    model.compile("sgd", loss=lambda y_true, y_pred: y_pred)
    assert compute_dtypes(float32_clone(model)) == {"float32"}
    assert keras.config.dtype_policy().name == "mixed_float16"


def test_a_subclassed_model_in_half_precision_says_what_to_do():
    class Half(keras.Model):
        def __init__(self):
            super().__init__(dtype="mixed_float16")
            self.dense = layers.Dense(2)

        def call(self, x):
            return self.dense(x)

    model = Half()
    model(np.ones((1, 2)))
    with pytest.raises(ExportError, match="Build it under the policy 'float32'"):
        float32_clone(model)
