import numpy as np
from linear import fit, still

from tfcompress.callbacks.regrow_by_gradient import RegrowByGradient
from tfcompress.schedules.constant import Constant


def test_what_the_loss_asks_for_most_grows():
    kernel = np.float32([[0, 0], [0, 0], [5, 5]])
    x = np.tile(np.float32([1, 9, 2]), (16, 1))
    y = x @ kernel + np.float32([1, 2])
    grown = []
    regrow = RegrowByGradient(Constant(0.5), fraction=1.0, frequency=4, until="100%")
    exchange = regrow._exchange

    def watched(weight, part):
        exchange(weight, part)
        grown.append(weight.kept.tolist())

    regrow._exchange = watched
    fit(still(kernel), regrow, y, x=x)

    # One of two goes; the error is larger at output 1, the input larger at 1.
    assert grown == [[[False, False], [False, True], [True, False]]]
