"""The routes of `peers` from a small network on photographs in colour."""

from peers import compared

DESCRIPTION = (
    "The routes of `peers`, from the network of TensorFlow's tutorial (three "
    "convolutions, two dense layers) on the CIFAR-10 subset (10,000 images, JPEG): 8 "
    "epochs before, 3 more on each route, 6 where it has two steps, 11 for the student "
    "and for signs. Means of three seeds"
)
PLOT = ("bytes", "accuracy")
TASKS = {"Tutorial's network, CIFAR-10 subset": ("cifar10_subset", "cifar_net", 8, 3)}


def measure(fast: bool = False, seed: int = 0) -> dict:
    return compared("peers_cifar_10", TASKS, fast, seed)
