import numpy as np
from keras import ops

from tfcompress.ops.compiled import compiled


def test_a_compiled_function_gives_what_the_function_gives(rng):
    rows, index = rng.normal(size=(9, 2)), rng.integers(4, size=9)
    expected = np.zeros((4, 2))
    np.add.at(expected, index, rows)
    total = compiled(ops.segment_sum, rows.shape, index.shape)
    for count in (4, 5):  # another size is another graph
        sums = ops.convert_to_numpy(total(rows, index, count))
        np.testing.assert_allclose(sums[:4], expected)
        assert len(sums) == count


def test_it_is_made_once_for_each_shape():
    first = compiled(ops.segment_sum, (3,))
    assert first is compiled(ops.segment_sum, [3])
    assert first is not compiled(ops.segment_sum, (4,))
