"""ai-edge-quantizer alone, on the file of the trained network."""

import keras
import user
from ai_edge_quantizer import qtyping, quantizer, recipe

import tfcompress as tfc


class User(user.User):
    keras = keras

    def export(self, model):
        path = self.path("whole.tflite")
        tfc.export.to_tflite(model, path, batch_size=1)
        return path

    def save(self, result):
        path = self.path("ai-edge-quantizer.tflite")
        result.export_model(str(path))
        return path


def int4(user):
    """Dense layers in four bits, the rest in eight."""
    path = user.export(user.model())
    one = quantizer.Quantizer(str(path), recipe.dynamic_legacy_wi8_afp32())
    one.update_quantization_recipe(
        regex=".*",
        operation_name="FULLY_CONNECTED",
        op_config=qtyping.OpQuantizationConfig(
            weight_tensor_config=qtyping.TensorQuantizationConfig(
                num_bits=4, granularity=qtyping.QuantGranularity.CHANNELWISE
            ),
            compute_precision=qtyping.ComputePrecision.INTEGER,
        ),
        algorithm_key="min_max_uniform_quantize",
    )
    result = one.quantize()
    return {"ai-edge-quantizer, int4": user.save(result)}


ROUTES = {"int4": int4}
