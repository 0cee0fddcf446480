"""Shared exposures: who counts on which side, and what an unknown answer is worth."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.outbreak.compatible import compatible_cases
from abscope.outbreak.exposures import panels, shared_exposures
from abscope.outbreak.linelist import link
from abscope.records import LineList
from linelists import make_clusters, make_linelist

ISOLATES = ["iA", "iB", "iD", "iE", "iF", "iG"]


def shared(linelist: LineList, isolates: list[str], *groups: list[str]) -> pl.DataFrame:
    return shared_exposures(link(linelist.cases, isolates), linelist, make_clusters(*groups))


def test_what_a_and_b_share_comes_first(founding: LineList) -> None:
    frame = shared(founding, ISOLATES, ["iA", "iB"])
    top = frame.select("kind", "value", "members_exposed").rows()[:2]
    assert top == [("product", "P", 2), ("procedure", "stem cells", 2)]
    product, procedure = frame.rows(named=True)[:2]
    assert (product["others_exposed"], product["others_known"], product["others"]) == (0, 3, 4)
    assert product["p_value"] == pytest.approx(1 / 10)
    assert product["odds_ratio"] == float("inf")
    assert (procedure["others_exposed"], procedure["others_known"]) == (1, 4)


def test_an_unsequenced_case_is_on_neither_side(founding: LineList) -> None:
    linked = link(founding.cases, ISOLATES)
    (panel,) = panels(linked, make_clusters(["iA", "iB"]))
    assert panel.members == {"A", "B"}
    assert panel.others == {"D", "E", "F", "G"}


def test_a_case_counts_once_however_many_isolates_it_has() -> None:
    said = [("A", "clinic", "X", "yes"), ("B", "clinic", "X", "yes"), ("D", "clinic", "X", "no")]
    linelist = make_linelist({"A": ["a1", "a2"], "B": ["b"], "D": ["d1", "d2"]}, said)
    row = shared(linelist, ["a1", "a2", "b", "d1", "d2"], ["a1", "a2", "b"]).row(0, named=True)
    assert (row["members"], row["members_exposed"], row["others"]) == (2, 2, 1)


def test_a_case_with_one_isolate_inside_and_one_outside_is_a_member() -> None:
    linelist = make_linelist({"A": ["a1", "a2"], "B": ["b"]}, [("A", "clinic", "X", "yes")])
    linked = link(linelist.cases, ["a1", "a2", "b"])
    (panel,) = panels(linked, make_clusters(["a1", "b"]))
    assert (panel.members, panel.others) == ({"A", "B"}, frozenset())


def test_an_isolate_with_too_few_sites_to_say_is_no_comparison(founding: LineList) -> None:
    linked = link(founding.cases, ISOLATES)
    (panel,) = panels(
        linked, make_clusters(["iA", "iB"], unresolved=[("iB", "iD")]), uncompared=["iE"]
    )
    assert panel.others == {"F", "G"}


def test_a_cluster_of_isolates_without_cases_has_no_row() -> None:
    linelist = make_linelist({"A": ["a"]}, [("A", "clinic", "X", "yes")])
    assert shared(linelist, ["a", "p", "q"], ["p", "q"]).is_empty()


def test_without_comparison_cases_there_is_no_p() -> None:
    said = [("A", "clinic", "X", "yes"), ("B", "clinic", "X", "yes")]
    row = shared(make_linelist({"A": ["a"], "B": ["b"]}, said), ["a", "b"], ["a", "b"]).row(
        0, named=True
    )
    assert (row["members_exposed"], row["odds_ratio"], row["p_value"]) == (2, None, None)


ANSWER = st.sampled_from(["yes", "no", "unknown"])


@given(st.lists(st.tuples(st.booleans(), ANSWER, ANSWER), min_size=2, max_size=12), st.randoms())
def test_counts_agree_with_counting_by_hand(
    people: list[tuple[bool, str, str]], chance: object
) -> None:
    said = [
        (f"c{n}", "clinic", value, answer)
        for n, (_, *answers) in enumerate(people)
        for value, answer in zip("XY", answers, strict=True)
    ]
    chance.shuffle(said)  # type: ignore[attr-defined]
    linelist = make_linelist({f"c{n}": [f"i{n}"] for n in range(len(people))}, said)
    inside = [n for n, (member, *_) in enumerate(people) if member]
    isolates = [f"i{n}" for n in range(len(people))]
    rows = shared(linelist, isolates, [f"i{n}" for n in inside]).rows(named=True)
    expected = {}
    for place, value in ((1, "X"), (2, "Y")):
        mine = [people[n][place] for n in inside]
        rest = [person[place] for n, person in enumerate(people) if n not in inside]
        if "yes" in mine:
            expected[value] = (
                mine.count("yes"), len(mine) - mine.count("unknown"), len(mine),
                rest.count("yes"), len(rest) - rest.count("unknown"), len(rest),
            )  # fmt: skip
    columns = (
        "members_exposed",
        "members_known",
        "members",
        "others_exposed",
        "others_known",
        "others",
    )
    assert {row["value"]: tuple(row[c] for c in columns) for row in rows} == expected
    places = [(-row["members_exposed"], row["p_value"] or 2) for row in rows]
    assert places == sorted(places)


def test_the_oswego_supper_ranks_vanilla_ice_cream_first(oswego: pl.DataFrame) -> None:
    foods = oswego.columns[8:]
    ate = {"Y": "yes", "N": "no", "NA": "unknown"}
    people = oswego.with_columns(("p" + pl.col("ID").str.strip_chars()).alias("ID")).rows(
        named=True
    )
    said = [(p["ID"], "other", food, ate[p[food]]) for p in people for food in foods]
    linelist = make_linelist({p["ID"]: [f"i{p['ID']}"] for p in people}, said)
    ill = [f"i{p['ID']}" for p in people if p["Ill"] == "Y"]
    frame = shared(linelist, [f"i{p['ID']}" for p in people], ill)
    best = frame.sort("p_value").row(0, named=True)
    assert best["value"] == "Van.Ice.Cream"
    assert (best["members_exposed"], best["members"]) == (43, 46)
    assert (best["others_exposed"], best["others"]) == (11, 29)
    assert best["odds_ratio"] == pytest.approx(22.1, abs=0.1)
    assert best["odds_ratio_low"] == pytest.approx(5.2, abs=0.1)
    assert best["odds_ratio_high"] == pytest.approx(138, abs=1)


def test_the_patient_without_isolate_who_founded_this_project_appears(founding: LineList) -> None:
    linked = link(founding.cases, ISOLATES)
    frame = compatible_cases(linked, founding, make_clusters(["iA", "iB"]))
    row = frame.row(0, named=True)
    assert len(frame) == 1
    assert row["case_id"] == "C"
    assert row["shares"] == "product=P; procedure=stem cells"
    assert (row["shared"], row["known"]) == (2, 4)
    assert row["reason"] == "no isolate is named"


def test_three_patients_and_nobody_to_compare_them_with_are_enough(founding: LineList) -> None:
    alone = LineList(
        founding.cases.filter(pl.col("case_id").is_in(["A", "B", "C"])),
        founding.exposures.filter(pl.col("case_id").is_in(["A", "B", "C"])),
    )
    linked = link(alone.cases, ["iA", "iB"])
    row = compatible_cases(linked, alone, make_clusters(["iA", "iB"])).row(0, named=True)
    assert (row["case_id"], row["shared"], row["weight"]) == ("C", 2, 2.0)


def crowd(exposed: int, others: int) -> LineList:
    """A and B clustered, C without isolate, all in Mexico, as are `exposed` of the others."""
    said = [(case, "country", "Mexico", "yes") for case in "ABC"]
    said += [(f"o{n}", "country", "Mexico", "yes" if n < exposed else "no") for n in range(others)]
    isolates = {"A": ["iA"], "B": ["iB"], "C": []} | {f"o{n}": [f"i{n}"] for n in range(others)}
    return make_linelist(isolates, said)


@pytest.mark.parametrize(("exposed", "others", "appears"), [
    (8, 10, False), (7, 10, True), (4, 4, True), (0, 10, True), (0, 0, True),
])  # fmt: skip
def test_an_exposure_that_nearly_everybody_has_tells_nothing(
    exposed: int, others: int, appears: bool
) -> None:
    linelist = crowd(exposed, others)
    linked = link(linelist.cases, ["iA", "iB", *(f"i{n}" for n in range(others))])
    frame = compatible_cases(linked, linelist, make_clusters(["iA", "iB"]))
    assert frame["case_id"].to_list() == (["C"] if appears else [])


def test_a_rarer_exposure_weighs_more() -> None:
    weights = []
    for exposed in (0, 3, 7):
        linelist = crowd(exposed, 10)
        linked = link(linelist.cases, ["iA", "iB", *(f"i{n}" for n in range(10))])
        weights += compatible_cases(linked, linelist, make_clusters(["iA", "iB"]))[
            "weight"
        ].to_list()
    assert weights == sorted(weights, reverse=True)
    assert weights[0] == pytest.approx(3.585, abs=0.001)


def test_a_common_exposure_is_named_beside_those_that_count() -> None:
    base = crowd(9, 10)
    lot = [(case, "lot", "L1", "yes") for case in "ABC"]
    linelist = LineList(base.cases, pl.concat([base.exposures, make_linelist({}, lot).exposures]))
    linked = link(linelist.cases, ["iA", "iB", *(f"i{n}" for n in range(10))])
    row = compatible_cases(linked, linelist, make_clusters(["iA", "iB"])).row(0, named=True)
    assert (row["shares"], row["common"]) == ("lot=L1", "country=Mexico")


def test_a_case_whose_isolate_could_not_be_compared_is_kept_in_view(founding: LineList) -> None:
    linked = link(founding.cases, ISOLATES)
    frame = compatible_cases(linked, founding, make_clusters(["iA", "iB"]), uncompared=["iG"])
    assert frame.select("case_id", "reason").rows() == [
        ("C", "no isolate is named"), ("G", "iG could not be compared"),
    ]  # fmt: skip


def test_a_case_ruled_out_by_the_case_definition_is_not_compatible(founding: LineList) -> None:
    ruled_out = founding.cases.with_columns(
        pl.when(pl.col("case_id") == "C").then(pl.lit("not a case")).alias("status")
    )
    linelist = LineList(ruled_out, founding.exposures)
    linked = link(ruled_out, ISOLATES)
    assert compatible_cases(linked, linelist, make_clusters(["iA", "iB"])).is_empty()
