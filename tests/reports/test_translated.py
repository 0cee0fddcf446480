"""What the page and its letters say in Spanish: also where nothing was found, and of what is due."""

import re
from collections.abc import Iterator

import pytest

import investigations
import pages
from abscope.records import Investigation
from abscope.reports.languages import translated
from abscope.reports.page import render
from watches import RULES

SILENT = {"script", "style", "pre", "code", "kbd"}
ATTRIBUTES = ("aria-label", "title", "placeholder")
NAMES = re.compile(
    r"Mycobacterium abscessus|CCUG_48898|no reads"
    r"|(mean depth 11 is below 20|1,840 mixed sites:|two strains\?);?"  # remarks of the data
)
EMPTY = {
    "nothing": investigations.empty(),
    "one isolate": investigations.only(["alone"]),
    "no level": investigations.only(["x", "y", "z"], levels=()),
    "no cluster": investigations.only(["x", "y", "z"]),
}


def said(element: pages.Element) -> Iterator[str]:
    """Every text and label that is a reader's, and not the data's or the absent script's."""
    own = element.attributes
    if (
        element.tag in SILENT
        or own.get("translate") == "no"
        or "unscripted" in own.get("class", "")
    ):
        return
    yield from element.words
    yield from (own[name] for name in ATTRIBUTES if name in own)
    for child in element.children:
        yield from said(child)


def english(text: str) -> list[str]:
    """What of a text stays as it is, looked up whole and then sentence by sentence."""
    plain = " ".join(text.split())
    if not re.search(r"[A-Za-z]{3}", plain) or translated(plain, "es") is not None:
        return []
    for end in (r"(?<=\.) ", r"(?<=[;:]) "):
        parts = re.split(end, plain)
        if len(parts) > 1:
            return [left for part in parts for left in english(part)]
    return [plain]


@pytest.mark.parametrize("investigation", EMPTY.values(), ids=list(EMPTY))
def test_a_page_that_has_little_to_tell_tells_it_in_spanish_too(
    investigation: Investigation,
) -> None:
    left = {one for text in said(pages.read(render(investigation))) for one in english(text)}
    assert [one for one in sorted(left) if not NAMES.fullmatch(one)] == []


def test_the_rules_of_the_watch_have_spanish_names_and_titles() -> None:
    assert len(RULES) > 10
    told = [one for rule in RULES.values() for one in (rule.name, rule.title)]
    assert [one for one in told if english(one)] == []


@pytest.mark.parametrize(
    ("text", "spanish"),
    [
        ("mean depth 12 is low (under 20)", "la profundidad media de 12 es baja (menos de 20)"),
        ("patient A of house B", None),
        ("Clinic A", None),
        ("Clinic “A”", "Clínica “A”"),
        ("3.0 of 3.0", "3.0 de 3.0"),
        (
            "mixed: 1,234 second bases share one frequency, 20% of the reads: another strain; other "
            "second bases have other shares",
            "mezcla: 1,234 segundas bases comparten una frecuencia, 20% de las lecturas: otra cepa; "
            "otras segundas bases tienen otras proporciones",
        ),
        (
            "Case A names clinic, which is watched; 1 case names it.",
            "El caso A nombra clínica, que está bajo vigilancia; 1 caso lo nombra.",
        ),
        (
            "North has refused since 2022-10-01 (1 day; asked once): try letter.",
            "North se niega a responder desde 2022-10-01 (1 día; consultado una vez): intente carta.",
        ),
        (
            "blood count: due every 7 days on linezolid; none on record.",
            "biometría hemática: toca cada 7 días con linezolid; ninguno registrado.",
        ),
        (
            "Ask North: which clinician did patient A see?",
            "Pregunte a North: ¿qué médico atendió al paciente A?",
        ),
    ],
)
def test_a_sentence_is_translated_with_what_stands_in_its_places(
    text: str, spanish: str | None
) -> None:
    assert translated(text, "es") == spanish
