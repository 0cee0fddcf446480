"""Three or more: how often a group that is said to have spread from one point did. A part of links.md.

python -m benchmarks.stars
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from abscope.outbreak.stars import star, verdict
from abscope.records import Sampled, Star
from abscope.simulate.linked_pairs import (
    SITES,
    STRAINS,
    Counts,
    Plan,
    Strain,
    Town,
    outbreak,
    town,
)
from benchmarks.link_cells import SETTINGS
from benchmarks.link_scores import Truth, Values, brier, reliability

SEEDS, GROUPS, PANEL = (21, 22, 23, 24, 25), 300, 100
WORLDS = {"point": 0.25, "frozen": 0.25, "continuous": 0.2, "chain": 0.15, "neighbours": 0.15}
POINT = ("point", "frozen")
SIZES = ((3, 3), (4, 5), (6, 8), (9, 12), (4, 12))
VERDICTS = ("star", "nested", "uneven", "cannot tell")
TEXT = """\
## Three or more: did they spread from one point?

    python -m benchmarks.stars

{seeds} seeds (not those the model was looked at with) of {groups} groups of 3 to 12 isolates, half of
them of one event (point) or one frozen product, the others of a source that goes on, a chain of patients,
or a patient of a clone with the nearest of its unlinked neighbours. Of three isolates no chance is said:
they always look like a star.

| isolates | groups | said, mean | so | Brier | error |
|---|---|---|---|---|---|
{sizes}

| said | groups | so |
|---|---|---|
{bins}

| | groups | chance said, mean | {verdicts} |
|---|---|---|{dashes}|
{worlds}

A star is said from a chance of 0.8 on, nested at 0.2 or less. Few isolates with few SNPs each are left
undecided. A source that goes on, from which all drew within months, looks like one point, and is none.
"""


@dataclass(frozen=True, slots=True)
class Group:
    """A simulated group: what it is of, and what was said of it."""

    world: str
    found: Star

    @property
    def so(self) -> bool:
        """Whether it spread from one point."""
        return self.world in POINT


def groups(seed: int, number: int = GROUPS) -> Iterator[Group]:
    rng = np.random.default_rng([seed, 3])
    place = town(PANEL, 60, rng)
    for _ in range(number):
        world = str(rng.choice(list(WORLDS), p=list(WORLDS.values())))
        strain = STRAINS[int(rng.choice(len(STRAINS), p=[one.share for one in STRAINS]))]
        yield Group(world, _judged(world, strain, place, rng))


def _judged(world: str, strain: Strain, place: Town, rng: np.random.Generator) -> Star:
    cases = int(rng.integers(3, 13))
    kind = "continuous" if world == "neighbours" else world
    drawn = outbreak(Plan(kind, cases, strain), place, rng)  # type: ignore[arg-type]
    isolates = drawn.isolates[:cases]
    snps = drawn.snps[:cases, :cases]
    if world == "neighbours":
        snps = _nearest(place.snps[strain.name], cases, rng)
    return star(
        [one.isolate_id for one in isolates],
        snps.astype(np.float64),
        [_year(one) for one in isolates],
        SETTINGS.rate(strain.name),
        sites=SITES,
        rng=rng,
    )


def _nearest(snps: Counts, cases: int, rng: np.random.Generator) -> Counts:
    """A patient of a clone and the nearest others."""
    closest = np.argsort(snps[int(rng.integers(len(snps)))], kind="stable")[:cases]
    return snps[np.ix_(closest, closest)]


def _year(one: Sampled) -> float:
    days = one.collected
    return 0.0 if days is None else (days.first.toordinal() + days.last.toordinal()) / 2 / 365.25


def section() -> str:
    """The part of the page."""
    found = [group for seed in SEEDS for group in groups(seed)]
    return TEXT.format(
        seeds=len(SEEDS),
        groups=GROUPS,
        sizes="\n".join(_size(found, *size) for size in SIZES),
        bins="\n".join(_bins(found)),
        verdicts=" | ".join(VERDICTS),
        dashes="|".join(["---"] * len(VERDICTS)),
        worlds="\n".join(_world(found, world) for world in WORLDS),
    )


def _told(found: Sequence[Group]) -> tuple[Values, Truth]:
    told = [(one.found.chance, one.so) for one in found if one.found.chance is not None]
    return np.array([said for said, _ in told]), np.array([so for _, so in told])


def _size(found: Sequence[Group], least: int, most: int) -> str:
    own = [one for one in found if least <= len(one.found.isolates) <= most]
    name = f"{least}" if least == most else f"{least} to {most}"
    so = np.mean([one.so for one in own])
    said, truth = _told(own)
    if not len(said):
        return f"| {name} | {len(own)} | | {so:.2f} | | |"
    error = reliability(said, truth).error
    return f"| {name} | {len(own)} | {said.mean():.2f} | {so:.2f} | {brier(said, truth):.3f} | {error:.3f} |"


def _bins(found: Sequence[Group]) -> Iterator[str]:
    whole = reliability(*_told(found))
    for said, so, number in zip(whole.claimed, whole.observed, whole.pairs, strict=True):
        yield f"| {said:.2f} | {number} | {so:.2f} |"


def _world(found: Sequence[Group], world: str) -> str:
    own = [one.found for one in found if one.world == world]
    told = np.mean([one.chance for one in own if one.chance is not None])
    verdicts = [verdict(one) for one in own]
    shares = [f"{verdicts.count(one) / len(own):.2f}" for one in VERDICTS]
    return f"| {world} | {len(own)} | {told:.2f} | {' | '.join(shares)} |"


if __name__ == "__main__":
    print(section())
