import dataclasses

import pytest

from tfcompress.cli.demo.settings import Settings
from tfcompress.datasets.digits import digits


@pytest.fixture(scope="session")
def data():
    """A few digits: enough to train on, little enough to be quick."""
    whole = digits()
    return dataclasses.replace(
        whole,
        x_train=whole.x_train[:240],
        y_train=whole.y_train[:240],
        x_test=whole.x_test[:50],
        y_test=whole.y_test[:50],
    )


@pytest.fixture(scope="session")
def settings():
    return Settings(width=64, epochs=3, batch_size=8, rounds=3)
