"""Valid calls of what models are made of and compressed by: kernels, layers, losses."""

import keras
import numpy as np
from bad_inputs.call import Call

import tfcompress as tfc

ATOMS = tfc.dictionaries.Random()
RANK = [Call({"rank": 2}), Call({"ratio": 0.5}, only=("ratio",))]
KERNELS = {
    "Binary": [Call(), Call({"binarize_inputs": "identity"}, only=("input_scale",))],
    "Binary.encode": Call({"array": np.ones((2, 3))}, on=lambda t: t.plain_kernel),
    "CanonicalPolyadic": RANK,
    "Circulant": Call(),
    "Clustered": Call(),
    "Dictionary": [
        Call({"dictionary": ATOMS, "atoms": 2}),
        Call({"dictionary": ATOMS, "ratio": 0.5}, only=("ratio",)),
    ],
    "FrequencyHashed": Call({"ratio": 0.5}),
    "FunctionalHashed": Call({"ratio": 0.5}),
    "GeneralizedDropout": Call({"strength": 0.1}),
    "Generator": Call({"block": (2, 2)}),
    "HardConcrete": Call({"strength": 0.1}),
    "Hashed": Call({"ratio": 0.5}),
    "Hyper": Call(lambda t: {"generator": t.generator}),
    "LowFrequency": [
        Call({"ratio": 0.5}),
        Call({"coefficients": (2, 2)}, only=("coefficients",)),
    ],
    "LowRank": [*RANK, Call({"energy": 0.5}, only=("energy",))],
    "Quantized": Call(),
    "Separable": Call(),
    "SoftShared": Call(),
    "SoftShared.snap": Call(on=lambda t: t.soft_shared),
    "SpatialLowRank": RANK,
    "Ternary": Call(),
    "Toeplitz": Call(),
    "Tucker": [
        Call({"ranks": (2, 2)}),
        Call({"ratio": 0.5}, only=("ratio",)),
        Call({"energy": 0.5}, only=("energy",)),
    ],
    "VariationalDropout": Call({"strength": 0.1}),
}

WINDOW = {"filters": 2, "kernel_size": 3}
UNITS = {"units": 3}
LAYERS = {
    "Conv1D": WINDOW,
    "Conv1DTranspose": WINDOW,
    "Conv2D": WINDOW,
    "Conv2DTranspose": WINDOW,
    "Conv3D": WINDOW,
    "Conv3DTranspose": WINDOW,
    "ConvLSTM1D": WINDOW,
    "ConvLSTM2D": WINDOW,
    "ConvLSTM3D": WINDOW,
    "Dense": UNITS,
    "DepthwiseConv1D": {"kernel_size": 3},
    "DepthwiseConv2D": {"kernel_size": 3},
    "EinsumDense": {"equation": "ab,bc->ac", "output_shape": 3},
    "Embedding": {"input_dim": 5, "output_dim": 2},
    "GRU": UNITS,
    "GRUCell": UNITS,
    "GroupQueryAttention": {
        "head_dim": 2,
        "num_query_heads": 2,
        "num_key_value_heads": 1,
    },
    "LSTM": UNITS,
    "LSTMCell": UNITS,
    "MultiHeadAttention": {"num_heads": 2, "key_dim": 2},
    "SeparableConv1D": WINDOW,
    "SeparableConv2D": WINDOW,
    "SimpleRNN": UNITS,
    "SimpleRNNCell": UNITS,
}
DROP_INS = {
    "Binary": ("Conv2D", "Dense", "GRU", "LSTM"),
    "Hashed": ("Conv2D", "Dense", "Embedding", "GRU", "LSTM"),
    "LowRank": ("Conv2D", "Dense", "GRU", "LSTM"),
}


def _drop_ins():
    """Yields the calls of drop-ins: those of the kernel, with the layer's arguments."""
    for kind, layers in DROP_INS.items():
        calls = KERNELS[kind]
        calls = calls if isinstance(calls, list) else [calls]
        for layer in layers:
            # Recurrent layers make their states themselves: only weights are binarized.
            states = kind == "Binary" and layer in ("GRU", "LSTM")
            valid = calls[:1] if states else calls
            yield (
                f"{kind}{layer}",
                [
                    Call({**LAYERS[layer], **call.arguments}, only=call.only)
                    for call in valid
                ],
            )


PARTS = {
    "constraints": {
        "Masked": Call({"mask": np.ones((2, 2), bool)}),
        "ProximalGroupLasso": Call({"strength": 0.1}),
        "ProximalStep": Call({"penalty": tfc.regularizers.GroupLasso(0.1)}),
        "WeightClip": Call(),
    },
    "dictionaries": {
        "Autoencoder": Call(lambda t: {"inputs": t.x}),
        "Cosine": Call(),
        "Covariance": Call(lambda t: {"inputs": t.x}),
        "DataRule": Call(lambda t: {"inputs": t.x}),
        "Gaussian": Call(),
        "KMeans": Call(lambda t: {"inputs": t.x}),
        "KernelRidge": Call(),
        "Random": Call(),
        "Sketch": Call(),
    },
    "distributions": {"PerLayer": Call({"layers": {"hidden": 0.5}})},
    "kernels": KERNELS,
    "layers": {
        **{f"Compressed{name}": Call(given) for name, given in LAYERS.items()},
        **dict(_drop_ins()),
        "CompressedRNN": Call(lambda t: {"cell": tfc.layers.CompressedLSTMCell(3)}),
        "DropNeuronDense": Call(UNITS),
        "FireModule": Call({"squeeze": 2, "expand": 4}),
        "LassoNet": Call(UNITS),
        "host_of": Call({"twin": keras.layers.Dense}),
    },
    "losses": {
        "AttentionTransfer": Call(),
        "FeatureMatching": Call(),
        "KnowledgeDistillation": Call(),
        "LogitMimic": Call(),
        "RelationalDistance": Call(),
    },
    "methods": {"Converted": Call({"kernel": tfc.kernels.LowRank})},
    "patterns": {
        "Block": Call({"shape": (2, 1)}),
        "Channel": Call(),
        "NofM": Call({"n": 2, "m": 4}),
    },
    "regularizers": {
        "DropNeuron": Call(),
        "GroupLasso": Call(),
        "SparseGroupLasso": Call(),
    },
    "schedules": {
        "Constant": Call({"final": 0.5}),
        "Constant.resolve": Call(
            {"steps_per_epoch": 200, "epochs": 2},
            on=lambda t: tfc.schedules.Polynomial(0.5),
        ),
        "Cosine": Call({"final": 0.5}),
        "Exponential": Call({"final": 0.5}),
        "Foreign": Call({"schedule": lambda step: (True, 0.5)}),
        "Gradual": Call({"final": 0.5}),
        "OneShot": Call({"final": 0.5}),
        "Polynomial": Call({"final": 0.5}),
    },
}
CALLS_OF_PARTS = {
    f"{room}.{name}": call
    for room, calls in PARTS.items()
    for name, call in calls.items()
}
