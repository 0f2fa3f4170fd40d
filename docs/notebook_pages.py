"""Shows the notebooks as pages of the site: a hook of the site's builder."""

import pathlib
import re

from mkdocs.structure.files import File
from nbconvert import MarkdownExporter

FOLDER = pathlib.Path(__file__).parents[1] / "notebooks"


def on_files(files, config):
    """Adds a page for each notebook, with what its cells have shown."""
    for path in sorted(FOLDER.glob("*.ipynb")):
        text, resources = MarkdownExporter().from_filename(str(path))
        text = text.replace("](../docs/", "](../")
        for name, picture in resources["outputs"].items():
            own = f"{path.stem}_{name}"  # of another notebook than its namesakes
            text = text.replace(f"]({name})", f"]({own})")
            where = f"notebooks/{own}"
            files.append(File.generated(config, where, content=picture))
        where = f"notebooks/{path.stem}.md"
        files.append(File.generated(config, where, content=text))
    return files


def on_page_markdown(markdown, **_):
    """Leads links to notebooks to their pages."""
    return re.sub(r"\(\.\./notebooks/(\w+)\.ipynb\)", r"(notebooks/\1.md)", markdown)
