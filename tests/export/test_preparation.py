import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.conversion.convert import convert
from tfcompress.export.export_error import ExportError
from tfcompress.export.preparation import Preparation
from tfcompress.kernels.quantized import Quantized


def prepared(model, **options):
    nothing = {
        "representative_data": None,
        "probe": None,
        "batch_size": None,
        "tolerance": None,
        "accuracy_data": None,
        "max_accuracy_drop": 0.0,
        "metadata": None,
    }
    return Preparation.of(model, **{**nothing, **options})


def test_formats_share_what_the_model_is_written_as(mlp, tmp_path):
    preparation = prepared(mlp)
    formats = (None, "float16", "dynamic", "int8")
    made = {f: preparation.conversion(tmp_path, f) for f in formats}
    assert made[None].source == made["float16"].source
    assert made["dynamic"].source == made["int8"].source != made[None].source
    assert len({conversion.folder for conversion in made.values()}) == 4


def test_a_loop_takes_one_example_at_a_time(lstm, tmp_path):
    made = prepared(lstm).conversion(tmp_path, None)
    assert (made.loops, made.batch_size) == (True, 1)


def test_a_model_without_loops_takes_any_number(mlp, tmp_path):
    made = prepared(mlp).conversion(tmp_path, None)
    assert (made.loops, made.batch_size) == (False, None)


def test_the_tolerance_suits_the_format_and_the_limit(mlp, tmp_path):
    preparation = prepared(mlp)
    assert preparation.conversion(tmp_path, "int4").allowed == 0.5
    assert preparation.conversion(tmp_path, "int2", most=0.1).allowed == 0.1


def test_kernels_of_few_bits_are_found(mlp):
    assert not any(prepared(mlp).codes.values())
    small = convert(mlp, {layers.Dense: Quantized(bits=4)})
    assert [codes.bits for codes in prepared(small).codes.values()] == [4, 4]


def test_convolutions_of_few_bits_are_refused(tmp_path):
    model = keras.Sequential([keras.Input((4, 4, 1)), layers.Conv2D(2, 2)])
    with pytest.raises(ExportError, match="for dense layers"):
        prepared(model).conversion(tmp_path, "int2")


def test_the_reference_is_what_the_model_gives(pair):
    preparation = prepared(pair, probe=[[1, 2]])
    np.testing.assert_array_equal(preparation.reference["output_0"], [[3]])
