"""The networks that routes begin with, the same for each kind of Keras."""

NETWORKS = {
    "lenet_300_100": (
        (28, 28, 1),
        [
            ("Flatten", {}),
            ("Dense", {"units": 300, "activation": "relu", "name": "fc1"}),
            ("Dense", {"units": 100, "activation": "relu", "name": "fc2"}),
            ("Dense", {"units": 10, "name": "fc3"}),
        ],
    ),
    # Caffe's variant, as Han et al. prune it.
    "lenet_5": (
        (28, 28, 1),
        [
            ("Conv2D", {"filters": 20, "kernel_size": 5, "name": "conv1"}),
            ("MaxPooling2D", {}),
            ("Conv2D", {"filters": 50, "kernel_size": 5, "name": "conv2"}),
            ("MaxPooling2D", {}),
            ("Flatten", {}),
            ("Dense", {"units": 500, "activation": "relu", "name": "fc1"}),
            ("Dense", {"units": 10, "name": "fc2"}),
        ],
    ),
    # That of TensorFlow's tutorial on convolutions.
    "cifar_net": (
        (32, 32, 3),
        [
            ("Conv2D", {"filters": 32, "kernel_size": 3, "activation": "relu"}),
            ("MaxPooling2D", {}),
            ("Conv2D", {"filters": 64, "kernel_size": 3, "activation": "relu"}),
            ("MaxPooling2D", {}),
            ("Conv2D", {"filters": 64, "kernel_size": 3, "activation": "relu"}),
            ("Flatten", {}),
            ("Dense", {"units": 64, "activation": "relu", "name": "fc1"}),
            ("Dense", {"units": 10, "name": "fc2"}),
        ],
    ),
    # 49 frames of 10 coefficients as a picture.
    "speech_net": (
        (49, 10, 1),
        [
            ("Conv2D", {"filters": 32, "kernel_size": (7, 3), "activation": "relu"}),
            ("MaxPooling2D", {}),
            ("Conv2D", {"filters": 64, "kernel_size": (5, 3), "activation": "relu"}),
            ("MaxPooling2D", {}),
            ("Flatten", {}),
            ("Dense", {"units": 128, "activation": "relu", "name": "fc1"}),
            ("Dense", {"units": 5, "name": "fc2"}),
        ],
    ),
}
# A tenth of the parameters.
STUDENTS = {
    "lenet_300_100": [
        ("Flatten", {}),
        ("Dense", {"units": 32, "activation": "relu"}),
        ("Dense", {"units": 30, "activation": "relu"}),
        ("Dense", {"units": 10}),
    ],
    "lenet_5": [
        ("Conv2D", {"filters": 10, "kernel_size": 5}),
        ("MaxPooling2D", {}),
        ("Conv2D", {"filters": 16, "kernel_size": 5}),
        ("MaxPooling2D", {}),
        ("Flatten", {}),
        ("Dense", {"units": 140, "activation": "relu"}),
        ("Dense", {"units": 10}),
    ],
    "cifar_net": [
        ("Conv2D", {"filters": 10, "kernel_size": 3, "activation": "relu"}),
        ("MaxPooling2D", {}),
        ("Conv2D", {"filters": 20, "kernel_size": 3, "activation": "relu"}),
        ("MaxPooling2D", {}),
        ("Conv2D", {"filters": 20, "kernel_size": 3, "activation": "relu"}),
        ("Flatten", {}),
        ("Dense", {"units": 20, "activation": "relu"}),
        ("Dense", {"units": 10}),
    ],
    "speech_net": [
        ("Conv2D", {"filters": 10, "kernel_size": (7, 3), "activation": "relu"}),
        ("MaxPooling2D", {}),
        ("Conv2D", {"filters": 20, "kernel_size": (5, 3), "activation": "relu"}),
        ("MaxPooling2D", {}),
        ("Flatten", {}),
        ("Dense", {"units": 34, "activation": "relu"}),
        ("Dense", {"units": 5}),
    ],
}


def network(keras, name, parts=None):
    """Returns the network `name`, or `parts` on its inputs, as `keras.Sequential`."""
    shape, own = NETWORKS[name]
    layers = [getattr(keras.layers, kind)(**options) for kind, options in parts or own]
    return keras.Sequential([keras.Input(shape), *layers])


def has_convolutions(name):
    return any(kind == "Conv2D" for kind, _ in NETWORKS[name][1])


def hidden_dense(name):
    """The names of dense layers but the last."""
    dense = [options for kind, options in NETWORKS[name][1] if kind == "Dense"]
    return [options["name"] for options in dense[:-1]]
