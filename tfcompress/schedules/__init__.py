"""Schedules: how sparse a network is at each step of its training."""

from tfcompress.schedules.constant import Constant
from tfcompress.schedules.cosine import Cosine
from tfcompress.schedules.exponential import Exponential
from tfcompress.schedules.foreign import Foreign
from tfcompress.schedules.gradual import Gradual
from tfcompress.schedules.one_shot import OneShot
from tfcompress.schedules.polynomial import Polynomial
from tfcompress.schedules.schedule import Schedule

__all__ = [
    "Constant",
    "Cosine",
    "Exponential",
    "Foreign",
    "Gradual",
    "OneShot",
    "Polynomial",
    "Schedule",
]
