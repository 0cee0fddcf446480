"""Exposure answers: what is said, what follows from it, and what stays unknown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.formats import exposure_answers
from abscope.formats.exposure_answers import NOT_KNOWN, Said

ASKED = st.lists(
    st.sampled_from(["Clinic X", "Clinic Y", "Z", "none", "unknown", "yes", ""]), max_size=3
)


def answers(*cells: str) -> dict[tuple[str, str | None], str]:
    """The answers of cases A, B, ... to one column of cells."""
    said = [
        Said(case, "clinic", value, answer)
        for case, text in zip("ABCDEFGH", cells, strict=False)
        for value, answer in exposure_answers.cell(text)
    ]
    frame = exposure_answers.table(said)
    return {(case, value): answer for case, _, value, answer in frame.iter_rows()}


@pytest.mark.parametrize("word", sorted(NOT_KNOWN))
def test_every_word_for_not_known_is_unknown(word: str) -> None:
    assert answers("X", word.upper())["B", "X"] == "unknown"


def test_naming_one_value_answers_no_to_those_that_others_name() -> None:
    assert answers("X", "Y") == {
        ("A", "X"): "yes", ("A", "Y"): "no", ("B", "X"): "no", ("B", "Y"): "yes",
    }  # fmt: skip


def test_several_values_stand_in_one_cell() -> None:
    assert answers("X; Y", "none") == {
        ("A", "X"): "yes", ("A", "Y"): "yes", ("B", "X"): "no", ("B", "Y"): "no",
    }  # fmt: skip


def test_an_answer_that_is_partly_unknown_is_unknown_for_the_rest() -> None:
    assert answers("X; unknown", "Y")["A", "Y"] == "unknown"


def test_a_bare_yes_is_exposed_to_one_not_said_which() -> None:
    found = answers("yes", "X", "no", "?")
    assert [found[case, "yes"] for case in "ABCD"] == ["yes", "yes", "no", "unknown"]
    assert [found[case, "X"] for case in "ABCD"] == ["unknown", "yes", "no", "unknown"]


def test_a_kind_that_nobody_names_keeps_its_answers() -> None:
    assert answers("", "none") == {("A", None): "unknown", ("B", None): "no"}


def test_ones_and_zeros_are_answers_only_where_they_are_coded() -> None:
    assert [*exposure_answers.cell("1", coded=True)] == [("yes", "yes")]
    assert [*exposure_answers.cell("0", coded=True)] == [(None, "no")]
    assert [*exposure_answers.cell("1")] == [("1", "yes")]
    assert [*exposure_answers.cell("N")] == [("N", "yes")]


def test_an_answer_about_a_value_stands_and_says_nothing_of_the_others() -> None:
    said = [
        Said("A", "lot", "L1", "no", complete=False),
        Said("A", "lot", "L2", "yes", complete=False),
        Said("B", "lot", "L3", "yes"),
    ]
    frame = exposure_answers.table(said)
    assert frame.filter(case_id="A").select("value", "answer").rows() == [
        ("L1", "no"), ("L2", "yes"), ("L3", "unknown"),
    ]  # fmt: skip


@given(st.lists(ASKED, min_size=1, max_size=8))
def test_every_case_answers_once_to_every_value_and_unknown_never_becomes_no(
    cells: list[list[str]],
) -> None:
    found = answers(*("; ".join(parts) for parts in cells))
    named = {p for parts in cells for p in parts if p in ("Clinic X", "Clinic Y", "Z")}
    named |= {"yes"} if any("yes" in parts for parts in cells) else set()
    for case, parts in zip("ABCDEFGH", cells, strict=False):
        assert {value for c, value in found if c == case} == (named or {None})
        for value in named & {*parts}:
            assert found[case, value] == "yes"
        if not parts or not {*parts} - {"unknown", ""}:
            assert {answer for (c, _), answer in found.items() if c == case} == {"unknown"}


def test_spellings_that_differ_by_case_spaces_and_accents_become_one_and_are_reported() -> None:
    said = [
        Said(case, "clinic", value, "yes")
        for case, value in zip(
            "ABC", ["Clínica Norte", "clinica  norte", "Clínica Norte"], strict=True
        )
    ]
    unified, problems = exposure_answers.one_spelling(said, "cases.csv")
    assert {one.value for one in unified} == {"Clínica Norte"}
    assert ["taken as one" in problem.what for problem in problems] == [True]


@pytest.mark.parametrize(("one", "two", "reported"), [
    ("Clinica Norte", "Clinca Norte", True), ("Lot 2022-117", "Lot 2022-118", False), ("Oslo", "Osla", False),
])  # fmt: skip
def test_a_likely_typing_error_is_reported_but_not_merged(
    one: str, two: str, reported: bool
) -> None:
    said = [Said("A", "clinic", one, "yes"), Said("B", "clinic", two, "yes")]
    unified, problems = exposure_answers.one_spelling(said, "cases.csv")
    assert [said.value for said in unified] == [one, two]
    assert bool(problems) is reported


@pytest.mark.parametrize(
    ("one", "two"), [("1-23", "12-3"), ("1.5", "15"), ("Клиника 7", "Больница 7"), ("?!", "!?")]
)
def test_what_tells_two_values_apart_is_kept(one: str, two: str) -> None:
    said = [Said("A", "lot", one, "yes"), Said("B", "lot", two, "yes")]
    assert exposure_answers.one_spelling(said, "cases.csv") == (said, [])
