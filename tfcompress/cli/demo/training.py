"""The network of the demo, and how it is trained."""

import keras


def mlp(data, widths) -> keras.Model:
    """Returns a new classifier for `data` with hidden layers of these `widths`."""
    hidden = [
        keras.layers.Dense(width, "relu", name=f"hidden_{index}")
        for index, width in enumerate(widths, start=1)
    ]
    return keras.Sequential(
        [
            keras.Input(data.x_train.shape[1:]),
            keras.layers.Flatten(),
            *hidden,
            keras.layers.Dense(len(data.classes), "softmax", name="classes"),
        ]
    )


def train(model, data, settings, *callbacks, share=1.0, learning_rate=1e-3):
    """Trains `model` by plain `fit`, for a `share` of the epochs, and returns it."""
    optimizer = keras.optimizers.Adam(learning_rate)
    model.compile(optimizer, "sparse_categorical_crossentropy")
    model.fit(
        data.x_train,
        data.y_train,
        epochs=max(1, round(share * settings.epochs)),
        batch_size=settings.batch_size,
        verbose=0,
        callbacks=[*callbacks, *settings.callbacks],
    )
    return model


def copy(model) -> keras.Model:
    """Returns a model of the same layers and weights, to be trained on."""
    twin = keras.models.clone_model(model)
    twin.set_weights(model.get_weights())
    return twin
