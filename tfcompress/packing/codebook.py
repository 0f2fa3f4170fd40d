"""The few values that many weights share, and the place of each weight among them."""

import numpy as np

from tfcompress.packing.archive_error import ArchiveError

MOST = 256
VALUES, STEPS = range(2)


def codebook_of(bits: np.ndarray):
    """Returns the distinct values of `bits` and the index of each; None if too many."""
    if not has_few_values(bits):
        return None
    values = np.unique(bits)
    return values, np.searchsorted(values, bits).astype(np.uint8)


def has_few_values(bits: np.ndarray) -> bool:
    # A sample first: most weights of a plain network have a value of their own.
    few = len(np.unique(bits[: 4 * MOST])) <= MOST
    return few and len(np.unique(bits)) <= MOST


def write_codebook(writer, values: np.ndarray, dtype) -> None:
    """Adds the values: as they are, or as whole multiples of one step.

    Fixed-point weights are such multiples, and a byte each is then enough.
    """
    steps = _steps(values.view(dtype)) if dtype == np.float32 else None
    if steps is None:
        writer.byte(VALUES)
        writer.stream(planes(values))
        return
    step, levels = steps
    writer.byte(STEPS)
    writer.raw(step.tobytes())
    writer.stream(levels.tobytes())


def read_codebook(reader, count: int, width: int) -> np.ndarray:
    kind = reader.byte()
    if kind == VALUES:
        return from_planes(reader.stream(count * width), width)
    if kind != STEPS or width != 4:
        raise ArchiveError(f"the archive names a codebook {kind} that there is not")
    step = np.frombuffer(reader.raw(4), "<f4")
    levels = np.frombuffer(reader.stream(count), np.int8)
    with np.errstate(all="ignore"):  # a hostile step may be anything
        return (levels.astype("<f4") * step).view("<u4")


def planes(bits: np.ndarray) -> bytes:
    """Returns the lowest byte of each number, then the second of each, and so on."""
    return bits.view(np.uint8).reshape(-1, bits.itemsize).T.tobytes()


def from_planes(data, width: int) -> np.ndarray:
    array = np.frombuffer(data, np.uint8).reshape(width, -1).T
    return np.ascontiguousarray(array).view(f"<u{width}").ravel()


def _steps(values):
    """Returns the step and the levels that give `values` bit by bit; None if none do."""
    top = np.abs(values).max()
    if not np.isfinite(top) or top == 0:
        return None
    for most in range(1, 128):
        near = np.float32(top / np.float32(most))
        for step in (near, *np.nextafter(near, np.float32([0, np.inf]))):
            if step == 0 or not np.isfinite(step):
                continue
            levels = np.rint(values / step)
            if np.abs(levels).max() > 127:
                continue
            levels = levels.astype(np.int8)
            # As bytes, for -0.0 is equal to 0.0 and still another number.
            if (levels.astype("<f4") * step).tobytes() == values.tobytes():
                return np.float32(step), levels
    return None
