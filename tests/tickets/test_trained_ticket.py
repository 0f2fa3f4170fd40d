import pytest

from tfcompress.tickets.trained_ticket import TrainedTicket

WHAT = {"round": 1, "variant": "ticket", "weights_left": 0.5}
HISTORY = {"val_loss": [3.0, 1.0, 1.0, 2.0], "accuracy": [0.1, 0.2, 0.3, 0.4]}


def test_early_stop_is_the_first_iteration_of_the_least_loss():
    one = TrainedTicket.of(HISTORY, "val_loss", 100, 0, **WHAT)
    assert one.early_stop == 200
    assert one.metrics == {"val_loss": 1.0, "accuracy": 0.2}
    assert one.final == {"val_loss": 2.0, "accuracy": 0.4}


def test_iterations_are_counted_from_the_beginning_of_the_run():
    assert TrainedTicket.of(HISTORY, "val_loss", 10, 5, **WHAT).early_stop == 70


@pytest.mark.parametrize("history", [None, 3, {}, {"a": []}, {"a": [1], "b": [1, 2]}])
def test_what_is_no_history_is_refused(history):
    with pytest.raises(TypeError, match="`fit_fn` must return what `fit` returned"):
        TrainedTicket.of(history, "a", 1, 0, **WHAT)
