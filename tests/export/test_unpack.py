import io
import json
import os
import zlib

import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.export.pack import pack
from tfcompress.export.unpack import unpack, unpack_to_file
from tfcompress.packing.archive import ArchiveReader, ArchiveWriter
from tfcompress.packing.archive_error import ArchiveError
from tfcompress.packing.record import record_of


@pytest.fixture
def archive(mlp, tmp_path):
    return pack(mlp, tmp_path / "a.tfc").path


def rewritten(path, change):
    """The archive with another config, its checksums right."""
    reader = ArchiveReader(io.BytesIO(path.read_bytes()), 1 << 30)
    records = [record_of(array).stored for _, array in reader.tensors()]
    text = json.dumps(reader.contents.config)
    reader.contents.config.clear()
    reader.contents.config.update(json.loads(change(text)))
    with path.open("wb") as file:
        writer = ArchiveWriter(file, reader.contents)
        for record in records:
            writer.add(record)
    return path


def test_a_file_for_keras_is_written_without_a_model(archive, mlp, tmp_path):
    path = unpack_to_file(archive, tmp_path / "again.keras")
    x = np.ones((1, 32), "f4")
    np.testing.assert_array_equal(keras.models.load_model(path)(x), mlp(x))
    with pytest.raises(ValueError, match="must end in '.keras'"):
        unpack_to_file(archive, tmp_path / "again.h5")


def test_classes_that_are_not_registered_are_given(tmp_path):
    class Double(layers.Layer):
        def call(self, x):
            return 2 * x

    model = keras.Sequential([keras.Input((2,)), Double()])
    path = pack(model, tmp_path / "a.tfc").path
    with pytest.raises(ValueError, match="give them as `custom_objects`"):
        unpack(path)
    again = unpack(path, custom_objects={"Double": Double})
    assert float(again(np.ones((1, 2)))[0, 0]) == 2


class TestSafety:
    def test_code_is_refused_unless_it_is_trusted(self, tmp_path):
        model = keras.Sequential([keras.Input((2,)), layers.Lambda(lambda x: x + 1)])
        path = pack(model, tmp_path / "a.tfc").path
        with pytest.raises(ValueError, match="Keras cannot make the model .* `Lambda`"):
            unpack(path)
        again = unpack(path, safe_mode=False)
        assert float(again(np.ones((1, 2)))[0, 0]) == 2

    def test_a_model_larger_than_its_weights_takes_no_memory(self, archive):
        # 64 units become so many that their weights would take 32 x 4e9 x 4 bytes.
        path = rewritten(
            archive, lambda text: text.replace('"units": 64', '"units": 4000000000')
        )
        with pytest.raises(ValueError, match="Keras cannot make the model"):
            unpack(path)
        # Nor later, when Keras makes variables that it had put off.
        with keras.StatelessScope():
            pass

    def test_no_variable_is_made_before_the_weights_fit(self, archive, monkeypatch):
        path = rewritten(
            archive, lambda text: text.replace('"units": 64', '"units": 65')
        )

        def take_memory(*args, **options):
            pytest.fail("a variable was made")

        monkeypatch.setattr(keras.initializers.GlorotUniform, "__call__", take_memory)
        with pytest.raises(ValueError, match="Keras cannot make the model"):
            unpack(path)

    @pytest.mark.parametrize(
        "change",
        [
            lambda text: "{}",
            lambda text: text.replace("Dense", "Danse"),
            lambda text: text.replace('"class_name": "Sequential"', '"class_name": 3'),
            lambda text: text.replace('"units": 64', '"units": "many"'),
            lambda text: text.replace('"keras.layers"', '"os"'),
        ],
    )
    def test_a_config_that_makes_no_model_is_refused(self, archive, change):
        with pytest.raises(ValueError, match="Keras cannot make the model"):
            unpack(rewritten(archive, change))

    def test_more_than_is_allowed_is_refused(self, archive):
        with pytest.raises(ArchiveError, match="`max_bytes` allows 999;.*"):
            unpack(archive, max_bytes=999)

    def test_300_changed_or_cut_files_are_refused(self, archive, rng, tmp_path):
        data = archive.read_bytes()
        target = tmp_path / "again.keras"
        for trial in range(300):
            changed = bytearray(data)
            place = int(rng.integers(len(data)))
            if trial % 3 == 0:
                changed = changed[:place]
            elif trial % 3 == 1:
                changed[place] ^= int(rng.integers(1, 256))
            else:
                changed[place:place] = rng.bytes(3)
            archive.write_bytes(changed)
            with pytest.raises(ArchiveError, match="a.tfc: "):
                unpack_to_file(archive, target)
        assert os.listdir(tmp_path) == ["a.tfc"]

    def test_records_that_are_signed_anew_are_refused_or_read(self, archive, rng):
        data = archive.read_bytes()
        reader = ArchiveReader(io.BytesIO(data), 1 << 30)
        begin = reader.file.tell()
        refused = 0
        for _ in range(100):
            changed = bytearray(data)
            # The first record: its length takes two bytes, its form comes next.
            end = begin + 2 + (data[begin] & 127) + 128 * data[begin + 1]
            place = begin + 2 + int(rng.integers(12))
            changed[place] = int(rng.integers(256))
            sum_of = zlib.crc32(bytes(changed[begin + 2 : end]))
            changed[end : end + 4] = sum_of.to_bytes(4, "little")
            archive.write_bytes(changed)
            try:
                unpack_to_file(archive, archive.with_suffix(".keras"))
            except ArchiveError:
                refused += 1
        assert refused > 30


class TestRefusals:
    def test_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(
            ValueError, match="`path` must be an existing file.*none.tfc"
        ):
            unpack(tmp_path / "none.tfc")

    def test_something_else_than_a_path(self):
        with pytest.raises(TypeError, match="`path` must be a path"):
            unpack(3)

    def test_another_file(self, mlp, tmp_path):
        mlp.save(tmp_path / "a.keras")
        with pytest.raises(ArchiveError, match="a.keras: this is not an archive"):
            unpack(tmp_path / "a.keras")

    def test_a_bound_that_is_no_number(self, archive):
        with pytest.raises(ValueError, match="`max_bytes` must be a positive integer"):
            unpack(archive, max_bytes=0)

    def test_a_mode_that_is_neither(self, archive):
        with pytest.raises(TypeError, match="`safe_mode` must be True or False"):
            unpack(archive, safe_mode=None)
