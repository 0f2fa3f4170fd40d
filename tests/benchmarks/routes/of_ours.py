"""Routes of this package."""

from functools import partial

import keras
import user
from networks import has_convolutions, hidden_dense

import tfcompress as tfc


class User(user.User):
    keras = keras

    def export(self, model, name, **options):
        path = self.path(f"ours {name}.tflite")
        tfc.export.to_tflite(model, path, batch_size=1, **options)
        return path

    def logits(self, model):
        x, _ = self.data("_test")
        return model.predict(x, batch_size=1000, verbose=0)

    def parameters(self, model):
        return model.count_params()

    def pack(self, model, name):
        path = self.path(f"ours {name}.tfc")
        tfc.export.pack(model, path)
        return path


def trained_on(user):
    """The network with as many epochs more, and nothing else."""
    model = user.fit(user.model())
    return {"float32, trained on": user.export(model, "trained on")}


def blocks(user):
    """Blocks of four inputs pruned, which LiteRT skips."""
    prune = tfc.callbacks.PruneLowMagnitude(
        tfc.schedules.Polynomial(0.9, begin=0, end="60%", frequency=20),
        which=hidden_dense(user.network),
        pattern=tfc.patterns.Block((4, 1)),
    )
    distill = tfc.callbacks.Distill(user.model(), temperature=4.0, alpha=0.5)
    model = user.fit(user.model(), callbacks=[prune, distill])
    return {"ours: blocks pruned": user.export(model, "blocks", sparse=True)}


def long_blocks(user):
    """Blocks of sixteen inputs in the first dense layer, and all of it in eight bits."""
    prune = tfc.callbacks.PruneLowMagnitude(
        tfc.schedules.Polynomial(0.9, begin=0, end="60%", frequency=20),
        which=hidden_dense(user.network)[:1],
        pattern=tfc.patterns.Block((16, 1)),
    )
    distill = tfc.callbacks.Distill(user.model(), temperature=4.0, alpha=0.5)
    model = user.fit(user.model(), callbacks=[prune, distill])
    form = {"quantize": "int8", "representative_data": user.x[:200]}
    path = user.export(model, "long blocks", sparse=True, **form)
    return {"ours: blocks of 16 pruned, int8": path}


def low_rank(user, share, formats):
    """Hidden dense layers as two thin ones, with a share of the weights."""
    distill = tfc.callbacks.Distill(user.model(), temperature=4.0, alpha=0.5)
    rules = dict.fromkeys(hidden_dense(user.network), tfc.kernels.LowRank(ratio=share))
    model = tfc.convert(user.model(), rules)
    user.fit(model, callbacks=[distill])
    return {
        f"ours: rank of {share:.0%}, {form.replace('dynamic', 'int8')}": user.export(
            model, f"rank {share} {form}", quantize=form
        )
        for form in formats[: 1 if has_convolutions(user.network) else None]
    }


def units(user, share, formats):
    """Units taken out, the rest in eight bits, or in four: not of convolutions."""
    model = without_units(user, share)
    return {
        f"ours: {share:.0%} of units out, {form.replace('dynamic', 'int8')}": user.export(
            model, f"{share} {form}", quantize=form
        )
        for form in formats[: 1 if has_convolutions(user.network) else None]
    }


def without_units(user, share):
    schedule = tfc.schedules.Polynomial(share, begin=0, end="60%", frequency=20)
    prune = tfc.callbacks.PruneChannels(schedule, by="taylor")
    distill = tfc.callbacks.Distill(user.model(), temperature=4.0, alpha=0.5)
    return tfc.shrink(user.fit(user.model(), callbacks=[prune, distill]))


def two_bits(user):
    """All dense layers ternary, convolutions in eight bits."""
    model = few_bits(user, user.model(), tfc.kernels.Ternary(), rate=2e-3)
    return {"ours: two bits": user.export(model, "two bits", quantize="kernels")}


def units_in_two_bits(user, share):
    """Both steps, one after the other."""
    model = without_units(user, share)
    model = few_bits(user, model, tfc.kernels.Ternary(), rate=2e-3)
    return {
        f"ours: {share:.0%} of units out, two bits": user.export(
            model, f"{share} two bits", quantize="kernels"
        )
    }


def units_in_four_bits(user, share):
    """As in two bits; a scale for each unit is what LiteRT's own four bits have."""
    model = without_units(user, share)
    model = few_bits(user, model, tfc.kernels.Quantized(bits=4), rate=1e-3)
    form = "kernels" if has_convolutions(user.network) else "int4"
    return {
        f"ours: {share:.0%} of units out, int4 trained": user.export(
            model, f"{share} four bits", quantize=form
        )
    }


def few_bits(user, model, kernel, rate):
    """Dense layers by `kernel`, trained; convolutions in eight bits."""
    distill = tfc.callbacks.Distill(user.model(), temperature=4.0, alpha=0.5)
    rules = {keras.layers.Dense: kernel}
    if has_convolutions(user.network):
        rules[keras.layers.Conv2D] = tfc.kernels.Quantized(bits=8)
    model = tfc.convert(model, rules)
    user.fit(model, callbacks=[distill], rate=rate)
    return model


def archive(user):
    """Pruned, then values shared, then packed; convolutions lose only half."""
    shares = {keras.layers.Dense: 0.93}
    rules = {keras.layers.Dense: tfc.kernels.Clustered(codebook=16)}
    if has_convolutions(user.network):
        shares[keras.layers.Conv2D] = 0.5
        rules[keras.layers.Conv2D] = tfc.kernels.Clustered(codebook=64)
    prune = [
        tfc.callbacks.PruneLowMagnitude(
            tfc.schedules.Polynomial(share, begin=0, end="60%", frequency=20),
            which=kind,
            scope="global",
        )
        for kind, share in shares.items()
    ]
    distill = tfc.callbacks.Distill(user.model(), temperature=4.0, alpha=0.5)
    model = user.fit(user.model(), callbacks=[*prune, distill])
    model = tfc.convert(model, rules)
    user.fit(model, callbacks=[distill], rate=5e-4)
    model = tfc.fold(model)
    return {"ours: pruned, shared values, packed": user.pack(model, "archive")}


ROUTES = {
    "trained on": trained_on,
    "blocks": blocks,
    "long blocks": long_blocks,
    "low rank": partial(low_rank, share=0.5, formats=["dynamic", "int4"]),
    "lower rank": partial(low_rank, share=0.25, formats=["dynamic", "int4"]),
    "units": partial(units, share=0.7, formats=["dynamic", "int4"]),
    "half": partial(units, share=0.5, formats=["dynamic", "int4"]),
    "two bits": two_bits,
    "units in two bits": partial(units_in_two_bits, share=0.7),
    "half in two bits": partial(units_in_two_bits, share=0.5),
    "some in four bits": partial(units_in_four_bits, share=0.3),
    "half in four bits": partial(units_in_four_bits, share=0.5),
    "archive": archive,
}


def half(model, user):
    """The half of each hidden layer's units with the largest weights stays."""
    hidden = [layer.name for layer in model.layers if layer.weights][:-1]
    small = tfc.shrink(model, keep=dict.fromkeys(hidden, 0.5))
    return small  # noqa: RET504


def dead(model, user):
    """It finds what does nothing."""
    small = tfc.shrink(model)
    return small  # noqa: RET504


CUTS = {"half": half, "silent": dead, "constant": dead}
