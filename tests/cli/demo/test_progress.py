import io

import keras
import numpy as np
from rich.console import Console

from tfcompress.cli.demo.progress import bars


def test_bars_follow_steps_and_epochs():
    console = Console(file=io.StringIO(), width=80, force_terminal=True)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.zeros((4, 2)), np.zeros((4, 1))

    with bars(console, steps=2) as (begin, callback):
        begin("first")
        assert callback.bars.tasks[0].completed == 0
        model.fit(x, y, epochs=3, verbose=0, callbacks=[callback])
        assert callback.bars.tasks[1].completed == 3
        begin("second")
        assert callback.bars.tasks[0].completed == 1
        model.fit(x, y, epochs=2, verbose=0, callbacks=[callback])
        assert (callback.bars.tasks[1].completed, callback.bars.tasks[1].total) == (
            2,
            2,
        )

    assert "first" in console.file.getvalue()
