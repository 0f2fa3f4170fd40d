"""Every notebook runs from top to bottom, and is stored as it ran, for a reader."""

import json
import os
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# What the command in docs/tutorials.md says too: TensorFlow's C++ stays out of the cells.
OPTIONS = ["--IPKernelApp.capture_fd_output=False"]
A_MACHINE = re.compile(r"(?<![\w.])(/(home|root|tmp|opt|work|usr|mnt|Users)/|[A-Z]:\\)")

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def kernel():
    """One kernel for all: loading TensorFlow takes longer than most of the notebooks."""
    reason = "notebooks need nbclient and ipykernel"
    util = pytest.importorskip("nbclient.util", reason=reason)
    pytest.importorskip("ipykernel", reason=reason)
    from jupyter_client import AsyncKernelManager

    manager = AsyncKernelManager(kernel_name="python3")
    environment = {**os.environ, "TFCOMPRESS_TINY": "1"}
    util.run_sync(manager.start_kernel)(extra_arguments=OPTIONS, env=environment)
    yield manager
    util.run_sync(manager.shutdown_kernel)(now=True)


@each_notebook
def test_notebook_runs_at_tiny_size(path, kernel, tmp_path):
    import nbclient
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    # Names of the notebook before, and its files, are none of this one's.
    begin = f"%reset -f\n%cd -q {tmp_path}"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(begin))
    client = nbclient.NotebookClient(notebook, km=kernel, timeout=300)
    try:
        client.execute()
    finally:
        client.kc.stop_channels()


@each_notebook
def test_notebook_is_stored_as_it_ran(path):
    cells = _code(path)
    counts = [cell["execution_count"] for cell in cells]
    assert counts == list(range(1, len(cells) + 1))
    kinds = [output["output_type"] for cell in cells for output in cell["outputs"]]
    assert "display_data" in kinds or "execute_result" in kinds
    assert "stream" in kinds  # tables are printed
    assert "error" not in kinds


@each_notebook
def test_stored_outputs_are_what_a_reader_wants(path):
    streams = [
        output
        for cell in _code(path)
        for output in cell["outputs"]
        if output["output_type"] == "stream"
    ]
    assert {stream["name"] for stream in streams} == {"stdout"}  # no warnings, no logs
    assert "WARNING" not in "".join("".join(stream["text"]) for stream in streams)
    assert path.stat().st_size < 400_000


@each_notebook
def test_notebook_names_no_folder_of_a_machine(path):
    found = json.loads(path.read_text())
    for cell in found["cells"]:
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop("image/png", None)  # letters that mean nothing
    assert not A_MACHINE.search(json.dumps(found))


@each_notebook
def test_last_cell_says_what_is_not_gained_and_where_to_read_on(path):
    last = json.loads(path.read_text())["cells"][-1]
    text = "".join(last["source"])
    assert text.startswith("**What is not gained.**")
    links = re.findall(r"\]\(([^)#]+)", text)
    assert links
    assert all((path.parent / link).is_file() for link in links)


@each_notebook
def test_notebook_is_among_the_tutorials(path):
    assert f"(../notebooks/{path.name})" in (ROOT / "docs/tutorials.md").read_text()


def _code(path):
    cells = json.loads(path.read_text())["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]
