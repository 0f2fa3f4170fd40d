"""What must hold for every model that is shrunk."""

import keras
import numpy as np

from tfcompress.surgery.groups import coupled_groups
from tfcompress.surgery.shrink import shrink

LAYERS = keras.layers


def chain(shape, *layers):
    """Returns the functional model of `layers` one after another, then a `Dense`."""
    inputs = x = keras.Input(shape)
    for layer in layers:
        x = layer(x)
    return ended(inputs, x)


def ended(inputs, x):
    x = LAYERS.Flatten()(x) if len(x.shape) > 2 else x
    return keras.Model(inputs, LAYERS.Dense(3, name="end")(x))


def randomized(model, rng, biases=True):
    """Biases and statistics too: behind zeros and ones mistakes could hide."""
    for variable in model.weights:
        value = rng.normal(size=variable.shape, scale=0.4)
        if "variance" in variable.path:
            value = rng.uniform(0.5, 1.5, variable.shape)
        elif "bias" in variable.path and not biases:
            value = np.zeros(variable.shape)
        if "seed" not in variable.path:
            variable.assign(value)
    return model


def batch(model, rng):
    return [
        rng.integers(1, 9, (2, *tensor.shape[1:]))
        if "int" in tensor.dtype
        else rng.normal(size=(2, *tensor.shape[1:])).astype("float32")
        for tensor in model.inputs
    ]


def outputs(model, inputs):
    made = model(inputs[0] if len(inputs) == 1 else inputs)
    return [keras.ops.convert_to_numpy(one) for one in keras.tree.flatten(made)]


def assert_equal_outputs(model, small, inputs):
    for a, b in zip(outputs(model, inputs), outputs(small, inputs), strict=True):
        np.testing.assert_allclose(b, a, atol=1e-5 * max(1, np.abs(a).max()))


def halves(model, rng):
    """Yields the free groups, and which half of their channels is chosen."""
    for group in coupled_groups(model):
        if group.is_free:
            stays = np.zeros(group.size, bool)
            stays[rng.permutation(group.size)[: (group.size + 1) // 2]] = True
            yield group, stays


def silence(group, stays, *roles):
    """Sets the weights of the channels that do not stay to zero, in some roles."""
    for member in group.members:
        if member.role in roles:
            values = np.moveaxis(member.values().copy(), member.axis, 0)
            values[(member.channels >= 0) & ~stays[member.channels]] = 0
            member.variable.assign(np.moveaxis(values, 0, member.axis))


def assert_chosen_units_stay(model, rng):
    """The cut model computes what the model does whose other units are not read."""
    inputs = batch(model, rng)
    weights, whole = model.get_weights(), outputs(model, inputs)
    keep = {}
    for group, stays in halves(model, rng):
        keep[group.name] = np.flatnonzero(stays[group.units[group.name]])
        silence(group, stays, "reads")
        if group.name.endswith("/key_dim"):  # made twice, read by each other
            silence(group, stays, "makes", "carries")
    assert keep
    masked = model.get_weights()
    expected = outputs(model, inputs)
    unread = shrink(model)
    model.set_weights(weights)

    small = shrink(model, keep=keep)

    model.set_weights(masked)
    assert_equal_outputs(model, small, inputs)
    assert_equal_outputs(model, unread, inputs)  # found without being told
    changes = [np.abs(a - b).max() for a, b in zip(whole, expected, strict=True)]
    assert max(changes) > 1e-3
    assert sizes(unread) == sizes(small)
    assert small.count_params() < model.count_params()
    return small


def assert_dead_units_leave(model, rng, stay=()):
    """Units without incoming weights leave all groups but those in `stay`."""
    expected = sizes(model)
    for group, stays in halves(model, rng):
        silence(group, stays, "makes")
        if group.name not in stay:
            expected[group.name] = int(stays.sum())
    inputs = batch(model, rng)

    small = shrink(model)

    assert_equal_outputs(model, small, inputs)
    assert sizes(small) == expected
    return small


def sizes(model):
    return {group.name: group.size for group in coupled_groups(model)}


def assert_saves(model, path, rng):
    inputs = batch(model, rng)
    model.save(path)
    loaded = keras.models.load_model(path)
    for a, b in zip(outputs(model, inputs), outputs(loaded, inputs), strict=True):
        np.testing.assert_array_equal(a, b)
