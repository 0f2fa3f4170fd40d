"""A TFLite file with the face of a model."""

import functools
import pathlib

import numpy as np

from tfcompress import _checks
from tfcompress.examples import examples
from tfcompress.report.predictions import Predictions
from tfcompress.runtime.metadata import read_metadata
from tfcompress.runtime.tensor import Tensor
from tfcompress.runtime.timing import interleaved_medians


class TFLiteModel:
    """A `.tflite` file that predicts, as a Keras model does.

    LiteRT runs it with its default delegates, as it would for a user. Inputs and
    outputs that the file holds as quantized integers are quantized and dequantized
    here: what goes in and comes out are the model's own numbers.

    Args:
        path: The file.
        num_threads: Threads that LiteRT may use.

    Attributes:
        path: The file, as a `pathlib.Path`.
        bytes: Its size.
        inputs: Name of each input to its shape; None where a size is free.
        outputs: The same for the outputs.
        metadata: What `to_tflite(metadata=...)` wrote into the file; empty if nothing.

    Raises:
        ValueError: If there is no such file, if it is not a TFLite file, or if LiteRT
            cannot run it.

    Example:

    >>> import tempfile, keras
    >>> from tfcompress.export.tflite import to_tflite
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> x = np.ones((5, 3))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = TFLiteModel(to_tflite(model, folder + "/model.tflite").path)
    >>> bool(np.allclose(file.predict(x), model(x), atol=1e-6))
    True
    """

    def __init__(self, path, *, num_threads: int = 1):
        self.path = tflite_file(path)
        self.bytes = self.path.stat().st_size
        num_threads = _checks.integer("num_threads", num_threads)
        try:
            self._interpreter = _interpreter(self.path, num_threads)
            inputs, outputs = _ends(self._interpreter)
        except (ValueError, RuntimeError) as error:
            rule = f"be a file that LiteRT can run. It says: {error}."
            raise _checks.error("path", rule, str(path)) from error
        self._inputs = {tensor.name: tensor for tensor in inputs}
        self._outputs = {tensor.name: tensor for tensor in outputs}
        self.inputs = {tensor.name: tensor.shape for tensor in inputs}
        self.outputs = {tensor.name: tensor.shape for tensor in outputs}
        # None: a call may have any number of examples.
        self._batch = next((s[0] for s in self.inputs.values() if s and s[0]), None)

    @functools.cached_property
    def metadata(self) -> dict:
        return read_metadata(self.path)

    def predict(self, x, batch_size: int = 32, verbose=0):
        """Returns the outputs for all examples of `x`.

        Args:
            x: Array, or for a file with several inputs a dictionary by their names.
                Integers of an input's own quantized type go in as they are.
            batch_size: Examples per call of the file. A file with a batch of its own
                keeps that; its last batch is filled up, and the result cut again.
            verbose: As Keras has it; nothing is ever printed.

        Returns:
            An array. Of several outputs a list, or a dictionary if they have names.

        Raises:
            ValueError: `x` does not fit the file's inputs.
        """
        return _as_keras_does(self.predict_by_name(x, batch_size))

    def predict_by_name(self, x, batch_size: int = 32) -> dict[str, np.ndarray]:
        """Returns the outputs for all examples of `x`, by their names."""
        size = self._batch or _checks.integer("batch_size", batch_size)
        arrays = {
            name: self._inputs[name].encode(array)
            for name, array in self._by_name(x).items()
        }
        count = _count(arrays)
        runs = [
            self._run({name: array[i : i + size] for name, array in arrays.items()})
            for i in range(0, count, size)
        ]
        return {
            name: tensor.decode(np.concatenate([run[name] for run in runs])[:count])
            for name, tensor in self._outputs.items()
        }

    def evaluate(self, x, y) -> float:
        """Returns the share of examples that the file puts in the right class.

        Args:
            x: As `predict` takes it.
            y: A class index for each example, or one-hot rows.
        """
        examples("x", x)
        predictions = Predictions.of(self, x, "x")
        return float(np.mean(predictions.classes == predictions.labels(y, "y")))

    def benchmark(self, rounds: int = 21, batch_size: int = 1) -> float:
        """Returns the median time of one call, in microseconds.

        To compare files use `compare_latency`, where they take turns.
        """
        rounds = _checks.integer("rounds", rounds)
        return interleaved_medians([self.caller(batch_size)], rounds=rounds)[0]

    def caller(self, batch_size: int = 1):
        """Returns a function that runs the file once, on inputs that are set here."""
        size = self._batch or _checks.integer("batch_size", batch_size)
        random = np.random.default_rng(0)
        shapes = {name: (size, *shape[1:]) for name, shape in self.inputs.items()}
        self._feed(
            {
                # Free sizes other than the batch: 1, the least that runs.
                name: random.random([s or 1 for s in shape]).astype(
                    self._inputs[name].dtype
                )
                for name, shape in shapes.items()
            }
        )
        return self._interpreter.invoke

    def _by_name(self, x):
        if isinstance(x, dict):
            if x.keys() != self.inputs.keys():
                raise _checks.error("x", f"have the keys {[*self.inputs]}", [*x])
            return x
        if len(self.inputs) > 1:
            # The file does not keep the order that the model had them in.
            rule = f"be a dictionary with the keys {[*self.inputs]}"
            raise _checks.error("x", rule, type(x).__name__, kind=TypeError)
        return dict.fromkeys(self.inputs, x)

    def _run(self, arrays):
        if self._batch:
            arrays = {
                name: np.resize(array, (self._batch, *array.shape[1:]))
                for name, array in arrays.items()
            }
        self._feed(arrays)
        self._interpreter.invoke()
        return {
            name: self._interpreter.get_tensor(tensor.index)
            for name, tensor in self._outputs.items()
        }

    def _feed(self, arrays):
        now = {
            d["index"]: tuple(d["shape"]) for d in self._interpreter.get_input_details()
        }
        for name, array in arrays.items():
            index = self._inputs[name].index
            if now[index] != array.shape:
                self._interpreter.resize_tensor_input(index, array.shape)
        self._interpreter.allocate_tensors()  # does nothing if nothing was resized
        for name, array in arrays.items():
            self._interpreter.set_tensor(self._inputs[name].index, array)

    def __repr__(self):
        return f"TFLiteModel({str(self.path)!r}, {self.bytes:,} bytes)"


def tflite_file(path) -> pathlib.Path:
    """Returns `path`, if there is a file that begins as TFLite files do.

    Raises:
        ValueError: There is none, or it is another file.
    """
    path = _checks.existing_file("path", path)
    with path.open("rb") as file:
        head = file.read(8)
    if head[4:] != b"TFL3":
        rule = "be a TFLite file"
        remedy = "`tfcompress.export.to_tflite` makes one of a Keras model."
        raise _checks.error("path", rule, str(path), remedy=remedy)
    return path


def _interpreter(path, num_threads):
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(path), num_threads=num_threads)
    interpreter.allocate_tensors()
    return interpreter


def _ends(interpreter):
    """Returns the input and output tensors, by the names of the file's signature."""
    signatures = list(interpreter.get_signature_list())
    if len(signatures) > 1:
        raise ValueError(f"it has several signatures: {signatures}")
    if signatures:
        runner = interpreter.get_signature_runner(signatures[0])
        ends = runner.get_input_details(), runner.get_output_details()
    else:
        details = interpreter.get_input_details(), interpreter.get_output_details()
        ends = [{d["name"]: d for d in end} for end in details]
    return [[Tensor.of(*item) for item in end.items()] for end in ends]


def _count(arrays) -> int:
    counts = {name: len(array) for name, array in arrays.items()}
    if len(set(counts.values())) > 1 or 0 in counts.values():
        rule = "have the same number of examples, at least one, for all inputs"
        raise _checks.error("x", rule, counts)
    return next(iter(counts.values()))


def _as_keras_does(outputs: dict):
    """Returns one array, or the list or dictionary that the model returned."""
    in_order = [f"output_{i}" for i in range(len(outputs))]
    if outputs.keys() != set(in_order):
        return next(iter(outputs.values())) if len(outputs) == 1 else outputs
    return outputs["output_0"] if len(outputs) == 1 else [outputs[n] for n in in_order]
