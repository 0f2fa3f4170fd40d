"""What every layer of ours must do; its test file inherits this class."""

import inspect
import json

import keras
import numpy as np
import pytest
from keras.src import testing

from tfcompress.conversion.convert import convert
from tfcompress.kernels.binary import Binary
from tfcompress.kernels.full import Full
from tfcompress.kernels.hashed import Hashed
from tfcompress.kernels.low_rank import LowRank


class LayerContract:
    """Subclass it and set the class attributes.

    `arguments` are those the Keras twin needs, `options` our own, `own` the names of
    our keyword-only arguments; `input_shape` is without the batch.
    """

    layer_class = None
    twin = None
    arguments = {}
    options = {}
    own = ()
    input_shape = None
    output_shape = None

    def make(self, **kwargs):
        return self.layer_class(**{**self.arguments, **self.options, **kwargs})

    def inputs(self, rng, batch=2):
        return rng.normal(size=(batch, *self.input_shape)).astype("float32")

    def test_signature_is_that_of_the_twin_plus_keyword_only_arguments(self):
        ours = inspect.signature(self.layer_class).parameters
        theirs = inspect.signature(self.twin).parameters
        own = {n for n, p in ours.items() if p.kind is p.KEYWORD_ONLY}
        assert own == {*self.own, *getattr(self.layer_class, "optional", ())}
        assert [n for n in ours if n not in own] == list(theirs)
        assert all(ours[n].default == theirs[n].default for n in theirs)

    @pytest.mark.filterwarnings("ignore:`shuffle=True` was passed")
    def test_passes_the_harness_of_keras(self):
        case = testing.TestCase()
        case.run_layer_test(
            self.layer_class,
            init_kwargs={**self.arguments, **self.options, "use_bias": False},
            input_shape=(2, *self.input_shape),
            expected_output_shape=(2, *self.output_shape),
            run_training_check=True,
            # The harness asks a cell's dropout in a way that Keras's own cells fail.
            run_mixed_precision_check=not issubclass(self.twin, keras.layers.RNN),
            supports_masking=not issubclass(self.twin, keras.layers.Conv2D),
            assert_built_after_instantiation=False,
            custom_objects={},
        )

    def test_config_round_trip_keeps_every_argument(self):
        layer = self.make(activation="relu", kernel_regularizer="l2", name="one")
        again = self.layer_class.from_config(layer.get_config())
        assert _plain(again) == _plain(layer)
        assert set(self.own) <= set(layer.get_config())

    def test_saved_model_gives_the_same_outputs(self, tmp_path, rng):
        model = keras.Sequential([keras.Input(self.input_shape), self.make()])
        inputs = self.inputs(rng)
        model.save(tmp_path / "model.keras")

        loaded = keras.models.load_model(tmp_path / "model.keras")

        np.testing.assert_array_equal(loaded(inputs), model(inputs))

    @pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float32"])
    @pytest.mark.parametrize("jit", [False, True])
    def test_training_moves_every_trainable_weight(self, policy, jit, rng):
        model = keras.Sequential(
            [keras.Input(self.input_shape), self.make(dtype=policy)]
        )
        model.compile("sgd", "mse", jit_compile=jit)
        before = [w.numpy() for w in model.trainable_weights]

        targets = rng.normal(size=(8, *self.output_shape))
        model.fit(self.inputs(rng, 8), targets, epochs=2, verbose=0)

        after = [w.numpy() for w in model.trainable_weights]
        assert all((a != b).any() for a, b in zip(after, before, strict=True))
        assert all(np.isfinite(a).all() for a in after)
        assert model.layers[0].kernel.dtype == model.layers[0].compute_dtype

    def test_symbolic_call_knows_the_shape(self):
        outputs = self.make()(keras.Input(self.input_shape))
        assert outputs.shape == (None, *self.output_shape)

    def test_dense_layers_take_inputs_of_any_rank(self, rng):
        if not issubclass(self.twin, keras.layers.Dense):
            pytest.skip("a layer of fixed rank")
        layer = self.make(bias_initializer="normal")
        x = rng.normal(size=(2, 3, 4, *self.input_shape)).astype("float32")
        outputs = layer(x)
        expected = x @ keras.ops.convert_to_numpy(layer.kernel) + layer.bias.numpy()
        np.testing.assert_allclose(outputs, expected, atol=1e-5)

    def test_set_of_weights_does_not_depend_on_the_kernel_given(self, rng):
        layer, other = self.make(), self.make()
        layer(self.inputs(rng))
        other(self.inputs(rng))
        assert {id(v) for v in layer.weights}.isdisjoint(id(v) for v in other.weights)

    @pytest.mark.parametrize("name", ["lora_rank", "lora_alpha"])
    def test_lora_is_refused(self, name):
        with pytest.raises(ValueError, match=f"`{name}` must be None"):
            self.make(**{name: 2})

    def test_enable_lora_is_refused(self, rng):
        layer = self.make()
        layer(self.inputs(rng))
        with pytest.raises(ValueError, match="computes its own"):
            layer.enable_lora(2)


class HostContract:
    """Subclass it for the host of `twin` and set the class attributes.

    `arguments` are those the twin needs and `cases` more of them, with each of which
    the host must be the twin; `kernels` go through Keras's harness, as `kernel_names`.
    """

    host = None
    arguments = {}
    cases = ({},)
    kernels = (Hashed(ratio=0.5, seed=1), LowRank(rank=2, must_pay=False), Binary())
    kernel_names = ("kernel",)
    input_shape = None
    output_shape = None
    supports_masking = None

    def test_signature_is_that_of_the_twin_plus_keyword_only_kernels(self):
        ours = inspect.signature(self.host).parameters
        theirs = inspect.signature(self.host.twin).parameters
        own = {n for n, p in ours.items() if p.kind is p.KEYWORD_ONLY}
        several = {"kernels"} if len(self.host.hosted) > 1 else set()
        assert own == {*self.host.hosted, *self.host.optional, *several}
        assert [n for n in ours if n not in own] == list(theirs)

    def test_with_full_kernels_it_is_the_twin(self, subtests, rng):
        for options in self.cases:
            with subtests.test(**options):
                self._check_twin({**self.arguments, **options}, rng)

    def _check_twin(self, options, rng):
        inputs = keras.Input(self.input_shape)
        layer = self.host.twin(**options, name="it")
        model = randomized(keras.Model(inputs, layer(inputs)), rng)
        x = rng.normal(size=(3, *self.input_shape)).astype("float32")

        converted = convert(model, {"it": Full()})

        host = converted.get_layer("it")
        assert type(host) is self.host
        assert_same(converted(x), model(x))
        assert converted.count_params() == model.count_params()
        again = self.host.from_config(host.get_config())
        assert again.get_config() == host.get_config()

    def test_it_is_the_twin_inside_wrappers_and_nested_models(self, rng):
        twin = self.host.twin
        inputs = keras.Input((2, *self.input_shape))
        each = keras.layers.TimeDistributed(twin(**self.arguments))(inputs)
        inner = [keras.Input(self.input_shape), twin(**self.arguments)]
        outputs = keras.Sequential(inner)(inputs[:, 0])
        model = randomized(keras.Model(inputs, [each, outputs]), rng)
        converted = convert(model, {twin: Full()})
        x = rng.normal(size=(3, 2, *self.input_shape)).astype("float32")
        assert_same(converted(x), model(x))

    def test_it_is_the_twin_with_channels_first(self, rng):
        if "data_format" not in inspect.signature(self.host).parameters:
            pytest.skip("a layer without channels")
        *space, channels = self.input_shape
        time = [space.pop(0)] if "ConvLSTM" in self.host.__name__ else []
        shape = (*time, channels, *space)
        options = {**self.arguments, "data_format": "channels_first"}
        layer = self.host.twin(**options, name="it")
        model = randomized(keras.Sequential([keras.Input(shape), layer]), rng)
        converted = convert(model, {"it": Full()})
        x = rng.normal(size=(2, *shape)).astype("float32")
        assert converted.output_shape == model.output_shape
        # On a CPU the plain operations of TensorFlow know no such convolution.
        for one in (model, converted):
            one.compile(jit_compile=True)
        assert_same(converted.predict(x, verbose=0), model.predict(x, verbose=0))

    @pytest.mark.filterwarnings("ignore:`shuffle=True` was passed")
    def test_passes_the_harness_of_keras(self, subtests):
        for kernel in self.kernels:
            with subtests.test(kernel=type(kernel).__name__):
                testing.TestCase().run_layer_test(
                    self.host,
                    init_kwargs={
                        **self.arguments,
                        **dict.fromkeys(self.kernel_names, kernel),
                    },
                    input_shape=(2, *self.input_shape),
                    expected_output_shape=(2, *self.output_shape),
                    supports_masking=self.supports_masking,
                    # The harness asks a cell's dropout in a way that Keras's own fail.
                    run_mixed_precision_check=not hasattr(self.host, "cell_host"),
                )


RECURRENT = (
    {},
    {"return_sequences": True},
    {"return_state": True},
    {"go_backwards": True},
    {"unroll": True},
    {"use_bias": False},
    {"activation": "relu", "kernel_regularizer": "l2"},
    {"dropout": 0.3, "recurrent_dropout": 0.2},
)
CONVOLUTION = (
    {},
    {"padding": "same"},
    {"strides": 2, "padding": "same"},
    {"dilation_rate": 2},
    {"use_bias": False, "activation": "relu"},
)


class RecurrentContract(HostContract):
    """For the hosts of recurrent layers."""

    arguments = {"units": 8}
    cases = RECURRENT
    kernel_names = ("kernels",)
    input_shape = (7, 6)
    output_shape = (8,)
    supports_masking = True

    @pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
    def test_trains_in_mixed_precision(self, policy, rng):
        layer = self.host(4, kernels=Hashed(ratio=0.5, seed=1), dtype=policy)
        model = keras.Sequential([keras.Input((5, 3)), layer])
        model.compile("sgd", "mse")
        before = [w.numpy() for w in model.trainable_weights]
        model.fit(rng.normal(size=(8, 5, 3)), rng.normal(size=(8, 4)), verbose=0)
        after = [w.numpy() for w in model.trainable_weights]
        assert all((a != b).any() for a, b in zip(after, before, strict=True))
        assert layer.kernel.dtype == layer.compute_dtype

    def test_kernels_are_computed_once_per_call(self, rng):
        layer = self.host(4, kernels=Hashed(ratio=0.5), unroll=True)
        x = rng.normal(size=(2, 9, 3)).astype("float32")
        layer(x)
        calls = []
        for kernel in layer.kernels.values():
            full = kernel.full
            kernel.__dict__["full"] = lambda *a, full=full: calls.append(1) or full(*a)
        layer(x)
        assert len(calls) == 2

    def test_state_is_carried_where_it_is_asked_for(self, rng):
        twin = self.host.twin(4, stateful=True, name="it")
        model = keras.Sequential([keras.Input(batch_shape=(2, 5, 3)), twin])
        converted = convert(model, {"it": Full()})
        x = rng.normal(size=(2, 5, 3)).astype("float32")
        first, again = model(x), model(x)
        assert np.abs(first - again).max() > 1e-3
        assert_same([converted(x), converted(x)], [first, again])

    @pytest.mark.parametrize(
        "options",
        [
            {},
            {"return_sequences": True},
            {"return_sequences": True, "zero_output_for_mask": True},
            {"go_backwards": True, "unroll": True},
        ],
        ids=str,
    )
    def test_masks_and_first_states_are_taken(self, options, rng):
        inputs = keras.Input((5, 3))
        layer = self.host.twin(4, **options, name="it")
        count = len(keras.tree.flatten(layer.cell.state_size))
        states = [keras.Input((4,)) for _ in range(count)]
        masked = keras.layers.Masking()(inputs)
        outputs = layer(masked, initial_state=states)
        model = randomized(keras.Model([inputs, *states], outputs), rng)
        converted = convert(model, {"it": Full()})
        x = rng.normal(size=(2, 5, 3)).astype("float32")
        x[0, 3:] = 0
        first = [rng.normal(size=(2, 4)).astype("float32") for _ in states]
        assert_same(converted([x, *first]), model([x, *first]))

    @pytest.mark.parametrize("merge", ["concat", "sum"])
    def test_it_is_the_twin_inside_bidirectional(self, merge, rng):
        twin = self.host.twin(4, return_sequences=True)
        both = keras.layers.Bidirectional(twin, merge_mode=merge, name="both")
        layers = [keras.Input((5, 3)), keras.layers.Masking(), both]
        model = randomized(keras.Sequential(layers), rng)
        converted = convert(model, {self.host.twin: Full()})
        x = rng.normal(size=(2, 5, 3)).astype("float32")
        x[0, 3:] = 0
        assert type(converted.get_layer("both").backward_layer) is self.host
        assert_same(converted(x), model(x))

    def test_gradients_are_those_of_the_twin(self, rng):
        tf = pytest.importorskip("tensorflow")
        twin = self.host.twin(4, name="it")
        model = keras.Sequential([keras.Input(self.input_shape), twin])
        converted = convert(model, {"it": Full()})
        x = rng.normal(size=(3, *self.input_shape)).astype("float32")

        def gradients(one):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(one(x) ** 2)
            variables = sorted(one.trainable_variables, key=lambda v: tuple(v.shape))
            return tape.gradient(loss, [v.value for v in variables])

        assert_same(gradients(converted), gradients(model))


def randomized(model, rng):
    """Biases and norms start as zeros and ones, behind which mistakes could hide."""
    for variable in model.weights:
        if "seed" not in variable.path:
            noise = rng.normal(size=variable.shape, scale=0.3)
            variable.assign(variable + noise)
    return model


def assert_same(first, second):
    first, second = keras.tree.flatten(first), keras.tree.flatten(second)
    for a, b in zip(first, second, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


def _plain(layer):
    return json.dumps(keras.saving.serialize_keras_object(layer), sort_keys=True)
