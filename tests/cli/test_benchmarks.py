import pathlib

import pytest

from tfcompress.cli.benchmarks import Benchmark, find_benchmarks


@pytest.fixture
def folder(tmp_path, monkeypatch):
    folder = tmp_path / "tests" / "benchmarks"
    folder.mkdir(parents=True)
    (folder / "shared.py").write_text("TEN = 10")
    (folder / "speed.py").write_text(
        "import shared\n"
        'DESCRIPTION = "How fast"\n'
        "def measure(fast=False, seed=0):\n"
        "    return {'ten': shared.TEN, 'fast': fast, 'seed': seed}\n"
    )
    monkeypatch.chdir(tmp_path)
    return folder


def test_file_with_a_description_is_a_benchmark(folder):
    assert find_benchmarks() == [Benchmark(folder / "speed.py", "How fast")]


def test_is_run_with_the_modules_beside_it(folder):
    (benchmark,) = find_benchmarks()
    assert benchmark.measure(fast=True, seed=3) == {"ten": 10, "fast": True, "seed": 3}


def test_finding_runs_no_file(folder):
    (folder / "broken.py").write_text('DESCRIPTION = "Breaks"\nraise RuntimeError')
    assert [b.name for b in find_benchmarks()] == ["broken", "speed"]


def test_elsewhere_those_of_the_checkout_are_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = pathlib.Path(__file__).parents[1] / "benchmarks"
    assert {b.path.parent for b in find_benchmarks()} == {folder}


def test_without_a_checkout_the_error_says_where_they_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "tfcompress.cli.benchmarks.__file__", str(tmp_path / "a" / "b" / "c.py")
    )
    with pytest.raises(FileNotFoundError, match="run this in a checkout"):
        find_benchmarks()
