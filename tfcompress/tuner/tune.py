"""The compression of a model that meets a budget, found, trained and written."""

import dataclasses

from tfcompress import _checks
from tfcompress.sensitivity.activations import Activations
from tfcompress.sensitivity.sensitivity import (
    METHODS,
    checked_methods,
    checked_ratios,
    chosen_layers,
    sensitivity,
)
from tfcompress.tuner.compression import Compression
from tfcompress.tuner.examples import Examples
from tfcompress.tuner.pool import Pool
from tfcompress.tuner.same_search import fingerprint, same_search
from tfcompress.tuner.search import Search
from tfcompress.tuner.tuning import Tuning
from tfcompress.tuner.workbench import Workbench, check_trained

RATIOS = (0.75, 0.5, 0.25, 0.125, 0.0625)
COMPARED_ON = 500


def tune(
    model,
    data,
    *,
    budget,
    folder,
    validation_data=None,
    validation_split=0.1,
    methods=METHODS,
    ratios=RATIOS,
    layers=None,
    quantize="dynamic",
    alpha=0.5,
    trials=6,
    epochs=3,
    batch_size=64,
    candidates=40,
    seed=0,
    verbose=0,
) -> Tuning:
    r"""Returns a compressed model that meets a budget, trained and written to a file.

    1. `tfc.sensitivity` shows what each layer can lose.
    2. Without training, ratios are searched for, one for each layer, that fit the budget:
       one ratio for all layers, what the sensitivities suggest, and what is near to the
       best, as in AMC. This is done for each method by itself and for all together.
    3. The best of these are trials: the file is written, and made smaller until it is
       within the limits; then the model is trained, with the model before as its
       teacher, written, and measured. The first trials are one of each method, and of
       all; the others follow those that were best.

    With `accuracy_drop` alone the size is searched for: each trial halves the range, on
    a logarithmic scale, between the largest file that lost too much and the smallest
    that did not.

    All is chosen by the validation data: on them the result looks better than on new
    data, so measure it on others. A budget that is not met is no error: the result says
    so, is the nearest, and tells which layer stands in the way. A search that was ended
    goes on where it was when it is called again with the same `folder`.

    Args:
        model: A trained, compiled classifier of one output, Sequential or Functional. It
            is left as it was. Trials are trained as it is compiled, with a new
            optimizer of the same settings.
        data: Pair `(x, y)` to train on; `y` holds class indices or one-hot rows.
        budget: A `tfcompress.tuner.Budget`.
        folder: Where all is kept: `trial-01/model.tflite` and so on, `search.json`.
        validation_data: Pair `(x, y)` to choose by, or None.
        validation_split: Float in (0, 1), without `validation_data`: the share of `data`,
            the last of it, that is set aside, as in `fit`.
        methods: Objects of `tfcompress.methods`.
        ratios: Numbers in (0, 1) at which sensitivities are measured; no layer becomes
            smaller than the least of them.
        layers: Names of layers that may be compressed, or globs; None for all.
        quantize: How files are written, as `tfcompress.export.to_tflite` takes it.
        alpha: Float in [0, 1], the weight of the teacher; 0 for none.
        trials: Positive integer, how many models are trained.
        epochs: Integer `>= 0`, how long each is.
        batch_size: Examples in a step of training.
        candidates: Positive integer, how many compressions are looked at without
            training, in all.
        seed: Integer, of the search and of the trainings.
        verbose: 0, or 1 for a line at each trial.

    Returns:
        A `Tuning`: print it, or take `best`, `met`, `path` (the file), `model`, `front`,
        `report()`, `plot(path)`, `to_json(path)`.

    Raises:
        ValueError: If `model` has no graph or is not compiled, an argument is out of its
            range, `folder` is that of another search, or every trial failed.
        TypeError: If `budget` or a method is none.

    Example:

    ```python
    budget = tfc.tuner.Budget(bytes=50_000, accuracy_drop=0.01)
    tuning = tfc.tune(model, (x_train, y_train), budget=budget, folder="tuned")
    print(tuning)
    ```

    References:
        - [He et al., 2018](https://arxiv.org/abs/1802.03494), AMC
    """
    check_trained(model)
    methods, ratios = checked_methods(methods), checked_ratios(ratios)
    if layers is not None:
        layers = list(_checks.names("layers", layers, "names of layers, or globs"))
    chosen_layers([method.layers(model) for method in methods], layers, model)
    trials = _checks.integer("trials", trials)
    epochs = _checks.integer("epochs", epochs, low=0)
    candidates = _checks.integer("candidates", candidates)
    seed = _checks.integer("seed", seed, low=0)
    verbose = _checks.integer("verbose", verbose, low=0)
    untouched = Compression({}, quantize, alpha)
    examples = Examples.of(data, validation_data, validation_split, model)
    bench = Workbench(examples, budget, folder, model, batch_size)
    same_search(
        bench.folder / "search.json",
        {
            "budget": dataclasses.asdict(budget),
            "methods": [method.get_config() for method in methods],
            "ratios": ratios,
            "layers": layers,
            "quantize": quantize,
            "alpha": untouched.alpha,
            "epochs": epochs,
            "batch_size": bench.batch_size,
            "candidates": candidates,
            "trials": trials,
            "seed": seed,
            "examples": [len(examples.y), len(examples.y_validation)],
            "model": fingerprint(model),
        },
    )
    compared = examples.to_compare(COMPARED_ON)
    table = sensitivity(model, compared, methods=methods, ratios=ratios, layers=layers)
    activations = Activations(model, compared[0])
    groups = [methods] if len(methods) == 1 else [methods, *((m,) for m in methods)]
    pools = [
        Pool(model, group, table, activations, compared[1], bench.fitted_on)
        for group in groups
    ]
    search = Search(bench, pools, untouched, epochs, candidates, seed, verbose)
    search.run(trials)
    return search.result(table)
