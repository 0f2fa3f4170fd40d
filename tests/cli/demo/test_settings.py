import pytest

from tfcompress.cli.demo.settings import Settings


@pytest.mark.parametrize("name", ["digits", "mnist", "fashion_mnist"])
def test_fast_is_less_of_the_same(name):
    fast, whole = (Settings.for_data(name, fast=f, seed=3) for f in (True, False))
    assert fast.epochs < whole.epochs
    assert fast.rounds < whole.rounds
    assert fast.width < whole.width
    assert fast.seed == whole.seed == 3
