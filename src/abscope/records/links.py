"""Pairs of isolates, and what their distance says of how the infections hang together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from abscope.records.remarks import LeftOut

Hypothesis = Literal["common source", "person to person", "laboratory", "chance"]
HYPOTHESES: tuple[Hypothesis, ...] = ("common source", "person to person", "laboratory", "chance")

LinkVerdict = Literal["linked", "not linked", "laboratory mix-up", "cannot tell"]
PatientVerdict = Literal["persistence", "reinfection", "mixed", "cannot tell"]
StarVerdict = Literal["star", "nested", "uneven", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Days:
    """A date that is known to lie between two days, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.first} to {self.last}: ends before it starts")


@dataclass(frozen=True, slots=True)
class Sampled:
    """What is known of an isolate beside its genome; None is unknown and moves nothing.

    stratum: whose background it is held against, a clone or "not a clone". exposed: when the patient
    may have been infected. errors: SNPs expected to be false, from replicates. handling: how the
    laboratory treated it, (kind, name) such as ("run", "M0412").
    """

    isolate_id: str
    patient: str | None = None
    stratum: str | None = None
    exposed: Days | None = None
    collected: Days | None = None
    errors: float | None = None
    handling: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class ChanceMatches:
    """How often patients with nothing to do with each other are this close.

    share, upper: of pairs at most this far apart, with the 95 % upper bound. patients: the share is
    of. compared: unlinked patients this pair was found among; expected: how many of them match one
    isolate by chance; any: the chance of at least one; any_upper: the same at the upper bound.
    """

    stratum: str
    patients: int
    share: float
    upper: float
    compared: int
    expected: float
    any: float
    any_upper: float


@dataclass(frozen=True, slots=True)
class Link:
    """How two isolates hang together: a verdict, its reason, and the numbers behind it.

    prior, likelihood, posterior: by hypothesis; likelihood is of exactly this many SNPs, and None where
    there is no background to hold it against, as are posterior and linked. linked: posterior of common
    source and person to person; linked_low, linked_high: with the background at its bounds.
    source_within: SNPs that 95 of 100 pairs of one source stay within. cutoffs: SNPs -> within it?
    would_change: what to learn next. same_patient: the verdict where both are one patient's.
    """

    isolate_1: str
    isolate_2: str
    snps: int | None
    comparable: int | None
    verdict: LinkVerdict
    most_likely: Hypothesis | None
    reason: str
    prior: Mapping[Hypothesis, float]
    likelihood: Mapping[Hypothesis, float] | None = None
    posterior: Mapping[Hypothesis, float] | None = None
    linked: float | None = None
    linked_low: float | None = None
    linked_high: float | None = None
    bayes_factor: float | None = None
    source_within: int | None = None
    chance: ChanceMatches | None = None
    cutoffs: Mapping[int, bool] = field(default_factory=dict)
    would_change: tuple[str, ...] = ()
    same_patient: PatientVerdict | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """Both isolates, in alphabetical order."""
        return self.isolate_1, self.isolate_2


@dataclass(frozen=True, slots=True)
class Star:
    """Whether three or more isolates spread from one point, like the rays of a star.

    private: SNPs of each isolate that no other has, from the distances. variable: sites at which they
    differ, at most. index: share of all pairs' differences that one isolate alone makes, 1 for a star;
    None without differences. as_even: share of simulated point sources whose counts are at least as
    uneven. chance: that they spread from one point; None for three isolates, whose index is always 1.
    left_out: linked too, but not comparable with all of them.
    """

    isolates: tuple[str, ...]
    private: tuple[float, ...]
    variable: float
    index: float | None
    as_even: float
    chance: float | None
    verdict: StarVerdict = "cannot tell"
    reason: str = ""
    left_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.isolates) < 3 or len(self.private) != len(self.isolates):
            raise ValueError("a star has three rays at least, each with its own SNPs")


@dataclass(frozen=True, slots=True)
class Links:
    """Every pair that was judged, closest first.

    far: pairs more than `farther_than` SNPs apart, or without a common reference. left_out: isolates
    that are in no pair. stars: every group of three or more linked patients.
    """

    links: tuple[Link, ...]
    far: int
    farther_than: int
    left_out: tuple[LeftOut, ...] = ()
    stars: tuple[Star, ...] = ()

    def of(self, one: str, other: str) -> Link | None:
        """The link of two isolates, in either order; None where they are far apart or not known."""
        pair = (min(one, other), max(one, other))
        return next((link for link in self.links if link.pair == pair), None)
