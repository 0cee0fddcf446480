"""Quality and depth of every isolate, with what to look at."""

from dataclasses import dataclass

from abscope.records import Investigation
from abscope.reports.roster import Pick, Roster


@dataclass(frozen=True, slots=True)
class IsolateRow:
    """One isolate: its pick, its cases and cluster, and its row of tables.ISOLATES."""

    pick: Pick
    cases: tuple[Pick, ...]
    cluster: Pick | None
    values: dict[str, object]
    warnings: tuple[str, ...]


def rows(investigation: Investigation, roster: Roster) -> tuple[IsolateRow, ...]:
    """Every isolate that was profiled: by reference, clustered ones first."""
    found = [_row(values, roster) for values in investigation.isolates.iter_rows(named=True)]
    order = [group.name for group in roster.clusters.groups]
    return tuple(sorted(found, key=lambda row: _place(row, order)))


def _row(values: dict[str, object], roster: Roster) -> IsolateRow:
    name = str(values["isolate_id"])
    group = roster.cluster_of.get(name)
    return IsolateRow(
        pick=roster.isolate(name),
        cases=tuple(roster.case(case) for case in roster.cases_of.get(name, ())),
        cluster=None if group is None else roster.cluster(group),
        values=values,
        warnings=split(values["warnings"]),
    )


def split(text: object) -> tuple[str, ...]:
    """The parts of a column that holds several, separated by semicolons."""
    parts = (part.strip() for part in str(text or "").split(";"))
    return tuple(part for part in parts if part)


def _place(row: IsolateRow, order: list[str]) -> tuple[str, int, str]:
    rank = len(order) if row.cluster is None else order.index(row.cluster.name)
    return str(row.values["reference"] or "~"), rank, row.pick.name
