"""What a model stores and computes, layer by layer, and how well it does."""

from tfcompress.report.answers import Answers
from tfcompress.report.functional_distance import FunctionalDistance
from tfcompress.report.layer_report import LayerReport
from tfcompress.report.macs import macs
from tfcompress.report.report import Report, report
from tfcompress.report.section import Section
from tfcompress.report.shifted_data import ShiftedData
from tfcompress.report.total import Total

__all__ = [
    "Answers",
    "FunctionalDistance",
    "LayerReport",
    "Report",
    "Section",
    "ShiftedData",
    "Total",
    "macs",
    "report",
]
