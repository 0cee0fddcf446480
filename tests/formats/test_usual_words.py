"""Words that stay, and words that say too much."""

import pytest

from abscope.formats.usual_words import outcome, sex


@pytest.mark.parametrize(
    ("said", "kept"),
    [("F", "female"), (" Hombre ", "male"), ("see his file", "other"), (None, None)],
)
def test_a_sex_is_female_or_male_however_written(said: str | None, kept: str | None) -> None:
    assert sex(said) == kept


@pytest.mark.parametrize(
    ("said", "kept"), [("Cured", "cured"), ("died, told by his wife", "other"), (None, None)]
)
def test_an_outcome_in_words_of_its_own_is_other(said: str | None, kept: str | None) -> None:
    assert outcome(said) == kept
