"""A model in full precision, of the same weights: what a file can be made of."""

import warnings

import keras

from tfcompress.export.export_error import ExportError

OTHERS = ("float16", "bfloat16", "float64", "mixed_float16", "mixed_bfloat16")


def float32_clone(model):
    """Returns `model` computed in float32; itself if it is that already.

    In half precision the converter makes operations that LiteRT does not have.

    Raises:
        ExportError: The model was quantized by Keras, or cannot be made again from
            its configuration.
    """
    config = _config(model)
    if _has_quantized_layers(config):
        raise ExportError(
            "`model` was quantized by `model.quantize`, and TFLite has no such layers. "
            "Export the model as it was before, with quantize='dynamic' or 'int8'."
        )
    wanted = _float32(config)
    if wanted == config:
        return model
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")  # of layers that do not tell their own
    try:
        clone = keras.saving.deserialize_keras_object(wanted, safe_mode=False)
        clone.set_weights(model.get_weights())
    except Exception as error:
        raise ExportError(
            f"`model` computes in {model.dtype_policy.name} and cannot be made again "
            "from its configuration in float32. Build it under the policy 'float32', "
            "load these weights into it, and export that."
        ) from error
    finally:
        keras.config.set_dtype_policy(policy)
    return clone


def _config(model) -> dict:
    try:
        with warnings.catch_warnings():
            # Keras warns of lambdas in files; this is no file.
            warnings.simplefilter("ignore")
            config = keras.saving.serialize_keras_object(model)
    except NotImplementedError:
        # A subclassed model without a configuration: this is all we know of it.
        return {"dtype": model.dtype_policy.name}
    return {key: value for key, value in config.items() if key != "compile_config"}


def _float32(config):
    """Returns `config` with every dtype that is not float32 replaced."""
    if isinstance(config, (list, tuple)):
        return type(config)(map(_float32, config))
    if not isinstance(config, dict) or config.get("class_name") == "__numpy__":
        return config
    if config.get("class_name") == "DTypePolicy":
        return {**config, "config": {**config["config"], "name": "float32"}}
    return {
        key: "float32" if key == "dtype" and value in OTHERS else _float32(value)
        for key, value in config.items()
    }


def _has_quantized_layers(config) -> bool:
    names = map(str, keras.tree.flatten(config))
    return any(n.startswith("Quantized") and n.endswith("DTypePolicy") for n in names)
