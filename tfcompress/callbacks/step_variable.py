"""Variables that a compiled training step reads anew, and may change."""

import keras


def step_variable(model, value, dtype, aggregation="sum"):
    """Returns a variable of its own, which belongs to no layer.

    JAX would freeze such a variable into the compiled step; the optimizer has to own
    it. There it stays after training: a model saved then has no more than its weights
    to load. Each replica of a strategy adds what it has to add, unless
    `aggregation` says otherwise.
    """
    options = {"dtype": dtype, "trainable": False, "aggregation": aggregation}
    if keras.backend.backend() != "jax":
        return keras.Variable(value, **options)
    optimizer = inner_optimizer(model)
    if not optimizer.built:
        model.optimizer.build(model.trainable_variables)
    variable = optimizer.add_variable(value.shape, dtype=dtype, name="pruning")
    variable.assign(value)
    return variable


def of_all_replicas(value):
    """Returns the sum of `value`, a tensor in a training step, over all replicas."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        replica = tf.distribute.get_replica_context()
        if replica is not None and replica.num_replicas_in_sync > 1:
            return replica.all_reduce(tf.distribute.ReduceOp.SUM, value)
    return value


def inner_optimizer(model):
    """Returns the optimizer to which gradients come in their true size."""
    return getattr(model.optimizer, "inner_optimizer", model.optimizer)
