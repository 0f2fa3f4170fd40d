"""Rules of convolutions: plain, grouped, transposed, depthwise and separable."""

import keras
import numpy as np

from tfcompress.surgery.channels import FIXED, Channels
from tfcompress.surgery.rules.linear import Linear


def channel_axis(layer, shape) -> int:
    """Returns the axis of the channels, as the layer's `data_format` says."""
    return 1 if layer.data_format == "channels_first" else len(shape) - 1


class Convolution(Linear):
    """A matrix for each position of a window.

    With groups, a whole group leaves, with the channels that it reads: so all groups
    stay of one size, which Keras asks for.
    """

    @property
    def uniform(self):
        return self.layer.padding == "valid" or set(self.layer.kernel_size) == {1}

    def couple(self, call, inputs, trace):
        axis = channel_axis(self.layer, call.inputs[0].shape)
        read = trace.read(inputs[0], axis, self.part)
        units = self.units(self.layer.filters, trace)
        if self.layer.groups > 1:
            self._couple_groups(read, units, trace)
        else:
            trace.place(self.part, "kernel", self.rank, read, "reads")
        trace.place(self.part, "kernel", self.rank + 1, units, "makes")
        trace.place(self.part, "bias", 0, units, "carries")
        return [Channels(axis, units)]

    @property
    def rank(self):
        return len(self.layer.kernel_size)

    def _couple_groups(self, read, units, trace):
        if read is None:
            reason = f"the groups of {self.part} read channels that cannot leave"
            trace.fix(units, reason)
            return
        made = units.reshape(self.layer.groups, -1)
        read = read.reshape(self.layer.groups, -1)
        for ids in (made, read):
            for column in ids.T:
                trace.unite(column, made[:, 0])

    def matrices(self):
        kernel = self.part.array("kernel")
        kernel = kernel.reshape(-1, *kernel.shape[-2:])
        return _in_blocks(kernel, self.layer.groups)

    def resized(self, config, sizes):
        filters = sizes("kernel")[-1]
        groups = self.layer.groups
        left = groups * filters // self.layer.filters if groups > 1 else 1
        return {"filters": filters, "groups": left}


class TransposedConvolution(Linear):
    """A window for each input, laid over the outputs."""

    # Outputs see different parts of the window, so a constant becomes a pattern.
    uniform = False

    def couple(self, call, inputs, trace):
        axis = channel_axis(self.layer, call.inputs[0].shape)
        read = trace.read(inputs[0], axis, self.part)
        units = self.units(self.layer.filters, trace)
        rank = len(self.layer.kernel_size)
        trace.place(self.part, "kernel", rank + 1, read, "reads")
        trace.place(self.part, "kernel", rank, units, "makes")
        trace.place(self.part, "bias", 0, units, "carries")
        return [Channels(axis, units)]

    def matrices(self):
        kernel = self.part.array("kernel")
        return kernel.reshape(-1, *kernel.shape[-2:]).swapaxes(1, 2)

    def resized(self, config, sizes):
        return {"filters": sizes("kernel")[-2]}


class DepthwiseConvolution(Linear):
    """A window for each channel; an output leaves with the input it is made of."""

    @property
    def uniform(self):
        return self.layer.padding == "valid" or set(self.layer.kernel_size) == {1}

    def couple(self, call, inputs, trace):
        axis = channel_axis(self.layer, call.inputs[0].shape)
        read = trace.read(inputs[0], axis, self.part)
        if read is None:
            return []
        made = np.repeat(read, self.layer.depth_multiplier)
        rank = len(self.layer.kernel_size)
        trace.place(self.part, "kernel", rank, read, "carries")
        trace.place(self.part, "bias", 0, made, "carries")
        self.refuse_activation(made, trace)
        return [Channels(axis, made)]

    def constants(self, use, values, threshold):
        if values[0] is None or not use.outputs:
            return [None]
        kernel = self.part.array("kernel")
        window = kernel.reshape(-1, kernel.shape[-2] * kernel.shape[-1])
        given = np.repeat(values[0], self.layer.depth_multiplier)
        known = self.foldable(given)
        alive = (np.abs(window).max(0) > threshold) & ~known
        sums = np.where(known, given, 0) * window.sum(0) + self.biases()
        return self.activated(np.where(alive, np.nan, sums))

    def readings(self, use, values, threshold):
        return ()  # an output and its input are one channel

    def folded(self, use, values, gone):
        return {}


class SeparableConvolution(Linear):
    """A window for each channel, then a matrix."""

    @property
    def uniform(self):
        return self.layer.padding == "valid" or set(self.layer.kernel_size) == {1}

    def couple(self, call, inputs, trace):
        axis = channel_axis(self.layer, call.inputs[0].shape)
        read = trace.read(inputs[0], axis, self.part)
        units = self.units(self.layer.filters, trace)
        rank = len(self.layer.kernel_size)
        if read is None:
            read = np.full(call.inputs[0].shape[axis], FIXED)
        deep = np.repeat(read, self.layer.depth_multiplier)
        trace.place(self.part, "depthwise_kernel", rank, read, "carries")
        trace.place(self.part, "pointwise_kernel", rank, deep, "reads")
        trace.place(self.part, "pointwise_kernel", rank + 1, units, "makes")
        trace.place(self.part, "bias", 0, units, "carries")
        return [Channels(axis, units)]

    def matrices(self):
        depthwise = self.part.array("depthwise_kernel")
        depthwise = depthwise.reshape(-1, *depthwise.shape[-2:])
        pointwise = self.part.array("pointwise_kernel")
        pointwise = pointwise.reshape(*depthwise.shape[1:], -1)
        return np.einsum("pcm,cmo->pco", depthwise, pointwise)

    def resized(self, config, sizes):
        return {"filters": sizes("pointwise_kernel")[-1]}


def _in_blocks(kernel, groups):
    """(positions, inputs of a group, outputs) as (positions, inputs, outputs)."""
    if groups == 1:
        return kernel
    positions, read, made = kernel.shape
    blocks = np.zeros((positions, groups, read, groups, made // groups), kernel.dtype)
    parts = kernel.reshape(positions, read, groups, -1)
    for group in range(groups):
        blocks[:, group, :, group] = parts[:, :, group]
    return blocks.reshape(positions, groups * read, made)


RULES = {
    keras.layers.Conv1D: Convolution,
    keras.layers.Conv2D: Convolution,
    keras.layers.Conv3D: Convolution,
    keras.layers.Conv1DTranspose: TransposedConvolution,
    keras.layers.Conv2DTranspose: TransposedConvolution,
    keras.layers.Conv3DTranspose: TransposedConvolution,
    keras.layers.DepthwiseConv1D: DepthwiseConvolution,
    keras.layers.DepthwiseConv2D: DepthwiseConvolution,
    keras.layers.SeparableConv1D: SeparableConvolution,
    keras.layers.SeparableConv2D: SeparableConvolution,
}
