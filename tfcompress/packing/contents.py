"""What an archive says it holds, checked before anything is made of it."""

import dataclasses
import math
import re

import numpy as np

from tfcompress.packing.archive_error import ArchiveError

NUMBERS = re.compile(r"[<|][biufcV][0-9]{1,2}\Z")
# Where Keras keeps the other files of a model; the rest of the folder is not theirs.
FILES = "assets/"
LONGEST = 2000
MOST_NOTES = 8
MOST_AXES = 32
MOST_BYTES = 1 << 62


@dataclasses.dataclass(frozen=True)
class Tensor:
    """A weight: where it lies in the model, and what it is.

    Args:
        path: Its place, as in Keras's own files of weights.
        dtype: Its type, as numpy writes it: `"<f4"`.
        shape: Its shape.
        attributes: What Keras notes beside it, such as that two bytes are a bfloat16.
    """

    path: str
    dtype: str
    shape: tuple
    attributes: dict = dataclasses.field(default_factory=dict)

    @property
    def bytes(self) -> int:
        return math.prod(self.shape) * np.dtype(self.dtype).itemsize

    def to_json(self) -> list:
        entry = [self.path, self.dtype, list(self.shape)]
        return [*entry, self.attributes] if self.attributes else entry

    @classmethod
    def from_json(cls, entry) -> "Tensor":
        if not isinstance(entry, list) or len(entry) not in (3, 4):
            raise ArchiveError("the archive does not say what a weight is")
        path, dtype, shape, attributes = [*entry, {}][:4]
        _check_path(path)
        if not isinstance(dtype, str) or not NUMBERS.match(dtype):
            raise ArchiveError(f"the archive has a weight of type {dtype!r}")
        try:
            size = np.dtype(dtype).itemsize
        except TypeError:
            size = 0
        if not 1 <= size <= 16:
            raise ArchiveError(f"the archive has a weight of type {dtype!r}")
        sizes = isinstance(shape, list) and all(map(_whole, shape))
        # Also with an empty axis the others must be of a size that numpy can name.
        room = sizes and math.prod(max(s, 1) for s in shape) * size < MOST_BYTES
        if not room or len(shape) > MOST_AXES:
            raise ArchiveError(f"the archive has a weight of shape {shape!r:.99}")
        texts = isinstance(attributes, dict) and len(attributes) <= MOST_NOTES
        texts = texts and all(
            isinstance(text, str) and len(text) < LONGEST
            for pair in attributes.items()
            for text in pair
        )
        if not texts:
            raise ArchiveError("the archive notes something else than text")
        return cls(path, dtype, tuple(shape), attributes)


@dataclasses.dataclass(frozen=True)
class Contents:
    """The head of an archive.

    Args:
        config: The model, as Keras serializes it.
        keras_version: The Keras that did.
        tensors: The weights, in the order of their records.
        files: Names and sizes of other files of the model, such as vocabularies.
        groups: Places without a weight, which Keras wants to see all the same.
    """

    config: dict
    keras_version: str
    tensors: list[Tensor]
    files: list[tuple[str, int]] = dataclasses.field(default_factory=list)
    groups: list[str] = dataclasses.field(default_factory=list)

    @property
    def bytes(self) -> int:
        """Bytes of all weights and files, once decoded."""
        return sum(t.bytes for t in self.tensors) + sum(size for _, size in self.files)

    def to_json(self) -> dict:
        return {
            "keras": self.keras_version,
            "config": self.config,
            "tensors": [tensor.to_json() for tensor in self.tensors],
            "files": self.files,
            "groups": self.groups,
        }

    @classmethod
    def from_json(cls, content) -> "Contents":
        if not isinstance(content, dict):
            raise ArchiveError("the archive does not say what it holds")
        config, version = content.get("config"), content.get("keras")
        tensors, files = content.get("tensors"), content.get("files")
        groups = content.get("groups")
        if not isinstance(config, dict) or not isinstance(version, str):
            raise ArchiveError("the archive holds no model")
        if not all(isinstance(part, list) for part in (tensors, files, groups)):
            raise ArchiveError("the archive does not say which weights it holds")
        tensors = [Tensor.from_json(entry) for entry in tensors]
        for entry in files:
            if not isinstance(entry, list) or len(entry) != 2 or not _whole(entry[1]):
                raise ArchiveError("the archive does not say what a file is")
            _check_path(entry[0])
            if not entry[0].startswith(FILES):
                raise ArchiveError(f"the archive has the path {entry[0]!r} for a file")
        for path in groups:
            _check_path(path)
        weights = [tensor.path for tensor in tensors]
        names = [*weights, *groups], [name for name, _ in files]
        for paths in names:
            folders = {p[:i] for p in paths for i, sign in enumerate(p) if sign == "/"}
            if len(set(paths)) != len(paths) or folders & set(paths):
                raise ArchiveError("the archive names a place twice")
        return cls(config, version, tensors, [tuple(entry) for entry in files], groups)


def _check_path(path):
    good = isinstance(path, str) and 0 < len(path) < LONGEST and path.isprintable()
    if (
        not good
        or "\\" in path
        or ":" in path
        or not set(path.split("/")).isdisjoint({"", ".", ".."})
    ):
        raise ArchiveError(f"the archive has the path {path!r:.99}")


def _whole(value):
    return (
        isinstance(value, int)
        and not isinstance(value, bool)
        and 0 <= value < MOST_BYTES
    )
