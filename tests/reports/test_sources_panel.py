"""The panel of sources: what it says of a comparison group, and of what it leaves out."""

from dataclasses import replace

import investigations
import pages
from abscope.records import Findings, Investigation
from abscope.records.sources import SourceRanking
from abscope.reports import sources
from abscope.reports.page import render


def panel(comparison: int | None = None) -> str:
    """The realistic investigation's panel; with `comparison` patients too few to show probabilities."""
    found = investigations.realistic()
    findings = ranked(found)
    if comparison is not None:
        told = {name: without(one, comparison) for name, one in findings.sources.items()}
        found = replace(found, findings=replace(findings, sources=told))
    return pages.read(render(found)).one("sources").text


def without(ranking: SourceRanking, comparison: int) -> SourceRanking:
    """The same sources, with no probability for any."""
    hidden = tuple(replace(one, probability=None) for one in ranking.sources)
    groups = tuple(replace(one, probability=None) for one in ranking.groups)
    return replace(ranking, sources=hidden, groups=groups, shown=False, comparison=comparison)


def ranked(found: Investigation) -> Findings:
    assert found.findings is not None
    assert found.findings.sources
    return found.findings


def test_a_comparison_group_that_answered_too_little_is_not_said_to_be_missing() -> None:
    said = panel(comparison=7)
    assert "No probability is shown" in said
    assert "There is no comparison group" not in said


def test_sources_that_are_not_listed_are_counted(monkeypatch) -> None:
    monkeypatch.setattr(sources, "SOURCES_MOST", 1)
    assert "not listed here" in panel()
