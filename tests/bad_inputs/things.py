"""What valid calls are made of: one small model, its data, and its files; all made once."""

import functools
import pathlib

import keras
import numpy as np

import tfcompress as tfc


class Things:
    """The shared models, arrays and files of the suite; nothing of it is changed.

    Args:
        folder: An empty folder, for files that are read.
        out: An empty folder, in which nothing may be left.
    """

    x = np.linspace(-1, 1, 96).reshape(24, 4).astype("float32")
    y = np.arange(24) % 3
    images = np.linspace(0, 1, 3 * 64).reshape(3, 8, 8, 1).astype("float32")

    def __init__(self, folder: pathlib.Path, out: pathlib.Path):
        self.folder = folder
        self.out = out

    # Models.

    @functools.cached_property
    def model(self):
        parts = [
            keras.layers.Dense(6, "relu", name="hidden"),
            keras.layers.Dense(3, "softmax", name="head"),
        ]
        model = keras.Sequential([keras.Input((4,), name="x"), *parts], name="small")
        model.compile("sgd", "sparse_categorical_crossentropy")
        return model

    @functools.cached_property
    def normalized(self):
        """A model of a convolution and its normalization; not compiled."""
        parts = [
            keras.layers.Conv2D(2, 3, use_bias=False),
            keras.layers.BatchNormalization(),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(3),
        ]
        return keras.Sequential([keras.Input((8, 8, 1)), *parts])

    @functools.cached_property
    def elastic(self):
        sizes = {"depths": (1, 2), "expansions": (1, 2), "kernel_sizes": (3,)}
        return tfc.elastic.image_classifier((8, 8, 1), 3, channels=(2,), **sizes)

    @property
    def stage(self):
        return self.elastic.get_layer("stage")

    @functools.cached_property
    def signs(self):
        """A network of signs, for `XnorModel`."""
        binary = {"scale": "channel", "binarize_inputs": "identity"}
        parts = [keras.layers.Dense(8), tfc.layers.BinaryDense(3, **binary)]
        return keras.Sequential([keras.Input((4,)), *parts])

    @functools.cached_property
    def on_bits(self):
        return tfc.runtime.XnorModel(self.signs)

    @functools.cached_property
    def fitted(self):
        """A model whose weights were fitted to outputs."""
        return tfc.convert(self.model, {"hidden": self.low_rank}, inputs=self.x)

    # Models that are wrong somewhere.

    @property
    def unbuilt(self):  # anew each time: what calls it builds it
        return keras.Sequential([keras.layers.Dense(3)])

    @functools.cached_property
    def subclassed(self):
        class Own(keras.Model):
            def __init__(self):
                super().__init__()
                self.dense = keras.layers.Dense(3)

            def call(self, inputs):
                return self.dense(inputs)

        model = Own()
        model(self.x)
        return model

    @property
    def empty(self):
        """A model of no layers."""
        return keras.Sequential()

    @functools.cached_property
    def not_finite(self):
        """A model of which one weight is not a number."""
        model = keras.models.clone_model(self.model)
        model.set_weights(self.model.get_weights())
        model.compile("sgd", "sparse_categorical_crossentropy")
        kernel = model.layers[0].kernel.numpy()
        kernel[1, 2] = np.nan
        model.layers[0].kernel.assign(kernel)
        return model

    # Files.

    @functools.cached_property
    def tflite(self):
        return tfc.export.to_tflite(self.model, self.folder / "small.tflite").path

    @functools.cached_property
    def archive(self):
        return tfc.export.pack(self.model, self.folder / "small.tfc").path

    @functools.cached_property
    def keras_file(self):
        self.model.save(self.folder / "small.keras")
        return self.folder / "small.keras"

    @functools.cached_property
    def mask_file(self):
        self.masks.save(self.folder / "masks.npz")
        return self.folder / "masks.npz"

    @functools.cached_property
    def text(self):
        """A file that is none of those that this package reads."""
        path = self.folder / "notes.txt"
        path.write_text("neither a model nor an archive")
        return path

    @functools.cached_property
    def read_only_file(self):
        path = self.folder / "kept.png"
        path.touch(0o444)
        return path

    @functools.cached_property
    def read_only_folder(self):
        path = self.folder / "kept"
        path.mkdir(0o555)
        return path

    # Objects, for their methods.

    @functools.cached_property
    def masks(self):
        return tfc.Masks.of(self.model)

    @functools.cached_property
    def file(self):
        return tfc.runtime.TFLiteModel(self.tflite)

    @functools.cached_property
    def sign_matrix(self):
        return tfc.runtime.SignMatrix(self.x[:4], numba=False)

    @functools.cached_property
    def report(self):
        return tfc.report(self.model)

    @functools.cached_property
    def sensitivity(self):
        return tfc.sensitivity(self.model, (self.x, self.y), ratios=(0.5,))

    @functools.cached_property
    def plan(self):
        return tfc.surgery.plan(self.model)

    @functools.cached_property
    def low_rank(self):
        return tfc.kernels.LowRank(rank=2)

    @functools.cached_property
    def generator(self):
        return tfc.kernels.Generator(block=(2, 2))

    @functools.cached_property
    def plain_kernel(self):
        kernel = tfc.kernels.Full()
        kernel.build((2, 3))
        kernel.built = True
        return kernel

    @functools.cached_property
    def soft_shared(self):
        kernel = tfc.kernels.SoftShared()
        kernel.build((20, 30))
        kernel.built = True
        return kernel

    @functools.cached_property
    def bird(self):
        """An `EarlyBird` that has seen two epochs."""
        bird = tfc.callbacks.EarlyBird(0.5, "norm")
        bird.masks = [self.masks, self.masks]
        return bird

    @functools.cached_property
    def tickets(self):
        trained = tfc.tickets.TrainedTicket(0, "ticket", 1.0, 1, {"loss": 1.0}, {})
        weights = self.model.get_weights()
        masks = (self.masks,)
        return tfc.tickets.TicketSearch(self.model, masks, weights, (trained,), {})

    @functools.cached_property
    def path_of_features(self):
        point = tfc.feature_selection.PathPoint(1.0, np.ones(4), 0.5, 0.5)
        return tfc.feature_selection.LassoNetPath((point,), self.model, np.arange(4))

    @functools.cached_property
    def classifier(self):
        """A `LassoNetClassifier` as after `fit`."""
        made = tfc.feature_selection.LassoNetClassifier()
        made.path_, made.model_ = self.path_of_features, self.model
        made.classes_, made.n_features_in_ = np.arange(3), 4
        return made

    @functools.cached_property
    def choice(self):
        variant = tfc.export.Variant(None)
        return tfc.export.ExportChoice(
            self.folder, 1, 0.0, goal="smallest", variants=(variant,), chosen=variant
        )

    @functools.cached_property
    def budget(self):
        return tfc.tuner.Budget(bytes=2000)

    @functools.cached_property
    def loss_allowed(self):
        return tfc.tuner.Budget(accuracy_drop=0.1)

    @functools.cached_property
    def compression(self):
        return tfc.tuner.Compression({"hidden": (tfc.methods.Units(), 0.5)})

    @functools.cached_property
    def tuning(self):
        trial = tfc.tuner.Trial(self.folder, self.compression, 1, 1, accuracy=0.5)
        return tfc.tuner.Tuning(
            trial, True, "", (trial,), trial, self.budget, None, (), self.model
        )
