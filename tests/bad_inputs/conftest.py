import shutil
import tempfile

import pytest
from bad_inputs.things import Things


@pytest.fixture(scope="session")
def _folders(tmp_path_factory):
    return [tmp_path_factory.mktemp(name) for name in ("read", "written", "temporary")]


@pytest.fixture(scope="session")
def things(_folders):
    read, written, _ = _folders
    return Things(read, written)


@pytest.fixture
def left(_folders, monkeypatch):
    """A function that tells what files were left: relative and temporary ones too."""
    _, *watched = _folders
    written, temporary = watched
    monkeypatch.chdir(written)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def found():
        names = [path for folder in watched for path in folder.iterdir()]
        # TensorFlow's, of functions that it has read; it removes them in the end.
        return [path for path in names if not path.name.startswith("__autograph")]

    yield found
    for path in found():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.fixture
def scratch(things, tmp_path, monkeypatch):
    """The shared things, of which valid calls write into a folder of their own."""
    monkeypatch.setattr(things, "out", tmp_path)
    monkeypatch.chdir(tmp_path)
    return things
