"""A search of KerasTuner by a chief and two workers, one of which is killed."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

DESCRIPTION = (
    "KerasTuner's chief and two workers on one machine search with "
    "`CompressionHyperModel`. One worker is killed in its first trial and started again "
    "under its name. Trials that were done, by whom, how often they were trained, and "
    "how the processes ended"
)
WAIT = 600


def measure(fast: bool = False, seed: int = 0) -> dict:
    """Returns counts; nothing here is a time."""
    trials = 4 if fast else 8
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        group = Group(folder, trials, seed)
        try:
            return group.run()
        finally:
            group.stop()


class Group:
    """A chief and workers as processes of this machine."""

    def __init__(self, folder, trials, seed):
        self.folder, self.trials, self.seed = folder, trials, seed
        self.port = _free_port()
        self.processes = {}

    def run(self):
        for who in ("chief", "worker0", "worker1"):
            self.start(who)
        _until(lambda: "worker1" in self.begun(), "worker1 began no trial")
        killed = self.processes["worker1"]
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        self.start("worker1")
        for process in self.processes.values():
            process.wait(WAIT)
        done = list((self.folder / "trials").glob("trial-*/trial.json"))
        begun = self.begun()
        records = [json.loads(path.read_text()) for path in done]
        return {
            "asked for": {"trials": self.trials},
            "done": {"trials": sum(not record["fault"] for record in records)},
            "begun by worker0": {"trials": begun.count("worker0")},
            "begun by worker1, killed in the first": {"trials": begun.count("worker1")},
            "begun more often than there are trials": {
                "trials": len(begun) - self.trials
            },
            "processes that ended in error": {
                "trials": sum(p.returncode != 0 for p in self.processes.values())
            },
        }

    def start(self, who):
        environment = {
            **os.environ,
            "KERASTUNER_TUNER_ID": who,
            "KERASTUNER_ORACLE_IP": "127.0.0.1",
            "KERASTUNER_ORACLE_PORT": str(self.port),
        }
        arguments = [str(self.folder), str(self.trials), str(self.seed)]
        with (self.folder / f"{who}.log").open("ab") as log:
            self.processes[who] = subprocess.Popen(
                [sys.executable, __file__, *arguments],
                env=environment,
                stdout=log,
                stderr=log,
            )

    def begun(self):
        """Who began a trial, each time."""
        path = self.folder / "begun.txt"
        return path.read_text().split() if path.exists() else []

    def stop(self):
        for process in self.processes.values():
            if process.poll() is None:
                process.kill()
                process.wait()


def search(folder, trials, seed):
    """What the chief and each worker run."""
    import keras
    import keras_tuner

    import tfcompress as tfc

    class Noting(tfc.tuner.CompressionHyperModel):
        def fit(self, hp, model, *args, **options):
            with (folder / "begun.txt").open("a") as file:
                file.write(os.environ["KERASTUNER_TUNER_ID"] + "\n")
            return super().fit(hp, model, *args, **options)

    data = tfc.datasets.load("digits")
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input(data.x_train.shape[1:]),
            keras.layers.Flatten(),
            keras.layers.Dense(64, "relu", name="hidden"),
            keras.layers.Dense(10, "softmax", name="classes"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(data.x_train, data.y_train, epochs=2, verbose=0)
    small = Noting(
        model,
        (data.x_train, data.y_train),
        budget=tfc.tuner.Budget(bytes=5000),
        folder=folder / "trials",
        ratios=(0.75, 0.6, 0.5, 0.4, 0.3),
    )
    tuner = keras_tuner.RandomSearch(
        small,
        small.objective,
        max_trials=trials,
        seed=seed,
        directory=str(folder),
        project_name="search",
    )
    tuner.search(epochs=20, verbose=0)


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _until(happened, otherwise):
    begin = time.monotonic()
    while not happened():
        if time.monotonic() - begin > WAIT:
            raise TimeoutError(otherwise)
        time.sleep(0.05)


if __name__ == "__main__":
    search(pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
