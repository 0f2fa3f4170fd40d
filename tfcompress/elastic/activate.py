"""Running a network as one of the smaller ones that it holds."""

from collections.abc import Mapping

import keras

from tfcompress import _checks
from tfcompress.elastic.elastic_stage import ElasticStage
from tfcompress.elastic.setting import Setting


def stages(model: keras.Model) -> dict[str, ElasticStage]:
    """Returns the elastic stages of `model`, by name.

    Raises:
        ValueError: If it has none.
    """
    _checks.instance("model", model, keras.Model, "a `keras.Model`")
    found = {one.name: one for one in model.layers if isinstance(one, ElasticStage)}
    if not found:
        rule = "have layers of type `tfcompress.elastic.ElasticStage`"
        raise _checks.error("model", rule, model.name)
    return found


def complete(model: keras.Model, settings: dict | None) -> dict[str, Setting]:
    """Returns a setting for each stage of `model`: the largest where none is given.

    Raises:
        ValueError: If a name is not that of a stage, or it has no such setting.
    """
    found = stages(model)
    settings = {} if settings is None else settings
    what = "a mapping from names of stages to `Setting`s"
    _checks.instance("settings", settings, Mapping, what)
    for name, setting in settings.items():
        _checks.choice("settings", name, list(found))
        _checks.choice(f"settings[{name!r}]", setting, found[name].settings)
    return {name: settings.get(name, stage.largest) for name, stage in found.items()}


def activate(model: keras.Model, settings: dict | None = None) -> None:
    """Runs `model` as the sub-network with these settings, from now on.

    Nothing is compiled anew; nothing is faster either, for all of it is computed and
    then masked. `take` gives the small model.

    Args:
        model: A model with `ElasticStage` layers.
        settings: A mapping from names of these to `Setting`s. The largest for those
            that are not named.

    Raises:
        ValueError: If there is no such stage or setting.
    """
    chosen = complete(model, settings)
    for name, stage in stages(model).items():
        stage.use(chosen[name])
