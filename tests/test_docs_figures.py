"""What the pages say was measured is what the benchmarks wrote."""

import ast
import json
import pathlib
import re

import pytest

from tfcompress.cli.figures import page
from tfcompress.cli.filled import BEGIN, filled

ROOT = pathlib.Path(__file__).parents[1]
DOCS = ROOT / "docs"
RESULTS = sorted((DOCS / "results").glob("*.json"))


def test_results_page_is_made_of_the_results():
    results = [json.loads(path.read_text(encoding="utf-8")) for path in RESULTS]

    text = page([result for result in results if not result["fast"]], "results")

    # Made by `tfcompress bench NAME --out docs/results --markdown docs/results.md`.
    assert (DOCS / "results.md").read_text(encoding="utf-8") == text


PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
FILLED = [path for path in PAGES if BEGIN in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", FILLED, ids=lambda path: path.stem)
def test_tables_inside_a_page_are_those_of_the_results(path):
    results = [json.loads(path.read_text(encoding="utf-8")) for path in RESULTS]

    text = path.read_text(encoding="utf-8")

    # Made by `tfcompress bench peers --out docs/results --markdown README.md`.
    assert filled(text, {result["name"]: result for result in results}) == text


@pytest.mark.parametrize("path", RESULTS, ids=lambda path: path.stem)
def test_result_was_measured_as_the_benchmark_now_describes(path):
    result = json.loads(path.read_text(encoding="utf-8"))
    source = ROOT / "tests" / "benchmarks" / f"{path.stem}.py"

    described = next(
        ast.literal_eval(node.value)
        for node in ast.parse(source.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and node.targets[0].id == "DESCRIPTION"
    )

    assert result["name"] == path.stem
    assert result["description"] == described
    assert not result["fast"]


def test_pages_link_to_results_that_are_there():
    names = {path.stem for path in RESULTS}
    pages = [*DOCS.rglob("*.md"), ROOT / "README.md"]

    linked = {
        name
        for text in (path.read_text(encoding="utf-8") for path in pages)
        for name in re.findall(r"results\.md#(\w+)", text)
    }

    assert linked
    assert not linked - names
