import keras
from shrinking import chain

from tfcompress.surgery.plan import plan


def test_a_plan_is_a_table_of_80_columns():
    model = chain(
        (3,), keras.layers.Dense(4, name="a"), keras.layers.LayerNormalization(name="n")
    )
    text = str(plan(model))
    assert max(map(len, text.splitlines())) <= 80
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert "end 3 3 outputs of the model" in rows
    assert any(row.startswith("a 4 4 LayerNormalization 'n'") for row in rows)


def test_a_notebook_prints_the_same_text(in_notebook):
    model = chain((3,), keras.layers.Dense(4, name="a"))
    assert "outputs of the model" in str(plan(model))
