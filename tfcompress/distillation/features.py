"""Features of a student's layers held against those of its teacher's."""

import keras
from keras import ops

from tfcompress import _checks
from tfcompress.distillation.tap import Tap
from tfcompress.graph_config import graph_config


class Features:
    """Layers of a student, each beside a layer of its teacher.

    Where the loss needs equal widths and the student's layer has another than the
    teacher's, a linear map between them, an adapter, is trained along: by an optimizer
    of its own, configured as the student's, for it belongs to neither model and is
    saved with neither.

    Args:
        student: A built Sequential or Functional model.
        teacher: Another.
        pairs: A mapping from names of the student's layers to names of the teacher's.
        loss: A `keras.losses.Loss`. If it has an attribute `takes_any_width` that is
            true, widths may differ.

    Raises:
        ValueError: If a layer is not found, has several outputs or is called several
            times, or its shape differs from its partner's in more than width.
    """

    def __init__(self, student, teacher, pairs, loss):
        self.loss = loss
        self._pairs = [
            _Pair(_layer(student, mine, "student"), _layer(teacher, theirs, "teacher"))
            for mine, theirs in pairs.items()
        ]
        if not getattr(loss, "takes_any_width", False):
            for pair in self._pairs:
                pair.adapt()
        self.adapters = [pair.adapter for pair in self._pairs if pair.adapter]
        if self.adapters:
            _refuse_where_no_adapter_trains(student)
            self._optimizer = _like(student.optimizer)
            self._optimizer.build(self._weights)

    @property
    def _weights(self):
        return [weight for one in self.adapters for weight in one.trainable_weights]

    def open(self):
        """Begins to read what the layers give."""
        for pair in self._pairs:
            pair.student.open()
            pair.teacher.open()

    def close(self):
        """Leaves the layers as they were."""
        for pair in self._pairs:
            pair.student.close()
            pair.teacher.close()

    def __call__(self, sample_weight):
        """Returns the mean loss over the pairs, of the batch that both have just seen.

        Positions that either side masks count as equal. The adapters take a step.
        """
        pairs = [(*pair.outputs(), pair.adapter) for pair in self._pairs]
        loss = self._mean(pairs, sample_weight)
        if self.adapters:
            self._train(
                [(u, ops.stop_gradient(h), a) for u, h, a in pairs], sample_weight
            )
        return loss

    def _mean(self, pairs, sample_weight):
        losses = [
            self.loss(theirs, adapter(mine) if adapter else mine, sample_weight)
            for theirs, mine, adapter in pairs
        ]
        return sum(losses) / len(losses)

    def _train(self, pairs, sample_weight):
        import tensorflow as tf  # the step of the student knows only its own weights

        with tf.GradientTape() as tape:
            loss = self._mean(pairs, sample_weight)
        gradients = tape.gradient(loss, [weight.value for weight in self._weights])
        self._optimizer.apply(gradients, self._weights)


class _Pair:
    def __init__(self, student, teacher):
        self.student, self.teacher = Tap(student), Tap(teacher)
        self.adapter = None

    def outputs(self):
        """What the teacher's layer gave and the student's, zeros where one is masked.

        A loss of features is one of examples, and Keras would spread it over the
        positions of the mask that it finds at the student's side.
        """
        theirs, mine = ops.stop_gradient(self.teacher.output), self.student.output
        for tap in (self.teacher, self.student):
            mask = getattr(tap.output, "_keras_mask", None)
            if mask is not None:
                theirs, mine = (_hidden(side, mask) for side in (theirs, mine))
        return theirs, mine

    def adapt(self):
        mine, theirs = (
            tuple(tap.layer.output.shape) for tap in (self.student, self.teacher)
        )
        if mine[:-1] != theirs[:-1]:
            raise _checks.error(
                "features",
                f"pair layers that differ in width alone: {self.student.layer.name!r} "
                f"gives {mine}, {self.teacher.layer.name!r} of the teacher {theirs}",
                {self.student.layer.name: self.teacher.layer.name},
            )
        if mine[-1] == theirs[-1]:
            return
        self.adapter = keras.layers.Dense(theirs[-1], use_bias=False, dtype="float32")
        self.adapter.build(mine)


def _hidden(features, mask):
    mask = ops.reshape(mask, (*ops.shape(mask), *[1] * (features.ndim - mask.ndim)))
    return ops.where(mask, features, ops.zeros_like(features))


def _layer(model, name, side):
    layers = {layer.name: layer for layer in getattr(model, "layers", ())}
    if name not in layers:
        rule = f"name layers; the {side} has {sorted(layers)}"
        raise _checks.error("features", rule, name)
    if not getattr(model, "outputs", None) or _calls(model, name) != 1:
        rule = f"name layers of a Functional or Sequential {side} that are called once"
        raise _checks.error("features", rule, name)
    output = layers[name].output
    if not keras.tree.is_nested(output):
        return layers[name]
    raise _checks.error("features", "name layers with a single output", name)


def _refuse_where_no_adapter_trains(student):
    # Two optimizers in one step would exchange gradients in each other's place.
    tensorflow = keras.backend.backend() == "tensorflow"
    if tensorflow and student.distribute_strategy.num_replicas_in_sync == 1:
        return
    raise RuntimeError(
        "Adapters between layers of other widths need Keras's TensorFlow backend and "
        "one replica. Take a loss that compares any widths, such as "
        "`tfcompress.losses.RelationalDistance`."
    )


def _calls(model, name):
    """How often a layer is called in a model."""
    if isinstance(model, keras.Sequential):
        return 1
    entries = {entry["name"]: entry for entry in graph_config(model)["layers"]}
    return len(entries[name]["inbound_nodes"])


def _like(optimizer):
    """Returns a new optimizer with the configuration of `optimizer`."""
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        optimizer = optimizer.inner_optimizer  # the adapters are in float32
    return type(optimizer).from_config(optimizer.get_config())
