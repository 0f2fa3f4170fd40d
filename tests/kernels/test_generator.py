import pytest

from tfcompress.kernels.generator import Generator


def test_parameters_are_those_of_the_paper():
    generator = Generator(block=(7, 7, 16, 16), embedding=4)
    generator.build()
    assert generator.count_params() == 4240


def test_places_are_given_out_once():
    generator = Generator(block=(2, 2))
    assert [generator.reserve() for _ in range(3)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"block": 3}, "`block` must be the shape of a block"),
        ({"block": (3,)}, "of two or more axes"),
        ({"block": (3, 0)}, "`block` must be a positive integer"),
        ({"block": (3, 3), "embedding": 0}, "`embedding` must be a positive integer"),
        ({"block": (3, 3), "hidden": 0}, "`hidden` must be a positive integer"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        Generator(**options)
