"""All panels of the page, in an investigator's order, as the values their templates show."""

from collections.abc import Mapping
from dataclasses import dataclass

from abscope import __version__
from abscope.records import Comparison, Investigation
from abscope.reports import (
    attention,
    cases,
    clusters,
    distances,
    exposures,
    isolate_types,
    isolates,
    links,
    methods,
    sources,
)
from abscope.reports.distances import PairRow, Square
from abscope.reports.figures import heatmap, histogram, timeline, tree
from abscope.reports.figures.chart import Chart
from abscope.reports.roster import Roster, roster
from abscope.reports.summary import summary

PANELS = (
    ("summary", "What was found"),
    ("attention", "What needs attention"),
    ("sources", "Sources, and what to ask next"),
    ("links", "Links"),
    ("clusters", "Clusters"),
    ("cases", "Cases"),
    ("exposures", "Exposures"),
    ("timeline", "Timeline"),
    ("tree", "Tree"),
    ("distances", "Distances"),
    ("types", "What each isolate is"),
    ("isolates", "Isolates"),
    ("methods", "Methods and provenance"),
)


@dataclass(frozen=True, slots=True, eq=False)
class DistanceView:
    """One reference's distances: drawn, and as the table that says the same."""

    square: Square
    chart: Chart | None
    pairs: tuple[PairRow, ...]
    pair_count: int
    shown: int
    whole: bool


@dataclass(frozen=True, slots=True, eq=False)
class TreeView:
    """One reference's tree, or none."""

    comparison: Comparison
    drawing: tree.Drawing | None


def panels(investigation: Investigation) -> dict[str, object]:
    """The template's context."""
    people = roster(investigation)
    relatedness = investigation.relatedness
    return {
        "title": investigation.title,
        "panels": PANELS,
        "roster": people,
        "names": people.labels,
        "summary": summary(investigation, people),
        "attention": attention.items(investigation),
        "levels": clusters.tables(relatedness, people),
        "compared": sum(len(c.ids) for c in relatedness.comparisons),
        "names_most": heatmap.NAMES_MOST,
        "squares": _distance_views(investigation, people),
        "tree_at": tree,
        "trees": _tree_views(investigation, people),
        "histogram": histogram.histogram(relatedness),
        "isolates": isolates.rows(investigation, people),
        "types": isolate_types.view(investigation, people),
        **_people(investigation, people),
        **_methods(investigation),
    }


def _people(investigation: Investigation, people: Roster) -> dict[str, object]:
    findings = investigation.findings
    rows = cases.rows(findings, people) if findings else ()
    shared = exposures.shared(findings, people) if findings else ()
    return {
        "has_linelist": findings is not None,
        "cases": rows,
        "nearest_compatible": _nearest_compatible(rows),
        "strangers": cases.isolates_without_case(findings, people) if findings else (),
        "matrix": exposures.matrix(findings, rows) if findings else None,
        "answers": exposures.ANSWERS,
        "shared": shared,
        "single": len(findings.shared) - len(shared) if findings else 0,
        "few": exposures.FEW,
        "compatible": findings.compatible.to_dicts() if findings else (),
        "timeline": timeline.timeline(rows),
        "links": links.view(findings, people),
        "sources": sources.views(findings, people),
    }


def _nearest_compatible(rows: tuple[cases.CaseRow, ...]) -> dict[str, list[str]]:
    """For each cluster: the cases that share more with it than with any other."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.compatible and not row.clusters:
            found.setdefault(row.compatible[0], []).append(row.pick.name)
    return found


def _methods(investigation: Investigation) -> dict[str, object]:
    return {
        "comparisons": investigation.relatedness.comparisons,
        "unmasked": methods.unmasked,
        "masks": methods.masks(investigation.relatedness),
        "letters": methods.LETTERS,
        "manifest": _sections(investigation.manifest),
        "version": __version__,
    }


def _sections(manifest: Mapping[str, object]) -> list[tuple[str, tuple[methods.Entry, ...]]]:
    """The manifest by its first names; single values together at the top."""
    single = {key: value for key, value in manifest.items() if not methods.is_section(value)}
    sections: dict[str, object] = {"run": single} if single else {}
    sections |= {key: value for key, value in manifest.items() if methods.is_section(value)}
    return [(key, methods.entries(value)) for key, value in sections.items()]


def _distance_views(investigation: Investigation, people: Roster) -> list[DistanceView]:
    views = []
    for number, comparison in enumerate(investigation.relatedness.comparisons, 1):
        square = distances.square(comparison, investigation.relatedness, people)
        size = len(square.ids)
        views.append(
            DistanceView(
                square=square,
                chart=heatmap.heatmap(square, people, number),
                pairs=distances.pairs(square, people),
                pair_count=distances.pair_count(size),
                shown=min(size, heatmap.MOST),
                whole=size <= distances.MATRIX_MOST,
            )
        )
    return views


def _tree_views(investigation: Investigation, people: Roster) -> list[TreeView]:
    return [
        TreeView(c, tree.drawing(c.tree, people) if c.tree is not None else None)
        for c in investigation.relatedness.comparisons
    ]
