"""Callbacks: what compresses a model while `fit` trains it."""

from tfcompress.callbacks.adjust_dropout import AdjustDropout
from tfcompress.callbacks.channel_scores.channel_score import ChannelScore
from tfcompress.callbacks.compression_logger import CompressionLogger
from tfcompress.callbacks.distill import Distill
from tfcompress.callbacks.early_bird import EarlyBird
from tfcompress.callbacks.gradient_pruning import GradientPruning
from tfcompress.callbacks.harden_signs import HardenSigns
from tfcompress.callbacks.lottery_ticket import LotteryTicket
from tfcompress.callbacks.penalty_schedule import PenaltySchedule
from tfcompress.callbacks.prune_at_initialization import PruneAtInitialization
from tfcompress.callbacks.prune_below_threshold import PruneBelowThreshold
from tfcompress.callbacks.prune_by_gradient import PruneByGradient
from tfcompress.callbacks.prune_by_movement import PruneByMovement
from tfcompress.callbacks.prune_by_saliency import PruneBySaliency
from tfcompress.callbacks.prune_channels import PruneChannels
from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.callbacks.prune_randomly import PruneRandomly
from tfcompress.callbacks.pruning import Pruning
from tfcompress.callbacks.regrow_by_gradient import RegrowByGradient
from tfcompress.callbacks.regrow_randomly import RegrowRandomly
from tfcompress.callbacks.regrowth import Regrowth
from tfcompress.callbacks.rewind_weights import RewindWeights
from tfcompress.callbacks.watch_sparsity import WatchSparsity

__all__ = [
    "AdjustDropout",
    "ChannelScore",
    "CompressionLogger",
    "Distill",
    "EarlyBird",
    "GradientPruning",
    "HardenSigns",
    "LotteryTicket",
    "PenaltySchedule",
    "PruneAtInitialization",
    "PruneBelowThreshold",
    "PruneByGradient",
    "PruneByMovement",
    "PruneBySaliency",
    "PruneChannels",
    "PruneLowMagnitude",
    "PruneRandomly",
    "Pruning",
    "RegrowByGradient",
    "RegrowRandomly",
    "Regrowth",
    "RewindWeights",
    "WatchSparsity",
]
