"""Links between isolates: the verdict on every close pair, its probability, and what it is held against."""

from dataclasses import dataclass

from abscope.records import Findings, Link
from abscope.reports.roster import Pick, Roster
from abscope.reports.words import count, plural

MOST = 60  # rows; every pair judged is in links.tsv


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One pair. against: the unlinked patients it is held against, and how many are as close."""

    one: Pick
    other: Pick
    link: Link
    against: str | None


@dataclass(frozen=True, slots=True)
class LinkView:
    """The closest pairs, and how many more there are; of three or more, whether they are a star."""

    rows: tuple[LinkRow, ...]
    more: int
    far: int
    farther_than: int
    stars: tuple[str, ...] = ()


def view(findings: Findings | None, roster: Roster) -> LinkView | None:
    """The pairs within the widest fixed cut-off, or linked; None where pairs were not judged."""
    if findings is None or findings.links is None:
        return None
    near = [link for link in findings.links.links if _worth(link)]
    rows = tuple(
        LinkRow(roster.isolate(one.isolate_1), roster.isolate(one.isolate_2), one, _against(one))
        for one in near[:MOST]
    )
    rest = len(findings.links.links) - len(rows)
    stars = tuple(one.reason for one in findings.links.stars)
    return LinkView(rows, rest, findings.links.far, findings.links.farther_than, stars)


def _worth(link: Link) -> bool:
    return link.verdict in ("linked", "laboratory mix-up") or any(link.cutoffs.values())


def _against(link: Link) -> str | None:
    if link.chance is None:
        return None
    patients = plural(link.chance.patients, "patient")
    expected = (
        "under 0.01" if link.chance.expected < 0.01 else count(round(link.chance.expected, 2))
    )
    return f"{link.chance.stratum}: {patients}; {expected} as close expected by chance"
