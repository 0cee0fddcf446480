"""Every exposure beside being a case: nobody lost, names are only names, silence tells nothing."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abscope import tables
from abscope.formats import case_file, line_list, line_list_mapping, mapping_proposal
from abscope.formats.line_list import Beside
from abscope.outbreak.description import Choices, describe
from abscope.outbreak.exposure_panel import adjusted, by_sets, by_strata, one_by_one, panel
from abscope.records import LineList

ANSWER = st.sampled_from(["yes", "no", "unknown"])
PEOPLE = st.lists(
    st.tuples(st.sampled_from(["probable", "not a case", None]), ANSWER, ANSWER, ANSWER),
    min_size=2,
    max_size=15,
)
People = list[tuple[str | None, str, str, str]]
VALUES = ("ham", "ice", "milk")


def made(people: People, names: tuple[str, ...] = VALUES) -> LineList:
    cases = [{"case_id": f"P{n}", "status": one[0]} for n, one in enumerate(people)]
    said = [
        (f"P{n}", "other", name, answer)
        for n, one in enumerate(people)
        for name, answer in zip(names, one[1:], strict=True)
    ]
    return LineList(tables.CASES.frame(cases), tables.EXPOSURES.frame(said))


def table_of(linelist: LineList) -> pl.DataFrame:
    own = panel(linelist.cases, linelist.exposures)
    return one_by_one(own, rng=np.random.default_rng(1))


@given(PEOPLE)
@settings(max_examples=30)
def test_renaming_exposures_changes_nothing_but_names(people: People) -> None:
    before = table_of(made(people))
    after = table_of(made(people, tuple(f"zz {name}" for name in VALUES)))
    assert after.with_columns(pl.col("value").str.strip_prefix("zz ")).equals(before)


@given(PEOPLE)
@settings(max_examples=30)
def test_everybody_with_a_verdict_and_an_answer_is_counted_once(people: People) -> None:
    for row in table_of(made(people)).iter_rows(named=True):
        column = VALUES.index(row["value"]) + 1
        judged = [one for one in people if one[0]]
        for side, is_case in (("cases", True), ("others", False)):
            own = [one[column] for one in judged if (one[0] != "not a case") is is_case]
            assert row[f"{side}_exposed"] == own.count("yes")
            assert row[f"{side}_known"] == len(own) - own.count("unknown")


@given(PEOPLE)
@settings(max_examples=20)
def test_a_question_nobody_answered_changes_no_other_exposure(people: People) -> None:
    plain = made(people)
    silent = [(f"P{n}", "clinic", None, "unknown") for n in range(len(people))]
    more = replace(plain, exposures=pl.concat([plain.exposures, tables.EXPOSURES.frame(silent)]))
    assert table_of(more).equals(table_of(plain))


@given(PEOPLE)
@settings(max_examples=20)
def test_nobody_is_dropped_from_a_description_without_being_named(people: People) -> None:
    linelist = made(people)
    rng = np.random.default_rng(1)
    found = describe(linelist, Choices(), today=date(2026, 11, 22), rng=rng)
    assert sum(found.counts.values()) == len(people)
    if any(one[0] for one in people):
        unjudged = {f"P{n}" for n, one in enumerate(people) if one[0] is None}
        assert {o.name for o in found.left_out if o.reason.startswith("no verdict")} == unjudged


@pytest.fixture(scope="session")
def supper(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> LineList:
    """The church supper of 1940, through a proposed mapping."""
    path = shared_data / "linelists" / "oswego" / "oswego2.csv"
    proposal = mapping_proposal.propose(case_file.read(path).sheet)
    mapping = tmp_path_factory.mktemp("m") / "m.toml"
    mapping.write_text(line_list_mapping.text(proposal.mapping, path.name, proposal.comments))
    return line_list.read(path, beside=Beside(mapping=mapping))


def test_the_supper_of_oswego_is_as_printed_from_file_to_table(supper: LineList) -> None:
    first, second = table_of(supper).rows(named=True)[:2]
    assert first["value"] == "van ice cream"
    assert (first["cases_exposed"], first["others_exposed"]) == (43, 11)
    assert first["attack_exposed"] == pytest.approx(43 / 54)
    assert first["attack_unexposed"] == pytest.approx(3 / 21)
    assert first["risk_ratio"] == pytest.approx(5.574, abs=0.001)
    assert first["odds_ratio"] == pytest.approx(22.1, abs=0.1)
    assert (first["odds_ratio_low"], first["odds_ratio_high"]) == pytest.approx(
        (5.2, 138), rel=0.01
    )
    assert first["q_value"] < 0.001
    assert first["p_of_all"] == pytest.approx(0.001)
    assert min(second["q_value"], second["p_of_all"]) > 0.2


def test_strata_sets_and_the_model_take_the_same_people(supper: LineList) -> None:
    own = panel(supper.cases, supper.exposures)
    ice = ("other", "van ice cream")
    everybody = dict.fromkeys(own.people, "all")
    (one,) = by_strata(own, everybody, "all").filter(value=ice[1]).rows(named=True)
    assert one["odds_ratio"] == pytest.approx(43 * 18 / (3 * 11))
    (alone,) = adjusted(own, [ice]).rows(named=True)
    assert alone["odds_ratio"] == pytest.approx(43.5 * 18.5 / (3.5 * 11.5))
    assert alone["people"] == 75
    (matched,) = by_sets(own, everybody).filter(value=ice[1]).rows(named=True)
    assert matched["odds_ratio"] == pytest.approx(own.table(own.columns[ice]).odds_ratio, rel=1e-3)


def test_an_exposure_of_the_case_definition_is_marked_as_proving_nothing(supper: LineList) -> None:
    own = panel(supper.cases, supper.exposures)
    found = one_by_one(own, rng=np.random.default_rng(1), defining={"water"})
    notes = dict(found.select("kind", "note").iter_rows())
    assert notes["water"] == "part of the case definition: proves nothing"
    assert notes["other"] is None
