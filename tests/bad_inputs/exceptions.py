"""Arguments that take other things than those of the same name elsewhere do."""

import numpy as np
from bad_inputs import kinds
from bad_inputs.kinds import Made, integer, number, other, several

import tfcompress as tfc

#: Arguments that Keras defines and checks; `test_hosts_as_twins` looks at some.
KERAS = "Keras's own"
TEACHER = kinds.FINITE_MODEL.without("models")  # a list of teachers is taken
SIZES = kinds.COUNTS.more(twice=(1, 1))
AXIS = number().without("huge").more(fraction=0.5, whole=1.0)
DATA_OF_A_LAYER = kinds.INPUTS.without("narrow", "flat")
CHOICES = {
    "value": {"hidden": 0.5},
    "ratio": {"hidden": (tfc.methods.Units(), 0)},
    "method": {"hidden": ("Units", 0.5)},
    "key": {3: (tfc.methods.Units(), 0.5)},
}
KEEP = {
    "nowhere": {"nowhere": 0.5},
    "zero": {"hidden": 0},
    "above": {"hidden": 1.5},
    "none_in": {"hidden": None},
    "far": {"hidden": [6]},
    "nobody": {"hidden": []},
    "outputs": {"head": 0.5},
    "number_key": {3: 0.5},
    "negative": {"hidden": [-1]},
    "truth": {"hidden": True},
    "truths": {"hidden": [True]},
    "nan": {"hidden": np.nan},
}

EXCEPTIONS = {
    ("Masks", "arrays"): other(
        kind=dict,
        texts={"a": "b"},
        floats={"a": np.ones(2)},
        nothing={"a": np.ones(0, bool)},
        number_key={1: np.ones(2, bool)},
    ),
    ("Masks.*", "model"): kinds.MODEL,
    ("Masks.*", "other"): other(arrays=Made(lambda t: t.masks.arrays)),
    ("Masks.*", "variables"): other(texts=["a"]),
    ("Masks.load", "path"): kinds.READ,
    ("Masks.named", "arrays"): other(
        few=[np.ones((2, 2), bool)], floats=[np.ones((4, 6))]
    ),
    ("callbacks.CompressionLogger", "log_dir"): kinds.FOLDER,
    ("callbacks.Distill", "feature_loss"): other(function=len),
    ("callbacks.Distill", "features"): other(numbers={1: 2}, none_in={"hidden": None}),
    ("callbacks.Distill", "loss"): other(function=len),
    ("callbacks.Distill", "teacher"): TEACHER,
    ("callbacks.EarlyBird", "criterion"): kinds.CHOICE,
    ("callbacks.EarlyBird", "patience"): integer(2),
    ("callbacks.EarlyBird", "penalty"): kinds.NOT_NEGATIVE,
    ("callbacks.EarlyBird", "threshold"): kinds.RATIO,
    ("callbacks.EarlyBird.plot", "path"): kinds.PICTURE,
    ("callbacks.LotteryTicket", "fraction"): kinds.SPARSITY,
    ("callbacks.PenaltySchedule", "attribute"): other("text", spaces="a b"),
    ("callbacks.PenaltySchedule", "final"): kinds.NOT_NEGATIVE,
    ("callbacks.PenaltySchedule", "initial"): kinds.NOT_NEGATIVE,
    ("callbacks.PenaltySchedule", "penalties"): other(numbers=[1]),
    ("callbacks.PruneBelowThreshold", "quality"): kinds.POSITIVE.more(
        in_a_mapping={"hidden": 0}, number_key={3: 1.0}
    ),
    ("callbacks.PruneChannels", "by"): kinds.CHOICE,
    ("callbacks.Regrow*", "fraction"): kinds.RATIO,
    ("constraints.Masked", "inner"): other(),
    ("constraints.Masked", "mask"): other(
        "array", texts=np.array(["a"]), digits=["1"], halves=[0.5], nan=[np.nan]
    ),
    ("constraints.ProximalStep", "penalty"): other(name="l1"),
    ("constraints.WeightClip", "high"): number(-2, -1),
    ("constraints.WeightClip", "low"): kinds.FINITE,
    ("conversion.*", "inputs"): kinds.INPUTS,
    ("conversion.Recipe", "rules"): other(
        number_key={3: tfc.kernels.Full()}, none_value={"hidden": None}
    ),
    ("conversion.Recipe.from_json", "text"): other(
        other_json="[]", few='{"tfcompress_recipe": 1}'
    ),
    ("conversion.choose_ranks", "model"): kinds.FINITE_GRAPH,
    ("conversion.choose_ranks", "of"): kinds.CHOICE,
    ("conversion.choose_ranks", "ratio"): kinds.INNER,
    ("conversion.convert", "model"): kinds.FINITE_GRAPH,
    ("conversion.output_errors", "model"): kinds.MODEL,
    ("datasets.load", "name"): kinds.CHOICE,
    ("datasets.with_teacher", "cache"): kinds.WRITTEN.more(
        format=Made(lambda t: t.text)
    ),
    ("datasets.with_teacher", "data"): other(
        "array",
        shorter=Made(lambda t: (t.x, t.y[:5])),
        four=Made(lambda t: (t.x, t.y, t.y, t.y)),
        empty=Made(lambda t: (t.x[:0], t.y[:0])),
        narrow=Made(lambda t: (t.x[:, :2], t.y)),
        nan=Made(lambda t: (kinds.spoiled(t.x), t.y)),
    ),
    ("datasets.with_teacher", "teacher"): TEACHER,
    ("dictionaries.*", "inputs"): DATA_OF_A_LAYER,
    ("distributions.PerLayer", "layers"): other(
        one={"hidden": 1.0},
        digits={"hidden": "0.5"},
        number_key={3: 0.5},
        nan={"hidden": np.nan},
    ),
    ("elastic.ElasticStage", "depths"): SIZES,
    ("elastic.ElasticStage", "kernel_sizes"): SIZES.more(even=(2,)),
    ("elastic.ElasticStage", "widths"): SIZES,
    ("elastic.ProgressiveShrinking", "depths"): kinds.POSITION,
    ("elastic.ProgressiveShrinking", "kernel_sizes"): kinds.POSITION,
    ("elastic.ProgressiveShrinking", "widths"): kinds.POSITION,
    ("elastic.Setting", "depth"): kinds.COUNT,
    ("elastic.Setting", "kernel_size"): kinds.COUNT,
    ("elastic.Setting", "width"): kinds.COUNT,
    ("elastic.best_within", "data"): other(
        single=Made(lambda t: (t.images,)),
        shorter=Made(lambda t: (t.images, t.y[:1])),
        empty=Made(lambda t: (t.images[:0], t.y[:0])),
        rows=Made(lambda t: (t.x[:3], t.y[:3])),
        nan=Made(lambda t: (kinds.spoiled(t.images), t.y[:3])),
        texts=Made(lambda t: (t.images, np.array(["a"] * 3))),
        unknown_class=Made(lambda t: (t.images, t.y[:3] + 3)),
    ),
    ("elastic.image_classifier", "channels"): kinds.COUNTS,
    ("elastic.image_classifier", "classes"): kinds.COUNT,
    ("elastic.image_classifier", "depths"): kinds.COUNTS,
    ("elastic.image_classifier", "expansions"): kinds.COUNTS,
    ("elastic.image_classifier", "input_shape"): several(
        pair=(8, 8), zero=(8, 0, 1), half=(8, 8.5, 1), digits=("8", 8, 1)
    ),
    ("elastic.image_classifier", "kernel_sizes"): kinds.COUNTS.more(even=(2,)),
    ("export.*", "accuracy_data"): kinds.PAIR,
    ("export.*", "metadata"): other(
        labels={"labels": "a"},
        lines={"labels": ["a\nb"]},
        thing={"a": object()},
        nan={"a": np.nan},
    ),
    ("export.*", "representative_data"): kinds.INPUTS,
    ("export.pack", "model"): kinds.MODEL,  # NaN is packed as it is
    ("export.to_*", "model"): kinds.FINITE_MODEL,
    ("export.to_onnx", "opset_version"): kinds.COUNT,
    ("export.to_saved_model", "path"): kinds.WRITTEN.without("folder").more(
        file=Made(lambda t: t.text)
    ),
    ("export.unpack", "custom_objects"): other(
        "dict", number_key={3: int}, value={"a": 3}
    ),
    ("export.unpack", "path"): kinds.READ,
    ("feature_selection.*", "epochs"): kinds.PAIR_OF_COUNTS,
    ("feature_selection.*", "learning_rate"): kinds.POSITIVE,
    ("feature_selection.*", "multiplier"): kinds.ABOVE_ONE,
    ("feature_selection.*", "patience"): kinds.PAIR_OF_COUNTS,
    ("feature_selection.*", "task"): kinds.CHOICE,
    ("feature_selection.*", "tolerance"): kinds.SPARSITY,
    ("feature_selection.*.fit", "X"): kinds.INPUTS.without("narrow"),
    ("feature_selection.*.predict*", "X"): kinds.INPUTS,
    ("feature_selection.LassoNetPath.plot", "path"): kinds.PICTURE,
    ("feature_selection.LassoNetClassifier.fit", "y"): other(
        shorter=np.zeros(3, int), nan=np.full(24, np.nan)
    ),
    ("feature_selection.lassonet_path", "y"): kinds.LABELS.without("unknown"),
    ("interop.load_legacy", "path"): kinds.READ,
    ("interop.tfmot.*", "data"): kinds.PAIR.without("unknown_class", "negative_class"),
    ("interop.tfmot.*", "learning_rate"): kinds.POSITIVE,
    ("interop.tfmot.*", "loss"): other("text", "empty text", function=len),
    ("interop.tfmot.*", "number_of_clusters"): integer(2),
    ("interop.tfmot.*", "optimizer"): other("text", "empty text", function=len),
    ("interop.tfmot.*", "start"): kinds.CHOICE,
    ("interop.tfmot.from_tf_keras", "path_or_model"): other(
        missing=Made(lambda t: t.folder / "missing"), model=Made(lambda t: t.model)
    ),
    ("interop.tfmot.from_tf_keras", "probe"): KERAS,  # of a model that is elsewhere
    ("kernels.*", "dtype"): KERAS,
    ("kernels.*", "name"): KERAS,
    ("kernels.*", "trainable"): KERAS,
    ("kernels.Binary", "scale"): kinds.CHOICE,
    ("kernels.Binary.encode", "array"): other(
        shape=np.ones((3, 2)),
        nan=np.full((2, 3), np.nan),
        texts=np.array([["1"] * 3] * 2),
        ragged=[[1.0], [1.0, 2.0]],
    ),
    ("kernels.Binary.encode", "inputs"): other(),
    ("kernels.Circulant", "block_size"): integer(2),
    ("kernels.Clustered", "start"): kinds.CHOICE,
    ("kernels.Dictionary", "dictionary"): other(numbers=[3], kind=dict),
    ("kernels.GeneralizedDropout", "alpha"): kinds.POSITIVE,
    ("kernels.Generator", "block"): kinds.PAIR_OF_COUNTS,
    ("kernels.Generator", "key"): kinds.NATURAL,
    ("kernels.Hyper", "generator"): other(),
    ("kernels.LowFrequency", "coefficients"): kinds.PAIR_OF_COUNTS,
    ("kernels.Quantized", "bits"): integer(2, 8),
    ("kernels.Quantized", "quantize_inputs"): integer(2, 8),
    ("kernels.Separable", "multiplier"): kinds.COUNT,
    ("kernels.SoftShared.snap", "closeness"): kinds.NOT_NEGATIVE,
    ("kernels.Tucker", "ranks"): kinds.PAIR_OF_COUNTS,
    ("kernels.VariationalDropout", "threshold"): number(-8, 8),
    ("layers.*", "groups"): KERAS,
    ("layers.*Attention", "seed"): KERAS,
    ("layers.*GRU*", "seed"): KERAS,
    ("layers.*LSTM*", "seed"): KERAS,
    ("layers.*RNN*", "seed"): KERAS,
    ("layers.Binary*", "scale"): kinds.CHOICE,
    ("layers.CompressedRNN", "cell"): KERAS,
    ("layers.DropNeuronDense", "proximal"): kinds.NOT_NEGATIVE,
    ("layers.FireModule", "activation"): KERAS,
    ("layers.FireModule", "expand"): kinds.COUNT.more(odd=3),
    ("layers.FireModule", "squeeze"): kinds.COUNT,
    ("layers.LassoNet", "activation"): KERAS,
    ("layers.LassoNet", "units"): kinds.COUNT,
    ("layers.host_of", "hosted"): other("list", numbers=(1,)),
    ("layers.host_of", "optional"): other("list", numbers=(1,)),
    ("layers.host_of", "twin"): other(kind=dict),
    ("losses.*", "dtype"): KERAS,
    ("losses.*", "name"): KERAS,
    ("losses.*", "reduction"): KERAS,
    ("*report", "model"): kinds.MODEL,
    ("*report", "shifted"): other(pair=Made(lambda t: (t.x, t.y)), value={"a": 3}),
    ("measurement.report", "tflite"): other(),
    ("methods.Converted", "kernel"): other(
        kind=dict, instance=Made(lambda t: t.low_rank)
    ),
    ("patterns.*", "axis"): AXIS,
    ("patterns.Block", "shape"): kinds.PAIR_OF_COUNTS.without("one"),
    ("patterns.NofM", "m"): integer(2).without("whole float", "numpy's float"),
    ("patterns.NofM", "n"): integer(1, 3),
    ("report.Report.plot", "path"): kinds.PICTURE,
    ("report.Report.to_tensorboard", "log_dir"): kinds.FOLDER,
    ("runtime.SignMatrix", "signs"): other(texts=np.array([["a"]])),
    ("runtime.SignMatrix.product", "rows"): other(),
    ("runtime.TFLiteModel", "path"): kinds.READ,
    ("runtime.TFLiteModel.predict*", "x"): kinds.INPUTS.without("nan", "inf"),
    ("runtime.*.predict*", "verbose"): KERAS,
    ("runtime.XnorModel", "model"): kinds.GRAPH.more(no_signs=Made(lambda t: t.model)),
    ("runtime.compare_latency", "models"): other(
        path=Made(lambda t: t.tflite),
        number={"a": 3},
        missing={"a": "nowhere.tflite"},
        none_in={"a": None},
    ),
    ("runtime.micro_report", "path"): kinds.READ,
    ("runtime.pack_signs", "x"): other(
        "list", "array", scalar=np.float32(1), texts=np.array(["a"])
    ),
    ("runtime.write_c_array", "name"): other("text", digit="1a", space="a b"),
    ("runtime.write_c_array", "path"): kinds.READ,
    ("runtime.write_c_array", "to"): kinds.WRITTEN.more(ending="a.txt"),
    ("schedules.*", "steps_per_epoch"): kinds.COUNT,
    ("sensitivity.Sensitivity.most_sensitive", "ratio"): other("float", absent=0.3),
    ("sensitivity.Sensitivity.plot", "path"): kinds.PICTURE,
    ("sensitivity.sensitivity", "model"): kinds.FINITE_GRAPH,
    ("surgery.*", "keep"): other("dict", **KEEP),
    ("surgery.deepen", "kernel_size"): kinds.COUNT,
    ("surgery.deepen", "layer"): other(layer=Made(lambda t: t.model.layers[0])),
    ("surgery.deepen", "name"): other("text", taken="head", slash="a/b"),
    ("surgery.net_trim", "model"): kinds.FINITE_MODEL,
    ("surgery.net_trim", "which"): several(nowhere=["nowhere"], numbers=[1]),
    ("surgery.plan", "model"): kinds.FINITE_GRAPH,
    ("surgery.shrink", "model"): kinds.FINITE_GRAPH,
    ("surgery.widen", "layer"): other(layer=Made(lambda t: t.model.layers[0])),
    ("surgery.widen", "units"): integer(7),
    ("tickets.TicketSearch.give", "model"): other(
        another=Made(lambda t: t.normalized), unbuilt=Made(lambda t: t.unbuilt)
    ),
    ("tickets.TicketSearch.give", "round"): AXIS.more(above=1, below=-2),
    ("tickets.TicketSearch.of", "variant"): kinds.CHOICE,
    ("tickets.TicketSearch.plot", "metric"): kinds.CHOICE,
    ("tickets.TicketSearch.plot", "path"): kinds.PICTURE,
    ("tickets.find_ticket", "controls"): several(
        "list", "dict", texts=["nonsense"], numbers=[1]
    ),
    ("tickets.find_ticket", "fit_fn"): kinds.FUNCTION,
    ("tickets.find_ticket", "folder"): kinds.FOLDER,
    ("tickets.find_ticket", "model_fn"): other(
        nothing=lambda: None,
        unbuilt=Made(lambda t: lambda: t.unbuilt),
        uncompiled=Made(lambda t: lambda: t.normalized),
    ),
    ("recipes.Front", "about"): kinds.NAME.without("empty text"),
    ("recipes.Front", "stages"): several(
        kind=[tfc.recipes.Stage],
        dicts=[{"channels": 0.5}],
        short=[tfc.recipes.Stage(channels=0.5, epochs=0.5)],
    ),
    ("recipes.Front.from_json", "text"): other(
        "text", no_json="{", other_json='{"rules": []}'
    ),
    ("recipes.Stage", "channels"): kinds.SPARSITY,
    ("recipes.Stage", "epochs"): kinds.RATIO,
    ("recipes.Stage", "rate"): kinds.POSITIVE,
    ("recipes.Stage", "rules"): other(
        "None", number_key={3: "a"}, none_value={"a": None}
    ),
    ("recipes.compress", "learning_rate"): kinds.POSITIVE,
    ("recipes.compress", "model"): kinds.FINITE_GRAPH,
    ("recipes.compress", "recipe"): other("None", unknown="sparse", far="nowhere.json"),
    ("recipes.compress", "verbose"): integer(0, 2),
    ("recipes.kind_of", "model"): kinds.MODEL.without("empty", "unbuilt"),
    ("recipes.load", "recipe"): other(unknown="sparse", far="nowhere.json"),
    ("tickets.find_ticket", "monitor"): kinds.NAME,
    ("tickets.train_early_bird", "early_bird"): other(
        kind=tfc.callbacks.EarlyBird,
        going_on=tfc.callbacks.EarlyBird(0.5, stop=False),
    ),
    ("tuner.Budget.*", "baseline"): other(few={"loss": 0.5}),
    ("tuner.Budget.*", "figures"): other(
        few={"accuracy": 0.5}, nan={"bytes": np.nan, "accuracy": 0.5}
    ),
    ("tuner.Compression", "choices"): other("dict", **CHOICES),
    ("tuner.Compression.apply", "inputs"): kinds.INPUTS,
    ("tuner.CompressionHyperModel", "alpha"): several(
        "float", "array", above=[1.5], digits=["0.5"], nan=[np.nan]
    ),
    ("tuner.CompressionHyperModel", "model"): kinds.FINITE_GRAPH.without("kind"),
    ("tuner.CompressionHyperModel", "quantize"): other(
        "None", texts=["int3"], numbers=[8]
    ),
    ("tuner.CompressionHyperModel", "ratios"): kinds.RATIOS.without("array"),
    ("tuner.CompressionHyperModel", "teacher"): kinds.FINITE_MODEL,
    ("tuner.Trial.read", "folder"): kinds.FOLDER,
    ("tuner.*", "budget"): other(kind=tfc.tuner.Budget),
    ("tuner.*", "folder"): kinds.FOLDER,
    ("tuner.tune", "epochs"): kinds.NATURAL,
    ("tuner.tune", "model"): kinds.FINITE_GRAPH,
}
