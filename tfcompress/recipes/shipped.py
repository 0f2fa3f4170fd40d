"""The recipes that come with the package, one for each kind of network."""

import pathlib

from tfcompress import _checks
from tfcompress.recipes.front import Front

FOLDER = pathlib.Path(__file__).parent
NAMES = ("dense", "convolutional", "recurrent", "attention")


def load(recipe) -> Front:
    """Returns a recipe by its name in `NAMES`, or from a JSON file.

    Args:
        recipe: A name; or the path of a file that `Front.to_json` wrote, ending in
            `.json`.

    Raises:
        ValueError: It is neither, or the file is no recipe.

    Example:

    >>> tfc.recipes.load("dense").quantize
    'kernels'
    """
    path = _checks.path("recipe", recipe)
    if str(recipe) in NAMES:
        path = FOLDER / f"{recipe}.json"
    elif path.suffix != ".json":
        rule = f"be one of {list(NAMES)}, or the path of a `.json` file"
        raise _checks.error("recipe", rule, recipe)
    path = _checks.existing_file("recipe", path)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        rule = f"be a file of text ({fault})"
        raise _checks.error("recipe", rule, recipe) from fault
    return Front.from_json(text)
