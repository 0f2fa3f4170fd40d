import pytest

from tfcompress.elastic.activate import stages
from tfcompress.elastic.image_classifier import image_classifier
from tfcompress.elastic.setting import Setting


def test_each_stage_has_the_sizes_that_were_asked_for():
    model = image_classifier(
        (8, 8, 3), 5, channels=(4, 6), depths=(1, 3), expansions=(2,), kernel_sizes=(3,)
    )
    largest = {name: stage.largest for name, stage in stages(model).items()}
    assert largest == {"stage": Setting(3, 8, 3), "stage_1": Setting(3, 12, 3)}
    assert model.output_shape == (None, 5)
    assert model.get_layer("stage_1").output.shape == (None, 2, 2, 6)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"channels": ()}, "`channels` must be a list of integers, at least one"),
        ({"channels": (0,)}, "`channels` must be a positive integer"),
        ({"expansions": (0.5,)}, "`expansions` must be a positive integer"),
    ],
)
def test_sizes_that_cannot_be_are_refused(options, match):
    with pytest.raises(ValueError, match=match):
        image_classifier((8, 8, 1), 3, **options)


def test_classes_must_be_a_positive_integer():
    with pytest.raises(ValueError, match="`classes` must be a positive integer"):
        image_classifier((8, 8, 1), 0)
