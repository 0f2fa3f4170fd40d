"""Products of signs by XNOR and a count of bits against float32 matrices."""

import numpy as np
from side_by_side import medians

import tfcompress as tfc
from tfcompress.runtime.sign_bits import has_numba

DESCRIPTION = "XNOR product 1000x1000 against NumPy float32, packing apart (1 thread)"

SIZE = 1000


def measure(fast: bool = False, seed: int = 0) -> dict:
    random = np.random.default_rng(seed)
    weight = np.where(random.random((SIZE, SIZE)) < 0.5, -1, 1).astype("float32")
    columns = tfc.runtime.pack_signs(weight.T)
    figures = {}
    for batch in (1, 64, 256):
        x = random.normal(size=(batch, SIZE)).astype("float32")
        rows = tfc.runtime.pack_signs(x)
        actions = {
            "NumPy float32": lambda x=x: x @ weight,
            "XNOR numpy": lambda rows=rows: tfc.runtime.sign_product(
                rows, columns, SIZE, numba=False
            ),
            "packing of inputs": lambda x=x: tfc.runtime.pack_signs(x),
        }
        if has_numba():
            actions["XNOR numba"] = lambda rows=rows: tfc.runtime.sign_product(
                rows, columns, SIZE, numba=True
            )
        seconds = medians(
            actions, rounds=3 if fast else 41, repeats=1 if fast else 512 // batch
        )
        figures[f"batch {batch}"] = {
            name: {
                "us": round(1e6 * value, 2),
                "times faster": round(seconds["NumPy float32"] / value, 2),
            }
            for name, value in seconds.items()
        }
    return figures
