import dataclasses
import pathlib

from tuning import network

from tfcompress.methods.units import Units
from tfcompress.tuner.budget import Budget
from tfcompress.tuner.compression import Compression
from tfcompress.tuner.obstacle import accuracy_obstacle, cost_obstacle
from tfcompress.tuner.trial import Trial

MADE = Compression({"a": (Units(), 0.5), "b": (Units(), 0.25)})
TRIAL = Trial(pathlib.Path("x"), MADE, 5000, 3000, None, 0.5)


def test_the_layer_that_costs_most_is_named():
    said = cost_obstacle(TRIAL, Budget(bytes=1000), network())
    assert said.startswith("`bytes=1,000` is out of reach: the nearest is 5,000.")
    assert "Layer 'b' stands in the way with 8,320 of the 13,068 bytes" in said
    assert said.endswith("it is at ratio 0.25.")


def test_the_limit_that_is_missed_by_most_decides():
    budget = Budget(bytes=4000, macs=1000)
    assert cost_obstacle(TRIAL, budget, network()).startswith("`macs=1,000` is out")


def test_a_layer_that_nothing_suits_is_said_to_be():
    trial = dataclasses.replace(TRIAL, compression=Compression({}))
    said = cost_obstacle(trial, Budget(bytes=1000), network())
    assert said.endswith("none of the methods suits it.")


def test_the_layer_that_brings_back_most_accuracy_is_named():
    right = {("a",): 0.9, ("b",): 0.7, ("a", "b"): 0.5}
    said = accuracy_obstacle(
        TRIAL, Budget(accuracy_drop=0.1), lambda made: right[tuple(made.choices)]
    )
    assert "Layer 'b' stands in the way" in said
    assert said.endswith("50.0 to 90.0 %.")


def test_without_a_compressed_layer_it_is_the_format():
    trial = dataclasses.replace(TRIAL, compression=Compression({}))
    said = accuracy_obstacle(trial, Budget(accuracy_drop=0.1), lambda made: 0.5)
    assert said.endswith("it is the format of the file.")
