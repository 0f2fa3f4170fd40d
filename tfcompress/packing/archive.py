"""The file of an archive: its mark, its head, and a record for each weight."""

import json
import pathlib
import zlib

import numpy as np

from tfcompress.packing.archive_error import ArchiveError
from tfcompress.packing.contents import Contents
from tfcompress.packing.record import layout, read_record
from tfcompress.packing.streams import CHUNK, Reader, number_bytes

MAGIC = b"\x93tfc"
VERSION = 1
# A record may be longer than its weight by no more than what its parts say of themselves.
MARGIN = 64
GREATEST_HEAD = 1 << 24
# What the heads of archives have in common; a head says only where it differs. Archives
# of version 1 cannot be read with another one.
WORDS = pathlib.Path(__file__).with_name("words.json").read_bytes()


class ArchiveWriter:
    """Writes an archive, weight by weight."""

    def __init__(self, file, contents: Contents):
        self.file = file
        text = json.dumps(contents.to_json(), separators=(",", ":")).encode()
        compress = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=WORDS)
        head = compress.compress(text) + compress.flush()
        sizes = number_bytes(len(text)) + number_bytes(len(head))
        file.write(MAGIC + bytes([VERSION]) + sizes + _checksum(head) + head)

    def add(self, stored: bytes) -> None:
        """Adds the record of the next weight or file."""
        self.file.write(number_bytes(len(stored)) + stored + _checksum(stored))


class ArchiveReader:
    """Reads an archive, weight by weight.

    Args:
        file: The open file. It must be one that can be sought in.
        max_bytes: The most that its weights and files may take, by what it says.
    """

    def __init__(self, file, max_bytes: int):
        self.file = file
        self.left = file.seek(0, 2)
        file.seek(0)
        everything = Reader(file, self.left)
        if everything.left < 5 or everything.raw(4) != MAGIC:
            raise ArchiveError("this is not an archive that `pack` wrote")
        version = everything.byte()
        if version != VERSION:
            raise ArchiveError(
                f"the archive is of version {version}; this package reads {VERSION}"
            )
        self.contents = Contents.from_json(_head(everything))
        if self.contents.bytes > max_bytes:
            raise ArchiveError(
                f"the archive says it holds {self.contents.bytes:,} bytes, "
                f"`max_bytes` allows {max_bytes:,}; raise it if you trust the archive"
            )
        self.left = everything.left

    def tensors(self):
        """Yields each weight with its array. All must be taken before the files."""
        for tensor in self.contents.tensors:
            dtype = np.dtype(tensor.dtype)
            yield tensor, self._next(tensor.shape, dtype)

    def files(self):
        """Yields each file's name and bytes, and makes sure that nothing follows."""
        for name, size in self.contents.files:
            yield name, self._next((size,), np.dtype("u1")).tobytes()
        if self.left:
            raise ArchiveError(f"the archive has {self.left} bytes too many")

    def _next(self, shape, dtype):
        everything = Reader(self.file, self.left)
        count, width = layout(shape, dtype)
        size = everything.number(count * width + MARGIN)
        begin = self.file.tell()
        checksum = 0
        for start in range(0, size, CHUNK):
            part = everything.raw(min(CHUNK, size - start))
            checksum = zlib.crc32(part, checksum)
        if everything.raw(4) != checksum.to_bytes(4, "little"):
            raise ArchiveError("the checksum of a record does not fit: it is damaged")
        self.left = everything.left
        end = self.file.tell()
        self.file.seek(begin)
        array = read_record(Reader(self.file, size), shape, dtype)
        self.file.seek(end)
        return array


def _head(everything):
    size = everything.number(GREATEST_HEAD)
    stored = everything.number(everything.left)
    checksum = everything.raw(4)
    head = everything.raw(stored)
    if _checksum(head) != checksum:
        raise ArchiveError("the checksum of the head does not fit: it is damaged")
    inflate = zlib.decompressobj(-15, zdict=WORDS)
    try:
        text = inflate.decompress(head, size + 1)
        if len(text) != size or not inflate.eof or inflate.unused_data:
            raise ArchiveError("the head has another length than it says")
        return json.loads(text)
    except (zlib.error, ValueError, RecursionError) as error:
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveError(f"the head cannot be read: {error}") from error


def _checksum(data):
    return zlib.crc32(data).to_bytes(4, "little")
