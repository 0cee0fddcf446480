"""All panels of the page, in an investigator's order, as the values their templates show."""

from collections.abc import Mapping
from dataclasses import dataclass

from abscope import __version__
from abscope.records import Comparison, Findings, Investigation
from abscope.records.situations import Situation
from abscope.reports import (
    attention,
    cases,
    clusters,
    distances,
    exposures,
    facilities,
    isolate_types,
    isolates,
    links,
    methods,
    networks,
    places,
    sources,
    worklist,
)
from abscope.reports.distances import PairRow, Square
from abscope.reports.figures import (
    heatmap,
    histogram,
    network,
    onsets,
    pair_background,
    tiles,
    timeline,
    tree,
)
from abscope.reports.figures.chart import Chart
from abscope.reports.figures.tree_data import tree_data
from abscope.reports.people import people as everybody
from abscope.reports.roster import Roster, roster
from abscope.reports.summary import summary

PANELS = (
    ("summary", "What was found"),
    ("worklist", "What to do next"),
    ("attention", "What needs attention"),
    ("sources", "Sources, and what to ask next"),
    ("links", "Links"),
    ("cases", "Cases"),
    ("exposures", "Exposures"),
    ("network", "How cases hang together"),
    ("two-by-two", "Two-by-two table"),
    ("timeline", "Timeline"),
    ("epicurve", "Cases by onset"),
    ("map", "Map"),
    ("tree", "Tree"),
    ("clusters", "Clusters"),
    ("distances", "Distances"),
    ("background", "Pairs against their background"),
    ("types", "What each isolate is"),
    ("isolates", "Isolates"),
    ("ledger", "History of clusters"),
    ("facilities", "Facilities asked"),
    ("methods", "Methods and provenance"),
)
WHEN_GIVEN = {
    "ledger",
    "facilities",
}  # panels of what a collection keeps: absent where nothing is kept
STATIC_MOST = 200  # tips; larger trees are drawn by the script alone
_NOWHERE = Situation()
MATRIX_MOST = 150  # cases; beyond that columns of the exposure matrix are not read


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
    data: Mapping[str, object]


def panels(investigation: Investigation, situation: Situation = _NOWHERE) -> dict[str, object]:
    """The template's context."""
    people = roster(investigation)
    relatedness = investigation.relatedness
    kept = {"ledger": situation.ledger, "facilities": facilities.rows(situation)}
    return {
        "title": investigation.title,
        "panels": [one for one in PANELS if one[0] not in WHEN_GIVEN or kept[one[0]]],
        "roster": people,
        **kept,
        "today": situation.today,
        "summary": summary(investigation, people),
        "attention": attention.items(investigation),
        "levels": clusters.tables(relatedness, people),
        "compared": sum(len(c.ids) for c in relatedness.comparisons),
        "names_most": heatmap.NAMES_MOST,
        "squares": _distance_views(investigation, people),
        "tree_at": tree,
        "static_most": STATIC_MOST,
        "trees": _tree_views(investigation, people),
        "histogram": histogram.histogram(relatedness),
        "isolates": isolates.rows(investigation, people),
        "types": isolate_types.view(investigation, people),
        **_people(investigation, situation, people),
        **_methods(investigation),
    }


def _people(
    investigation: Investigation, situation: Situation, people: Roster
) -> dict[str, object]:
    findings = investigation.findings
    rows = cases.rows(findings, people) if findings else ()
    matrix = exposures.matrix(findings, rows) if findings else None
    return {
        "has_linelist": findings is not None,
        "cases": rows,
        "people": everybody(investigation, people, rows, matrix),
        "jobs": worklist.jobs(findings, situation, people),
        "nearest_compatible": _nearest_compatible(rows),
        "strangers": cases.isolates_without_case(findings, people) if findings else (),
        "matrix": matrix,
        "matrix_most": MATRIX_MOST,
        "answers": exposures.ANSWERS,
        "few": exposures.FEW,
        "links": links.view(findings, people),
        "sources": sources.views(findings, people),
        "networks": [network.drawing(one) for one in networks.networks(findings, people)],
        **(_described(findings, rows, situation, people) if findings else _NOBODY),
    }


_NOBODY = {
    "shared": (), "single": 0, "compatible": (), "timeline": None, "timeline_at": timeline,
    "onsets": None, "onsets_at": onsets, "maps": (), "unplaced": {}, "background": None,
    "background_at": pair_background,
}  # fmt: skip


def _described(
    findings: Findings, rows: tuple[cases.CaseRow, ...], situation: Situation, people: Roster
) -> dict[str, object]:
    """What the line list says of when, where and what, drawn."""
    shared = exposures.shared(findings, people)
    found = places.whereabouts(findings)
    judged = findings.links.links if findings.links else ()
    return _NOBODY | {
        "shared": shared,
        "single": len(findings.shared) - len(shared),
        "compatible": findings.compatible.to_dicts(),
        "timeline": timeline.timeline(rows, findings.linelist, situation.today),
        "onsets": onsets.onsets(findings.linelist.cases, rows, situation.today),
        "maps": tiles.maps(found, people),
        "unplaced": found.unplaced,
        "background": pair_background.drawing(judged, situation.backgrounds, people),
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
    return [_tree_view(one, people) for one in investigation.relatedness.comparisons]


def _tree_view(comparison: Comparison, people: Roster) -> TreeView:
    if comparison.tree is None:
        return TreeView(comparison, None, {})
    data = tree_data(comparison.tree, people)
    return TreeView(comparison, tree.drawing(comparison.tree, people), data)
