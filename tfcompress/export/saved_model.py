"""A Keras model as a SavedModel."""

from tfcompress.export.checks import check_model, check_tolerance
from tfcompress.export.export_error import ExportError
from tfcompress.export.probe import errors, named_outputs, probe_batch, reference_outputs
from tfcompress.export.result import ExportResult
from tfcompress.export.serving import ENDPOINT, serving_function, write_saved_model
from tfcompress.export.signature import Signature
from tfcompress.export.target import folder_target, replace, workshop
