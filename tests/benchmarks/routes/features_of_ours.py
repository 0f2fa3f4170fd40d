"""Features by `tfc.lassonet_path`."""

import features
import numpy as np

import tfcompress as tfc

User = features.User


def fifty(user):
    options = user.options
    path = tfc.lassonet_path(
        user.x,
        user.y,
        hidden_units=options["hidden_units"],
        start=options["start"],
        multiplier=options["multiplier"],
        epochs=options["epochs"],
        validation_split=0.125,
        batch_size=256,
        features=49,
        seed=user.seed,
    )
    norms = [one.norms for one in path.points if len(one.selected) >= 50][-1]
    chosen = np.argsort(-norms)[:50]
    return {"ours": user.save("ours", chosen, len(path.points))}


ROUTES = {"fifty": fifty}
