"""Files of one wide network in every form that a dense layer has."""

import pathlib
import tempfile

import keras
import numpy as np

import tfcompress as tfc

DESCRIPTION = (
    "TFLite files of 784-1000-1000-10 in all forms of its hidden layers, side by side: "
    "bytes and time of one example, with weights as they were drawn. What a form costs "
    "in accuracy is for other benchmarks to say; hashed layers are stored by their few "
    "values (`compact`), which is small and slow"
)
UNITS = 1000


def measure(fast: bool = False, seed: int = 0) -> dict:
    keras.utils.set_random_seed(seed)
    whole = _network(160 if fast else UNITS)
    return side_by_side(
        {name: (change(whole), options) for name, (change, options) in FORMS.items()},
        rounds=3 if fast else 101,
    )


def side_by_side(models: dict, rounds: int) -> dict:
    """Returns bytes and times of the files of models, beside those of the first.

    Args:
        models: Name -> pair of a model and options of `to_tflite`.
        rounds: As for `compare_latency`.
    """
    with tempfile.TemporaryDirectory() as folder:
        made = {}
        for number, (name, (model, options)) in enumerate(models.items()):
            path = pathlib.Path(folder) / f"{number}.tflite"
            made[name] = tfc.export.to_tflite(model, path, batch_size=1, **options)
        files = {name: file.path for name, file in made.items()}
        latency = tfc.runtime.compare_latency(files, rounds=rounds)
    size = next(iter(made.values())).bytes
    return {
        name: {
            "bytes": file.bytes,
            "times smaller": round(size / file.bytes, 2),
            "microseconds": round(latency.microseconds[name], 1),
            "times faster": round(1 / latency.ratios[name], 2),
        }
        for name, file in made.items()
    }


def _network(units):
    hidden = [keras.layers.Dense(units, "relu", name=f"hidden_{i}") for i in range(2)]
    return keras.Sequential([keras.Input((784,)), *hidden, keras.layers.Dense(10)])


def _kernel(make):
    return lambda model: tfc.convert(
        model, {f"hidden_{i}": make() for i in range(2)}, fit_weights=False
    )


def _low_rank(rank):
    return _kernel(lambda: tfc.kernels.LowRank(rank=rank, must_pay=False))


def _quarter(model):
    return tfc.shrink(model, keep={"hidden_0": 0.25, "hidden_1": 0.25})


def _blocks(share):
    """Leaves `share` of the blocks of four inputs, drawn at random."""

    def change(model):
        model = keras.models.clone_model(model)
        random = np.random.default_rng(0)
        for number in range(2):
            kernel = model.get_layer(f"hidden_{number}").kernel
            rows, columns = kernel.shape
            alive = random.uniform(size=(-(-rows // 4), columns)) < share
            kernel.assign(kernel * np.repeat(alive, 4, axis=0)[:rows])
        return model

    return change


def _same(model):
    return model


FORMS = {
    "float32": (_same, {}),
    "8 bits": (_same, {"quantize": "dynamic"}),
    "4 bits in blocks": (_same, {"quantize": "int4"}),
    "2 bits, ternary": (_kernel(tfc.kernels.Ternary), {"quantize": "kernels"}),
    "rank 64": (_low_rank(64), {}),
    "rank 64, 8 bits": (_low_rank(64), {"quantize": "dynamic"}),
    "rank 32": (_low_rank(32), {}),
    "rank 32, 8 bits": (_low_rank(32), {"quantize": "dynamic"}),
    "a quarter of the units": (_quarter, {}),
    "a quarter of the units, 8 bits": (_quarter, {"quantize": "dynamic"}),
    "90 % pruned in blocks of 4": (_blocks(0.1), {"sparse": True}),
    "95 % pruned in blocks of 4": (_blocks(0.05), {"sparse": True}),
    "hashed 1/64, by blocks of 8": (
        _kernel(lambda: tfc.kernels.Hashed(ratio=1 / 64, block_size=8, seed=0)),
        {"compact": True},
    ),
    "hashed 1/64, by entries": (
        _kernel(lambda: tfc.kernels.Hashed(ratio=1 / 64, seed=0)),
        {"compact": True},
    ),
}
