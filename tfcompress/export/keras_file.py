"""The parts of a `.keras` file: taken out of a model, and put together again."""

import collections
import contextlib
import json
import os
import pathlib
import zipfile

import h5py
import keras
import numpy as np

from tfcompress import _checks
from tfcompress.packing.contents import Contents, Tensor

WEIGHTS = "model.weights.h5"
CONFIG = "config.json"
METADATA = "metadata.json"
OPTIMIZER = "optimizer/"


class Saved:
    """What Keras saves of a model, but how it was compiled and trained.

    Args:
        model: A built model.
        folder: An empty folder. The weights lie there while this is used.

    Attributes:
        contents: The `Contents` of an archive.
        files: Bytes of the other files, by name.
        names: What a user calls each weight of `contents`.
    """

    def __init__(self, model, folder: pathlib.Path):
        draft = folder / "model.keras"
        try:
            model.save(draft)
        except NotImplementedError as error:
            rule = "have a `get_config` that Keras can save it by"
            raise _checks.error("model", rule, type(model).__name__) from error
        with zipfile.ZipFile(draft) as parts:
            config = json.loads(parts.read(CONFIG))
            metadata = json.loads(parts.read(METADATA))
            parts.extract(WEIGHTS, folder)
            others = set(parts.namelist()) - {CONFIG, METADATA, WEIGHTS}
            self.files = {name: parts.read(name) for name in sorted(others)}
        draft.unlink()
        self._weights = folder / WEIGHTS
        tensors, groups = self._tree()
        self.names = self._names(tensors, model)
        files = [(name, len(data)) for name, data in self.files.items()]
        version = metadata["keras_version"]
        self.contents = Contents(_plain(config), version, tensors, files, groups)

    def arrays(self):
        """Yields the array of each weight of `contents`."""
        with h5py.File(self._weights) as file:
            for tensor in self.contents.tensors:
                yield file[tensor.path][()]

    def _names(self, tensors, model):
        """Returns the layers of each weight and its own name, as far as both are known.

        In Keras's file a layer has its class for a name, and a weight its number.
        """
        own = collections.defaultdict(list)
        for variable in model.variables:
            *layers, name = variable.path.split("/")
            own[layers[-1] if layers else None].append(name)
        names = []
        with h5py.File(self._weights) as file:
            for tensor in tensors:
                layers = _layers(file, tensor.path)
                name = tensor.path.rpartition("/")[2]
                same = own[layers[-1] if layers else None]
                if name.isdigit() and int(name) < len(same):
                    name = same[int(name)]
                names.append("/".join([*layers, name]))
        return names

    def _tree(self):
        """Returns the weights, and the groups without any."""
        found, empty = [], []

        def see(path, item):
            if f"{path}/".startswith(OPTIMIZER):
                return
            if isinstance(item, h5py.Group):
                empty.extend([path] * (not len(item)))
            else:
                if item.dtype.kind not in "biufcV":
                    remedy = "An archive holds numbers only."
                    rule = "have weights of numbers"
                    raise _checks.error("model", rule, item.dtype, remedy=remedy)
                notes = {name: str(note) for name, note in item.attrs.items()}
                dtype = item.dtype.newbyteorder("<").str
                found.append(Tensor(path, dtype, item.shape, notes))

        with h5py.File(self._weights) as file:
            file.visititems(see)
        return found, empty


class Folder:
    """Writes a folder that Keras loads as it loads a `.keras` file."""

    def __init__(self, folder: pathlib.Path, contents: Contents):
        self.folder = folder
        self.groups = contents.groups
        (folder / CONFIG).write_text(json.dumps(contents.config))
        metadata = {"keras_version": contents.keras_version}
        (folder / METADATA).write_text(json.dumps(metadata))

    @contextlib.contextmanager
    def weights(self):
        """Yields a function that adds a weight with its array."""
        with h5py.File(self.folder / WEIGHTS, "w") as file:
            for path in self.groups:
                file.create_group(path)

            def add(tensor, array):
                added = file.create_dataset(tensor.path, data=np.asarray(array))
                added.attrs.update(tensor.attributes)

            yield add

    def add_file(self, name: str, data: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def load(self, custom_objects, safe_mode) -> keras.Model:
        return keras.models.load_model(
            self.folder,
            custom_objects=custom_objects,
            compile=False,
            safe_mode=safe_mode,
        )

    def to_file(self, path) -> None:
        """Writes the folder as a `.keras` file."""
        names = sorted(file for file in self.folder.rglob("*") if file.is_file())
        with zipfile.ZipFile(path, "w") as parts:
            for name in names:
                parts.write(name, os.fspath(name.relative_to(self.folder)))


def _layers(file, path) -> list[str]:
    """Returns the names of the layers that the weight at `path` lies in."""
    places = path.split("/")
    groups = ["/".join([*places[:end], "vars"]) for end in range(1, len(places) - 1)]
    found = [file[group].attrs for group in groups if group in file]
    return [attributes["name"] for attributes in found if "name" in attributes]


def _plain(config):
    """Returns `config` without what changes from run to run, and not compiled."""
    shared = {}

    def walk(value):
        if isinstance(value, list):
            return [walk(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {
            key: shared.setdefault(item, len(shared))
            if key == "shared_object_id" and isinstance(item, int)
            else walk(item)
            for key, item in value.items()
        }

    return {**walk(config), "compile_config": None}
