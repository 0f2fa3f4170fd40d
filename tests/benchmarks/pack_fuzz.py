"""What damaged and hostile archives do: an error each time, and how much memory."""

import collections
import io
import json
import pathlib
import tempfile
import tracemalloc
import zlib

import keras
import numpy as np

import tfcompress as tfc
from tfcompress.export.unpack import unpack_to_file
from tfcompress.packing.archive import MAGIC, WORDS, ArchiveReader
from tfcompress.packing.streams import number_bytes

DESCRIPTION = (
    "10,000 damaged archives: outcomes, and peak memory against what they declare"
)

DECLARED = 4 * (300 * 100 + 100 + 100 * 10 + 10) + 20_000  # weights, and the head


def measure(fast: bool = False, seed: int = 0) -> dict:
    rng = np.random.default_rng(seed)
    trials = 300 if fast else 10_000
    figures = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        data = tfc.export.pack(_model(rng), folder / "a.tfc").path.read_bytes()
        for kind, damage in DAMAGE.items():
            share = trials // len(DAMAGE)
            figures[kind] = _outcomes(folder, data, damage, share, rng)
    return figures


def _model(rng):
    layers = [keras.layers.Dense(100), keras.layers.Dense(10)]
    model = keras.Sequential([keras.Input((300,)), *layers])
    kernel = rng.integers(1, 17, (300, 100)) * (rng.random((300, 100)) < 0.1)
    model.layers[0].kernel.assign(kernel / 16)
    return model


def _outcomes(folder, data, damage, trials, rng):
    outcomes, peak = collections.Counter(), 0
    for _ in range(trials):
        (folder / "a.tfc").write_bytes(damage(data, rng))
        tracemalloc.start()
        try:
            unpack_to_file(folder / "a.tfc", folder / "a.keras")
            outcome = "read"
        except tfc.export.ArchiveError:
            outcome = "ArchiveError"
        except Exception as error:
            outcome = type(error).__name__
        peak = max(peak, tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        outcomes[outcome] += 1
        if outcome != "read" and (folder / "a.keras").exists():
            outcomes["partial file"] += 1
        (folder / "a.keras").unlink(missing_ok=True)
    other = trials - outcomes["ArchiveError"] - outcomes["read"]
    return {
        "trials": trials,
        "ArchiveError": outcomes["ArchiveError"],
        "read": outcomes["read"],
        "another error": other,
        "partial file": outcomes["partial file"],
        "peak / declared bytes": round(peak / DECLARED, 2),
    }


def _cut(data, rng):
    return data[: rng.integers(len(data))]


def _changed(data, rng):
    data = bytearray(data)
    for place in rng.integers(len(data), size=rng.integers(1, 9)):
        data[place] ^= int(rng.integers(1, 256))
    return bytes(data)


def _inserted(data, rng):
    place = rng.integers(len(data))
    return data[:place] + rng.bytes(rng.integers(1, 99)) + data[place:]


def _removed(data, rng):
    place = rng.integers(len(data))
    return data[:place] + data[place + rng.integers(1, 99) :]


def _signed_record(data, rng):
    """Bytes of a record changed, and its checksum made anew."""
    begin = _end_of_head(data)
    for _ in range(rng.integers(4)):
        begin = _record(data, begin)[1] + 4
    start, end = _record(data, begin)
    changed = bytearray(data[start:end])
    for place in rng.integers(min(len(changed), 40), size=rng.integers(1, 4)):
        changed[place] = int(rng.integers(256))
    return data[:start] + bytes(changed) + _sum(changed) + data[end + 4 :]


def _signed_head(data, rng):
    """A number of the head changed, and its checksum made anew."""
    file = io.BytesIO(data)
    content = ArchiveReader(file, 1 << 30).contents.to_json()
    tensor = content["tensors"][rng.integers(4)]
    wrong = [0, 1, 7, 2**20, 2**40, 2**62, -1, 0.5, None, "a", [], "<f8", "|u1", [9, 9]]
    tensor[rng.integers(3)] = wrong[rng.integers(len(wrong))]
    text = json.dumps(content, separators=(",", ":")).encode()
    compress = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=WORDS)
    head = compress.compress(text) + compress.flush()
    sizes = number_bytes(len(text)) + number_bytes(len(head))
    return MAGIC + b"\1" + sizes + _sum(head) + head + data[_end_of_head(data) :]


DAMAGE = {
    "cut": _cut,
    "bytes changed": _changed,
    "bytes put in": _inserted,
    "bytes left out": _removed,
    "record changed, checksum right": _signed_record,
    "head changed, checksum right": _signed_head,
}


def _end_of_head(data):
    file = io.BytesIO(data)
    ArchiveReader(file, 1 << 30)
    return file.tell()


def _record(data, begin):
    """Where the record at `begin` starts, behind its length, and where it ends."""
    size = shift = 0
    while True:
        byte = data[begin]
        size |= (byte & 127) << shift
        shift += 7
        begin += 1
        if byte < 128:
            return begin, begin + size


def _sum(data):
    return zlib.crc32(bytes(data)).to_bytes(4, "little")
