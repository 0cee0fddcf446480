"""Cases and isolates joined by name, with nobody lost."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

import polars as pl

from abscope.records import Linked, Problem

_EXAMPLES = 3


def link(cases: pl.DataFrame, isolate_ids: Collection[str]) -> Linked:
    """Match the isolates that cases name to the isolates there are, keeping both kinds of leftover.

    cases: tables.CASES. Every case is in `matched` or in `cases_only`, every isolate in `matched` or in
    `isolates_only`. Names must be equal to match: those that nearly are, isolates that several cases
    claim, and isolates named but not there are reported as problems.
    """
    present = set(isolate_ids)
    named = {case: list(isolates or ()) for case, isolates in _named(cases)}
    pairs = [
        (case, isolate) for case, own in named.items() for isolate in own if isolate in present
    ]
    found = {case for case, _ in pairs}
    claimed = {isolate for _, isolate in pairs}
    return Linked(
        matched=_frame(("case_id", "isolate_id"), pairs),
        cases_only=_frame(
            ("case_id", "reason"),
            [(case, _reason(own)) for case, own in named.items() if case not in found],
        ),
        isolates_only=_frame(("isolate_id",), [(i,) for i in isolate_ids if i not in claimed]),
        problems=(*_claimed_twice(pairs), *_not_there(named, present)),
    )


def nothing_in_common(linked: Linked, cases: pl.DataFrame) -> Problem | None:
    """What to say where not one case could be matched to an isolate, with examples of both sides."""
    if len(linked.matched) or not len(linked.isolates_only):
        return None
    isolates = linked.isolates_only["isolate_id"].to_list()
    named = [isolate for _, own in _named(cases) for isolate in own or ()]
    same = set(cases["case_id"]) & set(isolates)
    hint = "write the names of the sample sheet into the line list's column isolate_id"
    if same:
        hint += f"; {len(same)} case_ids are isolate names ({_some(sorted(same))}): copy them there"
    return Problem(
        "line list",
        f"no isolate in common: cases name {_some(named)}; the isolates are {_some(isolates)}",
        hint,
    )


def _named(cases: pl.DataFrame) -> Iterator[tuple[str, list[str] | None]]:
    return cases.select("case_id", "isolate_ids").iter_rows()


def _frame(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict.fromkeys(columns, pl.String), orient="row")


def _reason(named: list[str]) -> str:
    if not named:
        return "no isolate is named"
    return f"{', '.join(named)} is not among the isolates"


def _claimed_twice(pairs: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    owners: dict[str, list[str]] = defaultdict(list)
    for case, isolate in pairs:
        owners[isolate].append(case)
    for isolate, cases in owners.items():
        if len(cases) > 1:
            yield Problem(
                f"isolate {isolate}",
                f"is claimed by {len(cases)} cases: {', '.join(cases)}; it counts for each of them",
                "correct isolate_id in the line list, or join the rows if it is one patient",
            )


def _not_there(named: Mapping[str, list[str]], present: set[str]) -> Iterator[Problem]:
    alike: dict[str, list[str]] = defaultdict(list)
    for isolate in sorted(present):
        alike[_gist(isolate)].append(isolate)
    for case, own in named.items():
        for isolate in own:
            if isolate not in present:
                near = alike.get(_gist(isolate))
                yield Problem(
                    f"case {case}",
                    f"names isolate {isolate!r}, which is not among the isolates",
                    f"{_some(near)} is meant?"
                    if near
                    else "add it to the sample sheet, or leave it",
                )


def _gist(name: str) -> str:
    """What stays of a name without case, separators and leading zeros."""
    bare = re.sub(r"[\s._/-]+", "", name.casefold())
    return re.sub(r"(?<!\d)0+(?=\d)", "", bare)


def _some(names: Collection[str]) -> str:
    shown = [repr(name) for name in list(names)[:_EXAMPLES]]
    more = len(names) - len(shown)
    return (", ".join(shown) or "none") + (f" and {more} more" if more else "")
