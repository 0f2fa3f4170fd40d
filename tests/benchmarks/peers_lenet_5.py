"""The routes of `peers` from LeNet-5 on Fashion-MNIST."""

from peers import compared

DESCRIPTION = (
    "The routes of `peers`, from LeNet-5 on Fashion-MNIST, shortened: 4 epochs before, "
    "1 more on each route, 2 where it has two steps, 5 for the student and for signs. "
    "Means of three seeds"
)
PLOT = ("bytes", "accuracy")
TASKS = {"LeNet-5, Fashion-MNIST": ("fashion_mnist", "lenet_5", 4, 1)}


def measure(fast: bool = False, seed: int = 0) -> dict:
    return compared("peers_lenet_5", TASKS, fast, seed)
