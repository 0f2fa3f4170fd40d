"""Keeps what a long benchmark has measured, so that it can be interrupted."""

import json
import pathlib

FOLDER = pathlib.Path("tfcompress-bench") / "cells"


def measured(name, tables, *, fast, seed):
    """Returns what the callables of `tables` return, in tables of the same names.

    Each figure is written to a file as soon as it is there. A benchmark that is run
    again, because something ended it, goes on where it was; one that came to its end
    leaves no file, and is measured anew.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}-{seed}{'-fast' if fast else ''}.json"
    done = json.loads(path.read_text()) if path.exists() else {}
    for table, rows in tables.items():
        kept = done.setdefault(table, {})
        for row, measure in rows.items():
            if row not in kept:
                kept[row] = measure()
                path.write_text(json.dumps(done, indent=2))
    path.unlink()
    return {
        table: {row: done[table][row] for row in rows} for table, rows in tables.items()
    }
