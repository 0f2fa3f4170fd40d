"""Larq and its Compute Engine: a network of signs, trained from the beginning."""

import larq
import larq_compute_engine as lce
import numpy as np
import tf_keras
import user
from networks import NETWORKS


class User(user.User):
    keras = tf_keras

    def save(self, model):
        path = self.path("larq.tflite")
        path.write_bytes(lce.convert_keras_model(model))
        return path


def signs(user):
    """As in its guide: a layer of signs and batch normalization for each layer."""
    shape, parts = NETWORKS[user.network]
    model = tf_keras.Sequential([tf_keras.Input(shape)])
    signs = {"kernel_quantizer": "ste_sign", "kernel_constraint": "weight_clip"}
    for kind, options in parts:
        if kind in ("Dense", "Conv2D"):
            options = {**options, **signs, "use_bias": False, "activation": None}
            model.add(getattr(larq.layers, f"Quant{kind}")(**options))
            model.add(tf_keras.layers.BatchNormalization(scale=False))
            signs["input_quantizer"] = "ste_sign"  # not of the first: it sees pixels
        else:
            model.add(getattr(tf_keras.layers, kind)(**options))
    user.fit(model, user.before + user.after)
    return {"larq, signs, Compute Engine": user.save(model)}


def outputs(path, x):
    """Its file has operations that LiteRT does not know."""
    interpreter = lce.testing.Interpreter(path.read_bytes())
    parts = np.array_split(x, 10)
    return np.concatenate([interpreter.predict(part) for part in parts])


ROUTES = {"signs": signs}
