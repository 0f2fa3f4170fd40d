"""Smaller and faster neural networks, in the habits that Keras users have."""

from tfcompress import (
    callbacks,
    constraints,
    conversion,
    datasets,
    dictionaries,
    distributions,
    elastic,
    export,
    feature_selection,
    interop,
    kernels,
    layers,
    losses,
    measurement,
    methods,
    patterns,
    recipes,
    regularizers,
    runtime,
    schedules,
    surgery,
    tickets,
    tuner,
)
from tfcompress.conversion import Recipe, convert, fold
from tfcompress.feature_selection import lassonet_path
from tfcompress.masks import Masks

# The functions, not the packages of these names: `tfc.report(model)`.
from tfcompress.measurement import report
from tfcompress.sensitivity import sensitivity
from tfcompress.surgery import net_trim, shrink
from tfcompress.tickets import find_ticket, train_early_bird
from tfcompress.tuner import tune

__version__ = "0.1.0"

__all__ = [
    "Masks",
    "Recipe",
    "callbacks",
    "constraints",
    "conversion",
    "convert",
    "datasets",
    "dictionaries",
    "distributions",
    "elastic",
    "export",
    "feature_selection",
    "find_ticket",
    "fold",
    "interop",
    "kernels",
    "lassonet_path",
    "layers",
    "losses",
    "measurement",
    "methods",
    "net_trim",
    "patterns",
    "recipes",
    "regularizers",
    "report",
    "runtime",
    "schedules",
    "sensitivity",
    "shrink",
    "surgery",
    "tickets",
    "train_early_bird",
    "tune",
    "tuner",
]
