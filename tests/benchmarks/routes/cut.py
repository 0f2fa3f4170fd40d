"""Cuts a trained network in a process of its own, and says what is left."""

import importlib
import json
import sys
import time

import numpy as np
from child import lines, peak_megabytes


def main(package, cut, **options):
    """Prints seconds, memory, lines, parameters, and a file of logits on test data.

    They are those of the network as it was cut, and of that after `after` epochs more.
    """
    package = importlib.import_module(package)
    user = package.User(**options)
    model = user.model()
    begin = time.perf_counter()
    small = package.CUTS[cut](model, user)
    found = {
        "seconds": round(time.perf_counter() - begin, 2),
        "lines": lines(package.CUTS[cut], plain=0),
        "parameters": user.parameters(small),
        "file": str(user.path(f"{package.__name__} {cut}.npz")),
    }
    cut = user.logits(small)
    tuned = user.logits(user.fit(small))
    np.savez(found["file"], cut=cut, tuned=tuned)
    print(json.dumps({**found, "peak MB": peak_megabytes()}))


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
