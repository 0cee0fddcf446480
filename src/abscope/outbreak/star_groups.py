"""Groups of three or more linked patients, and whether each spread from one point."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce

import numpy as np
import polars as pl
from numpy.typing import NDArray

from abscope.outbreak.link_settings import LinkSettings
from abscope.outbreak.star_words import reason
from abscope.outbreak.stars import star, verdict
from abscope.records import Days, Link, Links, Sampled, Star

Counts = Mapping[frozenset[str], tuple[int, int]]
_YEAR = 365.25


def with_stars(
    found: Links,
    pairs: pl.DataFrame,
    isolates: Iterable[Sampled],
    settings: LinkSettings | None = None,
    *,
    rng: np.random.Generator,
) -> Links:
    """The same links, with every group of three or more linked patients judged as a star.

    pairs, isolates, settings: as for `links`. A patient counts once, by the earliest specimen. An
    isolate that cannot be compared with all others of its group is left out of it and named there.
    """
    chosen = settings or LinkSettings()
    known = {one.isolate_id: one for one in isolates}
    counts = _counts(pairs)
    groups = list(_groups(found.links, known))
    judged = (_judged(names, counts, known, chosen, rng) for names in groups)
    return replace(found, stars=tuple(one for one in judged if one is not None))


def _counts(pairs: pl.DataFrame) -> Counts:
    rows = pairs.select("isolate_1", "isolate_2", "snps", "comparable").drop_nulls().iter_rows()
    return {frozenset((one, other)): (snps, sites) for one, other, snps, sites in rows}


def _groups(links: Sequence[Link], known: Mapping[str, Sampled]) -> Iterator[list[str]]:
    """One isolate a patient of every set of patients that links hold together, three at least."""
    own: dict[str, set[str]] = defaultdict(set)
    beside: dict[str, set[str]] = defaultdict(set)
    for link in links:
        if link.verdict != "linked":
            continue
        both = [_patient(name, known) for name in link.pair]
        for name, patient, other in zip(link.pair, both, both[::-1], strict=True):
            own[patient].add(name)
            beside[patient].add(other)
    seen: set[str] = set()
    for patient in sorted(beside):
        reached = _reached(patient, beside) - seen
        seen |= reached
        if len(reached) >= 3:
            yield sorted(_earliest(own[one], known) for one in reached)


def _patient(name: str, known: Mapping[str, Sampled]) -> str:
    one = known.get(name)
    return f"isolate {name}" if one is None or one.patient is None else f"patient {one.patient}"


def _reached(start: str, beside: Mapping[str, set[str]]) -> set[str]:
    reached, ahead = {start}, [start]
    while ahead:
        new = beside[ahead.pop()] - reached
        reached |= new
        ahead += new
    return reached


def _earliest(names: Iterable[str], known: Mapping[str, Sampled]) -> str:
    def day(name: str) -> tuple[float, str]:
        taken = _year(known[name].collected) if name in known else None
        return (float("inf") if taken is None else taken), name

    return min(names, key=day)


def _year(days: Days | None) -> float | None:
    """The middle of an interval, in years."""
    return None if days is None else (days.first.toordinal() + days.last.toordinal()) / 2 / _YEAR


def _judged(
    names: list[str],
    counts: Counts,
    known: Mapping[str, Sampled],
    settings: LinkSettings,
    rng: np.random.Generator,
) -> Star | None:
    """None where fewer than three can be compared with one another."""
    kept, left_out = _comparable(names, counts)
    if len(kept) < 3:
        return None
    sampled = [known.get(name, Sampled(name)) for name in kept]
    first, *rest = [one.stratum for one in sampled]
    snps, sites = _matrices(kept, counts)
    judged = star(
        kept,
        snps,
        _years(sampled),
        settings.rate(reduce(settings.shared, rest, first)),
        sites=int(np.median(sites[np.triu_indices(len(kept), 1)])),
        rng=rng,
    )
    judged = replace(judged, verdict=verdict(judged), left_out=tuple(left_out))
    return replace(judged, reason=reason(judged))


def _comparable(names: list[str], counts: Counts) -> tuple[list[str], list[str]]:
    """Those that all have a distance to one another; who has fewest goes first."""
    kept, left_out = list(names), []
    while len(kept) > 1:
        missing = {
            one: sum(frozenset((one, other)) not in counts for other in kept if other != one)
            for one in kept
        }
        worst = max(kept, key=lambda one: missing[one])
        if not missing[worst]:
            break
        kept.remove(worst)
        left_out.append(worst)
    return kept, left_out


def _matrices(
    names: Sequence[str], counts: Counts
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    table = np.array(
        [[counts.get(frozenset((one, other)), (0, 0)) for other in names] for one in names],
        dtype=np.float64,
    )
    return table[..., 0], table[..., 1]


def _years(sampled: Sequence[Sampled]) -> list[float]:
    """When each was taken; where that is not known, as the middle of the others."""
    known = [_year(one.collected) for one in sampled]
    middle = float(np.median([year for year in known if year is not None] or [0.0]))
    return [middle if year is None else year for year in known]
