"""What the files of a model take, in bytes and time: the part of a report that writes."""

from tfcompress.measurement.file_latency import FileLatency
from tfcompress.measurement.file_sizes import FileSize, FileSizes
from tfcompress.measurement.report import report

__all__ = ["FileLatency", "FileSize", "FileSizes", "report"]
