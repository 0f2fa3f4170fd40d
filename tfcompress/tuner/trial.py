"""One compressed model, with what its file measures."""

import dataclasses
import json
import pathlib

import keras

from tfcompress.tuner.compression import Compression
from tfcompress.writing import folder_path, write_text

RECORD, FILE, MODEL = "trial.json", "model.tflite", "model.keras"


@dataclasses.dataclass(frozen=True)
class Trial:
    """One compressed model of a search: what was done, and what its file measures.

    Attributes:
        folder: Where it is kept: `model.tflite`, `model.keras` and `trial.json`.
        compression: The `Compression`, or None for the model before.
        bytes: Size of the `.tflite` file on disk; None where the trial failed, and so on.
        macs: Multiply-accumulates of one example.
        latency_us: Microseconds of one example; None if the budget does not limit it.
        accuracy: Share of right answers that the file gives on the validation data.
        score: `Budget.score` of these.
        within: Whether they are within the budget.
        fault: Why the trial failed, or `""`.
    """

    folder: pathlib.Path
    compression: Compression | None = None
    bytes: int | None = None
    macs: int | None = None
    latency_us: float | None = None
    accuracy: float | None = None
    score: float | None = None
    within: bool = False
    fault: str = ""

    @property
    def path(self) -> pathlib.Path:
        """The `.tflite` file."""
        return self.folder / FILE

    @property
    def figures(self) -> dict[str, float]:
        """What was measured, by the names that a `Budget` has for it."""
        names = ("bytes", "macs", "latency_us", "accuracy")
        values = {name: getattr(self, name) for name in names}
        return {name: value for name, value in values.items() if value is not None}

    def model(self) -> keras.Model:
        """Returns the compressed Keras model, trained, as it was exported."""
        return keras.models.load_model(self.folder / MODEL)

    def __str__(self):
        what = "before" if self.compression is None else str(self.compression)
        if self.fault:
            return f"{what}: failed: {self.fault}"
        costs = [f"{self.bytes:,} bytes"]
        if self.macs is not None:
            costs.append(f"{self.macs:,} MACs")
        if self.latency_us is not None:
            costs.append(f"{self.latency_us:.1f} us")
        return f"{100 * self.accuracy:.2f} %, {', '.join(costs)}: {what}"

    def get_config(self) -> dict:
        """Returns this trial, without its folder, as plain values for JSON."""
        config = dataclasses.asdict(dataclasses.replace(self, compression=None))
        config.pop("folder")
        made = self.compression
        return {**config, "compression": made and made.get_config()}

    def write(self) -> None:
        """Writes `trial.json`, whole, after all else: a trial without it is not done."""
        write_text(self.folder / RECORD, json.dumps(self.get_config(), indent=2) + "\n")

    @classmethod
    def read(cls, folder) -> "Trial | None":
        """Returns the trial in `folder`, or None if none has come to its end there."""
        folder = folder_path("folder", folder)
        if not (folder / RECORD).exists():
            return None
        config = json.loads((folder / RECORD).read_text())
        made = config.pop("compression")
        made = None if made is None else Compression.from_config(made)
        return cls(folder, compression=made, **config)
