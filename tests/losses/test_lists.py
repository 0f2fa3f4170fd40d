import numpy as np
import pytest

from tfcompress.losses.attention_transfer import AttentionTransfer
from tfcompress.losses.feature_matching import FeatureMatching
from tfcompress.losses.knowledge_distillation import KnowledgeDistillation
from tfcompress.losses.logit_mimic import LogitMimic
from tfcompress.losses.relational_distance import RelationalDistance


@pytest.mark.parametrize(
    "kind",
    [
        AttentionTransfer,
        FeatureMatching,
        KnowledgeDistillation,
        LogitMimic,
        RelationalDistance,
    ],
)
def test_lists_are_taken_as_by_the_losses_of_keras(rng, kind):
    teacher, student = rng.uniform(0.1, 1.0, size=(2, 2, 3, 2)).astype("float32")
    lists = kind()(teacher.tolist(), student.tolist())
    np.testing.assert_allclose(lists, kind()(teacher, student), rtol=1e-5)
