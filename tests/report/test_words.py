from tfcompress.report import words


def test_what_is_not_known_is_a_question_mark():
    assert words.count(None) == words.times(None) == words.share(None) == "?"


def test_numbers_have_their_units():
    assert words.count(1234) == "1,234"
    assert words.times(2.0) == "2.0x"
    assert words.share(0.5) == "50.00%"
    assert words.points(-0.005) == "-0.50"
