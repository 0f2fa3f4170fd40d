"""The trials of a search: which compressions are trained, and in which order."""

import dataclasses
import math

import keras

from tfcompress import _checks
from tfcompress.tuner.allocation import within
from tfcompress.tuner.estimate import Estimate
from tfcompress.tuner.obstacle import accuracy_obstacle, cost_obstacle
from tfcompress.tuner.trial import FILE, Trial
from tfcompress.tuner.tuning import Tuning

ATTEMPTS = 3
# Of two trials some layer's ratio differs by this factor at least.
APART = 1.2


class Search:
    """Trials under the budget of a `Workbench`, chosen from several `Pool`s.

    Args:
        bench: The `Workbench`, whose teacher is the model before.
        pools: The `Pool`s, that of all methods first.
        whole: A `Compression` of nothing, with the format of the file and the weight of
            the teacher.
        epochs: How long each model is trained.
        candidates: How many compressions are looked at without training, in all.
        seed: Integer, of all randomness.
        verbose: 0, or 1 for a line at each trial.
    """

    def __init__(self, bench, pools, whole, epochs, candidates, seed, verbose):
        self.bench, self.pools, self.whole = bench, pools, whole
        self.epochs, self.candidates = epochs, candidates
        self.seed, self.verbose = seed, verbose
        self.trials, self.searches = [], []
        self._runs = []  # candidate, number of its pool, trial

    def run(self, count) -> None:
        """Runs trials, or reads those that an earlier run has left."""
        limits = self.bench.budget.limits
        if limits:
            self._under_limits(count, limits)
        else:
            self._by_halves(count)

    def result(self, table) -> Tuning:
        """Returns what was found; `table` is the `Sensitivity`."""
        done = [trial for trial in self.trials if not trial.fault]
        if not done:
            faults = [trial.fault for trial in self.trials]
            rule = "suit a method, the format and the budget: every trial failed"
            raise _checks.error(
                "model", rule, self.bench.teacher.name, remedy=faults[0]
            )
        best, bench = max(done, key=lambda trial: trial.score), self.bench
        obstacle = ""
        if not best.within:
            costs = any(best.figures[n] > v for n, v in bench.budget.limits.items())
            obstacle = (
                cost_obstacle(best, bench.budget, best.model())
                if costs
                else accuracy_obstacle(best, bench.budget, self.pools[0].accuracy_of)
            )
        return Tuning(
            best,
            best.within,
            obstacle,
            tuple(self.trials),
            bench.baseline,
            bench.budget,
            table,
            tuple(self.searches),
            bench.teacher,
        )

    def _under_limits(self, count, limits):
        estimate = self._estimate(limits)
        found = self._looked_for(estimate, self.candidates)
        if not any(found):
            self._run_smallest(estimate)
            return
        while len(self.trials) < count:
            chosen = self._next(found, estimate)
            if chosen is None:
                break
            self._run(*chosen, estimate)
        if len(self.trials) < count and not any(map(self._affordable, self.trials)):
            self._run_smallest(estimate)  # before anything is said to be out of reach

    def _affordable(self, trial):
        limits, figures = self.bench.budget.limits, trial.figures
        return not trial.fault and all(figures[n] <= v for n, v in limits.items())

    def _by_halves(self, count):
        """Looks for the smallest file that does not lose too much."""
        high = self._estimate({"bytes": self.bench.baseline.bytes})
        sizes = [high.costs(one)["bytes"] for one in self._smallest(high)]
        low, high_bytes = min(sizes), high.costs(self.whole)["bytes"]
        for number in range(count):
            high.limits = {"bytes": math.sqrt(low * high_bytes)}
            each = max(1, self.candidates // count)
            found = self._looked_for(high, each, seed=self.seed + number)
            ranked = [(one[0].rank, i) for i, one in enumerate(found) if one]
            if not ranked:
                low = high.limits["bytes"]
                continue
            pool = max(ranked)[1]
            trial = self._run(found[pool][0], pool, high)
            if not trial.fault and trial.within:
                high_bytes = min(high_bytes, trial.bytes)
            else:
                low = high.limits["bytes"]
        if not self.trials:
            self._run_smallest(high)

    def _estimate(self, limits):
        """Returns an `Estimate` that knows what a file has besides its weights."""
        estimate = Estimate(self.bench.teacher, limits)
        path = self.bench.folder / "whole.tflite"
        costs = self.bench.costs(self.bench.teacher, self.whole.quantize, path)
        path.unlink()
        estimate.correct(self.whole, costs)
        return estimate

    def _looked_for(self, estimate, count, seed=None):
        """Returns for each pool its candidates, and notes how good they are."""
        found = []
        for pool in self.pools:
            candidates = pool.search(
                estimate,
                max(1, count // len(self.pools)),
                quantize=self.whole.quantize,
                alpha=self.whole.alpha,
                seed=self.seed if seed is None else seed,
            )
            found.append(candidates)
            self.searches.append(
                {
                    "methods": [str(method) for method in pool.methods],
                    "limits": dict(estimate.limits),
                    "candidates": len(candidates),
                    "uniform": _best(candidates, "uniform"),
                    "sensitivity": _best(candidates, "sensitivity"),
                    "found": _best(candidates),
                }
            )
        return found

    def _next(self, found, estimate):
        """Returns the next candidate and the number of its pool, None if none is left.

        The best of each pool comes first; then those of the pool that did best, with
        one ratio for all layers before the others. Each is made to fit again, by what
        the files until now have shown.
        """
        tried = {pool for _, pool, _ in self._runs}
        order = [i for i in range(len(found)) if i not in tried]
        runs = [run for run in self._runs if not run[2].fault]
        if not order and runs:
            best = max(runs, key=lambda run: run[2].score)[1]
            order = sorted(range(len(found)), key=lambda i: i != best)
        for i in order or range(len(found)):
            candidates = found[i]
            if i in tried:  # what is bad before training may be good after it
                candidates = sorted(candidates, key=lambda one: one.origin != "uniform")
            for candidate in candidates:
                made = self._within(candidate, estimate)
                before = (trial.compression for *_, trial in self._runs)
                if made is not None and all(_apart(made, one) for one in before):
                    return dataclasses.replace(candidate, compression=made), i
        return None

    def _run(self, candidate, pool, estimate) -> Trial:
        folder = self._folder()
        trial = Trial.read(folder)
        compression = candidate.compression
        if trial is None:
            try:
                model, compression = self._fitting(candidate, estimate, folder)
                trial = self._trained(model, compression, folder)
            except ValueError as fault:
                trial = self.bench.give_up(folder, compression, fault)
        if not trial.fault:
            estimate.correct(trial.compression, trial.figures)
        self._runs.append((candidate, pool, trial))
        return self._noted(trial)

    def _run_smallest(self, estimate):
        """The one trial of a budget that nothing fits."""
        folder = self._folder()
        trial = Trial.read(folder)
        if trial is None:
            made = min(self._smallest(estimate), key=estimate.share)
            model = made.apply(self.bench.teacher, inputs=self.bench.fitted_on)
            trial = self._trained(model, made, folder)
        self._noted(trial)

    def _smallest(self, estimate):
        """Returns what is as small as it gets, in several ways that are possible."""
        how = self.whole.quantize, self.whole.alpha
        made = [one for pool in self.pools for one in pool.smallest(*how)]
        possible = [one for one in made if estimate.share(one) < math.inf]
        return possible or [self.whole]

    def _fitting(self, candidate, estimate, folder):
        """Returns a model whose file is within the limits, as far as that is possible."""
        compression, bench = candidate.compression, self.bench
        folder.mkdir(exist_ok=True)
        for attempt in range(ATTEMPTS):
            model = compression.apply(bench.teacher, inputs=bench.fitted_on)
            costs = bench.costs(model, compression.quantize, folder / FILE)
            estimate.correct(compression, costs)
            beyond = any(costs[name] > limit for name, limit in estimate.limits.items())
            if not beyond or attempt + 1 == ATTEMPTS:
                break
            smaller = self._within(candidate, estimate)
            if smaller is None or smaller == compression:
                break
            compression = smaller
        return model, compression

    def _within(self, candidate, estimate):
        how = {"quantize": self.whole.quantize, "alpha": self.whole.alpha}
        return within(candidate.allocation, estimate.share, **how)

    def _trained(self, model, compression, folder):
        keras.utils.set_random_seed(self.seed + len(self.trials))
        if self.epochs:
            self.bench.train(model, compression, self.epochs)
        return self.bench.keep(folder, model, compression)

    def _folder(self):
        return self.bench.folder / f"trial-{len(self.trials) + 1:02}"

    def _noted(self, trial):
        self.trials.append(trial)
        if self.verbose:
            print(f"{trial.folder.name}: {trial}")
        return trial


def _apart(first, second):
    """Whether two compressions are different enough to train both."""
    for name, (method, ratio) in first.choices.items():
        other, before = second.choices.get(name, (method, 1.0))
        either = ratio < 1 or before < 1
        if either and (
            method != other or abs(math.log(ratio / before)) > math.log(APART)
        ):
            return True
    return False


def _best(candidates, origin=None):
    found = [one.accuracy for one in candidates if origin in (None, one.origin)]
    return max(found, default=None)
