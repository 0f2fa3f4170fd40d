"""L0 gates on LeNet-300-100."""

from mnist_networks import lenet_300_100
from mnist_networks import with_gates as measured

DESCRIPTION = (
    "L0 gates on LeNet-300-100 and MNIST with the settings of the paper's code, nothing "
    "chosen: strength 0.1 / 60000, weight decay 5e-4, a gate for each input of a layer, "
    "Adam 1e-3, batch 100, 200 epochs (plain: 40), averaged weights (0.999). Left: the "
    "inputs of each layer"
)


def measure(fast: bool = False, seed: int = 0) -> dict:
    return measured(lenet_300_100, epochs=1 if fast else 200, fast=fast, seed=seed)
