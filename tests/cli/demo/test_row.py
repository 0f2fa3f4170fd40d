import dataclasses
import json

from tfcompress.cli.demo.row import Row


def test_is_plain_data():
    row = Row("int8", "In 8 bits.", failure="no luck")
    assert json.loads(json.dumps(dataclasses.asdict(row)))["failure"] == "no luck"
