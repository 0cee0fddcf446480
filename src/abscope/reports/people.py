"""What the page's script knows of everybody: names, answers, and traits to colour by."""

from collections import Counter
from collections.abc import Iterator, Mapping

from abscope.records import Investigation
from abscope.reports.cases import CaseRow
from abscope.reports.exposures import Matrix
from abscope.reports.roster import Roster

_LETTERS = {"yes": "y", "no": "n", "unknown": "u", "blank": "-"}

Trait = Mapping[str, object]


def people(
    investigation: Investigation, roster: Roster, cases: tuple[CaseRow, ...], matrix: Matrix | None
) -> dict[str, object]:
    """JSON values by token; answers are a letter an exposure: y, n, u (not known) or - (not recorded)."""
    rows = matrix.rows if matrix else ()
    answers = ["".join(_LETTERS[row.answers[k]] for row in rows) for k in range(len(cases))]
    return {
        "names": roster.labels,
        "cases": [
            [case.pick.token, case.pick.tokens.split()[1:], case.status, answers[k]]
            for k, case in enumerate(cases)
        ],
        "exposures": [[row.kind.replace("_", " "), row.value] for row in rows],
        "traits": [trait for trait in _traits(investigation, roster, cases) if trait["of"]],
    }


def _traits(
    investigation: Investigation, roster: Roster, cases: tuple[CaseRow, ...]
) -> Iterator[Trait]:
    clusters = {name: group.name for name, group in roster.cluster_of.items()}
    yield _trait("Cluster", clusters, roster)
    if investigation.types is not None:
        rows = investigation.types.types
        yield _trait("Clone", _told(rows, "clone"), roster)
        yield _trait("Subspecies", _told(rows, "subspecies"), roster)
        yield from _drugs(investigation, roster)
    yield _case_trait("Status", {c.pick.name: c.status for c in cases}, roster)
    yield _case_trait("Residence", {c.pick.name: c.residence for c in cases}, roster)


def _drugs(investigation: Investigation, roster: Roster) -> Iterator[Trait]:
    """Drugs that were assessed in anybody."""
    rows = investigation.types.resistance if investigation.types else ()
    for drug in dict.fromkeys(str(row["drug"]) for row in rows):
        own = {str(r["isolate_id"]): str(r["verdict"]) for r in rows if r["drug"] == drug}
        if set(own.values()) - {"not assessed"}:
            yield _trait(drug.capitalize(), own, roster)


def _told(rows: tuple[Mapping[str, object], ...], column: str) -> dict[str, str]:
    return {str(row["isolate_id"]): str(row[column]) for row in rows if row[column] is not None}


def _trait(name: str, of: Mapping[str, str], roster: Roster) -> Trait:
    """A trait of isolates, and of the cases they come from."""
    found: dict[str, str] = {}
    for isolate in roster.isolates:
        if isolate in of:
            for token in roster.isolate(isolate).tokens.split():
                found.setdefault(token, of[isolate])
    return _ordered(name, found)


def _case_trait(name: str, of: Mapping[str, str | None], roster: Roster) -> Trait:
    found: dict[str, str] = {}
    for case, value in of.items():
        if value is not None:
            found |= dict.fromkeys(roster.case(case).tokens.split(), value)
    return _ordered(name, found)


def _ordered(name: str, of: Mapping[str, str]) -> Trait:
    """values: the most frequent first, so that the plainest marks go to them."""
    values = sorted(Counter(of.values()).items(), key=lambda pair: (-pair[1], pair[0]))
    return {"name": name, "values": [value for value, _ in values], "of": dict(of)}
