"""Every pair judged against its clone's background: how often unlinked patients are as close."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log10

from abscope.records import Background, Link
from abscope.reports.figures import symbols
from abscope.reports.roster import Pick, Roster

WIDE, HIGH, LEFT, TOP, BELOW = 380, 170, 64, 34, 40
LEAST = 1e-5  # shares below this lie on the floor
_END_LEAST, _END_MOST = 30, 60
VERDICTS = {
    "linked": symbols.disc,
    "cannot tell": symbols.diamond,
    "not linked": symbols.square,
    "laboratory mix-up": symbols.triangle,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A pair where its distance and its background's share meet; whisker: to the share's upper bound."""

    path: str
    whisker: str
    verdict: str
    says: str
    one: Pick
    other: Pick


@dataclass(frozen=True, slots=True)
class Panel:
    """One stratum: its patients, marks, and the curve with its 95 % band where it was handed over."""

    stratum: str
    patients: int
    x: float
    y: float
    marks: tuple[Mark, ...]
    line: str
    band: str
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class PairRow:
    """One pair as the table says it."""

    one: Pick
    other: Pick
    link: Link


@dataclass(frozen=True, slots=True)
class Drawing:
    """All panels, the pairs in them as rows, and how many pairs have no background."""

    width: float
    height: float
    panels: tuple[Panel, ...]
    shares: tuple[tuple[float, str], ...]
    verdicts: tuple[tuple[str, str], ...]
    rows: tuple[PairRow, ...]
    without: int


def drawing(
    links: Sequence[Link], backgrounds: Sequence[Background], roster: Roster
) -> Drawing | None:
    """None where no pair is close enough to be held against a background."""
    held = [
        one
        for one in links
        if one.chance is not None and one.snps is not None and one.snps <= _END_MOST
    ]
    if not held:
        return None
    strata = sorted({one.chance.stratum for one in held if one.chance})
    curves = {one.stratum: one for one in backgrounds}
    columns = min(2, len(strata))
    panels = []
    for k, stratum in enumerate(strata):
        own = [one for one in held if one.chance and one.chance.stratum == stratum]
        x = LEFT + k % 2 * (WIDE + LEFT + 30)
        y = TOP + k // 2 * (HIGH + TOP + BELOW)
        panels.append(_panel(stratum, own, curves.get(stratum), roster, place=(x, y)))
    present = {one.verdict for one in held}
    return Drawing(
        width=columns * (LEFT + WIDE + 30),
        height=(len(strata) + 1) // 2 * (HIGH + TOP + BELOW) + 4,
        panels=tuple(panels),
        shares=tuple(_shares()),
        verdicts=tuple((name, mark(9, 9)) for name, mark in VERDICTS.items() if name in present),
        rows=tuple(
            PairRow(roster.isolate(o.isolate_1), roster.isolate(o.isolate_2), o) for o in held
        ),
        without=sum(one.chance is None for one in links),
    )


def _panel(
    stratum: str,
    own: Sequence[Link],
    background: Background | None,
    roster: Roster,
    *,
    place: tuple[float, float],
) -> Panel:
    end = max(_END_LEAST, *(one.snps or 0 for one in own))
    step = 5 if end <= 35 else 10
    line, band = _curve(background, end) if background is not None else ("", "")
    return Panel(
        stratum=stratum,
        patients=max(one.chance.patients for one in own if one.chance),
        x=place[0],
        y=place[1],
        marks=tuple(_mark(one, end, roster) for one in own),
        line=line,
        band=band,
        ticks=tuple((_x(snps, end), str(snps)) for snps in range(0, end + 1, step)),
    )


def _mark(one: Link, end: int, roster: Roster) -> Mark:
    share, upper = (one.chance.share, one.chance.upper) if one.chance else (1.0, 1.0)
    x, y, top = _x(one.snps or 0, end), _y(share), _y(upper)
    linked = "" if one.linked is None else f"; linked {one.linked:.0%}"
    return Mark(
        path=VERDICTS[one.verdict](x, y),
        whisker=f"M{x:.1f} {y:.1f}V{top:.1f}m-3 0h6",
        verdict=one.verdict,
        says=f"{one.isolate_1} – {one.isolate_2}: {one.snps} SNPs{linked}",
        one=roster.isolate(one.isolate_1),
        other=roster.isolate(one.isolate_2),
    )


def _curve(background: Background, end: int) -> tuple[str, str]:
    """The share as steps, and the outline of its interval."""
    last = min(end, background.limit)
    xs = [_x(d, end) for d in range(last + 1)]
    low, mid, high = (
        [_y(float(v)) for v in one[: last + 1]]
        for one in (background.lower, background.share, background.upper)
    )
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(xs, mid, strict=True))
    above = [f"{x:.1f} {y:.1f}" for x, y in zip(xs, high, strict=True)]
    below = [f"{x:.1f} {y:.1f}" for x, y in zip(xs, low, strict=True)]
    return line, "M" + "L".join([*above, *reversed(below)]) + "z"


def _shares() -> Iterator[tuple[float, str]]:
    for power in range(round(log10(LEAST)), 1):
        value = f"{100 * 10.0**power:g} %"
        yield _y(10.0**power), value if power > round(log10(LEAST)) else f"≤ {value}"


def _x(snps: int, end: int) -> float:
    return round(WIDE * snps / end, 1)


def _y(share: float) -> float:
    """Down from the top, on a log scale from 1 to the least share drawn."""
    return round(HIGH * log10(max(share, LEAST)) / log10(LEAST), 1)
