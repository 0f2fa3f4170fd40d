"""What every layer of ours must do; its test file inherits this class."""

import inspect
import json

import keras
import numpy as np
import pytest
from keras.src import testing


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
        assert own == set(self.own)
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


def _plain(layer):
    return json.dumps(keras.saving.serialize_keras_object(layer), sort_keys=True)
