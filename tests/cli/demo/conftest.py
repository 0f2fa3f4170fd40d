import dataclasses

import pytest

from tfcompress.cli.demo.settings import Settings
from tfcompress.datasets.digits import digits


@pytest.fixture(scope="session")
def data():
    """The digits, with fewer of them to test on."""
    whole = digits()
    return dataclasses.replace(
        whole, x_test=whole.x_test[:100], y_test=whole.y_test[:100]
    )


@pytest.fixture(scope="session")
def settings():
    """Enough to learn something by every method."""
    return Settings(width=64, epochs=2, batch_size=16, rounds=3)


@pytest.fixture(scope="session")
def tiny(settings):
    """Enough to get a file."""
    return dataclasses.replace(settings, width=64, epochs=1, batch_size=256)
