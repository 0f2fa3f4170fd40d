import functools
import io
import tracemalloc

import numpy as np
import pytest

from tfcompress.packing import streams
from tfcompress.packing.archive_error import ArchiveError
from tfcompress.packing.forms import FORMS, Indexed, Planes, Sparse, Whole, gaps_of
from tfcompress.packing.streams import Reader, Writer


def written(form, bits, dtype=None):
    writer = Writer()
    assert form.write(writer, bits, dtype or bits.dtype)
    return bytes(writer.parts)


def read(form, parts, count, width):
    reader = Reader(io.BytesIO(parts), len(parts))
    bits = form.read(reader, count, width)
    reader.finish()
    return bits


def weights(rng, kind, size, width):
    bits = rng.integers(0, 2 ** (8 * width) - 1, size, dtype=f"u{width}")
    if kind == "few":
        bits %= 5
    if kind == "sparse":
        bits[rng.random(size) < 0.9] = 0
    if kind == "few, sparse":
        bits = bits % 5 * (rng.random(size) < 0.02)
    if kind == "zero":
        bits[:] = 0
    if kind == "constant":
        bits[:] = 3
    return bits.astype(f"<u{width}")


@pytest.mark.parametrize("width", [1, 2, 4, 8])
@pytest.mark.parametrize(
    "kind", ["any", "few", "sparse", "few, sparse", "zero", "constant"]
)
def test_every_form_gives_back_what_it_took(kind, width, rng):
    forms = 0
    for size in (1, 7, 3000):
        bits = weights(rng, kind, size, width)
        for form in FORMS:
            writer = Writer()
            if form.write(writer, bits, bits.dtype):
                forms += 1
                again = read(form, bytes(writer.parts), size, width)
                assert again.tobytes() == bits.tobytes()
    assert forms >= 3


def test_gaps_by_hand():
    assert gaps_of(np.array([0, 1, 4])).tolist() == [0, 0, 2]
    assert gaps_of(np.array([254])).tolist() == [254]
    assert gaps_of(np.array([255])).tolist() == [255, 0]
    assert gaps_of(np.array([2, 2 + 511])).tolist() == [2, 255, 255, 0]
    assert gaps_of(np.array([], int)).tolist() == []


def test_gaps_longer_than_a_batch(rng, monkeypatch):
    bits = np.zeros(300_000, "<u1")
    bits[rng.choice(bits.size, 90_000, replace=False)] = 7
    monkeypatch.setattr(streams, "smallest", lambda data: (streams.RAW, data))
    again = read(Sparse, written(Sparse, bits), bits.size, 1)
    assert (again == bits).all()


def test_a_weight_that_is_half_full_has_no_gaps():
    assert not Sparse.write(Writer(), np.uint8([1, 1, 0]), np.uint8)
    assert Sparse.write(Writer(), np.uint8([1, 1, 0, 0]), np.uint8)


def test_a_constant_takes_no_indices():
    assert len(written(Indexed, np.full(10_000, 3, "<u4"))) < 10


def test_weights_of_the_same_size_share_their_first_bytes(rng):
    bits = rng.uniform(1, 2, 5000).astype("<f4").view("<u4")
    assert len(written(Planes, bits)) < 0.9 * len(written(Whole, bits)) + 2000


# What follows the fault is as it should be: a codebook of the value 7.
SEVEN = [1, 0, 0, 7]
HOSTILE = {
    "more weights than places": (Sparse, [3, 3, 0, 0, 0, 0, *SEVEN], 5, "number 3"),
    "gaps past the end": (Sparse, [1, 1, 0, 5, *SEVEN], 5, "do not fit its shape"),
    "escapes for weights": (
        Sparse,
        [1, 1, 0, 255, *SEVEN],
        600,
        "do not fit its shape",
    ),
    "a gap that does not end": (
        Sparse,
        [1, 2, 0, 0, 255, *SEVEN],
        600,
        "do not fit its shape",
    ),
    "a codebook of nothing": (Indexed, [0], 5, "is empty"),
    "an index beyond": (Indexed, [2, 0, 0, 1, 2, 0, 2, 0, 0, 0, 0], 5, "beyond"),
}


def test_a_last_weight_at_the_end_fits():
    bits = read(Sparse, bytes([1, 1, 0, 4, *SEVEN]), 5, 1)
    assert bits.tolist() == [0, 0, 0, 0, 7]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_does_not_fit_is_refused(name):
    form, parts, count, match = HOSTILE[name]
    with pytest.raises(ArchiveError, match=match):
        read(form, bytes(parts), count, 1)


@pytest.mark.parametrize("width", [1, 4])
@pytest.mark.parametrize("form", FORMS)
def test_reading_takes_no_more_than_twice_the_weight(form, width, rng, monkeypatch):
    size = 2_000_000 // width
    bits = weights(rng, "few", size, width)
    bits[::2] = 0
    # A second of lzma would make no other point.
    quick = functools.partial(streams.encode, streams.HUFFMAN)
    monkeypatch.setattr(
        streams, "smallest", lambda data: (streams.HUFFMAN, quick(data))
    )
    if form is Planes and width == 1:
        pytest.skip("no planes")
    parts = written(form, bits)
    file = io.BytesIO(parts)
    tracemalloc.start()
    form.read(Reader(file, len(parts)), size, width)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * bits.nbytes + 1_500_000
