"""What was found, in a few plain sentences computed from the data, and what it does not show."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from abscope.records import Comparison, Findings, Investigation, Relatedness
from abscope.reports import clusters
from abscope.reports.cases import compatible_clusters
from abscope.reports.clusters import ClusterRow
from abscope.reports.isolates import split
from abscope.reports.roster import Pick, Roster
from abscope.reports.words import capital, count, listed, plural, verb

CLUSTERS_MOST = 6
EXPOSURES_MOST = 4
COMPATIBLE_MOST = 2


@dataclass(frozen=True, slots=True)
class Story:
    """One cluster in sentences."""

    cluster: Pick
    distance: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """The first panel: who was looked at, what was found, and its limits."""

    facts: tuple[tuple[int, str], ...]
    scope: tuple[str, ...]
    level: int
    stories: tuple[Story, ...]
    untold: int
    nothing: str | None
    limits: tuple[str, ...]


def summary(investigation: Investigation, roster: Roster) -> Summary:
    """Put the clusters at the report's level into words."""
    relatedness, findings = investigation.relatedness, investigation.findings
    rows = clusters.rows(relatedness, roster.clusters, roster)
    return Summary(
        facts=tuple(_facts(investigation, roster)),
        scope=tuple(_scope(investigation, roster)),
        level=roster.clusters.level,
        stories=tuple(
            Story(roster.cluster(row.cluster), _apart(row), tuple(_points(row, findings)))
            for row in rows[:CLUSTERS_MOST]
        ),
        untold=max(0, len(rows) - CLUSTERS_MOST),
        nothing=None if rows else _nothing(relatedness, roster),
        limits=tuple(_limits(investigation, rows)),
    )


def _facts(investigation: Investigation, roster: Roster) -> Iterator[tuple[int, str]]:
    """A number and what it counts."""
    read, found = len(investigation.isolates), len(roster.clusters.groups)
    yield read, verb(read, "isolate read", "isolates read")
    if investigation.left_out:
        yield len(investigation.left_out), "left out"
    if investigation.relatedness.clusters:
        level = plural(roster.clusters.level, "SNP")
        yield found, f"{verb(found, 'cluster', 'clusters')} at {level} or fewer"
    if investigation.findings is not None:
        alone = sum(roster.unsequenced(case) for case in roster.cases)
        yield len(roster.cases), verb(len(roster.cases), "case", "cases")
        yield alone, verb(alone, "case without an isolate", "cases without an isolate")


def _scope(investigation: Investigation, roster: Roster) -> Iterator[str]:
    comparisons, findings = investigation.relatedness.comparisons, investigation.findings
    if len(comparisons) > 1:
        parts = [f"{count(len(c.ids))} on {c.reference}" for c in comparisons]
        yield f"Isolates are compared within one reference only: {listed(parts)}."
    if findings is None:
        yield "There is no line list: nothing is known here about the patients."
        return
    sequenced = sum(not roster.unsequenced(case) for case in roster.cases)
    total, alone = len(roster.cases), len(findings.linked.isolates_only)
    yield (
        f"The line list holds {plural(total, 'case')}: {count(sequenced)} with an isolate, "
        f"{count(total - sequenced)} without. "
        + (
            f"{capital(plural(alone, 'isolate'))} {verb(alone, 'has', 'have')} no case in it."
            if alone
            else "Every isolate has a case in it."
        )
    )


def _points(row: ClusterRow, findings: Findings | None) -> Iterator[str]:
    if len(row.cases) == 1 and len(row.cluster.members) > 1:
        yield f"All of these isolates with a known case come from one case, {row.cases[0]}."
    if findings is not None:
        yield from _compatible(row, findings)
        yield from _shares(row, findings.shared)


def _apart(row: ClusterRow) -> str:
    members = listed(row.cluster.members)
    noun = f" ({verb(len(row.cases), 'case', 'cases')} {listed(row.cases)})" if row.cases else ""
    if not row.snps:
        return f"Isolates {members}{noun} are joined, but no pair has enough sites to compare."
    low, high, sites = min(row.snps), max(row.snps), count(row.comparable_min)
    if len(row.snps) == 1:
        apart = f"are {plural(low, 'SNP')} apart over {sites} sites compared"
    else:
        span = plural(low, "SNP") if low == high else f"{count(low)} to {plural(high, 'SNP')}"
        apart = (
            f"differ by {span} (median {count(row.median)}; {count(len(row.snps))} pairs, "
            f"each over at least {sites} sites compared)"
        )
    if row.nearest is None:
        return f"Isolates {members}{noun} {apart}; no other isolate can be compared with them."
    return (
        f"Isolates {members}{noun} {apart}; the nearest isolate outside, {row.nearest.isolate}, is "
        f"{plural(row.nearest.snps, 'SNP')} away."
    )


def _shares(row: ClusterRow, shared: pl.DataFrame) -> Iterator[str]:
    own = shared.filter((pl.col("cluster") == row.cluster.name) & (pl.col("members_exposed") >= 2))
    own = own.with_columns((pl.col("members_exposed") / pl.col("members")).alias("portion")).sort(
        "portion", "p_value", "kind", "value", descending=[True, *[False] * 3], nulls_last=True
    )
    for x in own.head(EXPOSURES_MOST).iter_rows(named=True):
        others = (
            f"{count(x['others_exposed'])} of {count(x['others_known'])} comparison cases"
            if x["others_known"]
            else "no comparison case with an answer"
        )
        yield (
            f"{capital(_named(x['kind'], x['value']))}: {count(x['members_exposed'])} of "
            f"{count(x['members_known'])} cases of the cluster with an answer, against {others}."
        )
    if len(own) > EXPOSURES_MOST:
        more = plural(len(own) - EXPOSURES_MOST, "more shared exposure")
        yield f"{capital(more)}: see the table of shared exposures."


def _compatible(row: ClusterRow, findings: Findings) -> Iterator[str]:
    """Cases that share more with this cluster than with any other, each told once."""
    best = [
        case
        for case, names in compatible_clusters(findings).items()
        if names[0] == row.cluster.name
    ]
    here = pl.col("cluster") == row.cluster.name
    own = findings.compatible.filter(here & pl.col("case_id").is_in(best))
    own = own.sort("weight", "case_id", descending=[True, False], nulls_last=True)
    for x in own.head(COMPATIBLE_MOST).iter_rows(named=True):
        reason = f" ({x['reason']})" if x["reason"] else ""
        common = _exposures(x["common"])
        also = (
            f" It also shares {listed(common)}, as nearly all comparison cases do."
            if common
            else ""
        )
        yield (
            f"Case {x['case_id']} has no isolate to compare{reason} and shares "
            f"{listed(_exposures(x['shares']))} with this cluster; "
            f"{plural(x['known'] or 0, 'kind')} of exposure answered on both sides.{also}"
        )
    if len(own) > COMPATIBLE_MOST:
        more = len(own) - COMPATIBLE_MOST
        cases = plural(more, "more case")
        yield f"{capital(cases)} without an isolate {verb(more, 'shares', 'share')} less: see Exposures."


def _exposures(text: str | None) -> list[str]:
    """`product=gel; clinic=A` as `product “gel”` and `clinic “A”`."""
    pairs = (part.partition("=") for part in split(text))
    return [_named(kind, value) for kind, _, value in pairs]


def _named(kind: str, value: str) -> str:
    return f"{kind.replace('_', ' ')} “{value}”"


def _nothing(relatedness: Relatedness, roster: Roster) -> str:
    if not roster.isolates:
        return "No isolate could be read, so there is nothing to compare."
    if len(roster.isolates) == 1:
        return "Only one isolate was read, so there is nothing to compare it with."
    unresolved = {frozenset(pair) for pair in roster.clusters.unresolved}
    pairs = [pair for c in relatedness.comparisons for pair in _nearest_pair(c, unresolved)]
    if not pairs:
        return (
            "No two isolates share a reference and enough sites, so there is no distance to report."
        )
    snps, sites, first, second = min(pairs)
    return (
        f"No two isolates are joined at {plural(roster.clusters.level, 'SNP')} or fewer. The nearest "
        f"pair, {first} and {second}, is {plural(snps, 'SNP')} apart over {count(sites)} sites."
    )


def _nearest_pair(
    comparison: Comparison, unresolved: set[frozenset[str]]
) -> Iterator[tuple[int, int, str, str]]:
    """SNPs, sites and names of the nearest pair that has enough sites, if there is one."""
    ids, masked = comparison.ids, comparison.masked
    first, second = np.triu_indices(len(ids), 1)
    for k in np.argsort(masked.snps[first, second], kind="stable"):
        i, j = int(first[k]), int(second[k])
        if frozenset((ids[i], ids[j])) not in unresolved:
            yield int(masked.snps[i, j]), int(masked.comparable[i, j]), ids[i], ids[j]
            return


def _limits(investigation: Investigation, rows: tuple[ClusterRow, ...]) -> Iterator[str]:
    findings = investigation.findings
    if rows:
        yield (
            "A small SNP distance shows a recent common ancestor. Alone it proves neither a common "
            "source nor who infected whom: in clones that circulate widely, patients who never met "
            "carry isolates just as close."
        )
        yield "The cut-offs are fixed numbers, printed because people ask for them; no cut-off is safe."
    if len(investigation.relatedness.comparisons) > 1:
        yield "Isolates of different subspecies have no distance between them; they are not close."
    if findings is None:
        return
    if len(findings.compatible):
        yield (
            "A case without an isolate is at best compatible with a cluster: what it shares is "
            "history, not genetics."
        )
    if len(findings.shared):
        yield (
            "An exposure that the case definition asks for, or that made somebody a case worth "
            "reporting, is shared whatever the source, and is no evidence for it."
        )
        yield from _comparison_limits(findings.shared)


def _comparison_limits(shared: pl.DataFrame) -> Iterator[str]:
    others = int(str(shared["others"].max() or 0))
    if others == 0:
        yield "There are no comparison cases: nobody can say how common the shared exposures are."
    else:
        yield (
            f"The comparison is with {plural(others, 'case')} of the same line list at most. They are "
            "not a random sample of patients without the outbreak strain."
        )
