"""What is raised when a file cannot be made, or is not what the model is."""


class ExportError(ValueError):
    """The model could not be made into a file that gives the model's outputs.

    The message says which combination failed and what to use instead. Nothing was
    written, and a file that was there before is as it was.
    """
