import dataclasses

import pytest

from tfcompress.described import Described


@dataclasses.dataclass(frozen=True)
class Colour(Described):
    pass


@dataclasses.dataclass(frozen=True)
class Grey(Colour):
    light: float


@dataclasses.dataclass(frozen=True)
class Tinted(Grey):
    hue: str = "blue"


def test_data_tell_the_kind_under_the_name_of_the_family():
    expected = {"colour": "Tinted", "light": 0.5, "hue": "blue"}
    assert Tinted(0.5).get_config() == expected


@pytest.mark.parametrize("value", [Grey(0.25), Tinted(0.5, "red")])
def test_any_class_of_the_family_makes_the_same_value_again(value):
    assert Colour.from_config(value.get_config()) == value
    assert Tinted.from_config(value.get_config()) == value


def test_other_kinds_are_refused():
    with pytest.raises(ValueError, match="`colour` must be one of 'Grey', 'Tinted'"):
        Colour.from_config({"colour": "Loud"})
