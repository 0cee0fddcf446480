"""Joining cases and isolates: nobody is lost, nothing is guessed."""

from hypothesis import given
from hypothesis import strategies as st

from abscope.outbreak.linelist import link, nothing_in_common
from linelists import make_linelist

NAMES = st.sampled_from(["M1", "M2", "m1", "M-1", "M01", "X"])


@given(
    st.lists(st.lists(NAMES, max_size=3, unique=True), max_size=6),
    st.lists(NAMES, max_size=5, unique=True),
)
def test_nobody_is_lost(isolates_of: list[list[str]], isolates: list[str]) -> None:
    cases = make_linelist({f"c{n}": own for n, own in enumerate(isolates_of)}).cases
    linked = link(cases, isolates)
    matched = set(linked.matched["case_id"])
    assert sorted([*matched, *linked.cases_only["case_id"]]) == sorted(cases["case_id"])
    assert sorted({*linked.matched["isolate_id"], *linked.isolates_only["isolate_id"]}) == sorted(
        isolates
    )
    assert set(linked.matched.rows()) == {
        (f"c{n}", i) for n, own in enumerate(isolates_of) for i in own if i in isolates
    }
    assert linked.cases_only["reason"].null_count() == 0


def test_every_case_without_an_isolate_says_why() -> None:
    linked = link(make_linelist({"A": ["M1"], "B": [], "C": ["M9"]}).cases, ["M1"])
    assert linked.cases_only.rows() == [
        ("B", "no isolate is named"), ("C", "M9 is not among the isolates"),
    ]  # fmt: skip


def test_a_name_that_nearly_matches_is_proposed_and_not_joined() -> None:
    cases = make_linelist({"A": ["mab-7"], "B": ["MAB 08"], "C": ["Q"]}).cases
    linked = link(cases, ["MAB_007", "MAB_8"])
    assert linked.matched.is_empty()
    assert [problem.hint for problem in linked.problems] == [
        "'MAB_007' is meant?", "'MAB_8' is meant?", "add it to the sample sheet, or leave it",
    ]  # fmt: skip


def test_digits_that_matter_are_not_taken_for_a_spelling() -> None:
    linked = link(make_linelist({"A": ["M10"], "B": ["M100"]}).cases, ["M1", "M1000"])
    assert not any("is meant" in problem.hint for problem in linked.problems)


def test_an_isolate_of_two_cases_counts_for_both_and_is_reported() -> None:
    linked = link(make_linelist({"A": ["M1"], "B": ["M1"]}).cases, ["M1"])
    assert linked.matched.rows() == [("A", "M1"), ("B", "M1")]
    assert "claimed by 2 cases: A, B" in linked.problems[0].what


def test_nothing_in_common_is_told_with_examples_of_both_sides() -> None:
    cases = make_linelist({"A": ["x1"], "B": ["x2", "x3", "x4"], "M1": []}).cases
    problem = nothing_in_common(link(cases, ["M1", "M2"]), cases)
    assert problem is not None
    assert "'x1', 'x2', 'x3' and 1 more; the isolates are 'M1', 'M2'" in problem.what
    assert "1 case_ids are isolate names ('M1')" in problem.hint


def test_one_isolate_in_common_is_enough_to_say_nothing() -> None:
    cases = make_linelist({"A": ["x1"], "B": ["M1"]}).cases
    assert nothing_in_common(link(cases, ["M1", "M2"]), cases) is None
