import pytest

from tfcompress.datasets.load import load


def test_gives_the_data_set_of_that_name():
    assert load("digits").name == "digits"


@pytest.mark.parametrize("name", ["cifar100", "tinyshakespeare", "", None])
def test_unknown_name_is_refused_with_the_known_ones(name):
    with pytest.raises(ValueError, match="one of 'digits', 'mnist', 'fashion_mnist'"):
        load(name)
