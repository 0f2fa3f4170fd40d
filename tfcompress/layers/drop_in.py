"""A drop-in layer: a host whose kernels are of one class."""

import inspect

import keras

from tfcompress.layers.host_of import keywords, signature


def drop_in(kernel_class):
    """Decorator: a host whose kernels are of one class, with that class's options.

    The layer takes its twin's arguments, then the options of `kernel_class` as
    keyword-only arguments, and has them in its config. An argument that both have
    (`seed`) is given to both.
    """
    options = [
        p
        for p in inspect.signature(kernel_class).parameters.values()
        if p.kind is p.KEYWORD_ONLY
    ]

    def decorate(cls):
        theirs = inspect.signature(cls.twin).parameters
        cls.__signature__ = signature(
            cls.twin,
            [p for p in options if p.name not in theirs] + keywords(cls.optional),
        )

        def __init__(self, *args, **kwargs):
            given = cls.__signature__.bind(*args, **kwargs).arguments
            own = {p.name: given[p.name] for p in options if p.name in given}
            for name in own.keys() - theirs.keys():
                del kwargs[name]
            kernel = kernel_class(**own)
            kwargs.update(dict.fromkeys(cls.hosted, kernel))
            super(cls, self).__init__(*args, **kwargs)

        def get_config(self):
            config = super(cls, self).get_config()
            first, *_ = [config.pop(name)["config"] for name in cls.hosted]
            return {**config, **{p.name: first[p.name] for p in options}}

        cls.__init__ = __init__
        cls.get_config = get_config
        return keras.saving.register_keras_serializable("tfcompress")(cls)

    return decorate
