import datetime
import platform

from tfcompress.cli.machine import circumstances


def test_says_where_when_and_with_what():
    found = circumstances()

    assert found["machine"]["cpu"]
    assert found["versions"]["python"] == platform.python_version()
    assert found["versions"]["numpy"]
    written = datetime.datetime.fromisoformat(found["date"])
    assert abs(datetime.datetime.now(datetime.timezone.utc) - written).seconds < 60
