"""Where the benchmarks are, and what each of them is."""

import ast
import dataclasses
import importlib.util
import pathlib
import sys


@dataclasses.dataclass(frozen=True)
class Benchmark:
    """A file with a `DESCRIPTION` and a function `measure(fast, seed) -> dict`.

    Args:
        path: The file.
        description: Its `DESCRIPTION`, read without running the file.
        plot: Its `PLOT`, if it has one: columns of its tables, `"bytes"` and that of
            accuracies in percent, of which the page of results has a picture.
        curves: Its `CURVES`, if it has some: columns, each of which the page shows as
            it grows with the size that begins the name of a row, in millions.
    """

    path: pathlib.Path
    description: str
    plot: tuple[str, str] | None = None
    curves: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        return self.path.stem

    def measure(self, *, fast: bool, seed: int) -> dict:
        """Runs the file's `measure` and returns its figures."""
        folder = str(self.path.parent)
        sys.path.insert(0, folder)  # benchmarks share modules beside them
        try:
            spec = importlib.util.spec_from_file_location(self.name, self.path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module.measure(fast=fast, seed=seed)
        finally:
            sys.path.remove(folder)


def find_benchmarks() -> list[Benchmark]:
    """Returns the benchmarks of the checkout, by name.

    It is the current folder, or else the one that the package lies in.

    Raises:
        FileNotFoundError: Neither has a folder `tests/benchmarks`.
    """
    checkouts = pathlib.Path.cwd(), pathlib.Path(__file__).parents[2]
    folders = [checkout / "tests" / "benchmarks" for checkout in checkouts]
    folder = next((folder for folder in folders if folder.is_dir()), None)
    if folder is None:
        raise FileNotFoundError(
            "Benchmarks are in the repository, not in the package: run this in a "
            f"checkout of it. Searched: {folders[0]} and {folders[1]}."
        )
    constants = ((path, _constants(path)) for path in sorted(folder.glob("*.py")))
    return [
        Benchmark(path, own["DESCRIPTION"], own.get("PLOT"), own.get("CURVES"))
        for path, own in constants
        if "DESCRIPTION" in own
    ]


def _constants(path):
    """What a file says of itself; without a `DESCRIPTION` it is no benchmark."""
    return {
        name: ast.literal_eval(node.value)
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
        and (name := ast.unparse(node.targets[0])) in ("DESCRIPTION", "PLOT", "CURVES")
    }
