import io
import tracemalloc

import numpy as np
import pytest

from tfcompress.packing.archive_error import ArchiveError
from tfcompress.packing.streams import (
    CHUNK,
    DEFLATE,
    HUFFMAN,
    LZMA,
    RAW,
    Reader,
    Writer,
    encode,
    smallest,
)

CODERS = [RAW, HUFFMAN, DEFLATE, LZMA]


def reader(data):
    return Reader(io.BytesIO(bytes(data)), len(data))


def coded(coder, data):
    writer = Writer()
    writer.byte(coder)
    stored = encode(coder, data)
    if coder != RAW:
        writer.number(len(stored))
    writer.raw(stored)
    return writer.parts


@pytest.mark.parametrize("coder", CODERS)
@pytest.mark.parametrize("size", [1, 300, CHUNK + 1])
def test_every_coder_gives_back_what_it_took(coder, size, rng):
    for data in (rng.bytes(size), bytes(size)):
        read = reader(coded(coder, data))
        assert bytes(read.stream(size)) == data
        read.finish()


def test_each_kind_of_stream_has_its_coder(rng):
    skewed = rng.geometric(0.1, 5000).clip(0, 255).astype("u1").tobytes()
    assert smallest(rng.bytes(5000))[0] == RAW
    assert smallest(skewed)[0] == HUFFMAN
    assert smallest(bytes(5000))[0] in (DEFLATE, LZMA)


def test_huffman_codes_reach_the_entropy(rng):
    # Four bits for sixteen equally frequent values, and half a hundred bytes of table.
    data = rng.integers(0, 16, 10_000).astype("u1").tobytes()
    assert 5000 <= len(smallest(data)[1]) < 5150


def test_numbers_of_any_size():
    for value in (0, 127, 128, 2**40):
        writer = Writer()
        writer.number(value)
        assert reader(writer.parts).number(2**40) == value


@pytest.mark.parametrize("coder", CODERS)
def test_a_stream_cut_anywhere_is_refused(coder, rng):
    parts = coded(coder, rng.integers(0, 4, 300).astype("u1").tobytes())
    for size in range(len(parts)):
        with pytest.raises(ArchiveError):
            reader(parts[:size]).stream(300)


@pytest.mark.parametrize("coder", [HUFFMAN, DEFLATE, LZMA])
@pytest.mark.parametrize("claim", [299, 301])
def test_a_stream_of_another_length_is_refused(coder, claim):
    parts = coded(coder, bytes(300))
    with pytest.raises(ArchiveError, match="stream of the archive"):
        reader(parts).stream(claim)


@pytest.mark.parametrize("coder", [DEFLATE, LZMA])
def test_a_bomb_takes_no_more_than_was_claimed(coder):
    parts = coded(coder, bytes(5_000_000))
    tracemalloc.start()
    with pytest.raises(ArchiveError, match="too long"):
        reader(parts).stream(100_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 500_000


def test_an_unknown_coder_is_refused():
    with pytest.raises(ArchiveError, match="a coder 4 that there is not"):
        reader(b"\x04\x01a").stream(1)


def test_an_endless_number_is_refused():
    with pytest.raises(ArchiveError, match="a number that is too long"):
        reader(b"\xff" * 20).number(10)


def test_what_is_left_over_is_refused():
    with pytest.raises(ArchiveError, match="3 bytes too many"):
        reader(b"abc").finish()


def test_a_chunk_boundary_within_an_array_of_floats(rng):
    data = rng.normal(size=CHUNK).astype("f4").tobytes()
    writer = Writer()
    writer.stream(data)
    array = np.frombuffer(reader(writer.parts).stream(len(data)), "f4")
    assert array.tobytes() == data
