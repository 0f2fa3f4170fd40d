"""Five spoken words as sequences, for recurrent layers and convolutions in time."""

import numpy as np

from tfcompress.datasets.dataset import Dataset
from tfcompress.datasets.keras_cache import cached_arrays

FILE = "speech_commands_5words_mfcc.npz"
ARRAYS = {
    f"{kind}_{part}": what
    for part in ("train", "val", "test")
    for kind, what in (("x", "(n, 49, 10) float16"), ("y", "(n,) uint8"))
}


def speech_commands() -> Dataset:
    """Returns five words of Speech Commands: 49 frames of 10 MFCCs for each clip.

    9236 clips for training, 1288 for validation and 1307 for tests; no speaker is in
    two of the parts. Each coefficient has mean 0 and deviation 1 over the training
    part. It is read from `$KERAS_HOME/datasets/speech_commands_5words_mfcc.npz`, which
    nothing downloads: docs/datasets.md says how to make it.

    Raises:
        FileNotFoundError: The file is not there.

    References:
        - [Warden, 2018](https://arxiv.org/abs/1804.03209), data under CC BY 4.0
    """
    arrays = cached_arrays(
        FILE,
        {**ARRAYS, "labels": "(5,) text"},
        source="Google Speech Commands v0.01, five words, as MFCCs (CC BY 4.0)",
    )
    x, y = (
        {
            part: arrays[f"{kind}_{part}"].astype(dtype)
            for part in ("train", "val", "test")
        }
        for kind, dtype in (("x", "float32"), ("y", "int32"))
    )
    mean = x["train"].mean((0, 1), dtype="float64").astype("float32")
    deviation = x["train"].std((0, 1), dtype="float64").astype("float32")
    x = {
        part: (frames - mean) / np.maximum(deviation, 1e-7)
        for part, frames in x.items()
    }
    return Dataset(
        x["train"],
        y["train"],
        x["test"],
        y["test"],
        tuple(map(str, arrays["labels"])),
        name="speech_commands",
        x_validation=x["val"],
        y_validation=y["val"],
    )
