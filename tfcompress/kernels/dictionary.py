"""A weight whose columns are learned mixtures of fixed atoms."""

import math

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.dictionaries.rule import DataRule, Rule
from tfcompress.kernels.kernel import Kernel
from tfcompress.ops import low_rank


@keras.saving.register_keras_serializable(package="tfcompress")
class Dictionary(Kernel):
    r"""A weight $W = U V$ of which $U$ is a fixed dictionary and only $V$ is learned.

    $W$ is read as a matrix of its last axis ($n$) against all others ($m$). $U$ has
    `atoms` columns, and follows from a rule (`tfcompress.dictionaries`): it is neither
    trained nor stored nor counted, so the layer stores `atoms * n` numbers. A
    dictionary that was made from data (`Covariance`, `KMeans`, `Autoencoder`) cannot be
    rebuilt: it is saved with the layer and counted, `m * atoms` numbers more.

    With several dictionaries the outputs are dealt out to them in equal parts, each
    with atoms of its own. The product is computed as $(x U) V$ where the host's
    operation allows it (`Dense` and ungrouped `Conv`: yes).

    From a trained weight $V$ starts at the least-squares solution; from a trained layer
    and its inputs, at that for the outputs.

    Not gained: multiplications, by more than low rank of the same size; and the bytes
    of $U$ in an exported file, which holds it unless it is `compact`.

    Args:
        atoms: Integer, atoms of each dictionary, fewer than $m$.
        ratio: In its place: stored over full weights, `atoms / m`, data aside.
        dictionary: A rule of `tfcompress.dictionaries`, or a list of rules.
        must_pay: If False, as much as $W$ may be stored.

    Raises:
        ValueError: If the number of atoms does not pay, if the outputs cannot be
            dealt out evenly, or if a dictionary needs data and got none.

    Example:

    >>> rule = tfc.dictionaries.Gaussian(grid=(28, 28), scale=2.0, seed=1)
    >>> kernel = tfc.kernels.Dictionary(atoms=64, dictionary=rule)
    >>> kernel.build((784, 500))
    >>> kernel.stored_bits() / 32  # 64 * 500, where the weight holds 392000
    32000.0

    References:
        - [Denil et al., 2013](https://arxiv.org/abs/1306.0543)
    """

    has_compact_form = True

    def __init__(self, *, dictionary, atoms=None, ratio=None, must_pay=True, **kwargs):
        super().__init__(**kwargs)
        if (atoms is None) == (ratio is None):
            rule = "be given, or else `ratio`, and not both"
            raise _checks.error("atoms", rule, atoms, remedy=f"`ratio` is {ratio}.")
        self.atoms = None if atoms is None else _checks.integer("atoms", atoms)
        self.ratio = None if ratio is None else _checks.ratio("ratio", ratio)
        self.must_pay = _checks.boolean("must_pay", must_pay)
        several = isinstance(dictionary, (list, tuple))
        self._rules = tuple(dictionary) if several else (dictionary,)
        what = "a rule of `tfcompress.dictionaries`, or a list of them"
        for rule in self._rules or (None,):
            _checks.instance("dictionary", rule, (Rule, DataRule), what)

    def build(self, shape, *, initializer=None, regularizer=None, constraint=None):
        self.refuse_constraint(constraint)
        self.shape = tuple(shape)
        self.count = self._choose_count(math.prod(self.shape[:-1]), self.shape[-1])
        parts = [rule.atoms(self.shape[:-1], self.count) for rule in self._rules]
        computed = np.concatenate(parts, axis=1)
        self._atoms = computed
        if self._learned:
            self._atoms = self.add_weight(
                name="atoms", shape=computed.shape, initializer="zeros", trainable=False
            )
            self._atoms.assign(computed)
        # Of this variance, the product with the atoms has the variance meant for W.
        spread = math.sqrt(np.square(computed).sum() / (len(parts) * len(computed)))
        self.value = self.add_weight(
            name="value",
            shape=(self.count, self.shape[-1]),
            initializer=self._scaled(initializer, spread),
            regularizer=regularizer,
        )

    def full(self, training=None):
        rows = self._mix(self._dictionary(), self.value)
        return ops.cast(ops.reshape(rows, self.shape), self.compute_dtype)

    def apply(self, op, inputs, *, output_axis=None, training=None):
        if output_axis is None:
            return super().apply(op, inputs, training=training)
        shape = (*self.shape[:-1], len(self._rules) * self.count)
        atoms = ops.cast(ops.reshape(self._dictionary(), shape), self.compute_dtype)
        inner = ops.moveaxis(op(inputs, atoms), output_axis, -1)
        value = ops.cast(self.value, self.compute_dtype)
        return ops.moveaxis(self._mix(inner, value), -1, output_axis)

    def rows(self, indices, training=None):
        if len(self.shape) > 2:
            return super().rows(indices, training)
        atoms = ops.take(ops.convert_to_tensor(self._dictionary()), indices, axis=0)
        return ops.cast(self._mix(atoms, self.value), self.compute_dtype)

    def plan_on(self, array, inputs):
        rules = [
            rule.given(inputs) if isinstance(rule, DataRule) else rule
            for rule in self._rules
        ]
        return type(self).from_config({**self.get_config(), "dictionary": rules})

    def start(self, array):
        atoms, columns = self._parts(array)
        # Without the smallest directions: they would ask for a huge V, in float32.
        solved = [
            np.linalg.lstsq(a, c, rcond=1e-4)[0]
            for a, c in zip(atoms, columns, strict=True)
        ]
        self.value.assign(np.concatenate(solved, axis=1))

    def start_on(self, array, inputs):
        atoms, columns = self._parts(array)
        value = np.split(ops.convert_to_numpy(self.value), len(atoms), axis=1)
        improved = [
            low_rank.improve_right(c, a, v, inputs)
            for a, c, v in zip(atoms, columns, value, strict=True)
        ]
        self.value.assign(np.concatenate(improved, axis=1))

    def macs(self):
        m, n = math.prod(self.shape[:-1]), self.shape[-1]
        return self.count * (len(self._rules) * m + n)

    @property
    def prunable(self):
        return [self.value]

    def get_config(self):
        # The rules themselves: a copy then has the data of theirs, a file does not.
        one = len(self._rules) == 1
        return {
            **super().get_config(),
            "dictionary": self._rules[0] if one else list(self._rules),
            "atoms": self.atoms,
            "ratio": self.ratio,
            "must_pay": self.must_pay,
        }

    @classmethod
    def from_config(cls, config):
        rules = config["dictionary"]
        several = isinstance(rules, (list, tuple))
        rules = [_rule(r) for r in rules] if several else _rule(rules)
        return cls(**{**config, "dictionary": rules})

    @property
    def _learned(self):
        return any(isinstance(rule, DataRule) for rule in self._rules)

    def _dictionary(self):
        """Returns $U$ as a matrix, atoms of all rules side by side."""
        if self._zero is None or self._learned:
            return self._atoms
        shape = self.shape[:-1]
        rows = ops.arange(self._zero, math.prod(shape) + self._zero, dtype="int32")
        parts = np.split(self._atoms, len(self._rules), axis=1)
        return ops.concatenate(
            [
                rule.entries(rows, shape, self.count, ops)
                if rule.computable_in_graph
                else part
                for rule, part in zip(self._rules, parts, strict=True)
            ],
            axis=-1,
        )

    def _mix(self, inner, value):
        """Returns $(x U) V$, where each part of $x U$ meets its own columns of $V$."""
        parts = len(self._rules)
        if parts == 1:
            return ops.matmul(inner, value)
        inner = ops.split(inner, parts, axis=-1)
        value = ops.split(value, parts, axis=-1)
        pairs = zip(inner, value, strict=True)
        return ops.concatenate([ops.matmul(i, v) for i, v in pairs], axis=-1)

    def _parts(self, array):
        matrix = array.reshape(-1, array.shape[-1]).astype("float64")
        atoms = ops.convert_to_numpy(self._atoms).astype("float64")
        parts = len(self._rules)
        return np.split(atoms, parts, axis=1), np.split(matrix, parts, axis=1)

    def _choose_count(self, m, n):
        parts = len(self._rules)
        if n % parts:
            rule = f"hold a number of rules that divides the {n} outputs"
            raise _checks.error("dictionary", rule, parts)
        count = self.atoms if self.ratio is None else int(self.ratio * m)
        if count < 1:
            rule = f"leave at least one atom for {m} rows"
            remedy = f"The least is {1 / m:.3g}."
            raise _checks.error("ratio", rule, self.ratio, remedy=remedy)
        highest = m - 1
        if self._learned:
            # a * (parts * m + n) numbers are stored, and they must be fewer than m * n.
            highest = min(highest, (m * n - 1) // (parts * m + n))
        if self.must_pay and count > highest:
            rule = f"store less than the {m} x {n} weight does"
            remedy = (
                f"The most atoms that pay are {highest}."
                if highest
                else "No dictionary pays here; leave this layer as it is."
            )
            raise _checks.error("atoms", rule, count, remedy=remedy)
        return count

    def _scaled(self, initializer, spread):
        initializer = keras.initializers.get(initializer or "glorot_uniform")

        def draw(shape, dtype=None):
            meant = ops.std(initializer(self.shape, dtype=dtype))
            return meant / (spread or 1.0) * keras.random.normal(shape, dtype=dtype)

        return draw


def _rule(config):
    if not isinstance(config, dict):
        return config
    return keras.saving.deserialize_keras_object(config)
