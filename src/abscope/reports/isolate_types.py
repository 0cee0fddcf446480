"""What every isolate is: clone, type, resistance by drug, mixture and quality, for the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from abscope.records import Investigation, TypeTables
from abscope.reports.roster import Pick, Roster

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TypeRow:
    """One isolate: its pick, its row of types.tsv, and its verdict on each drug of the table."""

    pick: Pick
    values: Row
    drugs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TypeView:
    """The table, the drugs it has columns for, and those for which no rule is valid."""

    rows: tuple[TypeRow, ...]
    drugs: tuple[str, ...]
    not_assessed: tuple[str, ...]
    notes: tuple[str, ...]
    left_out: tuple[str, ...]


def view(investigation: Investigation, roster: Roster) -> TypeView | None:
    """None where isolates were not typed."""
    found = investigation.types
    if found is None:
        return None
    drugs = _drugs(found, ruled=True)
    verdicts = {(str(r["isolate_id"]), str(r["drug"])): str(r["verdict"]) for r in found.resistance}
    return TypeView(
        rows=tuple(_row(row, drugs, verdicts, roster=roster) for row in found.types),
        drugs=drugs,
        not_assessed=_drugs(found, ruled=False),
        notes=found.notes,
        left_out=tuple(f"{one.name}: {one.reason}" for one in found.left_out),
    )


def _drugs(found: TypeTables, *, ruled: bool) -> tuple[str, ...]:
    """Drugs with a rule, or without one, in the organism's order."""
    names = (str(r["drug"]) for r in found.resistance if (r["mechanism"] is not None) == ruled)
    return tuple(dict.fromkeys(names))


def _row(
    row: Row, drugs: Sequence[str], verdicts: Mapping[tuple[str, str], str], *, roster: Roster
) -> TypeRow:
    name = str(row["isolate_id"])
    given = tuple(verdicts.get((name, drug), "not assessed") for drug in drugs)
    return TypeRow(roster.isolate(name), row, given)
