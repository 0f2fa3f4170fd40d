import base64
import html.parser
import xml.etree.ElementTree

import numpy as np
import pytest

from tfcompress.report.answers import Answers
from tfcompress.report.layer_report import LayerReport
from tfcompress.report.page import page
from tfcompress.report.predictions import Predictions
from tfcompress.report.report import Report

VOID = {"meta", "img", "br", "link"}


class Reader(html.parser.HTMLParser):
    """Notes tags and texts, and refuses tags that are not closed in order."""

    def __init__(self, content):
        super().__init__()
        self.open, self.tags, self.links, self.texts = [], [], [], []
        self.feed(content)
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        named = dict(attributes)
        self.links += [named[n] for n in ("src", "href", "srcset") if n in named]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture
def reader():
    layers = LayerReport("a<b>", "Dense", 10, 10, stored_bits=320, macs=10)
    says = Predictions(np.eye(2))
    report = Report(
        "R&D", (layers,), Report("before", (layers,)), answers=Answers.of(says, [0, 1])
    )
    return Reader(page(report))


def test_page_is_whole_and_every_tag_closed(reader):
    assert reader.tags.count("html") == reader.tags.count("body") == 1
    assert reader.tags.count("table") == 1
    assert reader.tags.count("h2") == 2


def test_names_are_text_and_never_markup(reader):
    assert "a<b>" in reader.texts
    assert "R&D" in reader.texts
    assert "b" not in reader.tags


def test_nothing_is_fetched_and_nothing_is_run(reader):
    assert not {"script", "link", "iframe"} & set(reader.tags)
    assert reader.links
    assert all(link.startswith("data:image/svg+xml;base64,") for link in reader.links)


def test_pictures_are_svg_with_something_in_them_and_no_links(reader):
    assert len(reader.links) == 2
    for link in reader.links:
        root = xml.etree.ElementTree.fromstring(
            base64.b64decode(link.partition(",")[2])
        )
        parts = list(root.iter())
        assert sum(part.tag.endswith("}path") for part in parts) > 5
        for part in parts:
            for name, value in part.attrib.items():
                assert not name.endswith("href") or value.startswith("#")
