import json

import pytest
from typer.testing import CliRunner

from tfcompress.cli.main import app

SPEED = """
DESCRIPTION = "How fast"
def measure(fast=False, seed=0):
    return {"Dense": {"ms": 1.0}, "Hashed": {"ms": 1.0 + seed}}
"""
SIZES = """
DESCRIPTION = "How large"
PLOT = ("bytes", "right")
def measure(fast=False, seed=0):
    return {"task": {"a": {"bytes": 1, "right": 90.0}, "b": {"bytes": 9, "right": 98.0}}}
"""
BROKEN = """
DESCRIPTION = "Breaks"
def measure(fast=False, seed=0):
    raise RuntimeError("no luck [at all]")
"""


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    folder = tmp_path / "tests" / "benchmarks"
    folder.mkdir(parents=True)
    (folder / "speed.py").write_text(SPEED)
    (folder / "broken.py").write_text(BROKEN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(app, ["bench", *arguments])


def result_of(checkout, name="speed"):
    return json.loads((checkout / "tfcompress-bench" / f"{name}.json").read_text())


def test_list_names_them_and_runs_none(checkout):
    result = run("--list")
    assert result.exit_code == 0
    assert "speed  How fast" in result.output
    assert not (checkout / "tfcompress-bench").exists()


def test_figures_are_written_with_what_they_depend_on(checkout):
    assert run("speed", "--seed", "2").exit_code == 0

    result = result_of(checkout)
    assert result["figures"] == {"Dense": {"ms": 1.0}, "Hashed": {"ms": 3.0}}
    assert result["seed"] == 2
    assert result["machine"]["cores"] >= 1
    assert result["versions"]["keras"]
    assert result["command"] == "tfcompress bench speed --seed 2"
    assert result["date"].endswith("+00:00")


def test_json_is_json_and_nothing_else(checkout):
    result = run("speed", "broken", "--json")
    (made,) = json.loads(result.stdout)
    assert made["figures"]["Dense"] == {"ms": 1.0}
    assert result.exit_code == 1
    assert "no luck [at all]" in result.stderr
    assert json.loads(run("--list", "--json").stdout)["speed"] == "How fast"


def test_figures_are_printed(checkout):
    assert "Hashed" in run("speed").output


def test_result_is_kept_unless_it_is_asked_for_again(checkout):
    run("speed", "--seed", "1")
    assert "kept" in run("speed", "--seed", "2").output
    assert result_of(checkout)["seed"] == 1

    run("speed", "--seed", "2", "--again")
    assert result_of(checkout)["seed"] == 2


def test_short_run_is_another_result(checkout):
    run("speed", "--fast")
    run("speed")
    assert result_of(checkout, "speed-fast")["fast"] is True
    assert result_of(checkout)["fast"] is False


def test_one_that_breaks_does_not_stop_the_others(checkout):
    result = run()

    assert result.exit_code == 1
    assert "RuntimeError: no luck [at all]" in result.output
    assert "Failed: broken" in result.output
    assert result_of(checkout)
    assert not (checkout / "tfcompress-bench" / "broken.json").exists()


def test_unknown_name_is_refused_with_the_known_ones(checkout):
    result = run("sped")
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: There is no benchmark 'sped'. There are: broken, speed.\n"
    )


def test_folder_that_is_a_file_is_refused(checkout):
    (checkout / "taken").write_text("")
    result = run("speed", "--out", "taken")
    assert result.exit_code == 2
    assert "taken" in result.stderr


def test_results_of_the_folder_become_one_page(checkout):
    assert run("speed", "--markdown", "results.md").exit_code == 0
    page = (checkout / "results.md").read_text()
    assert "## speed\n\nHow fast." in page
    assert "|  | ms |\n| --- | ---: |\n| Dense | 1 |\n| Hashed | 1 |\n" in page


def test_pictures_lie_beside_the_results(checkout):
    (checkout / "tests" / "benchmarks" / "sizes.py").write_text(SIZES)
    (checkout / "docs").mkdir()
    options = ["--out", "docs/results", "--markdown", "docs/results.md"]

    assert run("sizes", *options).exit_code == 0

    page = (checkout / "docs" / "results.md").read_text()
    assert "\n![task](results/sizes-0.png)\n" in page
    assert (checkout / "docs" / "results" / "sizes-0.png").stat().st_size > 1000


def test_short_runs_are_not_on_the_page(checkout):
    assert run("speed", "--fast", "--markdown", "results.md").exit_code == 0
    assert "## speed" not in (checkout / "results.md").read_text()
