"""Two years of a simulated surveillance: unlinked patients of six states, and three outbreaks among them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from abscope.outbreak.link_settings import PRIORS, LinkSettings
from abscope.population.background import background
from abscope.population.lower_tail import Apart
from abscope.records import Background, Days, Sampled
from abscope.simulate.linked_pairs import START, STRAINS, Plan, Strain, Town, outbreak, town
from benchmarks.link_cells import CLOCK

BEGINS, ENDS = date(2024, 1, 1), date(2025, 12, 31)
STATES = ("AZ", "CO", "NM", "NV", "TX", "UT")
PANEL = 100  # patients a stratum known before
UNLINKED = 300  # patients of the two years
CLINICS = 120
SEQUENCED, RECALL = 0.75, 0.85
REPORTED, GENOME = (
    (21.0, 0.5),
    (60.0, 0.5),
)  # days after the specimen: median, spread of the logarithm
PLANTED = (
    ("point source, no clone", Plan("point", 10, STRAINS[3], name="point"), 120),
    ("frozen product, no clone", Plan("frozen", 12, STRAINS[3], name="frozen"), 60),
    ("reservoir, DCC3", Plan("continuous", 16, STRAINS[1], name="reservoir"), 0),
)
"""What it is called, what is simulated, and days from the start to its first exposures."""


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient: its isolate, the day each thing is known, and the truth. at: row of its strain's matrix."""

    name: str
    event: str | None
    state: str
    clinic: str | None
    collected: date
    reported: date
    sampled: Sampled | None
    genome: date | None
    at: int


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Patients in the order they are reported; SNPs of every strain, (panel + patients) squared."""

    patients: tuple[Patient, ...]
    snps: Mapping[str, NDArray[np.int64]]
    backgrounds: Mapping[str, Background]
    links: LinkSettings


def world(seed: int) -> World:
    """A world; another seed, another world."""
    rng = np.random.default_rng([seed, 20240101])
    most = round(UNLINKED * max(strain.share for strain in STRAINS)) + 40
    place = town(PANEL, most, rng)
    patients = list(_unlinked(place, rng))
    snps = dict(place.snps)
    for founder, (label, plan, delay) in enumerate(PLANTED, PANEL + most - len(PLANTED)):
        patients += _planted(label, plan, (delay, founder), snps=snps, rng=rng)
    ordered = sorted(patients, key=lambda one: (one.reported, one.name))
    held = {strain.name: _background(strain, place, rng) for strain in STRAINS}
    settings = LinkSettings(prior=PRIORS["surveillance"], clock=CLOCK)
    return World(tuple(ordered), snps, held, settings)


def _background(strain: Strain, place: Town, rng: np.random.Generator) -> Background:
    first, second = np.triu_indices(place.panel, 1)
    snps = place.snps[strain.name][first, second]
    return background(strain.name, Apart(place.panel, first, second, snps), rng=rng)


def _unlinked(place: Town, rng: np.random.Generator) -> Iterator[Patient]:
    span = (ENDS - BEGINS).days
    share = 1 / np.arange(1, CLINICS + 1)
    for strain in STRAINS:
        for number in range(round(UNLINKED * strain.share)):
            collected = BEGINS + timedelta(days=int(rng.integers(span)))
            exposed = collected - timedelta(days=round(float(rng.lognormal(np.log(110), 1.0))))
            name = f"{strain.name[:4]}{number:03d}"
            clinic = f"clinic {rng.choice(CLINICS, p=share / share.sum())}"
            sampled = Sampled(
                name, name, strain.name, Days(exposed, exposed), Days(collected, collected)
            )
            yield _known(sampled, None, clinic, at=place.panel + number, rng=rng)  # fmt: skip


def _planted(
    label: str, plan: Plan, when_from: tuple[int, int], *, snps: dict[str, NDArray[np.int64]],
    rng: np.random.Generator,
) -> Iterator[Patient]:  # fmt: skip
    """An outbreak's cases of the two years, descended from a lineage nobody else is of."""
    (delay, founder), among = when_from, snps[plan.strain.name]
    made = outbreak(replace(plan, comparators=0), Town(PANEL, {plan.strain.name: among}), rng)
    own = made.snps.sum(axis=1) // max(1, 2 * (len(made.snps) - 1))
    across = among[founder][None, :] + own[:, None]
    snps[plan.strain.name] = np.block([[among, across.T], [across, made.snps]])
    shift = BEGINS + timedelta(days=delay) - START
    for row, one in enumerate(made.isolates):
        moved = replace(
            one, exposed=one.exposed and _moved(one.exposed, shift), collected=_moved(one.collected, shift)
        )  # fmt: skip
        patient = _known(moved, label, f"clinic of {label}", at=len(among) + row, rng=rng)
        if patient.reported <= ENDS:
            yield patient


def _moved(days: Days | None, shift: timedelta) -> Days:
    assert days is not None
    return Days(days.first + shift, days.last + shift)


def _known(
    sampled: Sampled, event: str | None, clinic: str, *, at: int, rng: np.random.Generator
) -> Patient:
    collected = sampled.collected
    assert collected is not None
    reported, genome = (
        collected.last + timedelta(days=1 + round(float(rng.lognormal(np.log(median), spread))))
        for median, spread in (REPORTED, GENOME)
    )
    sequenced = rng.random() < SEQUENCED
    return Patient(
        sampled.isolate_id,
        event,
        str(rng.choice(STATES)),
        clinic if rng.random() < RECALL else None,
        collected.last,
        reported,
        sampled if sequenced else None,
        max(genome, reported) if sequenced else None,
        at,
    )


def days(patients: Sequence[Patient]) -> list[date]:
    """The days on which something new is known."""
    told = {one.reported for one in patients} | {one.genome for one in patients if one.genome}
    return sorted(day for day in told if BEGINS <= day <= ENDS)
