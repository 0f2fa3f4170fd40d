import hashlib
import io
import json
import zlib

import numpy as np
import pytest

from tfcompress.packing import archive
from tfcompress.packing.archive import MAGIC, WORDS, ArchiveReader, ArchiveWriter
from tfcompress.packing.archive_error import ArchiveError
from tfcompress.packing.contents import Contents, Tensor
from tfcompress.packing.record import record_of
from tfcompress.packing.streams import number_bytes

TENSORS = [
    Tensor("a/0", "<f4", (20, 30)),
    Tensor("a/1", "<f4", (500,)),
    Tensor("b/0", "|i1", (3, 3, 5)),
    Tensor("b/1", "<V2", (), {"dtype": "bfloat16"}),
]
FILES = {"assets/words.txt": b"one two two"}


def arrays():
    rng = np.random.default_rng(0)
    kernel = (rng.normal(size=(20, 30)) * (rng.random((20, 30)) < 0.2)).astype("f4")
    values = rng.choice(np.float32([0.5, 1, 2]), 500)
    return [
        kernel,
        values,
        rng.integers(-9, 9, (3, 3, 5), "i1"),
        np.frombuffer(b"\1\2", "V2").reshape(()),
    ]


def packed():
    file = io.BytesIO()
    sizes = [(name, len(data)) for name, data in FILES.items()]
    writer = ArchiveWriter(file, Contents({"x": 1}, "3", TENSORS, sizes))
    for array in arrays():
        writer.add(record_of(array).stored)
    for data in FILES.values():
        writer.add(record_of(np.frombuffer(data, "u1")).stored)
    return file.getvalue()


def read(data, max_bytes=10_000):
    reader = ArchiveReader(io.BytesIO(data), max_bytes)
    tensors = list(reader.tensors())
    return reader.contents, tensors, dict(reader.files())


def signed(content):
    """An archive with this head, its checksum right, and no records."""
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    compress = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=WORDS)
    head = compress.compress(text) + compress.flush()
    sizes = number_bytes(len(text)) + number_bytes(len(head))
    return MAGIC + b"\1" + sizes + zlib.crc32(head).to_bytes(4, "little") + head


def test_all_comes_back():
    contents, tensors, files = read(packed())
    assert contents.config == {"x": 1}
    assert [tensor for tensor, _ in tensors] == TENSORS
    for (_, again), array in zip(tensors, arrays(), strict=True):
        assert again.dtype == array.dtype
        assert again.tobytes() == array.tobytes()
    assert files == FILES


def test_same_contents_give_the_same_bytes():
    assert packed() == packed()


def test_words_of_version_1_stay_as_they_are():
    # Archives that were written with them could not be read with others.
    assert archive.VERSION == 1
    assert hashlib.sha256(WORDS).hexdigest()[:16] == "6a5faea56b2bdb91"


def test_every_truncation_is_refused():
    data = packed()
    for size in range(len(data)):
        with pytest.raises(ArchiveError):
            read(data[:size])


def test_every_changed_byte_is_refused():
    data = packed()
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1 << place % 8
        with pytest.raises(ArchiveError):
            read(bytes(changed))


def test_more_bytes_are_refused():
    with pytest.raises(ArchiveError, match="1 bytes too many"):
        read(packed() + b"x")


def test_another_version_is_refused():
    data = bytearray(packed())
    data[4] = 2
    with pytest.raises(ArchiveError, match="of version 2; this package reads 1"):
        read(bytes(data))


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"GIF89a, and so on"])
def test_another_file_is_refused(data):
    with pytest.raises(ArchiveError, match="not an archive that `pack` wrote"):
        read(data)


def test_more_than_is_allowed_is_refused_before_it_is_read():
    assert read(packed(), 2400 + 2000 + 45 + 2 + 11)
    with pytest.raises(
        ArchiveError, match=r"holds 4,458 bytes, `max_bytes` allows 4,457"
    ):
        read(packed(), 4457)


@pytest.mark.parametrize(
    "text",
    [b"", b"nonsense", b"\xff\xfe", b"[" * 100_000, b'{"keras": 1}', b"[1, 2]"],
)
def test_a_head_that_is_none_is_refused(text):
    with pytest.raises(ArchiveError):
        read(signed(text), 1_000_000)


def test_a_head_that_grows_is_refused(monkeypatch):
    monkeypatch.setattr(archive, "GREATEST_HEAD", 1000)
    with pytest.raises(ArchiveError, match="where 1000 is the greatest"):
        read(signed(b" " * 5000), 1000)


def test_a_head_of_another_length_than_it_says_is_refused():
    data = signed(b" " * 100)
    with pytest.raises(ArchiveError, match="another length than it says"):
        read(data[:5] + bytes([99]) + data[6:])


def test_a_weight_without_a_record_is_refused():
    tensors = [["a", "<f4", [1]]]
    head = {"keras": "3", "config": {}, "tensors": tensors, "files": [], "groups": []}
    with pytest.raises(ArchiveError, match="ends too early"):
        read(signed(head))


def test_a_record_larger_than_its_weight_is_refused():
    head = {
        "keras": "3",
        "config": {},
        "tensors": [["a", "<f4", [1]]],
        "files": [],
        "groups": [],
    }
    with pytest.raises(ArchiveError, match="the number 100 where 68 is the greatest"):
        read(signed(head) + bytes([100]) * 200)
