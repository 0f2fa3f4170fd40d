"""Networks that hold many smaller ones: train once, take what fits a budget."""

from tfcompress.elastic.activate import activate
from tfcompress.elastic.best_within import best_within
from tfcompress.elastic.elastic_stage import ElasticStage
from tfcompress.elastic.image_classifier import image_classifier
from tfcompress.elastic.progressive_shrinking import ProgressiveShrinking
from tfcompress.elastic.setting import Setting
from tfcompress.elastic.take import take

__all__ = [
    "ElasticStage",
    "ProgressiveShrinking",
    "Setting",
    "activate",
    "best_within",
    "image_classifier",
    "take",
]
