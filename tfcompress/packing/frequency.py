"""Convolution filters as shared spectra and a sparse, quantized rest."""

import math

import numpy as np

from tfcompress.ops.cosine_transform import cosine_matrix
from tfcompress.packing.archive_error import ArchiveError
from tfcompress.packing.codebook import from_planes, planes
from tfcompress.packing.forms import Indexed, Sparse, Whole
from tfcompress.packing.streams import Writer

BATCH = 4096
SPECTRA = (0, 16, 64, 256)
TYPES = ("<f2", "<f4", "<f8")
REST = (Whole, Indexed, Sparse)


class Frequency:
    r"""Filters by their cosine transform: $F = C_{k(f)} + \Delta\, Q$.

    Each filter has the index $k$ of one of a few shared spectra $C$, the centres of
    k-means, and whole numbers $Q$ of a common step $\Delta$, most of them zero. The
    transform is orthonormal, so errors are as large in frequencies as in space. There
    may be no spectra at all.

    References:
        Y. Wang, C. Xu, S. You, D. Tao, C. Xu (2016), "CNNpack: Packing Convolutional
        Neural Networks in the Frequency Domain", NIPS.
    """

    name = "frequencies"

    @staticmethod
    def write(writer: Writer, array: np.ndarray, error: float) -> bool:
        if not suits(array.shape, array.dtype) or not error or not array.all():
            return False
        spectra = _transformed(array.astype("float64"), inverse=False)
        spectra = spectra.reshape(-1, array.shape[-2] * array.shape[-1]).T
        written = [
            _written(spectra, count, error)
            for count in SPECTRA
            if 8 * count <= len(spectra)
        ]
        written = [parts for parts in written if parts is not None]
        if not written:
            return False
        writer.raw(min(written, key=len))
        return True

    @staticmethod
    def read(reader, shape, dtype):
        if not suits(shape, dtype):
            raise ArchiveError("the archive has frequencies of what has none")
        size, filters = math.prod(shape[:-2]), shape[-2] * shape[-1]
        count = reader.number(max(SPECTRA))
        if 8 * count > filters:
            raise ArchiveError("the archive has more spectra than the filters need")
        centres = from_planes(reader.stream(4 * size * count), 4).view("<f4")
        which = np.frombuffer(reader.stream(filters * bool(count)), np.uint8)
        step = np.frombuffer(reader.raw(4), "<f4")
        number = reader.byte()
        if number >= len(REST):
            raise ArchiveError(f"the archive names a form {number} that there is not")
        rest = REST[number].read(reader, size * filters, 1).view(np.int8)
        if count and which.max(initial=0) >= count:
            raise ArchiveError("an index of the archive is beyond its spectra")
        if not (np.isfinite(step).all() and np.isfinite(centres).all()):
            raise ArchiveError("the archive has spectra that are not finite")
        array = np.empty((size, filters), dtype)
        rest = rest.reshape(size, filters)
        centres = centres.reshape(count, size).T
        with np.errstate(all="ignore"):  # a hostile step may be anything
            for begin in range(0, filters, BATCH):
                here = slice(begin, begin + BATCH)
                part = rest[:, here].astype("float32") * step
                if count:
                    part += centres[:, which[here]]
                part = part.reshape(*shape[:-2], -1, 1)
                array[:, here] = _transformed(part, inverse=True).reshape(size, -1)
        return array.reshape(shape)


def suits(shape, dtype) -> bool:
    """Returns whether a weight is a kernel with filters of more than one place."""
    wide = 3 <= len(shape) <= 5 and math.prod(shape[:-2]) > 1
    return wide and math.prod(shape) > 0 and np.dtype(dtype).str in TYPES


def _written(spectra, count, error):
    centres, which = np.zeros((1, spectra.shape[1])), np.zeros(len(spectra), int)
    if count:
        from sklearn.cluster import KMeans

        found = KMeans(count, n_init=1, max_iter=20, random_state=0).fit(spectra)
        centres = found.cluster_centers_.astype("float32").astype("float64")
        which = found.labels_
    rest = spectra - centres[which]
    step = _widest_step(rest, error)
    levels = np.rint(rest / step)
    if np.abs(levels).max() > 127:
        return None
    writer = Writer()
    writer.number(count)
    if count:
        writer.stream(planes(centres.astype("<f4").ravel()))
        writer.stream(which.astype(np.uint8))
    writer.raw(step.tobytes())
    # Frequency by frequency: those of one kind are alike.
    bits = levels.T.astype(np.int8).ravel().view(np.uint8)
    options = []
    for number, form in enumerate(REST):
        option = Writer()
        option.byte(number)
        if form.write(option, bits, np.dtype(np.int8)):
            options.append(option.parts)
    writer.raw(min(options, key=len))
    return writer.parts


def _widest_step(rest, error):
    """Returns the widest step whose rounding costs no more than `error`, in RMS."""
    low, high = error, 64 * error
    for _ in range(20):
        step = np.float32((low + high) / 2)
        off = rest - step * np.rint(rest / step)
        if np.sqrt(np.mean(off**2)) <= error:
            low = float(step)
        else:
            high = float(step)
    return np.float32(low)


def _transformed(array, inverse):
    for axis, size in enumerate(array.shape[:-2]):
        waves = cosine_matrix(size).astype(array.dtype)
        moved = np.tensordot(waves.T if inverse else waves, array, (1, axis))
        array = np.moveaxis(moved, 0, axis)
    return array
