"""TensorFlow's converter, from a SavedModel to a TFLite file.

This file imports nothing of its package, so that a child process can run it by its
path and load TensorFlow alone.
"""

import json
import pathlib
import sys
import warnings

import numpy as np


def convert(
    saved_model, path, *, quantize=None, sparse=False, samples=None, batch_size=1
):
    """Writes the TFLite file of `saved_model` to `path`.

    Args:
        saved_model: Folder of the SavedModel.
        path: File to write.
        quantize: None, `"float16"`, `"dynamic"` or `"int8"`.
        sparse: Whether to leave out zeros where a tensor has enough of them.
        samples: For `"int8"`: examples by input name, to learn value ranges from.
        batch_size: Examples in one call.
    """
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_saved_model(str(saved_model))
    # No TensorFlow operations: LiteRT alone cannot run them, so better no file at all.
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    wanted = {
        tf.lite.Optimize.DEFAULT: quantize,
        tf.lite.Optimize.EXPERIMENTAL_SPARSITY: sparse,
    }
    converter.optimizations = [name for name, on in wanted.items() if on]
    if quantize == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if quantize == "int8":
        converter.representative_dataset = lambda: _calls(samples, batch_size)
    with warnings.catch_warnings():
        # TensorFlow itself uses its old interpreter here, and warns of it.
        warnings.simplefilter("ignore")
        content = converter.convert()
    pathlib.Path(path).write_bytes(content)


def _calls(samples, batch_size):
    count = len(next(iter(samples.values())))
    for start in range(0, count, batch_size):
        # The last batch starts over where the examples do not suffice.
        index = np.arange(start, start + batch_size) % count
        yield {name: array[index] for name, array in samples.items()}


def main(folder):
    """Converts as `request.json` and `samples.npz` in `folder` say."""
    folder = pathlib.Path(folder)
    request = json.loads((folder / "request.json").read_text())
    with np.load(folder / "samples.npz") as samples:
        convert(samples=dict(samples), **request)


if __name__ == "__main__":
    main(sys.argv[1])
