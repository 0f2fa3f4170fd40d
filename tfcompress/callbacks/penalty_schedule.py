"""The strength of penalties, raised or lowered while `fit` trains."""

import keras
from keras import ops

from tfcompress import _checks
from tfcompress.schedules.position import check_position, to_step


class PenaltySchedule(keras.callbacks.Callback):
    r"""Moves the strength of penalties from one value to another during `fit`.

    $$ \lambda_t = \lambda_0 + (\lambda_1 - \lambda_0)
       \left(\frac{t - t_0}{t_1 - t_0}\right)^{power} $$

    between `begin` $t_0$ and `end` $t_1$; `initial` before, `final` after. A network
    that has learnt something before it is pressed loses what it does not need; one that
    is pressed from the first step may lose all. It works on whatever has the
    `attribute`: regularizers, constraints and kernels, of this package or your own. For
    the length of `fit` a number there is a variable, which the compiled step reads;
    then it is a number again, the last.

    The values are absolute, not factors: a run that is continued with `initial_epoch`
    goes on where it was. A model saved during `fit` has the strengths of that moment.

    Args:
        final: Float, `final >= 0`, the strength at `end`.
        initial: Float, `initial >= 0`, the strength up to `begin`.
        begin: Position where the way begins: a step (`500`), epochs (`"3 epochs"`) or a
            share of the run (`"10%"`).
        end: Position where `final` is reached, not before `begin`.
        power: Float above 0; 1 is a straight line.
        attribute: String, the name of the strength: `"incoming"` and `"outgoing"` of
            `DropNeuron`, `"l1"` of `SparseGroupLasso` and of Keras's `L1`.
        penalties: The object that has it, or a list of objects. None for all that are
            in the model's layers. What comes from a loaded model is found there:
            `model.get_layer("a").kernel_regularizer`.

    Raises:
        ValueError: If an argument is not as above. In `fit`: if nothing in the model,
            or not each of `penalties`, has the attribute, or a position lies beyond the
            end of the run.

    Example:

    >>> penalty = tfc.regularizers.GroupLasso()
    >>> layer = keras.layers.Dense(2, kernel_regularizer=penalty)
    >>> model = keras.Sequential([keras.Input((3,)), layer])
    >>> model.compile("sgd", "mse")
    >>> ramp = tfc.callbacks.PenaltySchedule(0.5, end="50%")
    >>> x, y = np.ones((8, 3)), np.ones((8, 2))
    >>> history = model.fit(x, y, epochs=4, batch_size=2, verbose=0, callbacks=[ramp])
    >>> history.history["strength"]
    [0.25, 0.5, 0.5, 0.5]
    """

    def __init__(
        self,
        final,
        *,
        initial=0.0,
        begin=0,
        end="70%",
        power=1.0,
        attribute="strength",
        penalties=None,
    ):
        super().__init__()
        self.final = _checks.number("final", final, low=0)
        self.initial = _checks.number("initial", initial, low=0)
        self.begin = check_position("begin", begin)
        self.end = check_position("end", end)
        self.power = _checks.number("power", power, low=0, open_low=True)
        self.attribute = _checks.instance("attribute", attribute, str, "a name")
        if not attribute.isidentifier():
            raise _checks.error("attribute", "be the name of an attribute", attribute)
        if penalties is not None and not isinstance(penalties, (list, tuple)):
            penalties = [penalties]
        if penalties is not None and not penalties:
            raise _checks.error("penalties", "be one or more, or None", penalties)
        for owner in penalties or ():
            self._check(owner)
        self.penalties = penalties
        self._held = []

    def strength(self, step: int) -> float:
        """Returns the strength at `step` of the run that `fit` has begun."""
        if step < self._begin:
            return self.initial
        if step >= self._end:
            return self.final
        progress = (step - self._begin) / (self._end - self._begin)
        return self.initial + (self.final - self.initial) * progress**self.power

    def on_train_begin(self, logs=None):
        self._release()  # an earlier fit may have ended in an exception
        if keras.backend.backend() == "jax":
            # JAX freezes a variable that the model does not own into the step.
            raise RuntimeError("A schedule needs Keras's TensorFlow or torch backend.")
        self._steps = self.params["steps"]
        if not self._steps:
            remedy = "Give `fit` the argument, or data of known length."
            rule = "be known, for a schedule has a beginning and an end"
            raise _checks.error("steps_per_epoch", rule, self._steps, remedy=remedy)
        epochs = self.params["epochs"]
        self._begin = to_step("begin", self.begin, self._steps, epochs)
        self._end = to_step("end", self.end, self._steps, epochs)
        if not self._begin <= self._end <= self._steps * epochs:
            rule = f"lie between `begin`, {self.begin!r}, and the end of the run"
            raise _checks.error("end", rule, self.end)
        self._value = None
        self._held = [_Strength(owner, self.attribute) for owner in self._owners()]
        # A train function of an earlier fit would hold the number.
        self.model.make_train_function(force=True)

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch_start = epoch * self._steps

    def on_train_batch_begin(self, batch, logs=None):
        self._advance(self._epoch_start + batch)

    def on_epoch_end(self, epoch, logs=None):
        self._advance(self._epoch_start + self._steps)
        if logs is not None:
            logs[self.attribute] = self._value

    def on_train_end(self, logs=None):
        self._release()

    def _advance(self, step):
        value = self.strength(step)
        if value != self._value:
            self._value = value
            for strength in self._held:
                strength.variable.assign(value)

    def _owners(self):
        if self.penalties is None:
            owners = [o for o in _parts(self.model) if _has(o, self.attribute)]
            if not owners:
                rule = "name what some regularizer, constraint or kernel has"
                raise _checks.error("attribute", rule, self.attribute)
            return owners
        for owner in self.penalties:
            self._check(owner)
        return list({id(owner): owner for owner in self.penalties}.values())

    def _check(self, owner):
        if not _has(owner, self.attribute):
            rule = f"have a number `{self.attribute}`, each of them"
            raise _checks.error("penalties", rule, owner)

    def _release(self):
        for strength in self._held:
            strength.release()
        if self._held:
            self.model.make_train_function(force=True)
        self._held = []


class _Strength:
    """A number of an object, as a variable until it is released."""

    def __init__(self, owner, name):
        self.owner, self.name = owner, name
        value = getattr(owner, name)
        self.own = isinstance(value, keras.Variable)
        if not self.own and isinstance(owner, keras.layers.Layer):
            rule = f"be a variable of the layer {owner.name!r}, made with `add_weight`"
            raise _checks.error(name, rule, value)
        self.variable = value
        if not self.own:
            self.variable = keras.Variable(value, dtype="float32", trainable=False)
            setattr(owner, name, self.variable)

    def release(self):
        if not self.own:
            value = float(ops.convert_to_numpy(self.variable))
            setattr(self.owner, self.name, value)


def _has(owner, attribute):
    value = getattr(owner, attribute, None)
    return isinstance(value, (int, float, keras.Variable))


def _parts(root):
    """Returns the layers, regularizers and constraints in `root`, each once."""
    found, new = {}, [root]
    while new:
        part = new.pop()
        if id(part) not in found:
            found[id(part)] = part
            inside = part.layers if isinstance(part, keras.Model) else vars(part)
            new += _members(inside)
    return list(found.values())


def _members(value):
    if isinstance(value, _PARTS):
        yield value
    elif isinstance(value, keras.Variable):
        # Where a callback or a user has put them, and not the layer.
        yield from _members([value.regularizer, value.constraint])
    elif isinstance(value, (list, tuple, set, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _members(item)


_PARTS = (
    keras.layers.Layer,
    keras.regularizers.Regularizer,
    keras.constraints.Constraint,
)
