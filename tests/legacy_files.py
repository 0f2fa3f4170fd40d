"""Writes files of legacy Keras and tensorflow-model-optimization: a program of its own.

TF_USE_LEGACY_KERAS=1 python legacy_files.py FOLDER
"""

import os
import pathlib
import sys

import numpy as np


def main(folder):
    import tensorflow as tf
    import tensorflow_model_optimization as tfmot

    keras, layers = tf.keras, tf.keras.layers
    keras.utils.set_random_seed(0)
    random = np.random.default_rng(0)
    x, y = random.normal(size=(32, 6)).astype("float32"), random.integers(0, 3, 32)
    images = random.normal(size=(32, 6, 6, 2)).astype("float32")
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def mlp():
        dense = [layers.Dense(8, "relu", name="a"), layers.Dense(3, name="b")]
        return keras.Sequential([keras.Input((6,)), *dense])

    def lstm():
        recurrent = [layers.LSTM(4, name="lstm"), layers.Dense(3)]
        return keras.Sequential([keras.Input((6,)), layers.Reshape((3, 2)), *recurrent])

    def write(model, name, inputs, **fitting):
        model.compile("adam", loss)
        model.fit(inputs, y, batch_size=16, verbose=0, **fitting)
        model.save(folder / name)
        outputs = model(inputs, training=False)
        np.savez(folder / f"{name}.npz", inputs=inputs, outputs=outputs)

    schedule = tfmot.sparsity.keras.ConstantSparsity(0.75, 0, frequency=1)
    pruned = tfmot.sparsity.keras.prune_low_magnitude(mlp(), schedule)
    callbacks = [tfmot.sparsity.keras.UpdatePruningStep()]
    write(pruned, "pruned.h5", x, callbacks=callbacks)

    cluster = tfmot.clustering.keras.cluster_weights
    write(cluster(mlp(), 4), "clustered.h5", x)
    write(cluster(lstm(), 4), "recurrent.h5", x)

    quantize = tfmot.quantization.keras.quantize_model
    write(quantize(mlp()), "quantized.h5", x)
    pixels = keras.Input((6, 6, 2))
    z = layers.Conv2D(4, 3, padding="same", name="conv/one")(pixels)
    z = layers.ReLU()(layers.BatchNormalization()(z))
    z = layers.Add()([z, layers.Conv2D(4, 1, activation="relu", name="two")(z)])
    z = layers.Dense(3, name="last")(layers.Flatten()(layers.MaxPooling2D()(z)))
    write(quantize(keras.Model(pixels, z)), "residual.h5", images)

    write(lstm(), "lstm.keras", x)
    inner = keras.Sequential([keras.Input((6,)), layers.Dense(6, "relu")], name="inner")
    start = keras.Input((6,))
    end = layers.Dense(3)(layers.Add()([inner(inner(start)), start]))
    write(keras.Model(start, end), "saved", x)

    ran = str(folder / "ran")
    code = layers.Lambda(lambda x, ran=ran: (open(ran, "a").close(), x)[1], name="code")
    for name in ("code.h5", "code.keras", "code"):
        keras.Sequential([keras.Input((6,)), code]).save(folder / name)
    os.remove(ran)


if __name__ == "__main__":
    assert os.environ["TF_USE_LEGACY_KERAS"] == "1"
    main(pathlib.Path(sys.argv[1]))
