import pytest

from tfcompress.interop.legacy.__main__ import main, told


def test_it_does_not_run_where_keras_is_another():
    said = []
    with pytest.raises(ImportError, match="is not legacy Keras in this process"):
        main([], said.append)
    assert said == []


def test_an_error_is_told_in_one_line():
    assert told(TypeError("no\n  such  thing")) == (
        "Legacy Keras refuses it. TypeError: no such thing"
    )
    assert len(told(KeyError("long" * 1000))) < 350


def test_our_own_refusals_are_told_as_they_are():
    assert told(ValueError("`model` must be better.")) == "`model` must be better."


def test_jobs_follow_each_other_whatever_happens(legacy):
    for _ in range(2):
        with pytest.raises(ValueError, match="Legacy Keras refuses it. AttributeError"):
            legacy.do("nothing_of_the_kind")
