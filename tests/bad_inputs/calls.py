"""A valid call for each public name, or several; those of parts of models apart."""

import numpy as np
from bad_inputs.call import Call
from bad_inputs.calls_of_parts import CALLS_OF_PARTS

import tfcompress as tfc

HALF = tfc.schedules.Constant(0.5)
SCHEDULED = (
    "GradientPruning PruneByGradient PruneByMovement PruneBySaliency PruneChannels "
    "PruneLowMagnitude PruneRandomly Pruning RegrowByGradient RegrowRandomly Regrowth"
)
FIT = "tfcompress.feature_selection.lassonet_path:_fit"
LEGACY = "tfcompress.interop.legacy_keras:LegacyKeras.__enter__"
CONVERSION = "tfcompress.export.preparation:Preparation.conversion"
FIGURES = {"bytes": 10, "accuracy": 0.5}


def _file(name, **more):
    """Returns the arguments of what writes a file `name` into the watched folder."""
    return lambda t: {"path": t.out / name, **more}


def _exported(name, **more):
    return lambda t: {"model": t.model, "path": t.out / name, **more}


def _model(**more):
    return lambda t: {"model": t.model, **more}


def _stage(name):
    return {name: Call(lambda t: {"setting": t.stage.largest}, on=lambda t: t.stage)}


def _tuned(**more):
    return lambda t: {
        "model": t.model,
        "data": (t.x, t.y),
        "budget": t.budget,
        "folder": t.out / "trials",
        **more,
    }


CALLS = {
    **CALLS_OF_PARTS,
    # Masks
    "Masks": Call({"arrays": {"a": np.ones(2, bool)}}),
    "Masks.apply": Call(_model(), on=lambda t: t.masks),
    "Masks.check": Call(
        lambda t: {"variables": t.model.weights[::2]}, on=lambda t: t.masks
    ),
    "Masks.distance": Call(lambda t: {"other": t.masks}, on=lambda t: t.masks),
    "Masks.load": Call(lambda t: {"path": t.mask_file}),
    "Masks.named": Call(
        lambda t: {
            "variables": t.model.weights[:1],
            "arrays": [np.ones((4, 6), bool)],
        }
    ),
    "Masks.of": Call(_model()),
    "Masks.overlap": Call(lambda t: {"other": t.masks}, on=lambda t: t.masks),
    "Masks.save": Call(_file("masks.npz"), on=lambda t: t.masks),
    "Masks.shuffled": Call({"seed": 1}, on=lambda t: t.masks),
    # callbacks
    **{f"callbacks.{name}": Call({"schedule": HALF}) for name in SCHEDULED.split()},
    "callbacks.CompressionLogger": Call(lambda t: {"baseline": t.model, "x": t.x}),
    "callbacks.Distill": [
        Call(lambda t: {"teacher": t.model, "features": {"hidden": "hidden"}}),
        Call(lambda t: {"teacher": t.model}, only=("loss",)),
    ],
    "callbacks.EarlyBird": Call({"sparsity": 0.5}),
    "callbacks.EarlyBird.plot": Call(_file("a.png"), on=lambda t: t.bird),
    "callbacks.HardenSigns": Call(),
    "callbacks.LotteryTicket": Call({"fraction": 0.5}),
    "callbacks.PenaltySchedule": Call({"final": 0.5}),
    "callbacks.PruneAtInitialization": Call({"sparsity": 0.5}),
    "callbacks.PruneBelowThreshold": Call({"quality": 1.0}),
    "callbacks.RewindWeights": Call(),
    # conversion
    "conversion.Recipe": Call(lambda t: {"rules": {"hidden": t.low_rank}}),
    "conversion.Recipe.from_json": Call(
        lambda t: {"text": tfc.Recipe({"hidden": t.low_rank}).to_json()}
    ),
    "conversion.choose_ranks": Call(_model(ratio=0.9)),
    "conversion.convert": Call(
        lambda t: {"model": t.model, "rules": {"hidden": t.low_rank}}
    ),
    "conversion.fold": Call(_model()),
    "conversion.fold_batch_normalization": Call(lambda t: {"model": t.normalized}),
    "conversion.output_errors": Call(lambda t: {"model": t.fitted}),
    # datasets
    "datasets.load": Call({"name": "digits"}),
    "datasets.with_teacher": Call(lambda t: {"data": (t.x, t.y), "teacher": t.model}),
    # elastic
    "elastic.ElasticStage": Call(),
    **_stage("elastic.ElasticStage.macs"),
    **_stage("elastic.ElasticStage.parameters"),
    **_stage("elastic.ElasticStage.taken"),
    **_stage("elastic.ElasticStage.use"),
    "elastic.ProgressiveShrinking": Call(),
    "elastic.Setting": Call({"depth": 1, "width": 2, "kernel_size": 3}),
    "elastic.activate": Call(lambda t: {"model": t.elastic}),
    "elastic.best_within": Call(
        lambda t: {
            "model": t.elastic,
            "data": (t.images, t.y[:3]),
            "macs": 10**6,
            "bytes": 10**6,
        },
        stops="tfcompress.elastic.best_within:_fixed",
    ),
    "elastic.image_classifier": Call(
        {"input_shape": (8, 8, 1), "classes": 3, "channels": (2,)}
    ),
    "elastic.take": Call(lambda t: {"model": t.elastic}),
    # export
    "export.ExportChoice.to_json": Call(_file("a.json"), on=lambda t: t.choice),
    "export.pack": Call(_exported("a.tfc")),
    "export.to_onnx": Call(
        _exported("a.onnx"), stops="tfcompress.export.onnx:_check_packages"
    ),
    "export.to_saved_model": Call(
        _exported("a"), stops="tfcompress.export.saved_model:write_saved_model"
    ),
    "export.to_tflite": [
        Call(_exported("a.tflite"), stops=CONVERSION),
        Call(
            lambda t: {
                "model": t.model,
                "path": t.out / "a.tflite",
                "quantize": "int8",
                "representative_data": t.x,
            },
            stops=CONVERSION,
            only=("representative_data",),
        ),
    ],
    "export.unpack": Call(lambda t: {"path": t.archive}),
    # feature selection
    "feature_selection.LassoNetClassifier": Call(
        through=lambda t, given: tfc.feature_selection.LassoNetClassifier(**given).fit(
            t.x, t.y
        ),
        stops=FIT,
    ),
    "feature_selection.LassoNetClassifier.fit": Call(
        lambda t: {"X": t.x, "y": t.y},
        on=lambda t: tfc.feature_selection.LassoNetClassifier(),
        stops=FIT,
    ),
    "feature_selection.LassoNetClassifier.predict": Call(
        lambda t: {"X": t.x}, on=lambda t: t.classifier
    ),
    "feature_selection.LassoNetClassifier.predict_proba": Call(
        lambda t: {"X": t.x}, on=lambda t: t.classifier
    ),
    "feature_selection.LassoNetPath.plot": Call(
        _file("a.png"), on=lambda t: t.path_of_features
    ),
    "feature_selection.LassoNetRegressor": Call(
        through=lambda t, given: tfc.feature_selection.LassoNetRegressor(**given).fit(
            t.x, t.x[:, 0]
        ),
        stops=FIT,
    ),
    "feature_selection.lassonet_path": Call(lambda t: {"x": t.x, "y": t.y}, stops=FIT),
    "interop.tfmot.cluster": Call(
        lambda t: {"model": t.model, "data": (t.x, t.y)}, stops=LEGACY
    ),
    "interop.tfmot.from_tf_keras": Call(
        lambda t: {"path_or_model": t.text}, stops=LEGACY
    ),
    "interop.tfmot.quantize_aware": Call(
        lambda t: {"model": t.model, "data": (t.x, t.y)}, stops=LEGACY
    ),
    "interop.tfmot.to_tf_keras": Call(_exported("a.h5"), stops=LEGACY),
    "interop.load_legacy": Call(lambda t: {"path": t.keras_file}),
    # reports
    "measurement.report": Call(_model()),
    "report.report": Call(_model()),
    "report.Report.plot": Call(_file("a.png"), on=lambda t: t.report),
    "report.Report.to_html": Call(_file("a.html"), on=lambda t: t.report),
    "report.Report.to_json": Call(_file("a.json"), on=lambda t: t.report),
    "report.Report.to_tensorboard": Call(
        lambda t: {"log_dir": t.out / "logs"}, on=lambda t: t.report
    ),
    # runtime
    "runtime.SignMatrix": Call(lambda t: {"signs": t.x}),
    "runtime.SignMatrix.product": Call(
        lambda t: {"rows": tfc.runtime.pack_signs(t.x)}, on=lambda t: t.sign_matrix
    ),
    "runtime.TFLiteModel": Call(lambda t: {"path": t.tflite}),
    "runtime.TFLiteModel.benchmark": Call({"rounds": 1}, on=lambda t: t.file),
    "runtime.TFLiteModel.caller": Call(on=lambda t: t.file),
    "runtime.TFLiteModel.evaluate": Call(
        lambda t: {"x": t.x, "y": t.y}, on=lambda t: t.file
    ),
    "runtime.TFLiteModel.predict": Call(lambda t: {"x": t.x}, on=lambda t: t.file),
    "runtime.TFLiteModel.predict_by_name": Call(
        lambda t: {"x": t.x}, on=lambda t: t.file
    ),
    "runtime.XnorModel": Call(lambda t: {"model": t.signs}),
    "runtime.XnorModel.predict": Call(lambda t: {"x": t.x}, on=lambda t: t.on_bits),
    "runtime.compare_latency": Call(lambda t: {"models": {"a": t.tflite}, "rounds": 1}),
    "runtime.micro_report": Call(lambda t: {"path": t.tflite}),
    "runtime.pack_signs": Call(lambda t: {"x": t.x}),
    "runtime.write_c_array": Call(lambda t: {"path": t.tflite, "to": t.out / "a.h"}),
    # sensitivity
    "sensitivity.Sensitivity.most_sensitive": Call(
        {"ratio": 0.5}, on=lambda t: t.sensitivity
    ),
    "sensitivity.Sensitivity.plot": Call(_file("a.png"), on=lambda t: t.sensitivity),
    "sensitivity.Sensitivity.to_json": Call(
        _file("a.json"), on=lambda t: t.sensitivity
    ),
    "sensitivity.sensitivity": Call(
        lambda t: {"model": t.model, "data": (t.x, t.y), "ratios": (0.5,)}
    ),
    # surgery
    "surgery.Plan.apply": Call(on=lambda t: t.plan),
    "surgery.coupled_groups": Call(_model()),
    "surgery.deepen": Call(_model(layer="hidden")),
    "surgery.net_trim": Call(
        lambda t: {"model": t.model, "x": t.x},
        stops="tfcompress.surgery.net_trim:_trim",
    ),
    "surgery.plan": Call(_model()),
    "surgery.shrink": Call(_model()),
    "surgery.widen": Call(_model(layer="hidden", units=8)),
    # tickets
    "tickets.TicketSearch.give": Call(_model(), on=lambda t: t.tickets),
    "tickets.TicketSearch.of": Call({"variant": "ticket"}, on=lambda t: t.tickets),
    "tickets.TicketSearch.plot": Call(
        _file("a.png", metric="loss"), on=lambda t: t.tickets
    ),
    "tickets.TicketSearch.to_json": Call(_file("a.json"), on=lambda t: t.tickets),
    "tickets.find_ticket": Call(
        lambda t: {
            "model_fn": lambda: t.model,
            "fit_fn": lambda model, **options: None,
            "rounds": 1,
            "fraction": 0.5,
        },
        stops="tfcompress.tickets.find_ticket:_Search.train",
    ),
    "tickets.train_early_bird": Call(
        lambda t: {
            "model": t.model,
            "early_bird": tfc.callbacks.EarlyBird(0.5, "norm"),
            "x": t.x,
            "y": t.y,
        },
        stops="keras:Sequential.fit",
    ),
    # recipes
    "recipes.Front": Call({"stages": [tfc.recipes.Stage(channels=0.5)]}),
    "recipes.Front.from_json": Call({"text": tfc.recipes.load("dense").to_json()}),
    "recipes.Stage": [
        Call({"channels": 0.5}),
        Call(lambda t: {"rules": {"hidden": t.low_rank}}, only=("rules",)),
    ],
    "recipes.compress": Call(
        lambda t: {
            "model": t.model,
            "data": (t.x, t.y),
            "path": t.out / "a.tflite",
            "recipe": "dense",
        },
        stops="tfcompress.recipes.compress:_Training.stage",
    ),
    "recipes.kind_of": Call(_model()),
    "recipes.load": Call({"recipe": "dense"}),
    # tuner
    "tuner.Budget": Call({"bytes": 1000}),
    "tuner.Budget.excess": [
        Call({"figures": FIGURES}, on=lambda t: t.budget),
        Call(
            {"figures": FIGURES, "baseline": FIGURES},
            on=lambda t: t.loss_allowed,
            only=("baseline",),
        ),
    ],
    "tuner.Budget.score": [
        Call({"figures": FIGURES}, on=lambda t: t.budget),
        Call(
            {"figures": FIGURES, "baseline": FIGURES},
            on=lambda t: t.loss_allowed,
            only=("baseline",),
        ),
    ],
    "tuner.Compression": Call({"choices": {"hidden": (tfc.methods.Units(), 0.5)}}),
    "tuner.Compression.apply": Call(_model(), on=lambda t: t.compression),
    "tuner.Compression.callbacks": Call(_model(), on=lambda t: t.compression),
    "tuner.CompressionHyperModel": Call(_tuned()),
    "tuner.Trial.read": Call(lambda t: {"folder": t.folder}),
    "tuner.Tuning.plot": Call(_file("a.png"), on=lambda t: t.tuning),
    "tuner.Tuning.to_json": Call(_file("a.json"), on=lambda t: t.tuning),
    "tuner.tune": Call(_tuned(), stops="tfcompress.tuner.tune:same_search"),
}
