import pytest

from tfcompress.interop.refusal import refusal


def test_it_names_the_layer_its_class_and_the_reason():
    assert str(refusal("outer/inner", "Dense", "it is too good")) == (
        "`model` must hold only what Keras 3 and legacy Keras (tf_keras) both have. "
        "Layer 'outer/inner': it is too good. Received: model='Dense'"
    )


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("Lambda", "Python code"),
        ("TFOpLambda", "a TensorFlow operation"),
        ("PruneLowMagnitude", r"`tfc.interop.tfmot.from_tf_keras\(path\)` takes off"),
        ("RMSNormalization", "only one of the two has this class"),
    ],
)
def test_known_reasons_need_not_be_given(kind, why):
    with pytest.raises(ValueError, match=f"Layer 'x': .*{why}"):
        raise refusal("x", kind)
