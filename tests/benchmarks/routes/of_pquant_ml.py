"""PQuantML: pruned and in eight bits at once, as ONNX, or by TensorFlow Lite."""

import keras
import pquant
import tensorflow as tf
import user
from networks import has_convolutions
from pquant.core.keras.convert_to_onnx import convert_to_onnx
from pquant.core.keras.train import PQuantCallback


class User(user.User):
    keras = keras

    def save(self, model):
        if has_convolutions(self.network):  # its ONNX has no pooling of maxima
            path = self.path("pquant.tflite")
            model.export(self.folder / "pquant", verbose=False)
            converter = tf.lite.TFLiteConverter.from_saved_model(
                str(self.folder / "pquant")
            )
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            path.write_bytes(converter.convert())
            return path
        path = self.path("pquant.onnx")
        shape = model.input_shape[1:]
        convert_to_onnx(model, shape, str(path), store_integer_weights=True)
        return path


def prune(user):
    """By its method PDP; the sparsity is reached after two epochs, not after 67."""
    config = pquant.pdp_config()
    config.pruning_parameters.sparsity = 0.9
    config.pruning_parameters.epsilon = 0.5
    config.training_parameters.pretraining_epochs = 0
    config.training_parameters.epochs = user.after - user.after // 3
    config.training_parameters.fine_tuning_epochs = user.after // 3
    plain = user.model()
    plain = keras.Model(plain.inputs, plain.outputs)  # else its first layer is left out
    model = pquant.add_compression_layers(plain, config)
    user.fit(model, callbacks=[PQuantCallback(config)])
    # Else what writes ONNX meets the calls that the layers had in the plain model.
    model.save(user.path("pquant.keras"))
    model = keras.models.load_model(user.folder / "pquant.keras", compile=False)
    return {"PQuantML, pruned, int8": user.save(model)}


ROUTES = {"prune": prune}
