"""What a search is known by, noted in its folder: trials of two are not compared."""

import hashlib
import json

from keras import ops

from tfcompress import _checks
from tfcompress.writing import write_text


def same_search(path, settings) -> None:
    """Notes the settings of a search, or refuses a folder that is another's."""
    if not path.exists():
        write_text(path, json.dumps(settings, indent=2) + "\n")
        return
    before = json.loads(path.read_text())
    other = [name for name in settings if before.get(name) != settings[name]]
    if other:
        rule = f"be that of this search; it is one with other {', '.join(other)}"
        remedy = "Give a new folder, or remove this one."
        raise _checks.error("folder", rule, str(path.parent), remedy=remedy)


def fingerprint(model) -> str:
    """Returns a text that is another for other weights."""
    digest = hashlib.sha256()
    for variable in model.weights:
        digest.update(ops.convert_to_numpy(variable).tobytes())
    return digest.hexdigest()[:16]
