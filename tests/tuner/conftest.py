import pytest
from tuning import VALIDATION, X, Y, network

from tfcompress.methods.units import Units
from tfcompress.tuner.budget import Budget
from tfcompress.tuner.tune import tune

OPTIONS = {
    "validation_data": VALIDATION,
    "ratios": [0.5, 0.25],
    "trials": 2,
    "epochs": 1,
    "candidates": 6,
}


@pytest.fixture(scope="session")
def trained():
    return network()


@pytest.fixture(scope="session")
def tuned(trained, tmp_path_factory):
    """A budget that can be met: what the search found, and how to search again."""
    folder = tmp_path_factory.mktemp("tuned")

    def search(**other):
        options = {"budget": Budget(bytes=5500), "folder": folder, **OPTIONS, **other}
        return tune(trained, (X[:90], Y[:90]), **options)

    return search(), search


@pytest.fixture(scope="session")
def missed(trained, tmp_path_factory):
    """A budget that nothing meets."""
    folder = tmp_path_factory.mktemp("missed")
    options = {**OPTIONS, "methods": [Units()], "budget": Budget(bytes=100)}
    return tune(trained, (X[:90], Y[:90]), folder=folder, **options)
