"""What a watch sees on a day, by which rules it looks, and what it has to say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, get_args

from abscope.records.cases import LineList
from abscope.records.empty import empty
from abscope.records.links import Sampled

if TYPE_CHECKING:
    import polars as pl

Severity = Literal["low", "medium", "high"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


@dataclass(frozen=True, slots=True)
class WatchRule:
    """One rule of a watch: what sort of thing it looks for, and from which figures on.

    name: its own, unique. kind: which function looks. title: what it says without naming anybody.
    settings: figures and words of its kind, complete.
    """

    name: str
    kind: str
    title: str
    severity: Severity
    source: str
    settings: Mapping[str, object] = field(default_factory=dict)

    def number(self, name: str) -> float:
        """A setting that is a number."""
        return float(str(self.settings[name]))

    def words(self, name: str) -> tuple[str, ...]:
        """A setting that is a list of words."""
        given = self.settings[name]
        return tuple(str(one) for one in given) if isinstance(given, list | tuple) else ()

    def on(self, name: str) -> bool:
        """A setting that is true or false."""
        return self.settings[name] is True


@dataclass(frozen=True, slots=True)
class WatchedName:
    """Something to look out for: an exposure (kind, value), or a cluster (number) of a level."""

    kind: str
    value: str
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """An isolate as a watch sees it. clusters: its cluster at every level. serial: order of arrival.

    markers: resistance markers as (drug, marker); None: not assessed.
    """

    isolate_id: str
    serial: int
    sampled: Sampled
    jurisdiction: str = ""
    clusters: Mapping[int, int] = field(default_factory=dict)
    markers: frozenset[tuple[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Nearby:
    """Two isolates near each other: SNPs, of so many comparable sites."""

    isolate_1: str
    isolate_2: str
    snps: int
    comparable: int
    reference: str


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What is known on a day, as far as it concerns what is new.

    isolates, near: by name, and the pairs that have one that is new. sizes: isolates in the clusters of
    new ones, by level and number. whose: jurisdictions of further isolates that the line list names.
    totals: isolates by jurisdiction.
    known: patients by stratum; a_year: new isolates a year by stratum. linelist, contacts and
    monitoring: tables of the cases, the contact log and tests done.
    """

    isolates: Mapping[str, Seen] = field(default_factory=dict)
    near: tuple[Nearby, ...] = ()
    sizes: Mapping[tuple[int, int], int] = field(default_factory=dict)
    whose: Mapping[str, str] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    known: Mapping[str | None, int] = field(default_factory=dict)
    a_year: Mapping[str | None, float] = field(default_factory=dict)
    linelist: LineList = field(
        default_factory=lambda: LineList(empty("CASES")(), empty("EXPOSURES")())
    )
    contacts: "pl.DataFrame" = field(default_factory=empty("followup.CONTACTS"))
    monitoring: "pl.DataFrame" = field(default_factory=empty("followup.MONITORING"))


@dataclass(frozen=True, slots=True)
class Alert:
    """Something a person should know: by which rule, about what, how grave, why, on what evidence.

    title: what it says without naming anybody. evidence: JSON values. jurisdiction: whose it is, "" where
    it is everybody's. false_a_year: how often such an alert is expected to come of nothing; None where
    chance plays no part, or it cannot be told. sealed: the key, where names were taken out of the rest.
    """

    rule: str
    subject: str
    severity: Severity
    title: str
    reason: str
    evidence: Mapping[str, object]
    day: date
    jurisdiction: str = ""
    false_a_year: float | None = None
    sealed: str | None = None

    @property
    def key(self) -> str:
        """What the same alert has whenever it is raised again: a digest of rule, subject and whose."""
        if self.sealed is not None:
            return self.sealed
        named = "\0".join((self.rule, self.subject, self.jurisdiction))
        return sha256(named.encode()).hexdigest()[:20]
