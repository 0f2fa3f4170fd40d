"""Early-bird tickets of a conv net, beside the full net and pruning after training."""

import time

import keras
import numpy as np

import tfcompress as tfc

DESCRIPTION = (
    "Early-bird tickets: conv net 16-16-32-32 with batch normalization, 20,000 images "
    "of Fashion-MNIST, 30 epochs, batch 128, SGD 0.05 (x0.1 after half and three "
    "quarters), momentum 0.9, L1 of 1e-4 on the scales; masks alike within 0.1 over 5 "
    "epochs. Pruned late: the scales of the trained full net, and 10 epochs more at the "
    "last rate. Times of the same process, full net included; MACs of training in all, "
    "relative to the full net"
)
SPARSITIES = (0.3, 0.5, 0.7)
BATCH = 128


def measure(fast: bool = False, seed: int = 0) -> dict:
    size, epochs, more = (256, 6, 1) if fast else (20_000, 30, 10)
    sparsities = SPARSITIES[:1] if fast else SPARSITIES
    data = tfc.datasets.load("fashion_mnist")
    options = {
        "x": data.x_train[:size],
        "y": data.y_train[:size],
        "batch_size": BATCH,
        "epochs": epochs,
        "verbose": 0,
    }
    steps = -(-size // BATCH) * epochs
    full = _model(steps, seed)
    # One look at the masks for each sparsity, and one penalty for all.
    birds = [
        tfc.callbacks.EarlyBird(
            s, stop=False, penalty=1e-4 if s == SPARSITIES[0] else 0
        )
        for s in sparsities
    ]
    begin = time.perf_counter()
    full.fit(callbacks=birds, **options)
    seconds = time.perf_counter() - begin
    macs = _macs(full)
    rows = {"full": _row(full, data, seconds, epochs * macs, seconds, epochs * macs)}
    draws = {}
    for sparsity, late in zip(sparsities, birds, strict=True):
        name = f"{sparsity:.0%}"
        bird = tfc.callbacks.EarlyBird(sparsity)
        training = tfc.train_early_bird(_model(steps, seed), bird, **options)
        drawn = bird.epoch or epochs
        cost = drawn * macs + (epochs - drawn) * _macs(training.model)
        spent = sum(training.seconds)
        rows[f"{name}, early bird"] = _row(
            training.model, data, spent, cost, seconds, epochs * macs
        )
        draws[name] = {
            "epoch of the draw": drawn,
            "distance to the mask of epoch 1": _last(late, 0),
            "distance to the last mask": _last(late, drawn - 1),
        }
        late.ticket = late.masks[-1]
        small = tfc.shrink(full, keep=late.keep)
        begin = time.perf_counter()
        small.fit(**{**options, "epochs": more})
        spent = seconds + time.perf_counter() - begin
        cost = epochs * macs + more * _macs(small)
        rows[f"{name}, pruned late"] = _row(
            small, data, spent, cost, seconds, epochs * macs
        )
    return {"trained": rows, "masks of the full net": draws}


def _model(steps, seed):
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    parts = [keras.Input((28, 28, 1))]
    for width in (16, 16, 32, 32):
        convolution = layers.Conv2D(width, 3, padding="same", use_bias=False)
        parts += [convolution, layers.BatchNormalization(), layers.ReLU()]
        if len(parts) in (7, 14):
            parts.append(layers.MaxPooling2D())
    model = keras.Sequential(
        [*parts, layers.GlobalAveragePooling2D(), layers.Dense(10)]
    )
    rate = keras.optimizers.schedules.PiecewiseConstantDecay(
        [steps // 2, steps * 3 // 4], [0.05, 0.005, 0.0005]
    )
    model.compile(
        keras.optimizers.SGD(rate, momentum=0.9),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    return model


def _macs(model):
    return tfc.report(model).total.macs


def _row(model, data, seconds, macs, full_seconds, full_macs):
    classes = model.predict(data.x_test, 1000, verbose=0).argmax(-1)
    return {
        "test accuracy %": round(100 * float(np.mean(classes == data.y_test)), 2),
        "weights": model.count_params(),
        "MACs": _macs(model),
        "training MACs, relative": round(macs / full_macs, 3),
        "training seconds": round(seconds, 1),
        "seconds, relative": round(seconds / full_seconds, 3),
    }


def _last(bird, epoch):
    return round(bird.masks[-1].distance(bird.masks[epoch]), 3)
