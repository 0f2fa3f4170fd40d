"""Shows the examples of docstrings as code: an extension of the site's builder."""

import re

import griffe

EXAMPLE = re.compile(r"^( *)>>> .*(?:\n\1.*\S.*)*", re.MULTILINE)


class FencedExamples(griffe.Extension):
    """Puts each example between fences; without them it is read as a quotation."""

    def on_object(self, *, obj, **kwargs):
        if obj.docstring is not None:
            obj.docstring.value = EXAMPLE.sub(
                r"\1```pycon\n\g<0>\n\1```", obj.docstring.value
            )
