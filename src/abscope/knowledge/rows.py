"""What one row of each table says. Positions are 0-based and half-open unless a site's name is meant."""

import re
from dataclasses import dataclass, field
from typing import Literal

from abscope.knowledge.conditions import Limits

Verdict = Literal["resistant", "inducible", "susceptible", "indeterminate", "not assessed"]
VERDICTS: tuple[Verdict, ...] = (
    "resistant",
    "inducible",
    "susceptible",
    "indeterminate",
    "not assessed",
)
SiteKind = Literal["base", "codon", "deletion"]
SITE_KINDS: tuple[SiteKind, ...] = ("base", "codon", "deletion")
AMINO_ACIDS = "ACDEFGHIKLMNPQRSTVWY*"
DELETED, PRESENT = "deleted", "present"


@dataclass(frozen=True, slots=True)
class Locus:
    """A gene on one of the organism's references. contig: name within the reference's sequence."""

    reference: str
    locus: str
    tag: str | None
    contig: str
    start: int
    end: int
    strand: Literal["+", "-"]
    product: str
    source: str


@dataclass(frozen=True, slots=True)
class Site:
    """A place in a locus that rules look at, by the gene's own numbering (1-based, as papers print it).

    site: `2270` (a base), `p96` (a codon), `159-432` (a stretch that may be deleted). wild: the base
    or amino acid of a susceptible isolate, `present` for a stretch. elsewhere: other numbering.
    """

    locus: str
    site: str
    kind: SiteKind
    wild: str
    elsewhere: str | None
    source: str

    @property
    def name(self) -> str:
        """`locus:site`, as conditions write it."""
        return f"{self.locus}:{self.site}"

    @property
    def span(self) -> tuple[int, int]:
        """Bases of the gene it covers, 0-based half-open. Raises ValueError for a malformed name."""
        match = _SITE[self.kind].fullmatch(self.site)
        if match is None:
            raise ValueError(f"{self.site!r} does not name a {self.kind}: {_FORMS[self.kind]}")
        first = int(match[1])
        if self.kind == "codon":
            return 3 * first - 3, 3 * first
        last = int(match[2]) if self.kind == "deletion" else first
        if not 1 <= first <= last:
            raise ValueError(f"{self.site!r}: positions count from 1, the smaller first")
        return first - 1, last


_SITE = {
    "base": re.compile(r"([1-9]\d*)"),
    "codon": re.compile(r"p([1-9]\d*)"),
    "deletion": re.compile(r"([1-9]\d*)-([1-9]\d*)"),
}
_FORMS = {"base": "write 2270", "codon": "write p96", "deletion": "write 159-432"}


@dataclass(frozen=True, slots=True)
class Drug:
    """An agent, and the name under which rules predict it; none: no rule is valid, for `reason`."""

    drug: str
    drug_class: str
    predicted_as: str | None
    reason: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What a finding means for a drug. when: a condition, or `otherwise`. grade: see GRADES."""

    rule: str
    drug: str
    mechanism: str
    verdict: Verdict
    when: str
    grade: Literal["A", "B", "C"]
    explanation: str
    source: str


GRADES = {
    "A": "agrees with MICs of clinical isolates of the species",
    "B": "in a published catalogue, from clinical isolates or selected mutants",
    "C": "listed in a catalogue; few or no isolates of the species seen",
}


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """How an edition reads a MIC (mg/L): susceptible up to, resistant from; between: intermediate.

    read_days: first and last day of incubation, none where the edition names none. mechanisms: those
    of the drug's rules that show on that day.
    """

    drug: str
    edition: str
    unit: str
    susceptible: float
    resistant: float
    first_day: int | None
    last_day: int | None
    mechanisms: tuple[str, ...]
    status: Literal["printed", "inferred", "not reported"]
    source: str


@dataclass(frozen=True, slots=True)
class Clone:
    """A clone with a name: its reference genome and types, and what others call it."""

    clone: str
    part_of: str | None
    subspecies: str | None
    strain: str | None
    accession: str | None
    sequence_types: tuple[str, ...]
    also_types: tuple[str, ...]
    other_names: tuple[str, ...]
    expansion_year: int | None
    note: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A clone's substitution rate per site and year, with its interval; clone `*`: any other."""

    clone: str
    rate: float
    low: float
    high: float
    interval: str
    source: str


@dataclass(frozen=True, slots=True)
class Trait:
    """What follows where a gene is lost. locus: of loci.tsv."""

    trait: str
    locus: str
    source: str


@dataclass(frozen=True, slots=True)
class Plasmid:
    """A plasmid isolates may carry. length: None where it was not counted."""

    plasmid: str
    accession: str
    length: int | None
    source: str


COUNTED: tuple[str, ...] = ("patients", "genomes")


@dataclass(frozen=True, slots=True)
class BackgroundShare:
    """How many pairs of a stratum are at most so many SNPs apart, as published or computed from what is.

    stratum: a clone, or "not a clone (subspecies)". counted: patients (one isolate of each), or genomes
    (several of one patient or outbreak among them: the share of unlinked pairs may be far lower).
    patients: how many, of either. share, low, high: from 0 to 1; low may be 0, share never is.
    """

    stratum: str
    counted: Literal["patients", "genomes"]
    patients: int
    pairs: int
    snps: int
    share: float
    low: float
    high: float
    use: str
    source: str


@dataclass(frozen=True, slots=True)
class Example:
    """Findings and the verdicts the rules must give them: the folder tests itself."""

    example: str
    findings: tuple[str, ...]
    verdicts: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of an organism beyond its references. Empty where the folder has no such table."""

    loci: tuple[Locus, ...] = ()
    sites: tuple[Site, ...] = ()
    drugs: tuple[Drug, ...] = ()
    rules: tuple[Rule, ...] = ()
    breakpoints: tuple[Breakpoint, ...] = ()
    clones: tuple[Clone, ...] = ()
    clock: tuple[Clock, ...] = ()
    backgrounds: tuple[BackgroundShare, ...] = ()
    examples: tuple[Example, ...] = ()
    traits: tuple[Trait, ...] = ()
    plasmids: tuple[Plasmid, ...] = ()
    limits: Limits = field(default_factory=Limits)

    def locus(self, name: str, reference: str) -> Locus | None:
        """Where a gene lies on a reference, None where the folder does not say."""
        found = (one for one in self.loci if (one.locus, one.reference) == (name, reference))
        return next(found, None)
