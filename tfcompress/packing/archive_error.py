"""What is raised when a file is not an archive, or not a whole one."""


class ArchiveError(ValueError):
    """The file is no archive, is damaged, or asks for more than is allowed.

    Nothing was written and no model was made of it.
    """
