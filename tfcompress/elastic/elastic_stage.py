"""A stage of residual blocks that can be run smaller than it is."""

import dataclasses
import itertools

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.elastic.setting import Setting


@keras.saving.register_keras_serializable(package="tfcompress")
class ElasticStage(keras.layers.Layer):
    r"""Residual blocks of which depth, width and kernel size can be chosen later.

    Of the blocks i = 1 ... depth,

    $$ x \leftarrow x + V_i \, \mathrm{relu}(\mathrm{norm}(W_i * x)) + b_i $$

    with a convolution W from the C channels of the input to `width` channels, a
    normalization over these (`LayerNormalization`, which unlike batch statistics needs
    no recalibration in a smaller setting) and a 1 x 1 convolution V back to C. A
    smaller setting runs the first blocks, the first channels, and the middle of the
    kernels, each passed through a learned matrix that begins as the identity.

    All settings share one set of weights, so what is saved is the largest, and in
    training each step computes the largest and masks it. A sub-network is smaller and
    faster once it is taken, by `tfcompress.elastic.take`.

    Args:
        depths: The depths to choose from, positive integers.
        widths: The widths, positive integers.
        kernel_sizes: The kernel sizes, odd positive integers.

    Input shape:
        `(batch, height, width, channels)`, as is the output.

    Raises:
        ValueError: If a size is not positive, is there twice, or is an even kernel.

    Example:

    >>> stage = tfc.elastic.ElasticStage(depths=(1, 2), widths=(8, 16))
    >>> len(stage.settings), stage.setting
    (4, Setting(depth=2, width=16, kernel_size=3))

    References:
        - [Cai et al., 2019](https://arxiv.org/abs/1908.09791)
    """

    epsilon = 1e-3

    def __init__(self, depths=(1,), widths=(32,), kernel_sizes=(3,), **kwargs):
        super().__init__(**kwargs)
        self.depths = _sizes("depths", depths)
        self.widths = _sizes("widths", widths)
        self.kernel_sizes = _sizes("kernel_sizes", kernel_sizes, odd=True)

    @property
    def largest(self) -> Setting:
        """The setting that uses all there is."""
        return Setting(self.depths[0], self.widths[0], self.kernel_sizes[0])

    @property
    def settings(self) -> list[Setting]:
        """All settings, the largest first."""
        sizes = itertools.product(self.depths, self.widths, self.kernel_sizes)
        return [Setting(*each) for each in sizes]

    @property
    def setting(self) -> Setting:
        """The setting that is in use."""
        if not self.built:
            return self.largest
        depth, width, kernel_size = ops.convert_to_numpy(self.choice)
        return Setting(int(depth), int(width), int(kernel_size))

    def use(self, setting: Setting):
        """Runs as `setting` from now on, with no new compilation."""
        self._check(setting)
        self.choice.assign([setting.depth, setting.width, setting.kernel_size])

    def build(self, input_shape):
        if len(input_shape) != 4 or input_shape[-1] is None:
            rule = "be (batch, height, width, channels) with known channels"
            raise _checks.error("input_shape", rule, input_shape)
        self.choice = self.add_weight(
            name="choice",
            shape=(3,),
            dtype="int32",
            initializer=lambda shape, dtype: ops.convert_to_tensor(
                [self.depths[0], self.widths[0], self.kernel_sizes[0]], dtype
            ),
            trainable=False,
        )
        self._shape = tuple(input_shape)
        channels, width, size = input_shape[-1], self.widths[0], self.kernel_sizes[0]
        self.blocks = []
        for index in range(self.depths[0]):
            shapes = {
                "kernel": ((size, size, channels, width), "he_normal"),
                "gamma": ((width,), "ones"),
                "beta": ((width,), "zeros"),
                "back": ((1, 1, width, channels), "glorot_uniform"),
                "bias": ((channels,), "zeros"),
            }
            shapes |= {
                f"transform{small}": ((small**2, small**2), "identity")
                for small in self.kernel_sizes[1:]
            }
            self.blocks.append(
                {
                    name: self.add_weight(
                        name=f"{name}_{index}", shape=shape, initializer=initializer
                    )
                    for name, (shape, initializer) in shapes.items()
                }
            )

    def call(self, inputs):
        depth, width, size = (self.choice[i] for i in range(3))
        channels = ops.arange(self.widths[0], dtype="int32")
        mask = ops.cast(channels < width, "float32")
        for index, block in enumerate(self.blocks):
            outputs = inputs + self._block(inputs, block, mask, size)
            inputs = ops.where(index < depth, outputs, inputs)
        return inputs

    def _block(self, inputs, block, mask, size):
        kernel = sum(
            ops.cast(size == each, self.compute_dtype) * self._padded(block, each)
            for each in self.kernel_sizes
        )
        hidden = ops.conv(inputs, kernel, padding="same", data_format="channels_last")
        hidden = ops.cast(hidden, "float32")  # as LayerNormalization does
        count = ops.sum(mask)
        mean = ops.sum(hidden * mask, axis=-1, keepdims=True) / count
        centered = (hidden - mean) * mask
        variance = ops.sum(centered**2, axis=-1, keepdims=True) / count
        hidden = centered * ops.rsqrt(variance + self.epsilon)
        gamma, beta = (ops.cast(block[name], "float32") for name in ("gamma", "beta"))
        hidden = ops.relu(hidden * gamma + beta) * mask
        hidden = ops.cast(hidden, self.compute_dtype)
        back = ops.cast(block["back"], self.compute_dtype)
        outputs = ops.conv(hidden, back, padding="same", data_format="channels_last")
        return outputs + ops.cast(block["bias"], self.compute_dtype)

    def _padded(self, block, size):
        kernel = self._kernel(block, size)
        edge = (self.kernel_sizes[0] - size) // 2
        kernel = ops.pad(kernel, [[edge, edge], [edge, edge], [0, 0], [0, 0]])
        return ops.cast(kernel, self.compute_dtype)

    def _kernel(self, block, size):
        """The kernel of that size: the middle, through its matrix."""
        kernel = ops.convert_to_tensor(block["kernel"])
        if size == self.kernel_sizes[0]:
            return kernel
        edge = (self.kernel_sizes[0] - size) // 2
        middle = kernel[edge : edge + size, edge : edge + size]
        flat = ops.reshape(middle, (size**2, -1))
        flat = ops.matmul(ops.cast(block[f"transform{size}"], flat.dtype), flat)
        return ops.reshape(flat, middle.shape)

    def sort_channels(self):
        """Puts the channels with the largest weights first; the outputs stay.

        A smaller width then keeps the channels that matter most. What an optimizer
        remembers of each weight is not sorted: compile anew.
        """
        for block in self.blocks:
            kernel = ops.convert_to_numpy(block["kernel"])
            order = np.argsort(-np.abs(kernel).sum(axis=(0, 1, 2)), kind="stable")
            for name, axis in {"kernel": 3, "gamma": 0, "beta": 0, "back": 2}.items():
                values = ops.convert_to_numpy(block[name])
                block[name].assign(np.take(values, order, axis))

    def taken(self, setting: Setting) -> keras.Model:
        """Returns this stage in `setting` as a model of plain Keras layers."""
        self._check(setting)
        x = inputs = keras.Input(self._shape[1:])
        layers = keras.layers
        filled = []
        for block in self.blocks[: setting.depth]:
            size, policy = setting.kernel_size, self.dtype_policy
            options = {"padding": "same", "dtype": policy}
            parts = [
                layers.Conv2D(setting.width, size, use_bias=False, **options),
                layers.LayerNormalization(epsilon=self.epsilon, dtype=policy),
                layers.ReLU(dtype=policy),
                layers.Conv2D(inputs.shape[-1], 1, **options),
            ]
            outputs = x
            for part in parts:
                outputs = part(outputs)
            x = layers.Add(dtype=policy)([x, outputs])
            filled.append((block, parts))
        model = keras.Model(inputs, x, name=self.name)
        width = setting.width
        for block, (first, norm, _, last) in filled:
            kernel = self._kernel(block, setting.kernel_size)[..., :width]
            first.set_weights([ops.convert_to_numpy(kernel)])
            norm.set_weights([block["gamma"][:width], block["beta"][:width]])
            last.set_weights([block["back"][:, :, :width], block["bias"]])
        return model

    def parameters(self, setting: Setting) -> int:
        """Returns how many numbers the stage has when it is taken in `setting`."""
        self._check(setting)
        channels, width = self._shape[-1], setting.width
        block = width * (channels * setting.kernel_size**2 + 2 + channels) + channels
        return setting.depth * block

    def macs(self, setting: Setting) -> int:
        """Returns its multiply-accumulates for one example of known height and width."""
        self._check(setting)
        _, height, columns, channels = self._shape
        if None in (height, columns):
            rule = "have known height and width, for costs depend on them"
            raise _checks.error("input_shape", rule, self._shape)
        weights = channels * setting.width * (setting.kernel_size**2 + 1)
        return setting.depth * weights * height * columns

    def _check(self, setting):
        what = "a `tfcompress.elastic.Setting`"
        _checks.instance("setting", setting, Setting, what)
        sizes = (self.depths, self.widths, self.kernel_sizes)
        asked = dataclasses.astuple(setting)
        if not all(one in known for one, known in zip(asked, sizes, strict=True)):
            _checks.choice("setting", setting, self.settings)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "depths": self.depths,
            "widths": self.widths,
            "kernel_sizes": self.kernel_sizes,
        }


def _sizes(name, given, odd=False):
    """Returns the sizes, the largest first."""
    if not isinstance(given, (list, tuple)) or not given:
        raise _checks.error(name, "be one size or more, as a tuple", given)
    sizes = tuple(sorted((_checks.integer(name, size) for size in given), reverse=True))
    if len(set(sizes)) < len(sizes):
        raise _checks.error(name, "name each size once", given)
    if odd and any(size % 2 == 0 for size in sizes):
        raise _checks.error(name, "be odd, for a kernel is cut from the middle", given)
    return sizes
