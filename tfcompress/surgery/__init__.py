"""What is done to a trained model, without training it."""

from tfcompress.surgery.net_trim import net_trim

__all__ = ["net_trim"]
