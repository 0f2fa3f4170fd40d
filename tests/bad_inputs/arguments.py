"""The kind of each argument: one for all that share its name, and exceptions."""

from fnmatch import fnmatchcase

import keras
from bad_inputs import kinds
from bad_inputs.exceptions import EXCEPTIONS
from bad_inputs.kinds import Made, integer, number, other, several

BOOLEANS = (
    "approximate compact files fit_weights from_logits images input_scale latency "
    "learned_range merge must_pay noise optimizer per_channel rescale safe_mode "
    "save_latent scale_by_size signs sparse stochastic stop symmetric tables "
    "teacher_from_logits two_stage"
)
COUNTS = (
    "atoms batch_size batches block_size bytes candidates embedding epochs frequency "
    "gates hashes macs max_bytes num_threads rank round_to rounds trials"
)
KERNELS = (
    "bias depthwise_kernel embeddings kernel kernels key_kernel output_kernel "
    "pointwise_kernel query_kernel recurrent_kernel value_kernel"
)
NAMES = {
    **dict.fromkeys(BOOLEANS.split(), kinds.BOOLEAN),
    **dict.fromkeys(COUNTS.split(), kinds.COUNT),
    **dict.fromkeys(KERNELS.split(), kinds.KERNEL),
    "accuracy_drop": kinds.SPARSITY,
    "alpha": kinds.SHARE,
    "at": kinds.POSITION,
    "baseline": kinds.MODEL,
    "begin": kinds.POSITION,
    "beta": kinds.POSITIVE,
    "binarize_inputs": kinds.CHOICE,
    "bits": integer(1, 8),
    "codebook": integer(2, 256),
    "components": integer(2, 255),
    "data": kinds.PAIR,
    "drop_rate": number(0, -0.1, 0.9, 1),
    "end": kinds.POSITION,
    "energy": kinds.RATIO,
    "epsilon": kinds.INNER,
    "estimator": kinds.CHOICE,
    "feature_weight": kinds.NOT_NEGATIVE,
    "features": kinds.NATURAL,
    "final": kinds.SPARSITY,
    "for_runtime": kinds.CHOICE,
    "fraction": kinds.INNER,
    "goal": kinds.CHOICE,
    "grid": other("number", zero=(0, 3), digits=("3",), negative=-1, truth=(True,)),
    "groups": kinds.CHOICE_OR_NONE,
    "hidden": kinds.COUNT.without("None"),
    "hidden_units": kinds.COUNTS,
    "hierarchy": kinds.POSITIVE,
    "incoming": kinds.NOT_NEGATIVE,
    "initial": number(-0.1, 2, good=0.0),
    "initial_log_variance": kinds.FINITE,
    "l1": kinds.NOT_NEGATIVE,
    "latency_us": kinds.POSITIVE,
    "layers": kinds.LAYERS,
    "learning_rate": kinds.NOT_NEGATIVE,
    "max_accuracy_drop": kinds.SHARE,
    "methods": several(kind=[int], texts=["Units"]),
    "model": kinds.GRAPH,
    "numba": kinds.BOOLEAN,
    "outgoing": kinds.NOT_NEGATIVE,
    "path": kinds.WRITTEN,
    "pattern": kinds.OBJECT,
    "power": kinds.POSITIVE,
    "probe": kinds.INPUTS,
    "quantize": kinds.CHOICE_OR_NONE,
    "ratio": kinds.RATIO,
    "ratios": kinds.RATIOS,
    "rewind": kinds.CHOICE_OR_NONE,
    "rewind_to": kinds.POSITION,
    "ridge": kinds.POSITIVE,
    "rules": other(
        nowhere=Made(lambda t: {"nowhere": t.low_rank}),
        glob=Made(lambda t: {"block_*": t.low_rank}),
        kind=Made(lambda t: {keras.layers.LSTM: t.low_rank}),
        number_key=Made(lambda t: {3: t.low_rank}),
        empty_key=Made(lambda t: {"": t.low_rank}),
        kernel_class=Made(lambda t: {"hidden": type(t.low_rank)}),
        text_value={"hidden": "LowRank"},
        none_value={"hidden": None},
        layer_value={"hidden": keras.layers.Dense},
    ),
    "scale": kinds.POSITIVE,
    "schedule": other(
        kind=dict, wrong=len, answer=lambda step: 0.5, few=lambda step: (True,)
    ),
    "scope": kinds.CHOICE,
    "seed": kinds.NATURAL,
    "setting": other(pair=(1, 2), mapping={"depth": 1}),
    "settings": other(
        "dict",
        nowhere=Made(lambda t: {"nowhere": t.stage.largest}),
        pair={"stage": (1, 2, 3)},
        none_in={"stage": None},
    ),
    "sparsity": kinds.SPARSITY,
    "start": kinds.POSITIVE,
    "step": kinds.NATURAL,
    "strength": kinds.NOT_NEGATIVE,
    "temperature": kinds.POSITIVE,
    "threshold": kinds.NOT_NEGATIVE,
    "time_limit": kinds.POSITIVE,
    "tolerance": kinds.POSITIVE,
    "until": kinds.POSITION,
    "validation_data": kinds.PAIR,
    "validation_split": kinds.INNER,
    "variance": kinds.RATIO,
    "verbose": kinds.NATURAL,
    "weight_decay": kinds.NOT_NEGATIVE,
    "which": kinds.WHICH,
    "x": kinds.INPUTS,
    "y": kinds.LABELS.without("list", "array"),
    "zeros": kinds.INNER,
}


def kind_of(name: str, argument: str):
    """Returns the kind of an argument of a public name, or None if it is not known."""
    for (pattern, one), kind in EXCEPTIONS.items():
        if one == argument and fnmatchcase(name, pattern):
            return kind
    return NAMES.get(argument)
