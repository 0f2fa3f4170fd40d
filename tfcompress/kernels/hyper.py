"""A weight that a small network generates, which other layers share."""

import math

import keras
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.generator import Generator
from tfcompress.kernels.kernel import Kernel
from tfcompress.ops import generated_blocks


@keras.saving.register_keras_serializable(package="tfcompress")
class Hyper(Kernel):
    r"""A weight that a `Generator` makes from an embedding for each of its blocks.

    The weight is tiled with the generator's blocks, the last ones cut to fit. The layer
    stores the embeddings alone; the generator is stored once, for all the layers that
    share it. Give one generator to the kernels of one model; a kernel may be given to
    many layers, and each has embeddings of its own.

    From trained weights, the generator is fitted to those of all its layers.

    Not gained: time. The full weight is generated for each call, and a file that is
    exported holds it.

    Args:
        generator: A `Generator` whose blocks have as many axes as the weight.

    Example:

    >>> generator = tfc.kernels.Generator(block=(3, 3, 16, 16), embedding=8)
    >>> model = keras.Sequential([keras.Input((32, 32, 16))] + [
    ...     tfc.layers.CompressedConv2D(
    ...         32, 3, kernel=tfc.kernels.Hyper(generator=generator), use_bias=False
    ...     )
    ...     for _ in range(2)
    ... ])
    >>> model.count_params()  # (2 + 4) * 8, 16 * 72 and 9 * 144; Conv2D holds 13824
    2496

    References:
        - [Ha et al., 2016](https://arxiv.org/abs/1609.09106)
    """

    def __init__(self, *, generator, **kwargs):
        super().__init__(**kwargs)
        self.index = None
        # Of a copy: the configuration of the generator that it will find when built.
        wanted = generator if _is_config(generator) else None
        self.__dict__["_wanted"] = wanted
        if wanted is None:
            what = "a `tfcompress.kernels.Generator`"
            _checks.instance("generator", generator, Generator, what)
            self.generator = generator

    def build(self, shape, *, initializer=None, regularizer=None, constraint=None):
        self.refuse_constraint(constraint)
        self.shape = tuple(shape)
        if self._wanted is not None:
            self.generator = Generator.joined(self._wanted, self.index)
            self.__dict__["_wanted"] = None
        elif self.index is None:
            self.index = self.generator.reserve()
        block = self.generator.block
        if len(block) != len(self.shape):
            rule = f"have blocks of {len(self.shape)} axes for a weight of {self.shape}"
            raise _checks.error("generator", rule, block)
        if not self.generator.built:
            self.generator.build()
        self.tiles = generated_blocks.tiles(self.shape, block)
        self.embeddings = self.add_weight(
            name="embeddings",
            shape=(math.prod(self.tiles), self.generator.embedding),
            initializer=self._scaled(initializer),
            regularizer=regularizer,
        )

    def full(self, training=None):
        blocks = self.generator.blocks(ops.convert_to_tensor(self.embeddings))
        axes = len(self.tiles)
        weight = ops.reshape(blocks, (*self.tiles, *self.generator.block))
        order = [
            axis
            for pair in zip(range(axes), range(axes, 2 * axes), strict=True)
            for axis in pair
        ]
        sizes = zip(self.tiles, self.generator.block, strict=True)
        weight = ops.reshape(ops.transpose(weight, order), [n * b for n, b in sizes])
        weight = weight[tuple(slice(size) for size in self.shape)]
        return ops.cast(weight, self.compute_dtype)

    def start(self, array):
        self.generator.fit(self, array)

    @property
    def prunable(self):
        return []

    def get_config(self):
        generator = self.generator if self._wanted is None else self._wanted
        return {**super().get_config(), "generator": generator, "index": self.index}

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        generator, index = config.pop("generator"), config.pop("index", None)
        if isinstance(generator, Generator):
            # Another kernel beside this one: it has a place of its own.
            kernel = cls(generator=generator, **config)
            kernel.index = generator.reserve()
            return kernel
        if index is None:
            return cls(generator=Generator.renewed(generator), **config)
        kernel = cls(generator=generator, **config)
        kernel.index = index
        return kernel

    def _scaled(self, initializer):
        initializer = keras.initializers.get(initializer or "glorot_uniform")

        def draw(shape, dtype=None):
            meant = ops.std(initializer(self.shape, dtype=dtype))
            scale = meant / self.generator.spread
            return scale * keras.random.normal(shape, dtype=dtype)

        return draw


def _is_config(generator):
    return isinstance(generator, dict) and "key" in generator.get("config", ())
