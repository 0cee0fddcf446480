"""What needs attention: everything left out, doubtful or contradictory, in one list."""

from collections.abc import Iterator
from dataclasses import dataclass

from abscope.records import Comparison, Findings, Investigation
from abscope.reports.isolates import split
from abscope.reports.words import count, listed


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at: what sort, where, what, and what to do."""

    sort: str
    where: str
    what: str
    hint: str = ""


def items(investigation: Investigation) -> tuple[Item, ...]:
    """All of them: exclusions first, then the data, then single isolates; nothing twice."""
    found = [*_left_out(investigation)]
    for problem in investigation.problems:
        found.append(Item("sample sheet", problem.where, problem.what, problem.hint))
    if investigation.findings is not None:
        found += _problems(investigation.findings)
    for comparison in investigation.relatedness.comparisons:
        found += _comparison(comparison)
    found += _unresolved(investigation)
    for row in investigation.isolates.iter_rows(named=True):
        for warning in split(row["warnings"]):
            found.append(Item("isolate", row["isolate_id"], warning))
    if investigation.types is not None:
        found += [Item("isolate", name, text) for name, text in investigation.types.remarks]
    return tuple(dict.fromkeys(found))


def _left_out(investigation: Investigation) -> Iterator[Item]:
    for left in investigation.left_out + investigation.relatedness.left_out:
        yield Item("left out", left.name, left.reason, left.hint)


def _problems(findings: Findings) -> Iterator[Item]:
    for problem in findings.linelist.problems + findings.problems:
        yield Item("line list", problem.where, problem.what, problem.hint)


def _comparison(comparison: Comparison) -> Iterator[Item]:
    where = comparison.reference
    if comparison.tree is None:
        alone = "only one isolate on this reference: nothing to compare it with"
        yield Item("comparison", where, alone if len(comparison.ids) == 1 else "no tree was made")
        return
    if comparison.tree.support is None and len(comparison.ids) > 3:
        yield Item("comparison", where, "the tree's branches carry no support values")
    for note in comparison.tree.notes:
        yield Item("comparison", where, note)


def _unresolved(investigation: Investigation) -> Iterator[Item]:
    pairs = {pair for level in investigation.relatedness.clusters for pair in level.unresolved}
    if not pairs:
        return
    names: dict[str, int] = {}
    for pair in pairs:
        for name in pair:
            names[name] = names.get(name, 0) + 1
    most = sorted(names, key=lambda name: (-names[name], name))
    yield Item(
        "comparison",
        f"{count(len(pairs))} of the pairs",
        "too few sites in common to give a distance; involved: " + listed(most),
        "sequence the isolates with most of them again",
    )
