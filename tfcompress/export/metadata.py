"""The metadata that a user gives for a file, as plain data."""

import json

from tfcompress import _checks
from tfcompress.conversion.recipe import Recipe


def plain_metadata(metadata) -> dict | None:
    """Returns `metadata` as JSON has it; a `Recipe` becomes the data that it writes.

    Raises:
        TypeError: It is not a mapping.
        ValueError: It is empty, holds what JSON cannot, or `labels` that are no list of
            lines.
    """
    if metadata is None:
        return None
    _checks.instance("metadata", metadata, dict, "a dictionary")
    if not metadata:
        raise _checks.error("metadata", "hold something, or be None", metadata)
    try:
        plain = json.loads(json.dumps(metadata, default=_plain, allow_nan=False))
    except (TypeError, ValueError) as error:
        rule = f"hold only numbers, strings, lists, mappings and a Recipe ({error})"
        raise _checks.error("metadata", rule, metadata) from error
    labels = plain.get("labels", [])
    if not isinstance(labels, list) or not all(map(_is_line, labels)):
        raise _checks.error("metadata", "have strings of one line as `labels`", labels)
    return plain


def _plain(value):
    if isinstance(value, Recipe):
        return json.loads(value.to_json())
    raise TypeError(f"{type(value).__name__} is none of these")


def _is_line(label) -> bool:
    return isinstance(label, str) and len(label.splitlines()) == 1
