import os
import pathlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfcompress.export.unpack import unpack
from tfcompress.measurement.written_file import FORMS, WrittenFile, write


def test_each_form_is_a_file_that_is_as_large_as_the_disk_says(small, tmp_path):
    small.compile("adam", "mse")
    small.fit(np.ones((2, 64)), np.ones((2, 2)), verbose=0)  # has slots of Adam now
    written = write(small, tmp_path)
    assert tuple(written) == FORMS

    x = np.ones((3, 64), "float32")
    right = small.predict(x, verbose=0)
    for form in (".keras", ".tflite", "packed"):
        assert written[form].bytes == os.path.getsize(written[form].path)
    folder = written["SavedModel"]
    paths = [os.path.join(f, n) for f, _, names in os.walk(folder.path) for n in names]
    assert folder.bytes == sum(map(os.path.getsize, paths))

    loaded = keras.models.load_model(written[".keras"].path)
    assert not loaded.compiled
    np.testing.assert_array_equal(loaded.predict(x, verbose=0), right)
    again = unpack(written["packed"].path)
    np.testing.assert_array_equal(again.predict(x, verbose=0), right)
    served = tf.saved_model.load(str(folder.path))
    np.testing.assert_allclose(served.serve(x), right, rtol=1e-5)
    assert written[".tflite"].accuracy((x, right.argmax(-1))) == 1
    assert written[".keras"].accuracy((x, right.argmax(-1))) is None


def test_keras_file_is_that_of_save(small, model, tmp_path):
    keras.models.clone_model(model).save(tmp_path / "saved.keras")
    size = (tmp_path / "saved.keras").stat().st_size
    for compiled in (False, True):
        twin = keras.models.clone_model(model)
        if compiled:
            twin.compile("adam", "mse")
        (tmp_path / str(compiled)).mkdir()
        made = write(twin, tmp_path / str(compiled), [".keras"])[".keras"]
        assert made.bytes == pytest.approx(size, rel=0.001)
        assert made.max_error is None


def test_file_that_cannot_be_made_keeps_its_reason(small, tmp_path):
    made = write(small, tmp_path, [".tflite"], tflite={"quantize": "int8"})[".tflite"]
    assert "`representative_data` must be given" in made.failure
    assert made.bytes is None
    assert made.accuracy((np.ones((1, 64)), [0])) is None


@pytest.mark.parametrize("data", [None, ({"a": np.ones(1)}, [0])])
def test_accuracy_of_a_file_needs_one_array(data):
    assert WrittenFile(pathlib.Path("a.tflite")).accuracy(data) is None
