"""Simulated pairs of known truth, cell by cell, judged by links and by the rules it is compared with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from abscope.knowledge.rows import Clock
from abscope.outbreak.link_hypotheses import handling_factor, linked, posterior
from abscope.outbreak.link_settings import PRIORS, LinkSettings
from abscope.outbreak.links import links
from abscope.population.background import background
from abscope.population.lower_tail import Apart
from abscope.records import Background, Hypothesis, Link, Sampled
from abscope.simulate.linked_pairs import (
    SITES,
    STRAINS,
    Outbreak,
    OutbreakKind,
    Plan,
    Town,
    Truth,
    outbreak,
    town,
)
from abscope.tables import PAIRS
from benchmarks.transcluster import close

CUTOFFS = (5, 10, 20, 25)
OUTBREAKS = 300
MOST_LINKED = 5
CLOCK = tuple(
    Clock(s.name, s.rate / SITES, s.rate / SITES / 1.66, s.rate / SITES * 1.66, "", "simulated")
    for s in STRAINS
)
SETTINGS = LinkSettings(clock=CLOCK)
ALERT = 0.5
WATCH = LinkSettings(prior=PRIORS["surveillance"])
LINKED = SETTINGS.prior.common_source + SETTINGS.prior.person_to_person
_BELIEVED: Mapping[OutbreakKind, float] = {
    "point": 0.3,
    "continuous": 0.35,
    "frozen": 0.26,
    "chain": 0.09,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One sort of world. linked: share of pairs that hang together; right: the model believes what is so."""

    name: str
    right: bool
    kinds: Mapping[OutbreakKind, float] = field(default_factory=lambda: _BELIEVED)
    cases: tuple[int, int] = (3, 12)
    truth: Truth = field(default_factory=Truth)
    panel: int = 100
    closer: float = 1.0
    linked: float = LINKED


CELLS = (
    Cell("as believed", True),
    Cell("point source", True, {"point": 1.0}),
    Cell("continuous source", True, {"continuous": 1.0}),
    Cell("frozen source", True, {"frozen": 1.0}),
    Cell("3 cases", True, cases=(3, 3)),
    Cell("12 cases", True, cases=(12, 12)),
    Cell("no exposure dated", True, truth=Truth(unknown_dates=1.0)),
    Cell("tubes mixed up", True, truth=Truth(mixed_up=0.03)),
    Cell("panel of 25 patients", True, panel=25),
    Cell("rate twice as fast", False, truth=Truth(rate=2.0)),
    Cell("rate half as fast", False, truth=Truth(rate=0.5)),
    Cell("source 4 times as diverse", False, truth=Truth(diversity=4.0)),
    Cell("neighbours twice as close", False, closer=2.0),
    Cell("pairs linked a quarter as often", False, linked=LINKED / 4),
)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Pairs of one cell: truth, chance given, verdicts, and what other rules make of them."""

    truth: NDArray[np.bool_]
    laboratory: NDArray[np.bool_]
    chance: NDArray[np.float64]
    verdict: NDArray[np.str_]
    snps: NDArray[np.int64]
    transcluster: NDArray[np.float64]
    covered: NDArray[np.float64]
    linked_strictly: NDArray[np.bool_]
    watched: NDArray[np.bool_]


def judged(cell: Cell, seed: int, outbreaks: int = OUTBREAKS) -> Judged:
    """Simulate a cell and judge its pairs."""
    rng = np.random.default_rng([seed, sum(map(ord, cell.name))])
    place = town(cell.panel, 60, rng, closer=cell.closer)
    backgrounds = {name: _background(name, place, rng) for name in place.snps}
    settled = list(_outbreaks(cell, place, rng, outbreaks))
    chosen = [pairs for one in settled for pairs in _sampled_pairs(one, cell, rng)]
    frame = PAIRS.frame(
        [(i.isolate_id, j.isolate_id, "r", d, SITES, d, SITES, "compared") for i, j, d, _ in chosen]
    )
    isolates = [isolate for one in settled for isolate in one.isolates]
    found = {link.pair: link for link in links(frame, isolates, backgrounds, SETTINGS).links}
    return _collected(chosen, found)


def _outbreaks(
    cell: Cell, place: Town, rng: np.random.Generator, number: int
) -> Iterator[Outbreak]:
    kinds, shares = list(cell.kinds), np.array(list(cell.kinds.values()))
    for index in range(number):
        strain = STRAINS[int(rng.choice(len(STRAINS), p=[s.share for s in STRAINS]))]
        kind = kinds[int(rng.choice(len(kinds), p=shares / shares.sum()))]
        cases = int(rng.integers(cell.cases[0], cell.cases[1] + 1))
        plan = Plan(kind, cases, strain, cell.truth, name=f"o{index:03d}")
        yield outbreak(plan, place, rng)


Chosen = tuple[Sampled, Sampled, int, Hypothesis]


def _sampled_pairs(one: Outbreak, cell: Cell, rng: np.random.Generator) -> Iterator[Chosen]:
    """Pairs of an outbreak, linked and not in the cell's proportion."""
    own = [
        pair for pair, cause in one.truth.items() if cause in {"common source", "person to person"}
    ]
    mixed = [pair for pair, cause in one.truth.items() if cause == "laboratory"]
    rest = [pair for pair, cause in one.truth.items() if cause == "chance"]
    wanted = min(len(own), MOST_LINKED, int(len(rest) * cell.linked / (1 - cell.linked)))
    others = round(wanted * (1 - cell.linked) / cell.linked)
    for pairs, number in ((own, wanted), (rest, others), (mixed, len(mixed))):
        for at in rng.choice(len(pairs), size=number, replace=False) if number else ():
            i, j = pairs[int(at)]
            yield one.isolates[i], one.isolates[j], int(one.snps[i, j]), one.truth[i, j]


def _background(name: str, place: Town, rng: np.random.Generator) -> Background:
    i, j = np.triu_indices(place.panel, 1)
    return background(name, Apart(place.panel, i, j, place.snps[name][i, j]), rng=rng)


def _collected(chosen: Sequence[Chosen], found: Mapping[tuple[str, str], Link]) -> Judged:
    held = [found.get((i.isolate_id, j.isolate_id)) for i, j, _, _ in chosen]
    causes = np.array([cause for *_, cause in chosen])
    return Judged(
        truth=np.isin(causes, ["common source", "person to person"]),
        laboratory=causes == "laboratory",
        chance=np.array([link.linked or 0.0 if link else 0.0 for link in held]),
        verdict=np.array([link.verdict if link else "not linked" for link in held]),
        snps=np.array([snps for _, _, snps, _ in chosen]),
        transcluster=np.array(
            [close(snps, _apart(i, j)) if snps <= 150 else 0.0 for i, j, snps, _ in chosen]
        ),
        covered=np.array(
            [_covered(link, snps) for link, (_, _, snps, _) in zip(held, chosen, strict=True)]
        ),
        linked_strictly=causes == "common source",
        watched=np.array(
            [_watched(link, i, j) for link, (i, j, _, _) in zip(held, chosen, strict=True)]
        ),
    )


def _watched(link: Link | None, one: Sampled, other: Sampled) -> bool:
    """Whether a link is more likely than not under the prior of any two patients of a region."""
    if link is None or link.likelihood is None:
        return False
    prior = WATCH.prior.of(handling_factor(one, other, WATCH))
    return linked(posterior(prior, link.likelihood)) >= ALERT


def _covered(link: Link | None, snps: int) -> float:
    return float(link is not None and link.source_within is not None and snps <= link.source_within)


def _apart(one: Sampled, other: Sampled) -> float:
    """Years between two specimens, by the middle of their dates."""
    days = [
        i.collected.first.toordinal() + i.collected.last.toordinal()
        for i in (one, other)
        if i.collected
    ]
    return abs(days[0] - days[1]) / 2 / 365.25 if len(days) == 2 else 0.0


def joined(parts: Sequence[Judged]) -> Judged:
    """The pairs of several seeds together."""
    names = Judged.__dataclass_fields__
    return replace(
        parts[0],
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names},
    )
