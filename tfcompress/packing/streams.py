"""Streams of bytes, each stored by whichever of four coders makes it smallest."""

import lzma
import zlib

from tfcompress.packing.archive_error import ArchiveError

CHUNK = 1 << 16
# Beyond this the coder is chosen by a sample, for lzma takes a second per megabyte.
LONG = 1 << 20
RAW, HUFFMAN, DEFLATE, LZMA = range(4)


class Writer:
    """Bytes that are collected for a record."""

    def __init__(self):
        self.parts = bytearray()

    def byte(self, value: int) -> None:
        self.parts.append(value)

    def number(self, value: int) -> None:
        """Adds a number of any size, seven bits to the byte, the lowest first."""
        self.parts += number_bytes(value)

    def raw(self, data) -> None:
        self.parts += data

    def stream(self, data) -> None:
        """Adds the smallest coding of `data`, whose length the reader will know."""
        data = bytes(data)
        if not data:
            return
        coder, stored = smallest(data)
        self.byte(coder)
        if coder != RAW:
            self.number(len(stored))
        self.raw(stored)


class Reader:
    """Bytes of a record, at most `size` of them, read from an open file."""

    def __init__(self, file, size: int):
        self.file = file
        self.left = size

    def raw(self, size: int) -> bytes:
        if size > self.left:
            raise ArchiveError("a record of the archive ends too early")
        self.left -= size
        data = self.file.read(size)
        if len(data) != size:
            raise ArchiveError("the archive ends too early")
        return data

    def byte(self) -> int:
        return self.raw(1)[0]

    def number(self, high: int) -> int:
        """Reads a number that must not exceed `high`."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
            if shift > 63:
                raise ArchiveError("the archive holds a number that is too long")
        if value > high:
            raise ArchiveError(
                f"the archive holds the number {value} where {high} is the greatest"
            )
        return value

    def stream(self, size: int) -> bytearray:
        """Reads a stream that is exactly `size` bytes once decoded.

        No more than that is held, and one chunk of the stored bytes.
        """
        decoded = bytearray(size)
        if size:
            self._fill(memoryview(decoded), self.byte())
        return decoded

    def finish(self) -> None:
        if self.left:
            raise ArchiveError(
                f"a record of the archive has {self.left} bytes too many"
            )

    def _fill(self, decoded, coder):
        if coder == RAW:
            for start in range(0, len(decoded), CHUNK):
                part = self.raw(min(CHUNK, len(decoded) - start))
                decoded[start : start + len(part)] = part
            return
        if coder not in (HUFFMAN, DEFLATE, LZMA):
            raise ArchiveError(f"the archive names a coder {coder} that there is not")
        stored = self.number(self.left)
        decode = _lzma_decoder(len(decoded)) if coder == LZMA else _Inflate()
        at = 0
        try:
            while stored:
                part = self.raw(min(CHUNK, stored))
                stored -= len(part)
                while True:
                    # One more than is due, so that too many are seen.
                    got = decode.decompress(part, min(CHUNK, len(decoded) - at + 1))
                    if at + len(got) > len(decoded):
                        raise ArchiveError("a stream of the archive is too long")
                    decoded[at : at + len(got)] = got
                    at += len(got)
                    if decode.eof or not got:
                        break
                    part = b""
                if decode.eof:
                    break
        except (zlib.error, lzma.LZMAError, EOFError) as error:
            raise ArchiveError(
                f"a stream of the archive is damaged: {error}"
            ) from error
        if at != len(decoded) or stored or not decode.eof or decode.unused_data:
            raise ArchiveError(
                "a stream of the archive has another length than it says"
            )


def number_bytes(value: int) -> bytes:
    coded = bytearray()
    while value >= 0x80:
        coded.append(value & 0x7F | 0x80)
        value >>= 7
    coded.append(value)
    return bytes(coded)


def smallest(data: bytes) -> tuple[int, bytes]:
    """Returns the coder that makes `data` smallest, and what it makes of it."""
    coders = (RAW, HUFFMAN, DEFLATE, LZMA)
    if len(data) > LONG:
        middle = len(data) // 2
        sample = data[middle : middle + LONG // 4]
        best = min(coders, key=lambda coder: len(encode(coder, sample)))
        # The sample may mislead; raw bytes are the bound.
        coders = (RAW, best) if best != RAW else (RAW,)
    coded = {coder: encode(coder, data) for coder in coders}
    # A stored length goes with all but raw ones.
    cost = {
        c: len(d) + (c != RAW) * len(number_bytes(len(d))) for c, d in coded.items()
    }
    best = min(cost, key=cost.get)
    return best, coded[best]


def encode(coder: int, data: bytes) -> bytes:
    if coder == RAW:
        return data
    if coder == LZMA:
        return lzma.compress(data, lzma.FORMAT_RAW, filters=_filters(len(data)))
    # Gaps and indices have no repeats worth a search: Huffman codes alone are smaller.
    strategy = zlib.Z_HUFFMAN_ONLY if coder == HUFFMAN else zlib.Z_DEFAULT_STRATEGY
    compress = zlib.compressobj(9, zlib.DEFLATED, -15, 9, strategy)
    return compress.compress(data) + compress.flush()


def _filters(size):
    # The window follows from the size, so that a reader never allocates more for it.
    window = min(max(1 << (size - 1).bit_length(), 1 << 12), 1 << 23)
    # No contexts of neighbouring bytes: these are symbols, not text.
    options = {"id": lzma.FILTER_LZMA2, "preset": 6}
    return [{**options, "lc": 0, "lp": 0, "pb": 0, "dict_size": window}]


class _Inflate:
    """A decoder of deflate that keeps its own left-over input, as that of lzma does."""

    def __init__(self):
        self._inflate = zlib.decompressobj(-15)

    def decompress(self, data, size):
        return self._inflate.decompress(self._inflate.unconsumed_tail + data, size)

    @property
    def eof(self):
        return self._inflate.eof

    @property
    def unused_data(self):
        return self._inflate.unused_data


def _lzma_decoder(size):
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=_filters(size))
