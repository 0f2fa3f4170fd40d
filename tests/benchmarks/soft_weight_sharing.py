"""Soft weight-sharing of LeNet-300-100: weights that gather around learned values."""

import cells
import keras
from deep_compression import by_table, with_files
from lenets import compression, error, images, lenet_300_100, train

from tfcompress.callbacks.penalty_schedule import PenaltySchedule
from tfcompress.conversion.convert import convert
from tfcompress.conversion.fold import fold
from tfcompress.datasets.mnist import mnist
from tfcompress.kernels.soft_shared import SoftShared

EPOCHS = 20, 30
DESCRIPTION = (
    "Soft weight-sharing of LeNet-300-100 on MNIST: trained for 20 epochs, 30 more "
    "under a mixture of 17 normal distributions for each layer (strength from 6e-7 to "
    "1e-5, 98.5, 95 and 50 % zeros expected, chosen on 5,000 images held out; the paper "
    "has one mixture for all, and one strength), then snapped to their means; test error "
    "in percent of the last epoch, and of the files as they are read again; one seed"
)
PAPER = {
    "error in percent": {"trained": 1.89, "archive": 1.94},
    "archive": {"weights not zero, %": 4.3, "times smaller": 64},
}
# What is expected to be zero: of a small last layer less.
ZEROS = {"fc1": 0.985, "fc2": 0.95, "fc3": 0.5}
# It grows: what is pressed hard from the first step cannot choose its value any more,
# and what is never pressed hard is still between values when it is snapped.
STRENGTH = 6e-7, 1e-5


def measure(fast: bool = False, seed: int = 0) -> dict:
    data = images(mnist(), fast)
    rows = {f"seed {seed}": lambda: _run(data, fast, seed)}
    runs = cells.measured(
        "soft_weight_sharing", {"LeNet-300-100": rows}, fast=fast, seed=seed
    )["LeNet-300-100"]
    return by_table(runs, {"Ullrich et al.": PAPER})


def _run(data, fast, seed):
    keras.utils.set_random_seed(seed)
    training, test = data
    epochs = (1, 1) if fast else EPOCHS
    model = lenet_300_100(decay=1e-4)
    train(model, training, epochs=epochs[0])
    errors = {"trained": error(model, test)}
    # Without the decay: from here on the mixture is what holds the weights.
    plain = lenet_300_100()
    plain.set_weights(model.get_weights())
    kernels = {
        name: SoftShared(components=16, strength=STRENGTH[0], zeros=share)
        for name, share in ZEROS.items()
    }
    soft = convert(plain, kernels)
    ramp = PenaltySchedule(STRENGTH[1], initial=STRENGTH[0], end="80%")
    train(
        soft,
        training,
        epochs=epochs[1],
        batch=250,
        compiled=True,
        callbacks=[ramp],
    )
    errors["retrained"] = error(soft, test)
    for name in ZEROS:
        soft.get_layer(name).kernels["kernel"].snap()
    snapped = fold(soft)
    errors["snapped"] = error(snapped, test)
    tables = with_files(errors, snapped, test)
    share = round(100 / compression(snapped), 2)
    tables["archive"] = {"weights not zero, %": share, **tables["archive"]}
    return tables
