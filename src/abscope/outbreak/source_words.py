"""A ranking of sources in sentences that a person would say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

import numpy as np

from abscope.outbreak.exposure_graph import YES, ExposureGraph
from abscope.outbreak.source_evidence import Evidence
from abscope.records.sources import NOT_RECORDED, Exposure, SourceGroup, SourceRanking

_MOST = 4


def summary(
    ranking: SourceRanking,
    graph: ExposureGraph,
    likely: Sequence[str],
    exposed_on: Sequence[date | None],
) -> Iterator[str]:
    """What the likely cases share, what none of them shares, and what that makes most likely."""
    if len(likely) < 2:
        yield "Fewer than two cases are likely to be linked: there is nothing to share."
        return
    shared = list(_shared(ranking, graph, likely))
    apart = _apart(graph, likely, exposed_on)
    first = "Both cases" if len(likely) == 2 else f"All {len(likely)} cases"
    beginning = f"{first} ({', '.join(likely)})"
    if shared:
        tail = f"; no {either(apart)} is shared." if apart else "."
        yield f"{beginning} had {listed(map(named, shared))}{tail}"
    else:
        yield f"No exposure is on record for all of {', '.join(likely)}."
    yield from _partly(graph, likely)
    yield _leading(ranking)


def notes(said: Evidence, found_by: Collection[Exposure], too_few: int | None) -> Iterator[str]:
    """What the reader must know of how the ranking was made.

    too_few: comparison patients who answered, where that is not enough for a probability.
    """
    for one in found_by:
        yield (
            f"Cases were found by {named(one)}, or it is in their definition: "
            "that they share it counts as no evidence."
        )
    if said.aside:
        number = len(said.aside)
        yield (
            f"{number} comparison patient{'s were' if number > 1 else ' was'} set aside: not exposed to "
            f"{either([value for _, value in found_by])}, they do not tell what such patients are exposed to."
        )
    if not said.comparison:
        yield "There is no comparison group, so no probability is shown."
    elif too_few is not None:
        yield (
            f"Comparison patients ({said.comparison}) answered too little for a probability to be shown: "
            f"{too_few} about a likely source."
        )


def named(exposure: Exposure) -> str:
    """An exposure as one says it: product Celuvita."""
    return " ".join((exposure[0].replace("_", " "), exposure[1])) if exposure[1] else exposure[0]


def percent(share: float) -> str:
    """A share in words that never says certain or impossible."""
    return "over 99 %" if share > 0.99 else "under 1 %" if share < 0.01 else f"{share:.0%}"


def listed(words: Iterable[str]) -> str:
    """Joined by commas and `and`."""
    return _joined(list(words), "and")


def either(words: Iterable[str]) -> str:
    """Joined by commas and `or`."""
    return _joined(list(words), "or")


def _joined(words: list[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _shared(
    ranking: SourceRanking, graph: ExposureGraph, likely: Sequence[str]
) -> Iterator[Exposure]:
    """What all have, the most telling first."""
    rows = graph.implied[[graph.row[case] for case in likely]]
    all_have = {graph.exposures[at] for at in np.flatnonzero((rows == YES).all(0))}
    return (one.exposure for one in ranking.sources if one.exposure in all_have)


def _partly(graph: ExposureGraph, likely: Sequence[str]) -> Iterator[str]:
    """Exposures that all have who answered, but not all answered."""
    rows = graph.implied[[graph.row[case] for case in likely]]
    yes, known = (rows == YES).sum(0), (rows >= 0).sum(0)
    for at in np.flatnonzero((yes == known) & (yes > 1) & (known < len(likely))):
        silent = [case for case, answer in zip(likely, rows[:, at], strict=True) if answer < 0]
        yield (
            f"{int(yes[at])} of {len(likely)} had {named(graph.exposures[at])}; "
            f"of {listed(silent)} it is not known."
        )


def _apart(
    graph: ExposureGraph, likely: Sequence[str], exposed_on: Sequence[date | None]
) -> list[str]:
    """Kinds of which two or more cases name something, and no two the same."""
    rows = graph.implied[[graph.row[case] for case in likely]] == YES
    kinds = []
    for kind in dict.fromkeys(kind for kind, _ in graph.exposures):
        own = rows[:, graph.of_kind(kind)]
        if own.any(1).sum() > 1 and own.sum(0).max() == 1:
            kinds.append(kind.replace("_", " "))
    months = [(day.year, day.month) for day in exposed_on if day]
    if len(months) > 1 and len(set(months)) == len(months):
        kinds.append("month")
    return kinds


def _leading(ranking: SourceRanking) -> str:
    group = ranking.groups[0]
    if group.members == (NOT_RECORDED,):
        return _nothing(ranking)
    what = _members(group)
    if group.probability is None:
        return f"What they share most strikingly is {what}; {_tipping(ranking, group)}"
    rest = ranking.of(NOT_RECORDED)
    left = (
        f"; something not recorded: {percent(rest.probability)}"
        if rest and rest.probability
        else ""
    )
    return f"Most likely source: {what} ({percent(group.probability)}){left}."


def _nothing(ranking: SourceRanking) -> str:
    if ranking.groups[0].probability is None:
        return (
            "Nothing on record is shared strikingly: the source may be something nobody wrote down."
        )
    return (
        "Most likely the source is something nobody wrote down "
        f"({percent(ranking.groups[0].probability)}): nothing on record explains the cases well."
    )


def _members(group: SourceGroup) -> str:
    shown = either(map(named, group.members[:_MOST]))
    more = len(group.members) - _MOST
    many = f"{shown} (and {more} more)" if more > 0 else shown
    return f"{many}, which the cases cannot tell apart" if len(group.members) > 1 else many


def _tipping(ranking: SourceRanking, group: SourceGroup) -> str:
    lead = ranking.of(group.members[0])
    if lead is None or lead.tipping_point is None:
        return (
            "even if it were very rare among similar patients, that would not be strong evidence."
        )
    return (
        f"{named(lead.exposure)} must be rarer than {lead.tipping_point:.0%} among similar patients to be "
        "strong evidence (Bayes factor above 10)."
    )
