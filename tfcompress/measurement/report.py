"""What a model stores and computes, and what its files take in bytes and time."""

import dataclasses
import pathlib
import tempfile
from collections.abc import Mapping

from tfcompress import _checks
from tfcompress.measurement.file_latency import FileLatency
from tfcompress.measurement.file_sizes import FileSizes
from tfcompress.measurement.written_file import FORMS, write
from tfcompress.report.report import Report
from tfcompress.report.report import report as report_of_the_model


def report(
    model,
    *,
    baseline=None,
    data=None,
    shifted=None,
    noise=False,
    files=False,
    latency=False,
    tflite=None,
) -> Report:
    """Returns what `model` stores and computes, and what was measured of it.

    Without data and files it is quick and exact: for each layer parameters, zeros,
    *stored bits* (a kernel answers for its own: one bit for a binary weight) and *MACs*,
    the multiply-accumulates of one example. The rest is measured where it is asked for:

    - `data`: accuracy with its confidence interval; against the baseline the change with
      its own, the change by class, and how often both say the same.
    - `noise`: how far both are apart on inputs with noise, which accuracy hides.
    - `shifted`: accuracy on other data, and what is lost there beyond the usual.
    - `files`: bytes of `.keras`, SavedModel, `.tflite` and archive, each written and
      compared with the model.
    - `latency`: time of the `.tflite` file by LiteRT, in turns with the baseline's.

    Stored bits are not a file's size, and fewer MACs not always less time: a zero takes
    as many bits as any number until it is exported sparse. Files are written to a
    temporary folder and removed.

    Args:
        model: A built Keras model.
        baseline: A model to compare it with, or None. Layers are matched by name.
        data: Pair `(x, y)`, or None; `y` holds class indices or one-hot rows. They
            should be data on which nothing was chosen or trained.
        shifted: Mapping of names to such pairs, of data unlike those of the training,
            or None. It needs `data`.
        noise: Boolean. It needs `baseline` and `data` of floats.
        files: Boolean, takes seconds for each file.
        latency: Boolean. It means something on a machine that does little else.
        tflite: Mapping of arguments of `to_tflite` for the model's file, such as
            `{"quantize": "dynamic"}`; the baseline's is in float32.

    Returns:
        A `Report`: print it, or take `rows`, `total`, `answers`, `noise`, `shifted`,
        `files`, `latency`, `to_markdown()`, `to_json()`, `to_html()`, `plot(path)`,
        `to_tensorboard(log_dir)`.

    Raises:
        TypeError: `model` or `baseline` is not a Keras model.
        ValueError: It is not built, `data` does not fit it or is missing. A file that
            cannot be made is no error: the report has the reason in its place.

    Example:

    >>> layers = [keras.Input((256,)), keras.layers.Dense(256), keras.layers.Dense(10)]
    >>> model = keras.Sequential(layers)
    >>> small = tfc.convert(model, {"dense*": tfc.kernels.LowRank(rank=4)})
    >>> files = tfc.report(small, baseline=model, files=True).files
    >>> files[".tflite"].times_smaller > 10
    True
    """
    files = _checks.boolean("files", files)
    latency = _checks.boolean("latency", latency)
    if tflite is not None:
        what = "a mapping of arguments of `to_tflite`"
        _checks.instance("tflite", tflite, Mapping, what)
        if not (files or latency):
            rule = "be None without `files` and `latency`"
            raise _checks.error("tflite", rule, [*tflite])
    found = report_of_the_model(
        model, baseline=baseline, data=data, shifted=shifted, noise=noise
    )
    forms = FORMS if files else (".tflite",) * latency
    if not forms:
        return found
    with tempfile.TemporaryDirectory(prefix="tfcompress") as name:
        folder = pathlib.Path(name)
        x = None if data is None else data[0]
        ours = _written(model, folder / "model", forms, x, tflite)
        theirs = None
        if baseline is not None:
            theirs = _written(baseline, folder / "baseline", forms, x, None)
        if files:
            sizes = FileSizes.of(ours, theirs, data)
            found = dataclasses.replace(found, files=sizes)
        if latency:
            times = FileLatency.of(ours[".tflite"], theirs and theirs[".tflite"])
            found = dataclasses.replace(found, latency=times)
    return found


def _written(model, folder, forms, x, tflite):
    folder.mkdir()
    return write(model, folder, forms, x=x, tflite=tflite)
