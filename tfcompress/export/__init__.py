"""Files to ship: made from a model, run, compared with it, and only then named."""

from tfcompress.export.export_error import ExportError
from tfcompress.export.result import ExportResult
from tfcompress.export.saved_model import to_saved_model
from tfcompress.export.tflite import to_tflite

__all__ = ["ExportError", "ExportResult", "to_saved_model", "to_tflite"]
