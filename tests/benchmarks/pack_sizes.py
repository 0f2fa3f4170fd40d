"""Bytes of a pruned and clustered network by the archive and by other ways."""

import gzip
import heapq
import pathlib
import tempfile

import keras
import numpy as np

import tfcompress as tfc

DESCRIPTION = "Bytes of LeNet-300-100, 5 % weights of 32 values: archive, gzip, others"

SHAPES = ((784, 300), (300, 100), (100, 10))
KEPT = (0.05, 0.05, 0.2)
VALUES = 32


def measure(fast: bool = False, seed: int = 0) -> dict:
    figures = {}
    for name, alike in (("scattered zeros", False), ("dead inputs too", True)):
        model = _model(alike, np.random.default_rng(seed))
        figures[name] = _sizes(model)
        if fast:
            break
    return figures


def _model(dead_inputs, rng):
    """784-300-100-10 with weights that are zero or one of a few values per layer."""
    model = keras.Sequential([keras.Input((784,))])
    for (rows, columns), kept in zip(SHAPES, KEPT, strict=True):
        model.add(keras.layers.Dense(columns))
        centres = rng.normal(size=VALUES).astype("float32")
        # Values near zero are the rarer ones after pruning: two hills.
        near = np.abs(np.linspace(-2, 2, VALUES))
        shares = np.exp(-((near - 1) ** 2)) / np.exp(-((near - 1) ** 2)).sum()
        mask = rng.random((rows, columns)) < kept
        if dead_inputs and rows == 784:
            # As the border of MNIST's images: a third of the inputs is always black.
            alive = rng.random(rows) < 2 / 3
            mask = (rng.random((rows, columns)) < 1.5 * kept) & alive[:, None]
        weights = np.where(mask, rng.choice(centres, (rows, columns), p=shares), 0)
        model.layers[-1].kernel.assign(weights)
        model.layers[-1].bias.assign(rng.normal(size=columns))
    return model


def _sizes(model):
    kernels = [layer.kernel.numpy() for layer in model.layers]
    biases = sum(4 * layer.bias.shape[0] for layer in model.layers)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        result = tfc.export.pack(model, folder / "model.tfc")
        model.save(folder / "model.keras")
        whole = (folder / "model.keras").read_bytes()
        arrays = [np.asarray(weight) for weight in model.get_weights()]
        np.savez_compressed(folder / "weights.npz", *arrays)
        sizes = {
            ".keras": len(whole),
            ".keras, gzip -9": len(gzip.compress(whole, 9)),
            "np.savez_compressed": (folder / "weights.npz").stat().st_size,
            "Deep Compression": biases + sum(map(_deep_compression, kernels)),
            "archive": result.bytes,
            "its weights alone": sum(tensor.bytes for tensor in result.tensors),
        }
    bound = result.entropy_bound
    return {
        name: {
            "bytes": size,
            "times smaller than .keras": round(sizes[".keras"] / size, 1),
            "of the entropy bound": round(size / bound, 3),
        }
        for name, size in {**sizes, "entropy bound": round(bound)}.items()
    }


def _deep_compression(weights):
    """Bytes by the paper's code, without what says where each part begins.

    Huffman codes of positions, relative in 5 bits with a filler of zero where the gap
    is longer, and of indices; the lengths of the codes, a byte each; the values.
    """
    places = np.flatnonzero(weights)
    gaps = np.diff(places, prepend=-1) - 1
    fillers = gaps // 32
    values, indices = np.unique(weights.ravel()[places], return_inverse=True)
    # A filler has the gap 31 and the value zero, one more in the codebook.
    gaps = np.concatenate([gaps % 32, np.full(fillers.sum(), 31)])
    indices = np.concatenate([indices, np.full(fillers.sum(), len(values))])
    codes = sum(_huffman_bits(np.bincount(part)) for part in (gaps, indices))
    tables = 32 + len(values) + 1
    return -(-codes // 8) + tables + 4 * len(values)


def _huffman_bits(counts):
    """Bits of all symbols: each merge adds a bit to every symbol below it."""
    heap = [int(count) for count in counts if count]
    heapq.heapify(heap)
    bits = heap[0] if len(heap) == 1 else 0
    while len(heap) > 1:
        merged = heapq.heappop(heap) + heapq.heappop(heap)
        bits += merged
        heapq.heappush(heap, merged)
    return bits
