import json

import keras
import numpy as np
import pytest

from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.report.report import report


@pytest.fixture
def model():
    return keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(8, "relu", name="hidden"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(2, name="logits"),
        ],
        name="small",
    )


def test_total_is_worked_out_by_hand(model):
    total = report(model).total
    assert total.parameters == model.count_params() == (4 * 8 + 8) + (8 * 2 + 2)
    assert total.nonzero == 4 * 8 + 8 * 2  # the biases start at zero
    assert total.stored_bits == 32 * 58
    assert total.macs == 4 * 8 + 8 * 2


def test_layers_that_store_and_multiply_nothing_have_no_row(model):
    assert [row.name for row in report(model).rows] == ["hidden", "logits"]


def test_baseline_gives_how_many_times_smaller(model):
    hashed = keras.Sequential(
        [
            keras.Input((4,)),
            CompressedDense(
                8, kernel=Hashed(ratio=1 / 4, block_size=1, seed=0), name="hidden"
            ),
            keras.layers.Dense(2, name="logits"),
        ]
    )
    compared = report(hashed, baseline=model)

    assert compared.total.parameters == (8 + 8) + 18
    assert compared.times_smaller["parameters"] == 58 / 34
    assert compared.baseline.name == "small"
    assert "1.7x fewer bytes" in str(compared)


def test_accuracy_is_measured_for_both(model, rng):
    x = rng.normal(size=(20, 4)).astype("float32")
    y = model.predict(x, verbose=0).argmax(-1)

    assert report(model, data=(x, y)).accuracy == 1
    compared = report(model, baseline=model, data=(x, 1 - y))
    assert (compared.accuracy, compared.baseline.accuracy) == (0, 0)
    assert "on 20 examples; baseline: 0.00%." in " ".join(str(compared).split())
    assert compared.answers.agreement == 1


def test_json_has_the_rows_and_the_total(model, tmp_path):
    path = tmp_path / "report.json"
    text = report(model, baseline=model).to_json(path)

    assert json.loads(path.read_text()) == json.loads(text)
    content = json.loads(text)
    assert content["rows"][0] == {
        "name": "hidden",
        "kind": "Dense",
        "parameters": 40,
        "nonzero": 32,
        "stored_bits": 1280,
        "macs": 32,
        "error": None,
    }
    assert content["total"]["macs"] == 48
    assert content["baseline"]["total"] == content["total"]
    assert content["times_smaller"]["macs"] == 1


def test_macs_of_five_layers_are_those_worked_out_by_hand():
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((12, 12, 3)),
            layers.Conv2D(8, 3, name="conv"),  # 10 x 10 places of 3 * 3 * 3 * 8
            layers.DepthwiseConv2D(3, padding="same", name="depthwise"),  # 3 * 3 * 8
            layers.Reshape((10, 80)),
            layers.LSTM(6, return_sequences=True, name="lstm"),  # 4 gates, 10 steps
            layers.Dense(5, name="dense"),  # on each of the 10 steps
            layers.GlobalAveragePooling1D(),
            layers.Dense(2, name="logits"),
        ]
    )
    found = {row.name: row.macs for row in report(model).rows}
    assert found == {
        "conv": 100 * 216,
        "depthwise": 100 * 72,
        "lstm": 10 * 4 * (80 * 6 + 6 * 6),
        "dense": 10 * 6 * 5,
        "logits": 5 * 2,
    }
    assert report(model).total.macs == 49_750


def test_what_is_measured_has_a_section_each(model, rng):
    x = rng.normal(size=(20, 4)).astype("float32")
    y = rng.integers(0, 2, 20)

    found = report(
        model, baseline=model, data=(x, y), noise=True, shifted={"s": (x, y)}
    )

    titles = [section.title for section in found.sections]
    assert titles == ["Layers", "Answers", "Distance under noise", "Shifted data"]
    assert found.shifted.shifts[0].excess_error == 0
    content = json.loads(found.to_json())
    assert content["answers"]["agreement"] == 1
    assert content["noise"]["levels"][0] == {
        "amplitude": 0.0,
        "agreement": 1.0,
        "distance": 0.0,
    }
    page = found.to_html()
    assert all(f"<h2>{title}</h2>" in page for title in titles)


def test_page_is_written_too(model, tmp_path):
    path = tmp_path / "report.html"
    assert report(model).to_html(path) == path.read_text()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"noise": True}, "`noise` must be False without `data` and `baseline`"),
        ({"shifted": {"a": 1}}, "`shifted` must come with `data`"),
        ({"data": 3}, r"`data` must be a pair \(x, y\)"),
    ],
)
def test_what_cannot_be_measured_is_refused(model, options, message):
    with pytest.raises(ValueError, match=message):
        report(model, **options)


def test_model_that_cannot_be_traced_still_has_its_parameters():
    class Pair(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(2)

        def call(self, x):
            return self.dense(x[0] + x[1])

    model = Pair()
    model([np.zeros((1, 3)), np.zeros((1, 3))])

    found = report(model)

    assert found.total.parameters == 8
    assert found.total.unknown == (model.dense.name,)
    assert "does not know the shape of its input" in found.note
    assert "".join(found.note.split()) in "".join(str(found).split())


def test_subclassed_model_with_weights_of_its_own():
    class Biased(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(2)
            self.shift = self.add_weight(name="shift", shape=(2,))

        def call(self, x):
            return self.dense(x) + self.shift

    model = Biased()
    model(np.zeros((1, 3)))

    found = report(model)

    assert found.total.parameters == model.count_params() == 10
    assert found.total.macs == 6
    assert found.total.unknown == (model.name,)


def test_model_that_is_not_built_is_refused():
    model = keras.Sequential([keras.layers.Dense(2)])
    with pytest.raises(ValueError, match=r"`model` must be built.*keras.Input"):
        report(model)
    built = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    with pytest.raises(ValueError, match="`baseline` must be built"):
        report(built, baseline=model)


@pytest.mark.parametrize("model", [None, "model.keras", keras.layers.Dense(2)])
def test_what_is_no_model_is_refused(model):
    with pytest.raises(TypeError, match="`model` must be a Keras model"):
        report(model)
