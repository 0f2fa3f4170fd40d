import keras
import numpy as np

from tfcompress.surgery.channels import FIXED, Channels
from tfcompress.surgery.part import Part
from tfcompress.surgery.rules.known import rule_for
from tfcompress.surgery.trace import Trace


def test_a_layer_makes_its_channels_once():
    trace, part = Trace(rule_for), Part(keras.layers.Dense(3))
    assert trace.make(part, "units", 3) is trace.make(part, "units", 3)


def test_channels_joined_with_fixed_ones_cannot_leave():
    trace, part = Trace(rule_for), Part(keras.layers.Dense(3))
    units = trace.make(part, "units", 3)
    trace.unite(units, np.array([FIXED, units[0], FIXED]))
    assert set(trace.reasons) == {0, 2}
    assert list(trace.union.roots(units)) == [0, 0, 2]


def test_channels_that_one_layer_reads_in_turn_leave_together():
    trace, part = Trace(rule_for), Part(keras.layers.Dense(3))
    first, second = trace.union.add(2), trace.union.add(2)
    trace.place(part, "kernel", 0, first, "reads")
    trace.place(part, "kernel", 0, second, "reads")
    assert list(trace.union.roots(second)) == list(first)


def test_the_first_reason_counts():
    trace = Trace(rule_for)
    ids = trace.union.add(1)
    trace.fix(ids, "one")
    trace.fix(ids, "two")
    assert trace.reasons == {0: "one"}


def test_channels_along_another_axis_cannot_leave():
    trace, part = Trace(rule_for), Part(keras.layers.Dense(3, name="a"))
    ids = trace.union.add(2)
    assert trace.read(Channels(1, ids), 2, part) is None
    assert set(trace.reasons.values()) == {"Dense 'a' works along another axis"}


def test_a_source_is_named_after_the_layer_and_what_is_meant_in_it():
    trace = Trace(rule_for)
    layer = keras.layers.Bidirectional(keras.layers.LSTM(2), name="both")
    trace.make(Part(layer).inside("forward_layer"), "units", 2)
    trace.make(Part(layer), "heads", 2)
    names = [source.name for source in trace.sources.values()]
    assert names == ["both/forward_layer", "both/heads"]
