"""Dictionaries of the page: nothing promised that the English does not hold."""

import re

import pytest

from abscope.errors import UsageError
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
