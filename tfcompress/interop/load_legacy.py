"""A model from a file, whichever Keras wrote it."""

import json
import zipfile

import h5py
import keras

from tfcompress import _checks
from tfcompress.interop import keras_2_config, legacy_h5
from tfcompress.interop.build import build
from tfcompress.without_memory import without_memory

METADATA = "metadata.json"
GREATEST = 1 << 16  # bytes of it, which holds a version and a date
THERE = "Load it with legacy Keras, in a process of its own: "
THERE += "`tfcompress.interop.tfmot.from_tf_keras(path)`."


def load_legacy(path):
    """Returns the model in a file of Keras 3 or of Keras 2, not compiled.

    Of the `.h5` files of Keras 2 (`tf.keras` before TensorFlow 2.16, `tf_keras` since)
    Keras 3 itself loads few: it stumbles over `batch_input_shape`, over the `groups` of
    a depthwise convolution, over `time_major` in recurrent layers, over names with a
    `/`, and counts the uses of nested models otherwise. Here all of these are mended,
    and weights are carried by the names of the layers. What cannot mean the same in
    Keras 3 is refused by the name of the layer: raw TensorFlow operations, Python code,
    `hard_sigmoid`, whose values have changed.

    Not carried: initializers, the optimizer and how the model was compiled. A `.keras`
    file or a SavedModel of Keras 2, and models that tensorflow-model-optimization has
    wrapped, need `tfcompress.interop.tfmot.from_tf_keras`.

    Args:
        path: A `.keras` or `.h5` file.

    Raises:
        TypeError: If `path` is not a path.
        ValueError: If there is no model in the file, or none that Keras 3 can compute.

    Example:

    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    >>> model.save("model.keras")
    >>> tfc.interop.load_legacy("model.keras").count_params()
    10
    """
    path = _checks.path("path", path)
    if path.is_dir():
        raise _refusal(path, f"It is a folder, perhaps a SavedModel. {THERE}")
    if not path.is_file():
        raise _refusal(path, f"There is no file {path}.")
    try:
        version = _written_by(path)
    except Exception as cause:  # a file that was cut off, as likely as not
        raise _refusal(path, _says(cause)) from cause
    by = f"It was written by Keras {version}." if version else ""
    if zipfile.is_zipfile(path) and version.startswith("2."):
        raise _refusal(path, f"{by} {THERE}")
    if not (zipfile.is_zipfile(path) or h5py.is_hdf5(path)):
        raise _refusal(path, "It is of neither kind; perhaps it was cut off.")
    try:
        if h5py.is_hdf5(path) and not version.startswith("3."):
            return _mended(path)
        return keras.models.load_model(path, compile=False)
    except Exception as cause:  # of many kinds, and some run over many lines
        raise _refusal(path, f"{by} {_says(cause)}".lstrip()) from cause


def _mended(path):
    with h5py.File(path) as file:
        if legacy_h5.CONFIG not in file.attrs:
            raise ValueError(
                "It holds weights alone. Build the model, and give it these by "
                f"`model.load_weights({str(path)!r})`."
            )
        graph = keras_2_config.read(legacy_h5.config(file))
        # It may name layers of any size: first see that their weights are there.
        legacy_h5.check(graph, without_memory(lambda: build(graph, keras)), file)
        model = build(graph, keras)
        legacy_h5.assign(graph, model, file)
    return model


def _says(cause):
    return f"It says: {str(cause).partition(chr(10))[0][:400]}"


def _refusal(path, why):
    rule = "be a file of a model that Keras can load (.keras or .h5)"
    return _checks.error("path", rule, str(path), remedy=why)


def _written_by(path) -> str:
    """Returns the version of Keras that wrote a file, as far as the file tells."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as parts:
            if METADATA in parts.namelist():
                if parts.getinfo(METADATA).file_size > GREATEST:
                    raise ValueError(f"Its {METADATA} is larger than any")
                return str(json.loads(parts.read(METADATA)).get("keras_version"))
    elif h5py.is_hdf5(path):
        with h5py.File(path) as file:
            return str(file.attrs.get("keras_version", ""))
    return ""
