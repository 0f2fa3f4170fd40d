"""What a model stores and computes, layer by layer."""

from tfcompress.report.layer_report import LayerReport
from tfcompress.report.macs import macs
from tfcompress.report.report import Report, report
from tfcompress.report.total import Total

__all__ = ["LayerReport", "Report", "Total", "macs", "report"]
