"""Answers about exposures to test with: a few cases, others to compare them with."""

from collections.abc import Mapping

from hypothesis import strategies as st

from abscope.records import LineList
from linelists import make_linelist

Said = list[tuple[str, str, str | None, str]]

KINDS = ("clinic", "product", "lot", "other")
ANSWERS = st.sampled_from(["yes", "no", "unknown"])


@st.composite
def investigations(draw: st.DrawFn) -> tuple[LineList, dict[str, float]]:
    """A few cases, some comparison patients, answers to a few exposures."""
    cases = [f"c{n}" for n in range(draw(st.integers(1, 4)))]
    others = [f"o{n}" for n in range(draw(st.integers(0, 8)))]
    nodes = [(kind, value) for kind in KINDS for value in ("x", "y")]
    said: Said = [
        (person, kind, value, draw(ANSWERS)) for person in cases + others for kind, value in nodes
    ]
    chance = st.sampled_from([0.3, 0.75, 0.98])
    weights = {case: draw(chance) for case in cases} | dict.fromkeys(others, 0.0)
    return make_linelist({person: [] for person in cases + others}, said), weights


def outbreak(
    cases: Mapping[str, Mapping[str, str]], others: Mapping[str, Mapping[str, str]]
) -> LineList:
    """Everybody names one value a kind, or none of it; `?` is not known."""
    people = {**cases, **others}
    values = sorted({(k, v) for own in people.values() for k, v in own.items() if v != "?"})
    said: Said = [
        (person, kind, value, _answer(own, kind, value))
        for person, own in people.items() for kind, value in values
    ]  # fmt: skip
    return make_linelist({person: [] for person in people}, said)


def _answer(own: Mapping[str, str], kind: str, value: str) -> str:
    if own.get(kind) == "?":
        return "unknown"
    return "yes" if own.get(kind) == value else "no"


THREE = {
    "A": {"clinic": "one", "city": "Ensenada", "product": "P"},
    "B": {"clinic": "two", "city": "San Felipe", "product": "P"},
    "C": {"clinic": "three", "city": "Guadalajara", "product": "P"},
}
CROWD = {
    f"o{n}": {
        "clinic": ("one", "two", "three", "four", "five")[n % 5],
        "city": ("Ensenada", "San Felipe", "Guadalajara", "Tijuana", "Lima")[n % 5],
        "product": ("Q", "R", "S")[n % 3],
    }
    for n in range(30)
}
