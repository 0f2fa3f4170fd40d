"""The house rules that a program can check, so that no reader has to."""

import ast
import configparser
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[1]
PACKAGE = ROOT / "tfcompress"
FILES = sorted(PACKAGE.rglob("*.py"))
# A room may import from the floors below its own, never from its own or above.
FLOORS = [
    {"_checks", "array_file", "sublayers", "child_ending", "without_memory"},
    {"graph_config"},
    {"writing", "described", "distillation", "examples", "finite_weights", "stateless"}
    | {"plain_console"},
    {"ops", "schedules", "datasets"},
    {"patterns", "regularizers", "losses", "selection", "dictionaries", "packing"},
    {"constraints", "masks"},  # above the penalties, whose proximal steps they take
    {"kernels", "distributions"},
    {"layers"},
    {"conversion", "feature_selection"},
    {"surgery", "report"},
    {"callbacks"},
    {"runtime", "interop", "elastic", "tickets", "methods"},
    {"export", "sensitivity"},
    {"measurement", "tuner"},  # a report writes files and runs them
    {"recipes"},
    {"cli"},
    {"__main__"},
]
FLOOR_OF = {name: floor for floor, names in enumerate(FLOORS) for name in names}
PRIVATE = ("keras.src", "tensorflow.python", "tf_keras")
TOP = {"tfcompress", "notebooks", "tests", "docs"}
TOP |= {"setup.cfg", "pyproject.toml", "README.md", "LICENSE"}
MADE = {"build", "dist", "tfcompress.egg-info", "tfcompress-demo", "tfcompress-bench"}


def name_of(path):
    return str(path.relative_to(ROOT))


def room(path):
    """The package or module of tfcompress that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_file_is_short(path):
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_file_says_in_its_first_line_what_it_is_for(path):
    text = ast.get_docstring(ast.parse(path.read_text()))
    assert text
    assert text.splitlines()[0].endswith(".")


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_point_down_and_are_public(path):
    for name in imports(path):
        assert not name.startswith(PRIVATE), name
        if not name.startswith("tfcompress.") or path.name == "__init__.py":
            continue
        target = name.split(".")[1]
        assert target == room(path) or FLOOR_OF[target] < FLOOR_OF[room(path)], name


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nobody_inside_imports_a_package_as_a_whole(path):
    if path.name == "__init__.py":
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module.startswith("tfcompress"):
            folder = ROOT / node.module.replace(".", "/")
            for alias in node.names:
                whole = folder.is_dir() and not (folder / f"{alias.name}.py").exists()
                assert not whole, f"{node.module}: {alias.name}"


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.name != "__init__.py"], ids=name_of
)
def test_file_has_a_test(path):
    folder = ROOT / "tests" / path.parent.relative_to(PACKAGE)
    assert (folder / f"test_{path.name.lstrip('_')}").exists()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_folder_is_a_package(path):
    assert (path.parent / "__init__.py").exists()  # or else it is not installed


def test_every_room_has_a_floor():
    rooms = {room(path) for path in FILES} - {"__init__"}
    assert rooms == set(FLOOR_OF) & rooms


def test_top_level_holds_what_it_should():
    found = {p.name for p in ROOT.iterdir() if not p.name.startswith(".")}
    assert found - MADE == TOP


def _public_names():
    for init in sorted(PACKAGE.glob("*/__init__.py")):
        names = next(
            (
                ast.literal_eval(node.value)
                for node in ast.parse(init.read_text()).body
                if isinstance(node, ast.Assign) and node.targets[0].id == "__all__"
            ),
            (),
        )
        yield from (f"{init.parent.name}.{name}" for name in names)


@pytest.mark.parametrize("name", list(_public_names()))
def test_public_name_has_a_page(name):
    pages = [p.read_text() for p in (ROOT / "docs").rglob("*.md")]
    assert any(f"`{name}`" in page or f"tfc.{name}" in page for page in pages)


def test_what_the_package_needs_is_given_in_ranges():
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    extras = settings["options.extras_require"]
    for lines in (
        settings["options"]["install_requires"],
        extras["xnor"],
        extras["onnx"],
    ):
        for line in lines.split("\n"):
            assert not line or re.fullmatch(r"[\w-]+ >= [\d.]+, < \d+", line), line
