import keras
import numpy as np
import pytest

import tfcompress as tfc


@pytest.fixture(scope="session")
def _made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    keras.utils.set_random_seed(0)
    for name, width in (("model", 8), ("student", 4)):
        model = keras.Sequential(
            [
                keras.Input((6,)),
                keras.layers.Dense(width, "relu", name="hidden"),
                keras.layers.Dense(3, "softmax", name="classes"),
            ],
            name=name,
        )
        model.save(folder / f"{name}.keras")
    model = keras.models.load_model(folder / "model.keras")
    model.save(folder / "model.h5")
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 6)).astype("float32")
    y = model.predict(x, verbose=0).argmax(-1)
    parts = {"x_train": x[:40], "y_train": y[:40], "x_test": x[40:], "y_test": y[40:]}
    np.savez(folder / "data.npz", **parts)
    np.savez(folder / "plain.npz", x=x, y=np.eye(3)[y])
    recipe = tfc.Recipe({"hidden": tfc.kernels.LowRank(rank=1)})
    (folder / "recipe.json").write_text(recipe.to_json())
    return folder


@pytest.fixture
def files(_made, tmp_path, monkeypatch):
    """The current folder, with models, data and a recipe."""
    for path in _made.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path
