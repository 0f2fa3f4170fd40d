"""Rules of dense layers and of embeddings."""

import keras
import numpy as np

from tfcompress.layers.drop_neuron_dense import DropNeuronDense
from tfcompress.surgery.channels import Channels
from tfcompress.surgery.rules.linear import Linear
from tfcompress.surgery.rules.rule import Rule


class Dense(Linear):
    """A matrix from the last axis to the last axis."""

    def couple(self, call, inputs, trace):
        axis = len(call.inputs[0].shape) - 1
        units = self.units(self.layer.units, trace)
        read = trace.read(inputs[0], axis, self.part)
        trace.place(self.part, "kernel", 0, read, "reads")
        trace.place(self.part, "kernel", 1, units, "makes")
        trace.place(self.part, "bias", 0, units, "carries")
        return [Channels(axis, units)]

    def matrices(self):
        return self.part.array("kernel")[None]

    def resized(self, config, sizes):
        return {"units": sizes("kernel")[1]}


class Embedding(Rule):
    """A table with a row for each word; the columns are channels."""

    def couple(self, call, inputs, trace):
        self.refuse(inputs, trace, f"{self.part} looks them up")
        units = trace.make(self.part, "units", self.layer.output_dim)
        trace.place(self.part, "embeddings", 1, units, "makes")
        return [Channels(len(call.inputs[0].shape), units)]

    def constants(self, use, values, threshold):
        table = self.part.array("embeddings")
        dead = (np.abs(table) <= threshold).all(0)
        same = dead | (table == table[0]).all(0)
        return [np.where(same, np.where(dead, 0, table[0]), np.nan)]

    def resized(self, config, sizes):
        return {"output_dim": sizes("embeddings")[1]}


RULES = {
    keras.layers.Dense: Dense,
    DropNeuronDense: Dense,
    keras.layers.Embedding: Embedding,
}
