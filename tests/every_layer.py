"""A model of every layer of the package, by the layer's name."""

import keras

from tfcompress import kernels, layers

KERNEL = kernels.Hashed(ratio=0.5, block_size=1)
OPTIONS = {
    "Hashed": {"ratio": 0.25},
    "LowRank": {"rank": 2},
    "Binary": {"scale": "channel", "stochastic": True},
    "DropNeuron": {},
    "Fire": {},
}
# Arguments and input shape by the Keras layer that is replaced.
TWINS = {
    "Dense": ({"units": 8}, (5, 6)),
    "EinsumDense": ({"equation": "abc,cd->abd", "output_shape": (5, 8)}, (5, 6)),
    "Conv1D": ({"filters": 8, "kernel_size": 3}, (5, 6)),
    "Conv2D": ({"filters": 8, "kernel_size": 3}, (5, 5, 6)),
    "Conv3D": ({"filters": 8, "kernel_size": 3}, (4, 4, 4, 6)),
    "Module": ({"squeeze": 2, "expand": 8}, (5, 5, 6)),
    "DepthwiseConv2D": ({"kernel_size": 3}, (5, 5, 6)),
    "SeparableConv2D": ({"filters": 8, "kernel_size": 3}, (5, 5, 6)),
    "Embedding": ({"input_dim": 9, "output_dim": 8}, (5,)),
    "SimpleRNN": ({"units": 8}, (5, 6)),
    "LSTM": ({"units": 8}, (5, 6)),
    "GRU": ({"units": 8}, (5, 6)),
    "Conv1DTranspose": ({"filters": 8, "kernel_size": 3}, (5, 6)),
    "Conv2DTranspose": ({"filters": 8, "kernel_size": 3}, (5, 5, 6)),
    "Conv3DTranspose": ({"filters": 8, "kernel_size": 3}, (4, 4, 4, 6)),
    "DepthwiseConv1D": ({"kernel_size": 3}, (5, 6)),
    "SeparableConv1D": ({"filters": 8, "kernel_size": 3}, (5, 6)),
    "ConvLSTM1D": ({"filters": 2, "kernel_size": 3}, (3, 5, 6)),
    "ConvLSTM2D": ({"filters": 2, "kernel_size": 3}, (3, 5, 5, 6)),
    "ConvLSTM3D": ({"filters": 2, "kernel_size": 2}, (2, 4, 4, 4, 6)),
    "GroupQueryAttention": (
        {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2},
        (5, 6),
    ),
    "MultiHeadAttention": ({"num_heads": 2, "key_dim": 3}, (5, 6)),
}
# What is no layer of its own: cells, and what makes hosts.
OTHERS = ("Host", "LassoNet", "host_of")
NAMES = [name for name in layers.__all__ if name not in OTHERS]
NAMES = [name for name in NAMES if "Cell" not in name]


def model_of(name):
    if name == "CompressedRNN":
        cell = layers.CompressedLSTMCell(8, kernels=KERNEL)
        return keras.Sequential([keras.Input((5, 6)), layers.CompressedRNN(cell)])
    prefix, twin = next(
        (p, name[len(p) :]) for p in (*OPTIONS, "Compressed") if name.startswith(p)
    )
    layer_class = getattr(layers, name)
    options = OPTIONS.get(prefix)
    if options is None:
        hosted = layer_class.hosted
        options = {"kernels" if len(hosted) > 1 else hosted[0]: KERNEL}
    arguments, shape = TWINS[twin]
    inputs = keras.Input(shape, dtype="int32" if twin == "Embedding" else None)
    layer = layer_class(**arguments, **options)
    attention = twin.endswith("Attention")
    return keras.Model(inputs, layer(inputs, inputs) if attention else layer(inputs))
