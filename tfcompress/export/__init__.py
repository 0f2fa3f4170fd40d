"""Files to ship: made from a model, run, compared with it, and only then named."""

from tfcompress.export.export_choice import ExportChoice
from tfcompress.export.export_error import ExportError
from tfcompress.export.onnx import to_onnx
from tfcompress.export.pack import pack
from tfcompress.export.pack_result import PackedTensor, PackResult
from tfcompress.export.result import ExportResult
from tfcompress.export.saved_model import to_saved_model
from tfcompress.export.tflite import to_tflite
from tfcompress.export.unpack import unpack
from tfcompress.export.variant import Variant
from tfcompress.packing.archive_error import ArchiveError

__all__ = [
    "ArchiveError",
    "ExportChoice",
    "ExportError",
    "ExportResult",
    "PackResult",
    "PackedTensor",
    "Variant",
    "pack",
    "to_onnx",
    "to_saved_model",
    "to_tflite",
    "unpack",
]
