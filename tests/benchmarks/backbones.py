"""The backbones of keras_hub at tiny sizes, with random weights."""

import importlib
import importlib.util

SEQUENCE = {
    "vocabulary_size": 50,
    "num_layers": 2,
    "num_heads": 2,
    "hidden_dim": 16,
    "intermediate_dim": 32,
}
TEXT = {**SEQUENCE, "max_sequence_length": 12}
DECODER = {
    **{key: size for key, size in SEQUENCE.items() if key != "num_heads"},
    "num_query_heads": 2,
    "num_key_value_heads": 1,
}
IMAGE = {"image_shape": (32, 32, 3)}
BACKBONES = {
    "AlbertBackbone": {**TEXT, "embedding_dim": 8},
    "BartBackbone": TEXT,
    "BertBackbone": TEXT,
    "BloomBackbone": SEQUENCE,
    "DebertaV3Backbone": {**TEXT, "bucket_size": 8},
    "DenseNetBackbone": {**IMAGE, "stackwise_num_repeats": [2, 2], "growth_rate": 8},
    "DistilBertBackbone": TEXT,
    "FNetBackbone": {key: size for key, size in TEXT.items() if key != "num_heads"},
    "GPT2Backbone": TEXT,
    "GPTNeoXBackbone": TEXT,
    "GemmaBackbone": {**DECODER, "head_dim": 8},
    "LlamaBackbone": DECODER,
    "MistralBackbone": DECODER,
    "OPTBackbone": TEXT,
    "ResNetBackbone": {
        **IMAGE,
        "input_conv_filters": [64],
        "input_conv_kernel_sizes": [3],
        "stackwise_num_filters": [64, 64],
        "stackwise_num_blocks": [1, 1],
        "stackwise_num_strides": [1, 2],
        "block_type": "basic_block",
    },
    "RobertaBackbone": TEXT,
    "T5Backbone": SEQUENCE,
    "VGGBackbone": {
        **IMAGE,
        "stackwise_num_repeats": [1, 1],
        "stackwise_num_filters": [8, 16],
    },
    "ViTBackbone": {
        **IMAGE,
        "patch_size": 8,
        "num_layers": 2,
        "num_heads": 2,
        "hidden_dim": 16,
        "mlp_dim": 32,
    },
    "WhisperBackbone": {
        **TEXT,
        "num_mels": 8,
        "max_encoder_sequence_length": 12,
        "max_decoder_sequence_length": 12,
    },
    "XLNetBackbone": SEQUENCE,
}


def available():
    """Returns the names, none of them where keras_hub is not installed."""
    return sorted(BACKBONES) if importlib.util.find_spec("keras_hub") else []


def backbone(name):
    hub = importlib.import_module("keras_hub")
    return getattr(hub.models, name)(**BACKBONES[name])
