import io

import keras
import numpy as np
from rich.console import Console
from rich.progress import Progress

from tfcompress.cli.epoch_bar import EpochBar


def test_bar_moves_by_one_for_each_epoch_and_is_hidden_afterwards():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    with Progress(console=Console(file=io.StringIO())) as bars:
        bar = EpochBar(bars, bars.add_task("epochs", visible=False))
        model.fit(
            np.zeros((4, 2)), np.zeros((4, 1)), epochs=3, verbose=0, callbacks=bar
        )
        (task,) = bars.tasks
        assert (task.completed, task.total, task.visible) == (3, 3, False)
