import matplotlib.image


def test_a_picture_is_drawn(tuned, tmp_path):
    path = tuned[0].plot(tmp_path / "front.png")
    pixels = matplotlib.image.imread(path)
    assert pixels.min() < 0.5 < pixels.max()
