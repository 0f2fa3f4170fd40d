"""Goes one route in a process of its own, and says what it took."""

import ast
import functools
import importlib
import inspect
import json
import resource
import sys
import textwrap
import time

import numpy as np


def main(package, route, **options):
    """Prints the files of a route by title, and its seconds, memory and lines.

    Seconds and lines do not have the import of packages.
    """
    package = importlib.import_module(package)
    user = package.User(**options)
    begin = time.perf_counter()
    files = package.ROUTES[route](user)
    found = {
        "seconds": round(time.perf_counter() - begin, 1),
        "peak MB": peak_megabytes(),
        "lines": lines(package.ROUTES[route]),
        "files": {title: str(path) for title, path in files.items()},
    }
    if hasattr(package, "outputs"):  # of files that only the package can run
        x, y = user.data("_test")
        found["accuracy"] = {
            title: round(100 * np.mean(package.outputs(path, x).argmax(-1) == y), 2)
            for title, path in files.items()
        }
    print(json.dumps(found))


def peak_megabytes():
    """Returns the greatest memory that this process, or one that it started, has held."""
    with open("/proc/self/status") as status:
        # `ru_maxrss` of a process begins with that of the process that started it.
        (own,) = (line.split()[1] for line in status if line.startswith("VmHWM"))
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return round(max(int(own), children) / 1024)


def lines(route, plain=1):
    """Returns how many lines of code a route has beyond those of a plain fit.

    What is counted stands in the function, and in those beside it that it calls; not
    a `def`, a docstring or a comment. The last statement of a route hands files over, a
    plain `save` of each, and is not counted either; a plain fit is one line.
    """
    function = route.func if isinstance(route, functools.partial) else route
    module = inspect.getmodule(function)
    seen, waiting = {}, [function]
    while waiting:
        one = waiting.pop()
        text = textwrap.dedent(inspect.getsource(one))
        (tree,) = ast.parse(text).body
        body = tree.body[ast.get_docstring(tree) is not None :]
        body = body[:-1] if one is function else body
        seen[one] = {
            number
            for statement in body
            for number in range(statement.lineno, statement.end_lineno + 1)
            if not text.splitlines()[number - 1].lstrip().startswith("#")
        }
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        beside = [getattr(module, name, None) for name in sorted(names)]
        waiting += [
            other
            for other in beside
            if inspect.isfunction(other)
            and other.__module__ == module.__name__
            and other not in seen
        ]
    return sum(map(len, seen.values())) - plain


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
