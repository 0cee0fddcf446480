"""Exposures by case: an unknown is not a no, and what is shared comes first."""

from dataclasses import replace

import pytest

import investigations
from abscope import tables
from abscope.records import Findings
from abscope.reports import cases, exposures
from abscope.reports.methods import entries, masks
from abscope.reports.roster import roster
from abscope.reports.words import chance, count, listed, odds, plural, share


@pytest.fixture(scope="module")
def found() -> tuple[Findings, exposures.Matrix]:
    investigation = investigations.realistic()
    findings = investigation.findings
    assert findings is not None
    return findings, exposures.matrix(findings, cases.rows(findings, roster(investigation)))


def test_every_answer_is_shown_as_it_was_given(found: tuple[Findings, exposures.Matrix]) -> None:
    findings, matrix = found
    shown = {
        (case.pick.name, row.kind, row.value): answer
        for row in matrix.rows
        for case, answer in zip(matrix.cases, row.answers, strict=True)
    }
    given = {row[:3]: row[3] for row in findings.linelist.exposures.iter_rows()}
    assert {key: answer for key, answer in shown.items() if answer != "blank"} == given


def test_the_likeliest_sources_come_first(found: tuple[Findings, exposures.Matrix]) -> None:
    places = [row.likely.place if row.likely else 0.0 for row in found[1].rows]
    assert places == sorted(places, reverse=True)
    first = found[1].rows[0].likely
    assert first is not None
    assert first.posterior > 0.3
    assert first.cluster == "c20-01"


def test_sources_of_a_cluster_that_chance_explains_come_after_those_of_one_that_is_linked(
    found: tuple[Findings, exposures.Matrix],
) -> None:
    findings, matrix = found
    name, ranking = next(iter(findings.sources.items()))
    doubted = replace(ranking, cases=tuple(replace(one, prior=0.01) for one in ranking.cases))
    rows = exposures.matrix(replace(findings, sources={name: doubted}), matrix.cases).rows
    likely = [row.likely for row in rows if row.likely]
    assert max(one.posterior for one in likely) > 0.3
    assert max(one.place for one in likely) <= 0.01


def test_without_sources_what_a_cluster_shares_and_others_lack_comes_first(
    found: tuple[Findings, exposures.Matrix],
) -> None:
    unranked = exposures.matrix(replace(found[0], sources={}), found[1].cases).rows
    first = unranked[0]
    assert (first.value, first.shared) == ("stem cells, batch <S-17>", ("c20-02",))
    flags = [bool(row.shared) for row in unranked]
    assert flags == sorted(flags, reverse=True)


def test_a_question_not_answered_for_a_kind_is_unknown_for_all_of_it() -> None:
    investigation = investigations.realistic()
    findings = investigation.findings
    assert findings is not None
    rows = [
        {"case_id": "A", "kind": "clinic", "value": None, "answer": "unknown"},
        {"case_id": "B", "kind": "clinic", "value": "X", "answer": "yes"},
    ]
    changed = Findings(
        type(findings.linelist)(findings.linelist.cases, tables.EXPOSURES.frame(rows)),
        findings.linked,
        findings.level,
        findings.shared.clear(),
        findings.compatible.clear(),
    )
    matrix = exposures.matrix(changed, cases.rows(changed, roster(investigation)))
    (row,) = matrix.rows
    assert row.answers[:3] == ("unknown", "yes", "blank")
    assert (row.exposed, row.known) == (1, 1)


def test_small_tables_are_marked_as_such() -> None:
    investigation = investigations.realistic()
    assert investigation.findings is not None
    rows = exposures.shared(investigation.findings, roster(investigation))
    assert rows
    assert all(row.few for row in rows)
    assert all(int(str(row.values["members_exposed"])) >= 2 for row in rows)


def test_overlapping_masks_are_counted_once_together() -> None:
    rows = masks(investigations.realistic().relatedness)[:3]
    assert [(row.reason, row.intervals, row.bases) for row in rows] == [
        ("repeat", 2, 80_000),
        ("prophage", 1, 70_000),
        ("all together", 3, 140_000),
    ]


def test_a_manifest_is_shown_whole_with_unknowns_named() -> None:
    section = {"a": None, "b": [1, 2], "c": [{"d": True}], "e": []}
    shown = [(entry.name, entry.value) for entry in entries(section)]
    assert shown == [("a", "not set"), ("b", "1, 2"), ("c 1.d", "true"), ("e", "none")]


def test_numbers_are_written_as_people_read_them() -> None:
    assert count(4_812_345) == "4,812,345"
    assert share(0.9731) == "97.3 %"
    assert (count(None), odds(float("inf")), odds(11.84)) == ("–", "∞", "12")
    assert (chance(0.00001), chance(0.0184), chance(1.0)) == ("< 0.001", "0.018", "1.00")
    assert (plural(0, "SNP"), plural(1, "SNP"), plural(2, "SNP")) == ("0 SNPs", "1 SNP", "2 SNPs")
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed([str(k) for k in range(10)], most=4) == "0, 1, 2 and 7 more"
