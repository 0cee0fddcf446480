"""Patients of whom it is known how their infections hang together: truth to test links with.

A town of unlinked patients in clones that grew (domain of dominant circulating clones) and in strains of
their own; outbreaks from a point, continuous or frozen source, or by a chain of patients; mix-ups of tubes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from abscope.records import Days, Hypothesis, Sampled
from abscope.simulate.genealogies import Genealogy, chained, drawn, extended, growing, scaled

OutbreakKind = Literal["point", "continuous", "frozen", "chain"]
Counts = NDArray[np.int64]

START = date(2018, 1, 1)
SITES = 4_600_000


@dataclass(frozen=True, slots=True)
class Strain:
    """A clone, or the strains of none.

    share: of patients. rate: SNPs a year. size, growth: of its coalescent. lineages: apart from each other.
    """

    name: str
    share: float
    rate: float
    size: float
    growth: float
    lineages: int = 1


STRAINS = (
    Strain("DCC1", 0.35, 0.79, 3700, 0.14),
    Strain("DCC3", 0.2, 0.74, 254, 0.07),
    Strain("DCC4", 0.1, 1.76, 66, 0.4),
    Strain("not a clone (massiliense)", 0.35, 0.75, 100, 0.05, lineages=60),
)
"""Growth and size give the shares of close pairs measured in real clones: of DCC1 under 1 % within 20 SNPs
and a median near 69, of DCC4 24 % and 28 (Gubbins-filtered trees; a tree of 89 patients)."""

_FAR = 3000


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """SNPs between unlinked patients of each strain; the first `panel` of them were there before."""

    panel: int
    snps: Mapping[str, Counts]


def town(
    panel: int, others: int, rng: np.random.Generator, *, strains: Sequence[Strain] = STRAINS,
    closer: float = 1.0,
) -> Town:  # fmt: skip
    """Unlinked patients of every strain.

    closer: the others are this many times closer to each other than the panel would have them, as where
    it does not represent them.
    """
    found = {}
    for strain in strains:
        snps = _unlinked(strain, panel + others, rng)
        if closer != 1:
            block = snps[panel:, panel:]
            snps[panel:, panel:] = np.where(block < _FAR, block / closer, block).astype(np.int64)
        found[strain.name] = snps
    return Town(panel, found)


def _unlinked(strain: Strain, patients: int, rng: np.random.Generator) -> Counts:
    weight = 1 / np.arange(1, strain.lineages + 1)
    lineage = rng.choice(strain.lineages, size=patients, p=weight / weight.sum())
    snps = rng.poisson(_FAR * 2, size=(patients, patients))
    snps = np.triu(snps, 1) + np.triu(snps, 1).T
    for one in range(strain.lineages):
        members = np.flatnonzero(lineage == one)
        if len(members) > 1:
            tree = growing(len(members), strain.size, strain.growth, rng)
            snps[np.ix_(members, members)] = tree.snps(strain.rate, rng)
    np.fill_diagonal(snps, 0)
    return snps


@dataclass(frozen=True, slots=True)
class Truth:
    """How the world differs from what is believed: factors of rate and diversity, and known dates.

    rate_spread: standard deviation of the logarithm of an outbreak's own rate. diversity: factor of a
    continuous source's theta. unknown_dates: share of exposures nobody recorded. mixed_up: chance that
    an unlinked patient's tube took its germ from another on the run. runs: sequencing runs.
    """

    rate: float = 1.0
    rate_spread: float = 0.26
    diversity: float = 1.0
    unknown_dates: float = 0.2
    mixed_up: float = 0.0
    runs: int = 15
    errors: float = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Outbreak:
    """Isolates, SNPs between them, and how each pair truly hangs together."""

    isolates: tuple[Sampled, ...]
    snps: Counts
    truth: Mapping[tuple[int, int], Hypothesis]
    kind: OutbreakKind = field(default="point")


_THETA = (0.15, 0.5, 1.5, 4.0, 10.0)
_THETA_SHARE = (0.2353, 0.2941, 0.2353, 0.1765, 0.0588)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to simulate: so many cases of a strain by a kind of event, among unlinked patients of it."""

    kind: OutbreakKind
    cases: int
    strain: Strain
    truth: Truth = field(default_factory=Truth)
    comparators: int = 12
    name: str = "x"


def outbreak(plan: Plan, where: Town, rng: np.random.Generator) -> Outbreak:
    """An outbreak in one strain among unlinked patients of that strain."""
    kind, cases, truth = plan.kind, plan.cases, plan.truth
    infected, sampled = _dates(kind, cases, rng)
    tree = _genealogy(kind, infected, sampled, truth, rng)
    rate = plan.strain.rate * truth.rate * float(rng.lognormal(0, truth.rate_spread))
    among = where.snps[plan.strain.name]
    others = np.arange(where.panel, len(among))
    chosen = rng.choice(others, size=plan.comparators + 1, replace=False)
    snps = _together(tree.snps(rate, rng), among[np.ix_(chosen, chosen)])
    runs = rng.integers(truth.runs, size=len(snps))
    pairs = _truth(kind, len(snps), cases)
    for copy in np.flatnonzero(rng.random(plan.comparators) < truth.mixed_up) + cases:
        _mix_up(snps, runs, pairs, int(copy), rng)
    snps = _with_errors(snps, rng.poisson(truth.errors, size=len(snps)))
    elsewhere = _dates("continuous", plan.comparators, rng)
    dates = zip([*infected, *elsewhere[0]], [*sampled, *elsewhere[1]], strict=True)
    isolates = tuple(_sampled(plan, i, both, int(runs[i]), rng) for i, both in enumerate(dates))
    return Outbreak(isolates, snps, pairs, kind)


def _with_errors(snps: Counts, false: Counts) -> Counts:
    found = snps + false[:, None] + false[None, :]
    np.fill_diagonal(found, 0)
    return found


def _dates(
    kind: OutbreakKind, cases: int, rng: np.random.Generator
) -> tuple[list[float], list[float]]:
    span = {"point": 0.5, "frozen": 2.0, "continuous": 4.0, "chain": 4.0}[kind]
    infected = np.sort(rng.uniform(0, span, size=cases))
    lag = np.minimum(rng.lognormal(np.log(0.3), 1.0, size=cases), 4.0)
    return infected.tolist(), (infected + lag).tolist()


def _genealogy(
    kind: OutbreakKind, infected: list[float], sampled: list[float], truth: Truth,
    rng: np.random.Generator,
) -> Genealogy:  # fmt: skip
    """Years between cases; those in the source count only as far as its germ replicates."""
    if kind == "chain":
        return chained(infected, sampled, float(rng.choice([0.1, 0.5, 2.0])), rng)
    if kind == "point":
        theta, activity = 1e-6, float(rng.uniform(0, 1))
    elif kind == "frozen":
        theta, activity = _theta(truth, rng), float(rng.beta(1, 15))
    else:
        theta, activity = _theta(truth, rng), float(rng.beta(4, 1))
    source = scaled(drawn(infected, theta, rng), activity)
    return extended(source, np.subtract(sampled, infected).tolist())


def _theta(truth: Truth, rng: np.random.Generator) -> float:
    return truth.diversity * float(rng.choice(_THETA, p=np.array(_THETA_SHARE) / sum(_THETA_SHARE)))


def _together(cases: Counts, among: Counts) -> Counts:
    """Cases descend from the first of the unlinked patients' lineages."""
    n, m = len(cases), len(among) - 1
    own = cases.sum(axis=1) // max(1, 2 * (n - 1))
    snps = np.zeros((n + m, n + m), dtype=np.int64)
    snps[:n, :n], snps[n:, n:] = cases, among[1:, 1:]
    snps[:n, n:] = among[:1, 1:] + own[:, None]
    snps[n:, :n] = snps[:n, n:].T
    return snps


def _truth(kind: OutbreakKind, patients: int, cases: int) -> dict[tuple[int, int], Hypothesis]:
    cause: Hypothesis = "person to person" if kind == "chain" else "common source"
    pairs = zip(*np.triu_indices(patients, 1), strict=True)
    return {(int(i), int(j)): cause if j < cases else "chance" for i, j in pairs}


def _mix_up(
    snps: Counts, runs: Counts, pairs: dict[tuple[int, int], Hypothesis], copy: int,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """Let one isolate's tube hold another's germ, handled on one run."""
    giver = int(rng.choice([i for i in range(len(snps)) if i != copy]))
    snps[copy], snps[:, copy] = snps[giver], snps[:, giver]
    snps[copy, giver] = snps[giver, copy] = rng.poisson(0.04)
    runs[copy] = runs[giver]
    pairs[min(copy, giver), max(copy, giver)] = "laboratory"


def _sampled(
    plan: Plan, number: int, dates: tuple[float, float], run: int, rng: np.random.Generator
) -> Sampled:
    """What a laboratory and a line list would know of one isolate."""
    name = f"{plan.name}-{number:02d}"
    known = rng.random() >= plan.truth.unknown_dates
    width = int(rng.choice([0, 30]))
    return Sampled(
        name,
        patient=name,
        stratum=plan.strain.name,
        exposed=_days(dates[0], width, rng) if known else None,
        collected=_days(dates[1], int(rng.choice([0, 0, 0, 30])), rng),
        handling=frozenset({("run", f"R{run}")}),
    )


def _days(year: float, width: int, rng: np.random.Generator) -> Days:
    """An interval of `width` days somewhere around a date."""
    first = START + timedelta(days=round(year * 365.25) - int(rng.integers(width + 1)))
    return Days(first, first + timedelta(days=width))
