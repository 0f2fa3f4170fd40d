import matplotlib.image
import numpy as np


def test_a_picture_is_drawn(found, tmp_path):
    path = found.plot(tmp_path / "map.png")
    pixels = matplotlib.image.imread(path)
    assert len(np.unique(pixels.reshape(-1, pixels.shape[-1]), axis=0)) > 10
