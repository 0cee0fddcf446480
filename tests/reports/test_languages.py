"""Dictionaries of the page: nothing promised that the English does not hold."""

import re
from dataclasses import replace

import pytest

from abscope.errors import UsageError
from abscope.outbreak.star_words import reason
from abscope.records import Star
from abscope.reports.languages import known_language, languages
from abscope.reports.page import asset
from abscope.tables import EXPOSURE_KINDS

PLACE = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("code", languages())
def test_a_translation_has_the_places_of_its_english_and_no_others(code: str) -> None:
    texts = languages()[code]["texts"]
    assert len(texts) > 400
    for english, other in texts.items():
        assert set(PLACE.findall(other)) == set(PLACE.findall(english)), english
        assert other.strip(), english


def test_a_language_nobody_wrote_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError) as refused:
        known_language("xx")
    assert "en, es" in refused.value.hint


def test_every_kind_of_exposure_is_known_by_name_and_has_a_translation() -> None:
    found = re.search(r'const KINDS = "([^"]+)"', asset("language.js"))
    assert found
    kinds = {kind.replace("_", " ") for kind in EXPOSURE_KINDS}
    assert kinds <= set(found[1].split("|"))
    assert kinds <= set(languages()["es"]["texts"])


FOUR = Star(("iA", "iB", "iC", "iD"), (4, 4, 3, 9), 20, 0.8, 0.5, 0.5)


@pytest.mark.parametrize(
    "star",
    [
        replace(FOUR, verdict="star", chance=0.93),
        replace(FOUR, verdict="star", index=None),
        replace(FOUR, verdict="nested", chance=0.03),
        replace(FOUR, verdict="uneven"),
        FOUR,
        replace(FOUR, isolates=("iA", "iB", "iC"), private=(4, 4, 3), chance=None),
        replace(FOUR, left_out=("iE",)),
    ],
    ids=["star", "no differences", "nested", "uneven", "cannot tell", "three", "left out"],
)
def test_what_is_said_of_three_or_more_isolates_has_a_translation(star: Star) -> None:
    texts = languages()["es"]["texts"]
    whole = {english: re.escape(PLACE.sub("\0", english)) for english in texts}
    said = reason(star).removeprefix("iA, iB, iC and iD ")
    fits = [
        english
        for english, pattern in whole.items()
        if english.startswith("{who} ")
        and re.fullmatch(pattern.replace("\0", ".+?"), f"somebody {said}")
    ]
    assert len(fits) == 1
