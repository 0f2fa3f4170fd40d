"""The small network that generates the weights of several layers."""

import random
import weakref

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.ops import generated_blocks


@keras.saving.register_keras_serializable(package="tfcompress")
class Generator(keras.layers.Layer):
    r"""A network that makes blocks of weights from embeddings: a static hypernetwork.

    With $z$ an embedding, for each input channel $i$ of a block

    $$ a_i = W_i z + b_i, \qquad K_i = W a_i + b $$

    and $K_i$ holds the weights from $i$ to all outputs of the block, over its window. Give
    it to `tfcompress.kernels.Hyper`; all the layers whose kernels have the same generator
    share its variables. They still do so when their model is saved and loaded, cloned
    or converted: each copy of the model has one generator, of its own.

    What tells copies apart is the order in which their layers are built, so build the
    layers of one copy before those of the next, as Keras does.

    Args:
        block: Shape of a block: `(rows, columns)` for matrices, `(height, width,
            inputs, outputs)` for 2-D convolutions. Weights are tiled with blocks.
        embedding: Integer, numbers in an embedding.
        hidden: Integer, numbers in an $a_i$; as `embedding` if None.
        key: Integer that names the generator among others; drawn if None.

    Example:

    >>> generator = tfc.kernels.Generator(block=(7, 7, 16, 16), embedding=4)
    >>> generator.build()
    >>> generator.count_params()  # 16 * (4 * 4 + 4) + (4 + 1) * 7 * 7 * 16
    4240

    References:
        - [Ha et al., 2016](https://arxiv.org/abs/1609.09106)
    """

    # Which generators there are, by key, and the newest copy of each: a layer that is
    # made from a configuration has nothing but the key to find its siblings by.
    _living = weakref.WeakValueDictionary()
    _copies = weakref.WeakValueDictionary()

    def __init__(self, *, block, embedding=4, hidden=None, key=None, **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})
        if not isinstance(block, (list, tuple)) or len(block) < 2:
            rule = "be the shape of a block of weights, of two or more axes"
            raise _checks.error("block", rule, block)
        self.block = tuple(_checks.integer("block", size) for size in block)
        self.embedding = _checks.integer("embedding", embedding)
        hidden = embedding if hidden is None else hidden
        self.hidden = _checks.integer("hidden", hidden)
        # Not by a seed: two that are made after the same one are two all the same.
        key = random.SystemRandom().randrange(2**62) if key is None else key
        self.key = _checks.integer("key", key, low=0)
        self.members = set()
        self.__dict__["_trained"] = []  # not a layer's to track
        type(self)._living.setdefault(self.key, self)

    def build(self, input_shape=None):
        *window, inputs, outputs = self.block
        spread = keras.initializers.RandomNormal
        self.spread = (2 / (int(np.prod(window)) * (inputs + outputs))) ** 0.5
        self.inner = self.add_weight(
            name="inner",
            shape=(inputs, self.embedding, self.hidden),
            initializer=spread(stddev=self.embedding**-0.5),
        )
        self.inner_bias = self.add_weight(
            name="inner_bias", shape=(inputs, self.hidden), initializer="zeros"
        )
        size = int(np.prod(window)) * outputs
        self.outer = self.add_weight(
            name="outer",
            shape=(self.hidden, size),
            initializer=spread(stddev=self.spread * self.hidden**-0.5),
        )
        self.outer_bias = self.add_weight(
            name="outer_bias", shape=(size,), initializer="zeros"
        )
        self.built = True

    def blocks(self, embeddings):
        """Returns a block for each row of `embeddings`, of shape `(n, *block)`."""
        *window, inputs, outputs = self.block
        count = embeddings.shape[0]
        # A product over the embedding for each input at once: (inputs, n, hidden).
        hidden = ops.matmul(ops.expand_dims(embeddings, 0), self.inner)
        hidden = ops.transpose(hidden, (1, 0, 2)) + self.inner_bias
        weights = ops.matmul(hidden, self.outer) + self.outer_bias
        weights = ops.reshape(weights, (count, inputs, *window, outputs))
        return ops.moveaxis(weights, 1, -2)

    def fit(self, kernel, array):
        """Fits the generator to the arrays of all kernels it was given until now."""
        self._trained.append((weakref.ref(kernel), array))
        living = [(ref(), a) for ref, a in self._trained if ref() is not None]
        parts = [generated_blocks.cut(array, self.block) for _, array in living]
        embeddings, fitted = generated_blocks.fit(
            np.concatenate(parts), self.embedding, self.hidden
        )
        for name, value in fitted.items():
            getattr(self, name).assign(value)
        ends = np.cumsum([len(part) for part in parts])[:-1]
        for (one, array), own in zip(living, np.split(embeddings, ends), strict=True):
            one.embeddings.assign(own)
            one.measure(array)

    def reserve(self):
        """Returns a number for one more kernel of this generator."""
        index = len(self.members)
        while index in self.members:
            index += 1
        self.members.add(index)
        return index

    @classmethod
    def joined(cls, config, index):
        """Returns the generator of `config` that kernel `index` of a copy belongs to.

        A model is copied layer by layer. The first of its kernels finds its place in
        every generator taken, and begins a new one; the others find theirs free there.
        """
        key = config["config"]["key"]
        for generator in (cls._copies.get(key), cls._living.get(key)):
            if generator is None or not generator._is_of(config):
                continue
            if index not in generator.members:
                break
        else:
            generator = cls.renewed(config)
        generator.members.add(index)
        return generator

    def _is_of(self, config):
        own = (self.block, self.embedding, self.hidden)
        names = ("block", "embedding", "hidden")
        block, *sizes = (config["config"][name] for name in names)
        return own == (tuple(block), *sizes)

    @classmethod
    def renewed(cls, config):
        """Returns a new generator of `config`; of another key if that is in use."""
        key = config["config"]["key"]
        if key not in cls._living:
            return keras.saving.deserialize_keras_object(config)
        fresh = {**config["config"], "key": None}
        generator = keras.saving.deserialize_keras_object({**config, "config": fresh})
        cls._copies[key] = generator
        return generator

    def get_build_config(self):
        return None  # its kernels build it; Keras must not do it at load

    def get_config(self):
        return {
            **super().get_config(),
            "block": self.block,
            "embedding": self.embedding,
            "hidden": self.hidden,
            "key": self.key,
        }
