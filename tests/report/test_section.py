import pytest

from tfcompress.report.section import Section


def test_section_that_tells_less_cannot_be_made():
    class Silent(Section):
        def grids(self):
            return []

    with pytest.raises(TypeError, match="abstract"):
        Silent()
