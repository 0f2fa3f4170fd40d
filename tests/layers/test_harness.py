"""Every host, with kernels of several kinds, in Keras's own layer harness."""

import inspect

import keras
import numpy as np
import pytest
from keras import layers as twins
from keras.src import testing

from tfcompress import layers
from tfcompress.kernels.binary import Binary
from tfcompress.kernels.hashed import Hashed
from tfcompress.kernels.low_rank import LowRank

SEQUENCE, IMAGE = (2, 7, 6), (2, 7, 7, 4)
# Twin, arguments, input shape, output shape.
HOSTS = [
    (twins.Conv1D, {"filters": 8, "kernel_size": 3}, SEQUENCE, (2, 5, 8)),
    (twins.Conv3D, {"filters": 8, "kernel_size": 2}, (2, 3, 3, 3, 2), (2, 2, 2, 2, 8)),
    (
        twins.DepthwiseConv2D,
        {"kernel_size": 3, "depth_multiplier": 4},
        IMAGE,
        (2, 5, 5, 16),
    ),
    (twins.SeparableConv2D, {"filters": 8, "kernel_size": 3}, IMAGE, (2, 5, 5, 8)),
    (
        twins.EinsumDense,
        {"equation": "abc,cd->abd", "output_shape": (7, 8)},
        SEQUENCE,
        (2, 7, 8),
    ),
    (twins.SimpleRNN, {"units": 8}, SEQUENCE, (2, 8)),
    (twins.LSTM, {"units": 8, "return_sequences": True}, SEQUENCE, (2, 7, 8)),
    (twins.GRU, {"units": 8}, SEQUENCE, (2, 8)),
]
KERNELS = [Hashed(ratio=0.5, seed=1), LowRank(rank=2, must_pay=False), Binary()]


def _host(twin):
    return getattr(layers, f"Compressed{twin.__name__}")


@pytest.mark.filterwarnings("ignore:`shuffle=True` was passed")
@pytest.mark.parametrize("kernel", KERNELS, ids=lambda k: type(k).__name__)
@pytest.mark.parametrize("case", HOSTS, ids=lambda case: case[0].__name__)
def test_passes_the_harness_of_keras(case, kernel):
    twin, arguments, input_shape, output_shape = case
    if isinstance(kernel, LowRank) and twin is twins.DepthwiseConv2D:
        kernel = LowRank(rank=1, must_pay=False)
    host = _host(twin)
    kernels = {"kernels": kernel} if len(host.hosted) > 1 else {"kernel": kernel}
    if twin is twins.SeparableConv2D:
        kernels = {"pointwise_kernel": kernel}
    recurrent = hasattr(host, "cell_host")
    # Mixed precision of recurrent layers is checked below: the harness asks the
    # cell's dropout, which Keras's own layers fail too.
    testing.TestCase().run_layer_test(
        host,
        init_kwargs={**arguments, **kernels},
        input_shape=input_shape,
        expected_output_shape=output_shape,
        supports_masking=recurrent or None,
        run_mixed_precision_check=not recurrent,
    )


@pytest.mark.filterwarnings("ignore:`shuffle=True` was passed")
@pytest.mark.parametrize("kernel", KERNELS, ids=lambda k: type(k).__name__)
def test_embedding_passes_the_harness_of_keras(kernel):
    testing.TestCase().run_layer_test(
        layers.CompressedEmbedding,
        init_kwargs={"input_dim": 9, "output_dim": 8, "embeddings": kernel},
        input_shape=(2, 3),
        input_dtype="int32",
        expected_output_shape=(2, 3, 8),
        run_mixed_precision_check=False,
    )


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda k: type(k).__name__)
def test_attention_passes_the_harness_of_keras(kernel):
    testing.TestCase().run_layer_test(
        layers.CompressedMultiHeadAttention,
        init_kwargs={"num_heads": 2, "key_dim": 4, "kernels": kernel},
        input_shape={"query_shape": (2, 8, 16), "value_shape": (2, 4, 16)},
        expected_output_shape=(2, 8, 16),
        run_training_check=False,
    )


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("twin", [twins.SimpleRNN, twins.LSTM, twins.GRU])
def test_recurrent_hosts_train_in_mixed_precision(twin, policy, rng):
    layer = _host(twin)(4, kernels=Hashed(ratio=0.5, seed=1), dtype=policy)
    model = keras.Sequential([keras.Input((5, 3)), layer])
    model.compile("sgd", "mse")
    before = [w.numpy() for w in model.trainable_weights]
    model.fit(rng.normal(size=(8, 5, 3)), rng.normal(size=(8, 4)), verbose=0)
    after = [w.numpy() for w in model.trainable_weights]
    assert all((a != b).any() for a, b in zip(after, before, strict=True))
    assert layer.kernel.dtype == layer.compute_dtype


@pytest.mark.parametrize(
    "name", [n for n in layers.__all__ if n.startswith("Compressed")]
)
def test_signature_is_that_of_the_twin_plus_keyword_only_kernels(name):
    host = getattr(layers, name)
    ours = inspect.signature(host).parameters
    theirs = inspect.signature(host.twin).parameters
    own = {n for n, p in ours.items() if p.kind is p.KEYWORD_ONLY}
    several = {"kernels"} if len(host.hosted) > 1 else set()
    assert own == {*host.hosted, *several}
    assert [n for n in ours if n not in own] == list(theirs)


@pytest.mark.parametrize("twin", [twins.SimpleRNN, twins.LSTM, twins.GRU])
def test_recurrent_kernels_are_computed_once_per_call(twin, rng):
    layer = _host(twin)(4, kernels=Hashed(ratio=0.5), unroll=True)
    x = rng.normal(size=(2, 9, 3)).astype("float32")
    layer(x)
    calls = []
    for kernel in layer.kernels.values():
        full = kernel.full
        kernel.__dict__["full"] = lambda *a, full=full: calls.append(1) or full(*a)
    layer(x)
    assert len(calls) == 2


def test_rows_of_an_embedding_are_those_of_the_full_table(rng):
    words = rng.integers(0, 50, size=(3, 4))
    for kernel in (*KERNELS, Binary(scale="channel")):
        layer = layers.CompressedEmbedding(50, 8, embeddings=kernel)
        rows = layer(words)
        np.testing.assert_allclose(rows, layer.embeddings.numpy()[words], atol=1e-6)


def test_embedding_starts_from_given_weights(rng):
    table = rng.normal(size=(9, 4)).astype("float32")
    layer = layers.CompressedEmbedding(9, 4, weights=table)
    np.testing.assert_array_equal(layer.embeddings, table)


def test_one_of_several_kernels_may_be_left_plain():
    kernels = {"kernels": Hashed(ratio=0.5), "recurrent_kernel": LowRank(rank=1)}
    layer = layers.CompressedLSTM(4, **kernels)
    assert isinstance(layer.kernels["kernel"], Hashed)
    assert isinstance(layer.kernels["recurrent_kernel"], LowRank)
