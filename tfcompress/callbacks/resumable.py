"""What callbacks share whose state goes into the backup of a run."""

import keras

from tfcompress.callbacks.run_backup import RunBackup


class Resumable(keras.callbacks.Callback):
    """A callback that a run which was cut, and is resumed, finds as it was.

    It is in the model's `RunBackup` from the beginning of `fit` on, until it leaves. A
    subclass defines `state`, and takes back in its first epoch what `_loaded` gives.
    """

    def set_model(self, model):
        super().set_model(model)
        # Before any `on_train_begin`, of which one may load a backup.
        RunBackup.of(model).join(self)

    @property
    def _backup(self) -> RunBackup:
        """That of the model."""
        return RunBackup.of(self.model)

    def _loaded(self) -> dict:
        """Returns the arrays that were loaded for this callback alone."""
        return self._backup.find(self._backup.key(self))

    def state(self) -> dict:
        """Returns what a backup must have, to go on as if the run was not cut.

        Returns:
            A dict: a key of this callback's own -> dict of its arrays, by names.
        """
        raise NotImplementedError
