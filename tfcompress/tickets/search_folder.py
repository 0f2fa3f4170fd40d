"""A search on disk: what is needed to go on between two trainings."""

import dataclasses
import hashlib
import json
import pathlib

import numpy as np

from tfcompress import _checks
from tfcompress.array_file import read_arrays
from tfcompress.masks import Masks
from tfcompress.tickets.trained_ticket import TrainedTicket
from tfcompress.writing import whole_file, write_text

_FORMAT = 1


class SearchFolder:
    """A folder of `search.json`, and of masks and weights as `.npz`.

    `search.json` is written last, whole or not at all, and says what counts; a file
    that it does not speak of is left from a run that was cut, and written again.

    Args:
        path: The folder, made if it is not there; None to keep nothing.
        settings: Dict of plain values: the arguments of the search.
        model: The built model as `model_fn` made it, with its first weights.

    Raises:
        ValueError: If the folder is that of another search or model.
    """

    def __init__(self, path, settings, model):
        self.path = None if path is None else pathlib.Path(path)
        self.settings = settings
        self.trained = []
        self._model = _fingerprint(model)
        if self.path is None:
            return
        self.path.mkdir(parents=True, exist_ok=True)
        if self._record.exists():
            self._read()

    def load(self, name):
        """Returns the list of arrays that was saved under `name`, in its order."""
        try:
            found = read_arrays(self.path / f"{name}.npz")
            return [found[f"array_{i}"] for i in range(len(found))]
        except (OSError, KeyError, ValueError) as cause:
            raise self._error(f"hold a whole {name}.npz") from cause

    def load_masks(self, number):
        return Masks.load(self.path / f"masks_{number:02}.npz")

    def save(self, name, arrays):
        if self.path is not None:
            packed = {f"array_{i}": array for i, array in enumerate(arrays)}
            with whole_file(self.path / f"{name}.npz") as draft:
                np.savez(draft, **packed)

    def save_masks(self, number, masks):
        if self.path is not None:
            masks.save(self.path / f"masks_{number:02}.npz")

    def add(self, trained: TrainedTicket):
        """Notes a training, whose weights and masks were saved before."""
        self.trained.append(trained)
        if self.path is not None:
            rows = [dataclasses.asdict(one) for one in self.trained]
            content = {
                "format": _FORMAT,
                "settings": self.settings,
                "model": self._model,
                "trained": rows,
            }
            write_text(self._record, json.dumps(content, indent=2) + "\n")

    @property
    def _record(self):
        return self.path / "search.json"

    def _read(self):
        try:
            content = json.loads(self._record.read_text(encoding="utf-8"))
            known = content["format"] == _FORMAT
            settings, model = content["settings"], content["model"]
            self.trained = [TrainedTicket(**row) for row in content["trained"]]
        except (KeyError, TypeError, ValueError) as cause:
            raise self._error("be that of a search for tickets") from cause
        if not known:
            raise self._error("be that of a search by this version")
        if model != self._model:
            raise self._error("be that of the same model and first weights")
        for name, value in json.loads(json.dumps(self.settings)).items():
            if settings.get(name) != value:
                was = f"{name}={settings.get(name)!r}, not {value!r}"
                raise self._error(f"be that of a search with the same arguments: {was}")

    def _error(self, rule):
        remedy = "Give another folder, or delete this one."
        return _checks.error("folder", rule, str(self.path), remedy=remedy)


def _fingerprint(model):
    """Returns what tells models apart: layer types, shapes, and first weights."""
    digest = hashlib.sha256()
    for weight in model.get_weights():
        digest.update(np.ascontiguousarray(weight).tobytes())
    return {
        "layers": [type(layer).__name__ for layer in model.layers],
        "shapes": [list(weight.shape) for weight in model.weights],
        "weights": digest.hexdigest(),
    }
