import itertools

import keras
import numpy as np
import pytest
from searching import fit_fn, model_fn, search

from tfcompress.distributions.per_layer import PerLayer

CONTROLS = ("reinitialized", "random_mask")


def equal(first, second):
    pairs = zip(first.get_weights(), second.get_weights(), strict=True)
    return all((a == b).all() for a, b in pairs)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """One search with its folder, and what models were when they were trained."""
    folder = tmp_path_factory.mktemp("search")
    starts = []

    def spied(model, callbacks, **options):
        start = keras.callbacks.LambdaCallback(
            on_train_batch_begin=lambda batch, logs: (
                starts.append(model.get_weights()) if len(starts) < len(runs) else None
            )
        )
        runs.append(options)
        return fit_fn(model, callbacks=[*callbacks, start], **options)

    runs = []
    result = search(spied, controls=CONTROLS, folder=folder, rewind_to=3)
    return result, folder, starts, runs


def test_each_round_keeps_exact_counts_within_those_of_the_last(found):
    masks = found[0].masks
    assert [[int(m.sum()) for m in one] for one in masks] == [
        [40, 10],
        [20, 5],
        [10, 2],
    ]
    for before, after in itertools.pairwise(masks):
        assert all((a <= b).all() for a, b in zip(after, before, strict=True))


def test_every_round_has_a_ticket_and_its_controls(found):
    trained = [(one.round, one.variant) for one in found[0].trained]
    later = [(r, v) for r in (1, 2) for v in (*CONTROLS, "ticket")]
    assert trained == [(0, "ticket"), *later]
    assert [one.weights_left for one in found[0].of("ticket")] == [1, 0.5, 0.24]
    assert [one.weights_left for one in found[0].of("random_mask")] == [1, 0.5, 0.24]


def test_ticket_begins_with_its_rewound_weights_and_controls_do_not(found):
    result, _, starts, runs = found
    kernel, mask = result.weights[0], next(iter(result.masks[1]))
    reinitialized, random, ticket = (start[0] for start in starts[1:4])
    np.testing.assert_array_equal(ticket, kernel * mask)
    np.testing.assert_array_equal(reinitialized != 0, mask)
    assert not np.isin(reinitialized[mask], kernel).any()
    assert np.isin(random[random != 0], kernel).all()
    assert (random != 0).sum() == mask.sum()
    assert ((random != 0) != mask).any()
    # Step 3 is in the second epoch, which is trained as a whole.
    assert [run["initial_epoch"] for run in runs[:4]] == [0, 0, 1, 1]


def test_model_is_the_trained_ticket_of_the_last_round(found):
    result = found[0]
    for layer, mask in zip(("dense", "head"), result.masks[-1], strict=True):
        [one] = [one for one in result.model.layers if one.name.startswith(layer)]
        np.testing.assert_array_equal(one.kernel.numpy() != 0, mask)


def test_second_search_with_the_same_seed_is_identical(found):
    again = search(controls=CONTROLS, rewind_to=3)
    assert again.trained == found[0].trained
    assert again.masks == found[0].masks
    assert equal(again.model, found[0].model)


class Cut(Exception):
    pass


@pytest.mark.parametrize("rewind", ["weights", "learning_rate"])
def test_search_that_was_cut_ends_as_one_that_was_not(tmp_path, rewind):
    calls = []

    def cut(model, **options):
        calls.append(options)
        if len(calls) in (2, 5):
            raise Cut
        return fit_fn(model, **options)

    options = {"controls": "random_mask", "rewind": rewind, "rewind_to": "1 epoch"}
    for _ in range(2):
        with pytest.raises(Cut):
            search(cut, folder=tmp_path / "search", **options)
    resumed = search(cut, folder=tmp_path / "search", **options)

    whole = search(**options)
    assert len(calls) == 5 + 2  # nothing is trained twice but what was cut
    assert resumed.trained == whole.trained
    assert resumed.masks == whole.masks
    assert equal(resumed.model, whole.model)


def test_search_that_is_done_is_read_and_not_trained_again(found):
    def never(model, **options):
        raise AssertionError

    again = search(never, controls=CONTROLS, folder=found[1], rewind_to=3)
    assert again.trained == found[0].trained
    assert equal(again.model, found[0].model)


def test_folder_of_another_model_or_search_is_refused(found):
    folder = found[1]
    options = {"controls": CONTROLS, "rewind_to": 3, "folder": folder}
    with pytest.raises(ValueError, match="`folder` must be that of the same model"):
        search(model_fn=lambda: model_fn(units=12), **options)
    with pytest.raises(ValueError, match=r"same arguments: fraction=0.5, not 0.4"):
        search(fraction=0.4, **options)


def test_output_layer_may_have_its_own_share():
    masks = search(rounds=1, scope=PerLayer({"head": 0.1})).masks[-1]
    assert [int(mask.sum()) for mask in masks] == [20, 9]


def test_progress_is_printed_if_asked_for(capsys):
    search(rounds=1, verbose=1)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("round 1, ticket: 50.0 % left, early stop at")


@pytest.mark.parametrize(
    ("fit", "kind", "match"),
    [
        (lambda model, **options: None, ValueError, "pass its `callbacks` on to `fit`"),
        (
            lambda model, **options: (fit_fn(model, **options), None)[1],
            TypeError,
            "`fit_fn` must return what `fit` returned",
        ),
        (
            lambda model, **options: (fit_fn(model, **options), {"val_loss": []})[1],
            TypeError,
            "`fit_fn` must return what `fit` returned",
        ),
        (3, TypeError, "`fit_fn` must be a function"),
    ],
    ids=["no training", "nothing", "no epochs", "no function"],
)
def test_bad_fit_functions_are_refused(fit, kind, match):
    with pytest.raises(kind, match=match):
        search(fit)


def test_weights_that_come_back_after_the_round_are_refused():
    class Restores(keras.callbacks.Callback):
        def on_train_end(self, logs=None):
            weights = self.model.get_weights()
            self.model.set_weights([np.ones_like(weight) for weight in weights])

    def fit(model, callbacks, **options):
        return fit_fn(model, callbacks=[*callbacks, Restores()], **options)

    with pytest.raises(ValueError, match="list its `callbacks` after those that"):
        search(fit)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"rounds": 0}, "`rounds` must be a positive integer"),
        ({"fraction": 0.0}, "`fraction` must be a number in"),
        ({"rounds": 8}, "`fraction` must leave something of each weight"),
        ({"controls": "other"}, "`controls` must be one of"),
        ({"monitor": "val_f1"}, "`monitor` must be a metric that `fit_fn` returns"),
        ({"model_fn": keras.Sequential}, "return a model that is built and compiled"),
    ],
    ids=str,
)
def test_bad_arguments_are_refused(options, match):
    with pytest.raises(ValueError, match=match):
        search(**options)


def test_function_that_returns_no_model_is_refused():
    with pytest.raises(TypeError, match="`model_fn` must be a function that returns a"):
        search(model_fn=lambda: None)
