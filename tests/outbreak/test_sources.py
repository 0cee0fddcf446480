"""Which exposure infected the cases: laws, published outbreaks, and the case that founded this project."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abscope import tables
from abscope.outbreak.exposures import panels
from abscope.outbreak.linelist import link
from abscope.outbreak.sources import panel_weights, rank_sources
from abscope.records import LineList
from abscope.records.sources import NOT_RECORDED, Exposure, SourceRanking
from exposed import CROWD, KINDS, THREE, investigations, outbreak
from linelists import make_clusters


def posterior(ranking: SourceRanking) -> dict[Exposure, tuple[float, float | None]]:
    return {
        s.exposure: (round(s.bayes_factor, 9), s.probability and round(s.probability, 9))
        for s in ranking.sources
    }


@settings(max_examples=40, deadline=None)
@given(investigations(), st.sampled_from(["c0", "o0"]), st.sampled_from([*KINDS, "device"]))
def test_an_unanswered_question_changes_nothing(
    given_: tuple[LineList, dict[str, float]], person: str, kind: str
) -> None:
    linelist, weights = given_
    more = tables.EXPOSURES.frame(
        [(person, kind, "never heard of", "unknown"), (person, kind, None, "unknown")]
    )
    asked = replace(linelist, exposures=pl.concat([linelist.exposures, more]))
    assert posterior(rank_sources(linelist, weights)) == posterior(rank_sources(asked, weights))


@settings(max_examples=40, deadline=None)
@given(investigations())
def test_other_names_for_exposures_change_nothing_but_names(
    given_: tuple[LineList, dict[str, float]],
) -> None:
    linelist, weights = given_
    names = {"x": "zz", "y": "a"}
    renamed = replace(
        linelist,
        exposures=linelist.exposures.with_columns(pl.col("value").replace(names)),
    )
    before = posterior(rank_sources(linelist, weights))
    after = posterior(rank_sources(renamed, weights))
    expected = {(kind, names.get(value, value)): p for (kind, value), p in before.items()}
    assert {k: pytest.approx(v) for k, v in expected.items()} == after


@settings(max_examples=40, deadline=None)
@given(investigations(), st.sets(st.sampled_from(["c0", "c1", "o0", "o1"])), st.booleans())
def test_nobody_is_lost(
    given_: tuple[LineList, dict[str, float]], silent: set[str], guarded: bool
) -> None:
    linelist, weights = given_
    told = {case: w for case, w in weights.items() if case not in silent}
    found_by = [("product", "x")] if guarded else []
    ranking = rank_sources(linelist, told, found_by=found_by)
    left = {case for case, _ in ranking.left_out}
    cases = {one.case_id for one in ranking.cases}
    comparison = {case for case, w in told.items() if w < 0.05} - left
    assert left | cases | comparison == set(linelist.cases["case_id"])
    assert not left & cases
    members = [exposure for group in ranking.groups for exposure in group.members]
    assert sorted(members) == sorted(s.exposure for s in ranking.sources)


@settings(max_examples=30, deadline=None)
@given(investigations())
def test_probabilities_add_up_or_are_not_shown(
    given_: tuple[LineList, dict[str, float]],
) -> None:
    ranking = rank_sources(*given_)
    shown = [s.probability for s in ranking.sources if s.probability is not None]
    assert ranking.comparison >= 10 or not ranking.shown
    assert sum(shown) == pytest.approx(1 if ranking.shown else 0)


def test_a_product_of_several_clinics_wins_over_the_clinics() -> None:
    linelist = outbreak(THREE, CROWD)
    weights = dict.fromkeys(THREE, 0.98) | dict.fromkeys(CROWD, 0.0)
    ranking = rank_sources(linelist, weights, rng=np.random.default_rng(1))
    best = ranking.sources[0]
    assert best.exposure == ("product", "P")
    assert best.probability is not None
    assert best.probability > 0.9
    assert best.p_value is not None
    assert best.p_value < 0.05
    assert ranking.summary[0] == (
        "All 3 cases (A, B, C) had product P; no city or clinic is shared."
    )


def test_without_a_comparison_group_there_is_a_tipping_point_and_no_probability() -> None:
    ranking = rank_sources(outbreak(THREE, {}), dict.fromkeys(THREE, 0.98))
    best = ranking.sources[0]
    assert best.exposure == ("product", "P")
    assert {s.probability for s in ranking.sources} == {None}
    assert best.tipping_point == pytest.approx(0.39, abs=0.03)
    assert "product P must be rarer than" in ranking.summary[-1]
    assert "no comparison group" in ranking.notes[0]


def test_comparison_patients_who_answered_little_are_no_comparison_group() -> None:
    linelist = outbreak(THREE, CROWD)
    few = pl.col("case_id").is_in([*THREE, *list(CROWD)[:4]]) | (pl.col("kind") == "city")
    weights = dict.fromkeys(THREE, 0.98) | dict.fromkeys(CROWD, 0.0)
    ranking = rank_sources(replace(linelist, exposures=linelist.exposures.filter(few)), weights)
    assert ranking.comparison == len(CROWD)
    assert not ranking.shown
    assert "answered too little" in ranking.notes[0]


def test_a_lot_loses_to_the_supplier_where_lots_differ() -> None:
    """Los Angeles County, 2018: two patients, different lots and donors, one supplier (MMWR 67:1397)."""
    cases = {
        "one": {"supplier": "S", "lot": "L1", "donor": "D1", "product": "cord blood"},
        "two": {"supplier": "S", "lot": "L2", "donor": "D2", "product": "cord blood"},
    }
    others = {
        f"o{n}": {"supplier": f"T{n % 3}", "lot": f"M{n}", "donor": f"E{n}", "product": "other"}
        for n in range(30)
    }
    linelist = outbreak(cases, others)
    ranking = rank_sources(linelist, dict.fromkeys(cases, 0.98) | dict.fromkeys(others, 0.0))
    assert set(ranking.groups[0].members) == {("supplier", "S"), ("product", "cord blood")}
    shares = {s.exposure: s.probability or 0.0 for s in ranking.sources}
    lots = [shares["lot", f"L{n}"] + shares["donor", f"D{n}"] for n in (1, 2)]
    assert shares["supplier", "S"] > 2 * max(lots)


def test_a_diluent_that_several_drugs_share_wins_over_each_of_the_drugs() -> None:
    """As in Korea (Kim 2012, Epidemiol Infect 140:1880): each drug alone explains part of the cases."""
    drugs = ("ribostamycin", "pheniramine", "lincomycin")
    cases = {f"c{n}": {"product": drugs[n % 3], "diluent": "saline"} for n in range(12)}
    others = {
        f"o{n}": {"product": drugs[n % 3], "diluent": "saline"} if n < 9 else {"product": "vitamin"}
        for n in range(40)
    }
    linelist = outbreak(cases, others)
    ranking = rank_sources(linelist, dict.fromkeys(cases, 0.75) | dict.fromkeys(others, 0.0))
    assert ranking.sources[0].exposure == ("diluent", "saline")


def test_what_cases_were_found_by_counts_as_no_evidence_and_says_so() -> None:
    people = {**THREE, **CROWD}
    stem = {p: {**own, "procedure": "stem"} if p in THREE or int(p[1:]) < 10 else dict(own)
            for p, own in people.items()}  # fmt: skip
    linelist = outbreak({p: stem[p] for p in THREE}, {p: stem[p] for p in CROWD})
    weights = dict.fromkeys(THREE, 0.98) | dict.fromkeys(CROWD, 0.0)
    ranking = rank_sources(linelist, weights, found_by=[("procedure", "stem")])
    guarded = ranking.of(("procedure", "stem"))
    assert guarded is not None
    assert (guarded.bayes_factor, guarded.guarded) == (1.0, True)
    assert ranking.comparison == 10
    assert "procedure stem" in ranking.notes[0]
    assert "20 comparison patients were set aside" in ranking.notes[1]
    assert ranking.sources[0].exposure == ("product", "P")


def test_nothing_shared_points_to_something_nobody_wrote_down() -> None:
    apart = {p: {"clinic": own["clinic"], "city": own["city"]} for p, own in THREE.items()}
    others = {p: {"clinic": own["clinic"], "city": own["city"]} for p, own in CROWD.items()}
    linelist = outbreak(apart, others)
    ranking = rank_sources(linelist, dict.fromkeys(apart, 0.98) | dict.fromkeys(others, 0.0))
    assert ranking.groups[0].members == (NOT_RECORDED,)
    assert "nobody wrote down" in ranking.summary[-1]


def test_a_weight_that_is_no_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        rank_sources(outbreak(THREE, {}), {"A": 1.2})


def ranked(linelist: LineList, isolates: list[str]) -> SourceRanking:
    """What infected the cases whose isolates are one cluster."""
    linked = link(linelist.cases, isolates)
    [panel] = panels(linked, make_clusters(["A-1", "B-1"]))
    return rank_sources(linelist, panel_weights(panel, linelist))


def test_in_the_founding_case_the_product_ranks_above_any_clinic(
    founding_case: tuple[LineList, list[str]],
) -> None:
    ranking = ranked(*founding_case)
    assert ranking.comparison >= 30
    shares = {s.exposure: s.probability or 0.0 for s in ranking.sources}
    clinics = [p for (kind, _), p in shares.items() if kind in ("clinic", "city", "clinician")]
    assert shares["product", "Celuvita stem cells"] > max(clinics)
    assert ("product", "Celuvita stem cells") in ranking.groups[0].members
    assert ranking.summary[0].startswith("All 3 cases (A, B, C) had ")
    for kind in ("city", "clinic", "clinician"):
        assert kind in ranking.summary[0].partition("; no ")[2]


def test_in_the_founding_case_the_unsequenced_patient_is_kept(
    founding_case: tuple[LineList, list[str]],
) -> None:
    ranking = ranked(*founding_case)
    chances = {one.case_id: one for one in ranking.cases}
    assert chances["C"].prior < 0.1
    assert (chances["C"].posterior or 0) > 0.5
    rest = [one.posterior or 0 for case, one in chances.items() if case not in "ABC"]
    assert max(rest) < 0.3
