from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray

from tfcompress.report.layer_report import LayerReport
from tfcompress.report.report import Report


def test_totals_are_scalars_of_the_step_and_the_tables_are_text(tmp_path):
    row = LayerReport("a", "Dense", 10, 5, stored_bits=320, macs=10)
    Report("it", (row,)).to_tensorboard(tmp_path, step=3)

    found = EventAccumulator(str(tmp_path), {"tensors": 0}).Reload()
    values = {}
    for tag in found.Tags()["tensors"]:
        (event,) = found.Tensors(tag)
        assert event.step == 3
        values[tag] = make_ndarray(event.tensor_proto)
    assert values["layers/stored_bits"] == 320
    assert values["layers/sparsity"] == 0.5
    assert "| a | Dense |" in values["report"].item().decode()
