"""Runs the examples of every docstring, as a user would type them."""

import doctest
import importlib
import pkgutil

import keras
import numpy as np
import pytest

import tfcompress

MODULES = sorted(
    m.name for m in pkgutil.walk_packages(tfcompress.__path__, "tfcompress.")
)
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.mark.parametrize("name", MODULES)
def test_examples_of(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {"tfc": tfcompress, "keras": keras, "np": np}
    results = doctest.testmod(
        importlib.import_module(name), extraglobs=names, optionflags=FLAGS
    )
    assert results.failed == 0
