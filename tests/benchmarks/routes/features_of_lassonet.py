"""Features by the package of LassoNet's authors, in PyTorch."""

import contextlib

import features
import numpy as np
from lassonet import LassoNetClassifier

User = features.User


def fifty(user):
    options = user.options
    net = LassoNetClassifier(
        hidden_dims=options["hidden_units"],
        lambda_start=options["start"],
        path_multiplier=options["multiplier"],
        n_iters=options["epochs"],
        val_size=0.125,
        batch_size=256,
        random_state=user.seed,
        torch_seed=user.seed,
        verbose=0,
    )
    lengths = []

    def enough(net, path):
        lengths.append(net.model.skip.weight.data.norm(dim=0).numpy())
        if path[-1].selected.sum() < 50:
            raise StopIteration

    with contextlib.suppress(StopIteration):
        net.path(user.x, user.y, callback=enough)
    norms = [one for one in lengths if np.count_nonzero(one) >= 50][-1]
    chosen = np.argsort(-norms)[:50]
    return {"lassonet": user.save("lassonet", chosen, len(lengths))}


ROUTES = {"fifty": fifty}
