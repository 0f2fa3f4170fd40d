"""Losses by which one network learns from another."""

from tfcompress.losses.attention_transfer import AttentionTransfer
from tfcompress.losses.feature_matching import FeatureMatching
from tfcompress.losses.knowledge_distillation import KnowledgeDistillation
from tfcompress.losses.logit_mimic import LogitMimic
from tfcompress.losses.logits_loss import LogitsLoss
from tfcompress.losses.relational_distance import RelationalDistance

__all__ = [
    "AttentionTransfer",
    "FeatureMatching",
    "KnowledgeDistillation",
    "LogitMimic",
    "LogitsLoss",
    "RelationalDistance",
]
