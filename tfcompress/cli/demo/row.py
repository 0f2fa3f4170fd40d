"""A row of the demo's table."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Row:
    """What became of one method.

    Args:
        method: Its name.
        description: What it does, in a sentence.
        file: Name of the exported file, or None if the method failed.
        accuracy: Share of the test images that the *file* puts in the right class.
        bytes: Size of the file.
        max_error: Greatest difference of the file's outputs from the model's.
        latency: Time of one call over that of the baseline, measured in turns.
        microseconds: Time of one call.
        smaller: Bytes of the baseline over those of this file.
        failure: Why there is no file, or `""`.
    """

    method: str
    description: str
    file: str | None = None
    accuracy: float | None = None
    bytes: int | None = None
    max_error: float | None = None
    latency: float | None = None
    microseconds: float | None = None
    smaller: float | None = None
    failure: str = ""
