"""What legacy Keras can be asked: one model, and files in a folder."""

import contextlib
import json
import pathlib

import numpy as np

from tfcompress.array_file import read_arrays
from tfcompress.interop.build import build
from tfcompress.interop.graph import from_json, leaves
from tfcompress.interop.legacy import quantized, training
from tfcompress.interop.refusal import refusal
from tfcompress.interop.weights import assign, plain, variables

LAMBDA = "Lambda"


class Session:
    """The model of the moment, and the jobs that the parent may ask for.

    Args:
        keras: Legacy Keras.
    """

    def __init__(self, keras):
        self.keras = keras
        self.model = None

    def build(self, folder):
        """Builds the model of `graph.json`, with the weights of `weights.npz`."""
        folder = pathlib.Path(folder)
        graph = from_json((folder / "graph.json").read_text())
        self.model = build(graph, self.keras)
        assign(graph, self.model, read_arrays(folder / "weights.npz"))

    def save(self, folder, path):
        """Writes the model to `path`."""
        self.model.save(path)

    def load(self, folder, path):
        """Reads a model, and takes the wrappers of pruning and clustering off.

        Code in it is refused before it runs: files other than `.keras` have no safe
        mode here.
        """
        import tensorflow_model_optimization as tfmot

        clustering = tfmot.clustering.keras
        # Of the wrappers its scope knows one; the others show when they are made.
        recurrent = clustering.cluster_weights(self.keras.layers.LSTM(1), 2)
        attention = self.keras.layers.MultiHeadAttention(1, 1)
        others = [type(recurrent), type(clustering.cluster_weights(attention, 2))]
        scopes = (
            tfmot.sparsity.keras.prune_scope(),
            clustering.cluster_scope(),
            tfmot.quantization.keras.quantize_scope(),
            self.keras.utils.custom_object_scope({k.__name__: k for k in others}),
            self.keras.utils.custom_object_scope({LAMBDA: _refused(self.keras)}),
        )
        with contextlib.ExitStack() as stack:
            for scope in scopes:
                stack.enter_context(scope)
            model = self.keras.models.load_model(path, compile=False)
        self.model = training.stripped(model)

    def predict(self, folder):
        """Writes to `outputs.npz` what the model makes of `inputs.npz`."""
        import tensorflow as tf

        folder = pathlib.Path(folder)
        arrays = read_arrays(folder / "inputs.npz")
        inputs = [arrays[str(i)] for i in range(len(arrays))]
        given = tf.nest.pack_sequence_as(self.model.input, inputs)
        outputs = leaves(self.model(given, training=False))
        named = {str(i): plain(value) for i, value in enumerate(outputs)}
        np.savez(folder / "outputs.npz", **named)

    def describe(self, folder):
        """Writes the model's config, its weights, and the ranges of its quantizers.

        Weights that are trained to be rounded are written as rounded.
        """
        folder = pathlib.Path(folder)
        (folder / "config.json").write_text(self.model.to_json())
        ranges, weights = {}, {}
        for path, layer in self._layers(self.model):
            if quantized.has_ranges(layer):
                ranges[path] = quantized.ranges(layer)
                arrays = quantized.weights(layer)
            else:
                arrays = [plain(variable) for variable in variables(layer)]
            weights |= {f"{path}:{i}": array for i, array in enumerate(arrays)}
        (folder / "ranges.json").write_text(json.dumps(ranges))
        np.savez(folder / "weights.npz", **weights)

    def cluster(self, folder, **options):
        """Trains the model with clustered weights, on the examples of `data.npz`."""
        data = read_arrays(pathlib.Path(folder) / "data.npz")
        self.model = training.clustered(self.model, data, **options)

    def quantize(self, folder, **options):
        """Trains the model as one that is rounded, on the examples of `data.npz`."""
        data = read_arrays(pathlib.Path(folder) / "data.npz")
        self.model = training.quantized(self.model, data, **options)

    def _layers(self, model, trail=""):
        for layer in model.layers:
            if isinstance(layer, self.keras.Model):
                yield from self._layers(layer, f"{trail}{layer.name}/")
            else:
                yield trail + quantized.name(layer), layer


def _refused(keras):
    """Returns a class to load `Lambda` layers as, which makes none."""

    class Refused(keras.layers.Lambda):
        @classmethod
        def from_config(cls, config, custom_objects=None):
            raise refusal(config.get("name", LAMBDA), LAMBDA)

    return Refused
