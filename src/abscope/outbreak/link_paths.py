"""How long two isolates may have been apart: intervals of dates into years of separate growth.

Both infections of a common source are drawn from one contaminating population, so their common ancestor
is no later than the earlier draw: the germs grew (t1 - e1) + (t2 - e2) years in the patients, and the
gap |e1 - e2| plus twice the source's own diversity outside them. In a chain of patients the ancestor may
be as late as the later infection, or the earlier specimen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import exp

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import qmc

from abscope.outbreak.link_settings import LinkSettings
from abscope.records import Days, Sampled

Years = NDArray[np.float64]
_Known = tuple[Days | None, Days | None]

NODES = 32
_ORIGIN = date(2000, 1, 1).toordinal()
_YEAR = 365.25


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Years of growth between the isolates of each pair, one column for each way the dates may lie.

    host: in both patients. gap: between the draws from the source. chain: since the latest ancestor a
    chain of patients allows. apart: between the two specimens. All float64 (pairs, nodes), none negative.
    """

    host: Years
    gap: Years
    chain: Years
    apart: Years


def paths(pairs: Sequence[tuple[Sampled, Sampled]], settings: LinkSettings) -> Paths:
    """The years between the isolates of each pair, over the intervals of their dates.

    A date that is known only by its interval is spread evenly over it; an exposure without a date lies a
    log-normal time before the specimen, a specimen without one as long after the exposure, and where
    neither is known within `settings.undated` years of the other isolate's. The order of a pair does
    not matter.
    """
    exposed, collected = _node_dates(pairs, settings)
    first, last = exposed.min(axis=1), exposed.max(axis=1)
    ancestor = np.minimum(last, collected.min(axis=1))
    return Paths(
        host=(collected - exposed).sum(axis=1),
        gap=last - first,
        chain=collected.sum(axis=1) - 2 * ancestor,
        apart=np.abs(collected[:, 0] - collected[:, 1]),
    )


def dated(isolate: Sampled) -> bool:
    """Whether both its dates are known to the day."""
    both = (isolate.exposed, isolate.collected)
    return all(days is not None and days.first == days.last for days in both)


def _node_dates(
    pairs: Sequence[tuple[Sampled, Sampled]], settings: LinkSettings
) -> tuple[Years, Years]:
    """Exposure and collection as decimal years, (pairs, 2, nodes); isolates of a pair by name."""
    exact = all(dated(one) for pair in pairs for one in pair)
    nodes = _nodes()[:, :1] if exact else _nodes()
    ordered = [sorted(pair, key=lambda one: one.isolate_id) for pair in pairs]
    known = [tuple((one.exposed, one.collected) for one in pair) for pair in ordered]
    made = {days: np.array(_made(days, nodes, settings)) for days in set(known)}
    dates = np.array([made[days] for days in known])
    exposed, collected = dates[:, :, 0], dates[:, :, 1]
    return np.minimum(exposed, collected), collected


@cache
def _nodes() -> Years:
    """Evenly spread points of the unit cube, (5, nodes): the same on every call."""
    return np.ascontiguousarray(qmc.Halton(5, scramble=False).random(NODES + 1)[1:].T)


def _made(
    days: Sequence[_Known], nodes: Years, settings: LinkSettings
) -> list[tuple[Years, Years]]:
    """Exposure and collection of both isolates of a pair at each node."""
    both = [_dates(one, nodes[2 * i : 2 * i + 2], settings) for i, one in enumerate(days)]
    return _undated(both, nodes[4], settings)


def _dates(days: _Known, nodes: Years, settings: LinkSettings) -> tuple[Years | None, Years | None]:
    """Exposure and collection of one isolate at each node; none where neither is known."""
    median, spread = settings.lag
    lag = median * np.exp(spread * ndtri(nodes[0]))
    exposed, collected = (
        None if one is None else _spread(one, at) for one, at in zip(days, nodes, strict=True)
    )
    if collected is None and exposed is not None:
        collected = exposed + median * np.exp(spread * ndtri(nodes[1]))
    if exposed is None and collected is not None:
        exposed = collected - lag
    return exposed, collected


def _spread(days: Days, at: Years) -> Years:
    start = (days.first.toordinal() - _ORIGIN) / _YEAR
    width = (days.last - days.first).days / _YEAR
    return start + width * at


def _undated(
    pair: list[tuple[Years | None, Years | None]], at: Years, settings: LinkSettings
) -> list[tuple[Years, Years]]:
    """Fill in an isolate without any date: its specimen lies around the other's."""
    lag = settings.lag[0] * exp(settings.lag[1] ** 2 / 2)
    known = [collected for _, collected in pair if collected is not None]
    around = known[0] if known else np.zeros_like(at)
    found = []
    for index, (exposed, collected) in enumerate(pair):
        if exposed is None or collected is None:
            shift = 0.0 if not known and index == 0 else settings.undated * (2 * at - 1)
            found.append((around + shift - lag, around + shift))
        else:
            found.append((exposed, collected))
    return found
