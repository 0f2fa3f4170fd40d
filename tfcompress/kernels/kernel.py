"""What every kernel answers: how one weight tensor is stored and computed."""

import contextlib
import math

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.ops.observed_inputs import ObservedInputs


class Kernel(keras.layers.Layer):
    r"""The representation of one weight tensor $W$ of a layer.

    A kernel makes the variables that are stored (`build`) and computes the tensor
    from them (`full`). It is a `keras.layers.Layer` that is never called: so Keras
    tracks, trains and saves its variables as it does any others. A host layer
    (`tfcompress.layers.Compressed*`) asks it for what it needs.

    A new method overrides `build`, `full` and `get_config`; it may override `apply`
    and `macs` where working with the stored form is cheaper than with the tensor,
    `start` to begin with trained values and `start_on` with trained outputs, and
    `stored_bits` and `prunable` where the stored numbers are not plain weights. One
    whose weight is a whole number times a scale says so in `codes`; one that wants its
    inputs rounded does it in `prepare`.
    """

    # Whether `prepare` does anything; hosts refuse what they cannot carry out.
    prepares = False
    # Whether `apply` does more than multiply with the weight.
    only_applies = False
    # What to warn of where the inputs of the layer are those of the model.
    first_layer_warning = None
    # Whether a graph can compute its weight from fewer numbers, as `recomputed` asks.
    has_compact_form = False
    _zero = None

    def __init__(self, *, name=None, dtype=None, trainable=True):
        super().__init__(name=name, dtype=dtype, trainable=trainable)
        self.shape = None
        self.error = None
        self.output_error = None
        self.output_error_of_weights = None

    def build(self, shape, *, initializer=None, regularizer=None, constraint=None):
        """Makes the variables for a weight of `shape`, given Keras's own wishes.

        `initializer` speaks of the full weight; `regularizer` and `constraint` act
        on what is stored.
        """
        raise NotImplementedError

    def full(self, training=None):
        """Returns the weight, of `shape`, in the compute dtype."""
        raise NotImplementedError

    def apply(self, op, inputs, *, output_axis=None, training=None):
        """Returns `op(inputs, W)` for an `op` that is linear in `W`.

        `output_axis` is the axis of the result that runs along the last axis of
        `W`, where `op` takes a `W` of any last size; None where it does not.
        """
        return op(self.prepare(inputs, training), self.full(training))

    def prepare(self, inputs, training=None):
        """Returns the inputs that the weight is applied to: rounded ones, perhaps."""
        return inputs

    def codes(self):
        """Returns the weight at inference in few bits, as `Codes`, if it has that form.

        None where it has not: the exporter then takes it for real numbers.
        """

    def rows(self, indices, training=None):
        """Returns the rows `indices` of the weight, as an embedding looks them up."""
        return ops.take(self.full(training), indices, axis=0)

    def plan(self, array):
        """Returns the unbuilt kernel of this kind that suits a trained `array`."""
        return self.copy()

    def plan_on(self, array, inputs):
        """Returns what `plan` does, where the layer's `ObservedInputs` are known."""
        return self.plan(array)

    def encode(self, array, inputs=None):
        """Sets the variables to come near `array`; returns the relative error.

        The error is $\\lVert W - \\hat W \\rVert_F / \\lVert W \\rVert_F$, also kept
        as `error`. With `inputs`, the `ObservedInputs` of the layer, its outputs on
        them are what is come near to, where the kernel can (`start_on`); how near is
        kept as `output_error`, and how near the same kernel would come without
        `inputs` as `output_error_of_weights`.
        """
        array = _numbers(array)
        if inputs is not None:
            what = "the `ObservedInputs` of the layer"
            _checks.instance("inputs", inputs, ObservedInputs, what)
        if array.shape != self.shape:
            rule = f"have the kernel's shape {self.shape}"
            raise _checks.error("array.shape", rule, array.shape)
        if not np.isfinite(array).all():
            bad = int(np.size(array) - np.isfinite(array).sum())
            rule = "hold finite numbers only"
            raise _checks.error("array", rule, f"{bad} of {array.size} not finite")
        self.start(array)
        if inputs is not None:
            matrix = array.reshape(inputs.features, -1)
            started = self._full_array().reshape(matrix.shape)
            self.output_error_of_weights = inputs.output_error(matrix, started)
            self.start_on(array, inputs)
            started = self._full_array().reshape(matrix.shape)
            self.output_error = inputs.output_error(matrix, started)
        return self.measure(array)

    def measure(self, array):
        """Returns how far the weight is from `array`, and keeps it as `error`."""
        norm = np.linalg.norm(array)
        missed = np.linalg.norm(self._full_array() - array)
        self.error = float(missed / norm) if norm else 0.0
        return self.error

    def start(self, array):
        """Sets the variables to the best starting point for a finite `array`."""
        raise NotImplementedError

    def start_on(self, array, inputs):
        """Improves on `start` for the layer's outputs on `inputs`, where it can."""

    def stored_bits(self) -> int:
        """Returns the bits that this representation needs, seeds not counted."""
        return sum(
            math.prod(v.shape) * 8 * np.dtype(_storage(v.dtype)).itemsize
            for v in self.variables
        )

    def macs(self) -> int:
        """Returns the multiply-adds of one application of the weight."""
        return math.prod(self.shape)

    def _full_array(self):
        return ops.convert_to_numpy(ops.cast(self.full(), "float32"))

    @property
    def prunable(self):
        """The variables that pruning may set to zero with some meaning."""
        return list(self.trainable_variables)

    @contextlib.contextmanager
    def recomputed(self, zero=0):
        """Tables that follow from a seed are computed in the graph, for a trace.

        `zero` is an integer 0, or a tensor that is 0 in a way that no converter can
        see through: then nothing folds the computation into a constant. A kernel that
        looks its weight up adds `_zero` to the indices, unless it is None.
        """
        self._zero = zero
        try:
            yield
        finally:
            self._zero = None

    @contextlib.contextmanager
    def exported(self):
        """Operations that a TFLite file does not have are avoided, for a trace."""
        yield

    def copy(self):
        """Returns an unbuilt kernel of the same kind and options."""
        return type(self).from_config(self.get_config())

    def get_build_config(self):
        return None  # the host builds its kernels; Keras must not do it at load

    def refuse_constraint(self, constraint):
        """Raises unless `constraint` is None: no one variable is the weight."""
        if constraint is not None:
            rule = f"be None with a {type(self).__name__} kernel"
            remedy = "No stored variable is the weight itself, so it cannot hold."
            raise _checks.error(
                f"{self.name}_constraint", rule, constraint, remedy=remedy
            )

    def initial_values(self, initializer, count):
        """Returns an initializer of the first `count` values of the full weight.

        What is stored then has the scale that Keras meant for the weight.
        """
        initializer = keras.initializers.get(initializer or "glorot_uniform")

        def first(shape, dtype=None):
            values = ops.reshape(initializer(self.shape, dtype=dtype), (-1,))
            return ops.reshape(values[:count], shape)

        return first


def _numbers(array):
    try:
        found = np.asarray(array)
    except ValueError:  # rows of different lengths
        found = np.empty(0, object)
    if found.dtype.kind in "OSUMmc":
        raise _checks.error("array", "be an array of numbers", array)
    return found.astype("float32", copy=False)


def _storage(dtype):
    return "uint16" if dtype == "bfloat16" else dtype
