"""Data that carry what a teacher says of them, so that it is asked only once."""

import hashlib

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.array_file import read_arrays
from tfcompress.distillation.teachers import Teachers
from tfcompress.examples import examples
from tfcompress.writing import file_target, whole_file


def with_teacher(data, teacher, *, from_logits=None, batch_size=256, cache=None):
    """Returns `data` with the teacher's logits beside the labels.

    Where `data` are `(x, y)`, the new labels are `{"labels": y, "teacher": logits}`:
    what `tfcompress.callbacks.Distill()` takes, and what a model with outputs of these
    names takes without it. Of `x` alone, the new labels are the logits; losses then
    want `teacher_from_logits=True`. The teacher is asked once for each example, not in
    every epoch; what changes the inputs from epoch to epoch (augmentation) must come
    before, and so needs the teacher each time.

    Args:
        data: Arrays `x`, `(x, y)` or `(x, y, sample_weight)`, with the examples along
            the first axis; or a batched `tf.data.Dataset` of these. Arrays are
            predicted now, a data set when it is read: let `.cache()` follow.
        teacher: A built `keras.Model` with one output, or a list of them, whose logits
            are averaged. It gives logits, or softmax probabilities, of which the
            logarithms are taken.
        from_logits: Whether the teacher gives logits. None: as its last layer's
            activation tells. True also carries other outputs as they are.
        batch_size: Positive integer, examples that the teacher sees at a time (arrays).
        cache: Path of an `.npz` file that keeps the logits (arrays only). It is written
            if it is not there, and else read, if it was made by these weights from
            these inputs.

    Returns:
        `(x, y)` or `(x, y, sample_weight)`, or a data set of them, of the same order.

    Raises:
        TypeError: If `data` are neither, or a teacher is not a model.
        ValueError: If the teacher is not built, its activation does not tell what its
            outputs are, `cache` is given for a data set, or the file there holds the
            logits of other inputs or another teacher.

    Example:

    >>> teacher = keras.Sequential([keras.Input((2,)), keras.layers.Softmax()])
    >>> x, y = np.log([[3.0, 1.0]]), np.array([0])
    >>> _, carried = tfc.datasets.with_teacher((x, y), teacher)
    >>> np.exp(carried["teacher"]).round(3).tolist()
    [[0.75, 0.25]]
    """
    teachers = Teachers(teacher)
    told = teachers.gives_logits("from_logits", from_logits)
    if hasattr(data, "element_spec") and hasattr(data, "map"):
        if cache is not None:
            remedy = "Call `.cache(path)` of the data set that is returned."
            raise _checks.error("cache", "be None for a data set", cache, remedy=remedy)

        def carried(x, *rest):
            return _joined(x, rest, teachers.logits(x, told))

        return data.map(carried)
    x, *rest = data if isinstance(data, (tuple, list)) and data else (data,)
    what = "arrays, `(x, y)` or `(x, y, sample_weight)`, or a `tf.data.Dataset`"
    parts = keras.tree.flatten(x)
    if not parts or len(rest) > 2 or not all(hasattr(p, "shape") for p in parts):
        raise _checks.error("data", f"be {what}", type(data), kind=TypeError)
    examples("data", x, teachers.models[0])
    counts = {len(part) for part in keras.tree.flatten([x, *rest]) if part is not None}
    if len(counts) != 1:
        rule = "have a label, and a weight if any, for each example"
        raise _checks.error("data", rule, sorted(counts))
    batch_size = _checks.integer("batch_size", batch_size)
    if cache is None:
        return _joined(x, rest, _asked(teachers, told, x, batch_size))
    return _joined(x, rest, _remembered(teachers, told, x, batch_size, cache))


def _joined(x, rest, logits):
    if not rest:
        return x, logits
    labels, *weights = rest
    return x, {"labels": labels, "teacher": logits}, *weights


def _asked(teachers, told, x, batch_size):
    size = len(keras.tree.flatten(x)[0])
    parts = []
    for begin in range(0, size, batch_size):
        batch = keras.tree.map_structure(
            lambda part, begin=begin: part[begin : begin + batch_size], x
        )
        parts.append(keras.ops.convert_to_numpy(teachers.logits(batch, told)))
    return np.concatenate(parts)


def _remembered(teachers, told, x, batch_size, path):
    path = file_target(path, name="cache")
    digest = _digest(teachers, told, x)
    if not path.exists():
        logits = _asked(teachers, told, x, batch_size)
        with whole_file(path) as draft, open(draft, "wb") as file:
            np.savez(file, logits=logits, digest=np.array(digest))
        return logits
    stored, same = _stored(path, digest)
    if same:  # the weights are; the layers between them may still be others
        few = keras.tree.map_structure(lambda part: part[:8], x)
        same = np.allclose(_asked(teachers, told, few, 8), stored[:8], 1e-3, 1e-3)
    if not same:
        rule = "hold the logits of this teacher for these inputs"
        remedy = "Give another path, or remove the file."
        raise _checks.error("cache", rule, str(path), remedy=remedy)
    return stored


def _stored(path, digest):
    """Returns the logits in a file, and whether it is one with this checksum."""
    try:
        found = read_arrays(path)
        return found["logits"], str(found["digest"]) == digest
    except (KeyError, ValueError):
        return None, False


def _digest(teachers, told, x):
    """A checksum of the weights and the inputs."""
    digest = hashlib.sha256(repr(told).encode())
    # Not `variables`: those of metrics and seeds change what no answer depends on.
    weights = [weight for model in teachers.models for weight in model.weights]
    for array in (*weights, *keras.tree.flatten(x)):
        array = np.ascontiguousarray(keras.ops.convert_to_numpy(array))
        digest.update(f"{array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
