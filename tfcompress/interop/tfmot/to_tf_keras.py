"""A file that legacy Keras loads, of a Keras 3 model."""

import dataclasses
import pathlib

from tfcompress.finite_weights import check_finite
from tfcompress.interop import keras_3_config
from tfcompress.interop.legacy_keras import LegacyKeras
from tfcompress.interop.probe import probe_batch
from tfcompress.interop.same_outputs import greatest_error
from tfcompress.interop.weights import collect
from tfcompress.writing import file_target, whole_file


@dataclasses.dataclass(frozen=True)
class LegacyFile:
    """A file of legacy Keras that was loaded and compared with its model.

    Args:
        path: Where it is.
        bytes: Its size on disk.
        max_error: Greatest absolute difference from the Keras 3 model's outputs.
    """

    path: pathlib.Path
    bytes: int
    max_error: float

    def __str__(self) -> str:
        size = f"{self.bytes:,} bytes"
        return f"{self.path}: {size}; greatest error {self.max_error:.2g}"


def to_tf_keras(model, path, *, probe=None, time_limit=600.0):
    """Writes a Keras 3 `model` as a `.h5` file that legacy Keras (`tf_keras`) loads.

    No file of Keras 3 loads there. So the graph is replayed in legacy Keras, layer by
    layer and with the same weights, in a process of its own; the file is loaded there,
    and its outputs are compared with the model's before it gets its name. From then on
    all of tensorflow-model-optimization is open to the model:

    ```python
    import tf_keras, tensorflow_model_optimization as tfmot  # in another process

    model = tf_keras.models.load_model("legacy.h5")
    ```

    Not carried: initializers, the optimizer and how the model was compiled.

    Args:
        model: A built Sequential or Functional model of Keras's own layers; nested
            models and shared layers may be among them.
        path: The file, ending in `.h5`.
        probe: Examples to compare on, as the model takes them. By default they are
            drawn; needed for inputs with free sizes.
        time_limit: Seconds for each step in the other process.

    Returns:
        A `LegacyFile`.

    Raises:
        TypeError: If `model` is not a Keras model, or `path` not a path.
        ValueError: If the model holds what legacy Keras does not have (the error names
            the layer), if its outputs are others there, or if `path` cannot be written.
    """
    file_target(path, ".h5")
    graph = keras_3_config.read(model)
    check_finite("model", model)
    batch = probe_batch(model, graph, probe)
    with whole_file(path) as draft, LegacyKeras(time_limit) as legacy:
        legacy.build(graph, collect(graph, model))
        legacy.do("save", path=str(draft))
        legacy.do("load", path=str(draft))
        error = greatest_error(model, legacy, batch)
    path = pathlib.Path(path)
    return LegacyFile(path, path.stat().st_size, error)
