import numpy as np
import pytest
import tensorflow as tf

from tfcompress.runtime.micro_report import OPERATIONS, micro_report


def test_a_plain_file_suits(write):
    # Two inputs of 2 numbers, and at the same time their sum: each rounded up to 16.
    spec = tf.TensorSpec((1, 2))
    report = micro_report(write(lambda a, b: a + b, spec, spec))
    assert report.operations == ("ADD",)
    assert report.missing == ()
    assert report.arena_bytes == 3 * 16


def test_values_that_are_not_needed_any_more_take_no_memory(write):
    def chain(x):  # 32 bytes each, and two of them at a time
        return tf.sin(tf.exp(tf.sin(tf.exp(x))))

    report = micro_report(write(chain, tf.TensorSpec((1, 8))))
    assert report.arena_bytes == 2 * 32


def test_constants_lie_in_flash(write):
    weight = np.ones((8, 4), "float32")
    report = micro_report(write(lambda x: x @ weight, tf.TensorSpec((1, 8))))
    assert report.arena_bytes == 32 + 16
    assert report.bytes > 4 * 32


@pytest.mark.parametrize(
    ("dtype", "size"),
    [("int8", 1), ("uint8", 1), ("bool", 1), ("int32", 4), ("int64", 8)],
)
def test_each_type_has_its_size(dtype, size, write):
    spec = tf.TensorSpec((1, 64), dtype)
    report = micro_report(write(lambda x: tf.cast(x, "float32"), spec))
    assert report.arena_bytes == 64 * size + 64 * 4


def test_files_of_old_have_their_operations_in_another_field(write):
    from ai_edge_litert import schema_py_generated as schema
    from flatbuffers import Builder

    path = write(lambda x: tf.sin(tf.exp(x)), tf.TensorSpec((1, 2)))
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(path.read_bytes(), 0))
    for code in model.operatorCodes:
        code.deprecatedBuiltinCode, code.builtinCode = code.builtinCode, 0
    builder = Builder()
    builder.Finish(model.Pack(builder), b"TFL3")
    path.write_bytes(builder.Output())
    assert micro_report(path).operations == ("EXP", "SIN")


def test_an_operation_that_is_missing_is_named(write):
    report = micro_report(write(tf.math.floormod, *[tf.TensorSpec((1, 2))] * 2))
    assert report.missing == ()
    report = micro_report(write(tf.math.pow, *[tf.TensorSpec((1, 2))] * 2))
    assert report.missing == ("POW",)
    assert "TFLite Micro lacks: POW" in str(report)


def test_integer_weights_beside_float_inputs_are_named(write):
    weight = np.random.default_rng(0).normal(size=(64, 64)).astype("float32")
    path = write(
        lambda x: x @ weight,
        tf.TensorSpec((1, 64)),
        optimizations=[tf.lite.Optimize.DEFAULT],
    )
    fault = "FULLY_CONNECTED with integer weights and float inputs"
    assert micro_report(path).missing == (fault,)


def test_zeros_that_were_left_out_need_an_operation_that_is_missing(write):
    random = np.random.default_rng(0)
    weight = random.normal(size=(64, 64)).astype("float32")
    weight[random.random(weight.shape) < 0.9] = 0
    path = write(
        lambda x: x @ weight,
        tf.TensorSpec((1, 64)),
        optimizations=[tf.lite.Optimize.EXPERIMENTAL_SPARSITY],
    )
    assert micro_report(path).missing == ("DENSIFY",)


def test_the_list_is_of_operations_that_there_are():
    from ai_edge_litert import schema_py_generated as schema

    assert set(vars(schema.BuiltinOperator)) > OPERATIONS
    assert "DENSIFY" not in OPERATIONS


def test_another_file_is_refused(tmp_path):
    with pytest.raises(ValueError, match="`path` must be an existing file"):
        micro_report(tmp_path / "m.tflite")
