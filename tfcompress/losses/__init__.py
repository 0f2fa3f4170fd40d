"""Losses by which one network learns from another."""

from tfcompress.losses.knowledge_distillation import KnowledgeDistillation

__all__ = ["KnowledgeDistillation"]
