"""Files of low-rank networks against that of the dense one: bytes and time."""

import keras
from wide_dense_files import side_by_side

import tfcompress as tfc

DESCRIPTION = "TFLite files of 784-1000-1000-10 in low rank: smaller and faster by what"
RANKS = (32, 64)


def measure(fast: bool = False, seed: int = 0) -> dict:
    keras.utils.set_random_seed(seed)
    units = 100 if fast else 1000
    models = {"dense": network(lambda: keras.layers.Dense(units, "relu"))}
    for rank in RANKS:
        low = {"rank": rank, "must_pay": False}
        models[f"rank {rank}"] = network(
            lambda low=low: tfc.layers.LowRankDense(units, "relu", **low)
        )
    files = {name: (model, {}) for name, model in models.items()}
    return side_by_side(files, rounds=3 if fast else 101)


def network(hidden):
    return keras.Sequential(
        [keras.Input((784,)), hidden(), hidden(), keras.layers.Dense(10)]
    )
