"""Both languages say the same things, with the same numbers in them."""

import re
from collections.abc import Mapping
from string import Formatter

import pytest

from abscope.errors import UsageError
from abscope.knowledge.rows import VERDICTS
from abscope.reports.documents.language import LANGUAGES, Entry, language
from paper_runs import knowledge


def sentences(entry: Entry) -> list[str]:
    if isinstance(entry, str):
        return [entry]
    return list(entry.values()) if isinstance(entry, Mapping) else list(entry)


def places(entry: Entry) -> list[set[str]]:
    return [{n for _, n, *_ in Formatter().parse(text) if n} for text in sentences(entry)]


def test_every_sentence_stands_in_both_languages_with_the_same_places() -> None:
    english, spanish = (language(code).texts for code in LANGUAGES)
    assert set(english) == set(spanish)
    for key, entry in english.items():
        assert places(entry) == places(spanish[key]), key


def test_every_verdict_and_drug_has_a_spanish_word() -> None:
    terms = language("es").terms
    assert set(VERDICTS) <= set(terms)
    assert {drug.drug for drug in knowledge().drugs} <= set(terms)


def test_no_english_sentence_was_left_in_the_spanish_texts() -> None:
    common = re.compile(r"\b(the|which|with|and|does|not)\b")
    for key, entry in language("es").texts.items():
        assert not any(common.search(text) for text in sentences(entry)), key


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.9996, "> 99%"), (0.004, "< 1%"), (0.97, "97%"), (1.0, "> 99%"), (None, "–")],
)
def test_a_probability_is_never_told_as_certain_or_impossible(share: float, said: str) -> None:
    assert language("en").share(share) == said


def test_a_language_without_texts_is_refused() -> None:
    with pytest.raises(UsageError, match="fr"):
        language("fr")
