"""Half the channels of another author's network taken out, and what it is then."""

import pathlib
import tempfile

import keras
import numpy as np
import tensorflow as tf
from others import model_of

import tfcompress as tfc

DESCRIPTION = (
    "ResNet-8 of MLPerf Tiny, trained by its authors, as `~/.keras/models/resnet8.keras`: "
    "tuned for 12 epochs on the CIFAR-10 subset (JPEG; flips, shifts of 4 pixels), then "
    "18 epochs in which half the channels of each group are pruned by Taylor scores, "
    "taught by the tuned network, and taken out. Test accuracy in percent; .tflite, "
    "float32, batch 1, one thread; one seed, last epoch"
)
SPARSITY = 0.5


def measure(fast: bool = False, seed: int = 0) -> dict:
    keras.utils.set_random_seed(seed)
    data = tfc.datasets.load("cifar10_subset")
    count = 320 if fast else len(data.x_train)
    train = _moved(255 * data.x_train[:count], data.y_train[:count])
    nets = {"as it came": model_of("resnet8")}
    nets["tuned"] = _fitted(nets["as it came"], train, 1 if fast else 12, 5e-4)
    schedule = tfc.schedules.Polynomial(SPARSITY, begin=0, end="40%", frequency=20)
    callbacks = [
        tfc.callbacks.PruneChannels(schedule, by="taylor"),
        tfc.callbacks.Distill(nets["tuned"], temperature=4.0, alpha=0.2),
    ]
    epochs = 1 if fast else 18
    pruned = _fitted(nets["tuned"], train, epochs, 2e-3, callbacks)
    nets["half the channels"] = tfc.shrink(pruned)
    return {"ResNet-8": _rows(nets, 255 * data.x_test, data.y_test)}


def _moved(x, y):
    """Batches of images that are flipped and shifted anew in each epoch."""

    def moved(image, label):
        image = tf.image.random_flip_left_right(image)
        image = tf.pad(image, [[4, 4], [4, 4], [0, 0]], "REFLECT")
        return tf.image.random_crop(image, [32, 32, 3]), label

    images = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(y))
    return images.map(moved).batch(128).prefetch(2)


def _fitted(model, train, epochs, rate, callbacks=()):
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    falling = keras.optimizers.schedules.CosineDecay(rate, len(train) * epochs)
    copy.compile(keras.optimizers.Adam(falling), "sparse_categorical_crossentropy")
    copy.fit(train, shuffle=False, epochs=epochs, verbose=0, callbacks=[*callbacks])
    return copy


def _rows(nets, x, y):
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: pathlib.Path(folder, f"{name}.tflite") for name in nets}
        files = {
            name: tfc.export.to_tflite(net, paths[name], batch_size=1)
            for name, net in nets.items()
        }
        latency = tfc.runtime.compare_latency(paths, rounds=101)
        return {
            name: {
                "accuracy": round(100 * float(np.mean(outputs.argmax(-1) == y)), 2),
                "weights": nets[name].count_params(),
                "bytes": files[name].bytes,
                "times faster": round(1 / latency.ratios[name], 2),
            }
            for name, outputs in (
                (name, net.predict(x, 500, verbose=0)) for name, net in nets.items()
            )
        }
