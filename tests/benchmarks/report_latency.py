"""Whether the interval of a report's latency ratio holds what other runs find."""

import pathlib
import tempfile

import keras
import numpy as np

import tfcompress as tfc

DESCRIPTION = "Latency ratio of a report, measured again and again, and its interval"


def measure(fast: bool = False, seed: int = 0) -> dict:
    keras.utils.set_random_seed(seed)
    runs, rounds = (4, 11) if fast else (40, 51)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        files = {}
        for title, width in (("baseline", 512), ("half the width", 256)):
            files[title] = folder / f"{width}.tflite"
            tfc.export.to_tflite(_network(width), files[title])
        same = {"baseline": files["baseline"], "itself": files["baseline"]}
        return {
            title: _repeated(pair, runs, rounds)
            for title, pair in (("half the width", files), ("the same file", same))
        }


def _network(width):
    hidden = [keras.layers.Dense(width, "relu") for _ in range(2)]
    return keras.Sequential([keras.Input((784,)), *hidden, keras.layers.Dense(10)])


def _repeated(pair, runs, rounds):
    found = [tfc.runtime.compare_latency(pair, rounds=rounds) for _ in range(runs)]
    _, name = pair
    ratios = np.array([one.ratios[name] for one in found])
    ends = np.array([one.intervals[name] for one in found])
    typical = np.median(ratios)
    others = (ends[:, :1] <= ratios) & (ratios <= ends[:, 1:])
    np.fill_diagonal(others, False)
    return {
        "median ratio": round(float(typical), 3),
        "least": round(float(ratios.min()), 3),
        "greatest": round(float(ratios.max()), 3),
        "median width of the interval": round(
            float(np.median(np.ptp(ends, axis=1))), 3
        ),
        "intervals that hold the median": round(
            float(np.mean((ends[:, 0] <= typical) & (typical <= ends[:, 1]))), 3
        ),
        # 83 %, if runs are alike: both ends of the comparison are uncertain.
        "other runs in an interval": round(
            float(others.sum() / (runs * (runs - 1))), 3
        ),
    }
