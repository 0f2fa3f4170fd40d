def test_every_layer_and_method_is_a_line(found):
    lines = found.to_markdown().splitlines()
    assert lines[0] == "| layer | method | 0.5 | 0.25 |"
    assert "| a | LowRank | 100.00 | 100.00 |" in lines
    assert len(lines) == 2 + 4 + 2
    assert lines[-1] == "Before: 100.00 %, on 40 examples. Nothing is trained."


def test_the_text_has_the_same_figures(found):
    text = str(found)
    assert "100.00" in text
    assert text.endswith("Nothing is trained.")


def test_a_notebook_prints_the_same_text(found, in_notebook):
    table = str(found).split("Before:")[0]
    assert "100.00" in table
    assert "\x1b" not in table
