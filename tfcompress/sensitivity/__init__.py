"""What each layer of a model can lose: accuracy against compression, without training."""

from tfcompress.sensitivity.sensitivity import (
    Sensitivity,
    SensitivityRow,
    sensitivity,
)

__all__ = ["Sensitivity", "SensitivityRow", "sensitivity"]
