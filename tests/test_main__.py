import runpy
import sys

import pytest


def test_module_is_the_command(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["__main__.py", "report", "--help"])
    # Where all modules have been looked at, Python would warn that it is here already.
    monkeypatch.delitem(sys.modules, "tfcompress.__main__", raising=False)
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("tfcompress", run_name="__main__")
    assert not ended.value.code
    assert "tfcompress report" in capsys.readouterr().out
