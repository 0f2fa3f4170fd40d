"""Movements of a smartphone as features, for dense layers and for feature selection."""

from tfcompress.datasets.dataset import Dataset
from tfcompress.datasets.keras_cache import cached_arrays

FILE = "uci_har_265.npz"
ARRAYS = {
    "x_train": "(7193, 265) float32",
    "y_train": "(7193,) uint8",
    "x_test": "(3106, 265) float32",
    "y_test": "(3106,) uint8",
}
CLASSES = (
    *("walking", "walking upstairs", "walking downstairs"),
    *("sitting", "standing", "laying"),
)


def uci_har() -> Dataset:
    """Returns six activities of 30 people, 265 features in [-1, 1] for each window.

    The split divides each person's windows at random: accuracies are better than they
    would be on new people, and not comparable with those of the official split. It is
    read from `$KERAS_HOME/datasets/uci_har_265.npz`, which nothing downloads:
    docs/datasets.md says how to make it. Its authors forbid commercial use.

    Raises:
        FileNotFoundError: The file is not there.

    References:
        - [Anguita et al., 2013](https://doi.org/10.24432/C54S4K)
    """
    source = (
        "Human Activity Recognition Using Smartphones, 265 of its 561 features (cite "
        "Anguita et al., 2013; no commercial use)"
    )
    arrays = cached_arrays(FILE, ARRAYS, source=source)
    return Dataset(
        arrays["x_train"].astype("float32"),
        arrays["y_train"].astype("int32"),
        arrays["x_test"].astype("float32"),
        arrays["y_test"].astype("int32"),
        CLASSES,
        name="uci_har",
    )
