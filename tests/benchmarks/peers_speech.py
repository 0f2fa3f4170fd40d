"""The routes of `peers` from a small network on spoken words."""

from peers import compared

DESCRIPTION = (
    "The routes of `peers`, from a network of two convolutions and two dense layers on "
    "Speech Commands (five words, 49 frames of 10 MFCCs): 12 epochs before, 6 more on "
    "each route, 12 where it has two steps, 18 for the student and for signs. Means of "
    "three seeds"
)
PLOT = ("bytes", "accuracy")
TASKS = {"Two convolutions, Speech Commands": ("speech_commands", "speech_net", 12, 6)}


def measure(fast: bool = False, seed: int = 0) -> dict:
    return compared("peers_speech", TASKS, fast, seed)
