"""From which figures a species, a subspecies or a clone is said to be there; each with its source.

The defaults stand for organisms that say nothing else in `[identity]` and `[clones]` of organism.toml.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from abscope.errors import OrganismError
from abscope.records import Problem

L = TypeVar("L", "IdentityLimits", "CloneLimits")


@dataclass(frozen=True, slots=True)
class IdentityLimits:
    """Average nucleotide identity and shares (0-1).

    species: identity from which an isolate is of a known genome's species (0.95; Yu & Wang, J Clin
    Microbiol 2025, 10.1128/jcm.00697-25). doubtful: identities this close to the limit are of low
    certainty. subspecies: identity from which it is of its subspecies (0.98; same source). lead: by how
    much the subspecies must be nearer than the next (346 public genomes: 0.009 or more).
    foreign, foreign_unplaced: share of another species' own k-mers from which it is in the tube too,
    where the known genome's positions are known and a stretch it gave away can be told from the whole,
    and where they are not (pure public genomes: up to 0.034). unexplained: share of the sequence that
    nothing explains from which it is contaminated (346 pure public genomes: up to 0.11);
    `unexplained_large` for an assembly longer than the organism's usual (docs/validation/identity.md).
    outlying: share of an assembly in contigs of another base composition.
    """

    species: float = 0.95
    doubtful: float = 0.02
    subspecies: float = 0.98
    lead: float = 0.005
    foreign: float = 0.01
    foreign_unplaced: float = 0.05
    unexplained: float = 0.2
    unexplained_large: float = 0.12
    outlying: float = 0.05

    def __post_init__(self) -> None:
        _check_shares(self)
        if not self.species < self.subspecies:
            raise ValueError("species must lie below subspecies")


@dataclass(frozen=True, slots=True)
class CloneLimits:
    """SNPs per genome, shares (0-1) and counts.

    same, other: SNPs to a clone's reference genome up to which an isolate is of the clone, and from which
    it is not (500: Bronson 2021's hierarchical clusters; 1000: no pair of the 89 isolates of one-per-patient
    tree in caladov/DR_mutations_MAB 6620b85 lies between 250 and 1000).
    carried, stranger: share of a clone's defining SNPs from which an isolate is of the clone (0.95;
    zhuchendi0520/MABC_eDCCs 6ad4d10), and below which it is not (0.75; strangers carry up to 0.86 of a sister
    clone's, members not less than 0.83: docs/validation/clones.md).
    sites, spread: defining SNPs that must be read, and the share of the 100-kb stretches that have any.
    mixed: share of them at which the reads disagree from which two strains are in the tube.
    comparable: share of the reference that must be comparable. ani_same, ani_other: identity by k-mers,
    where no SNPs can be counted (346 public genomes: nothing between 0.997 and 0.9985 of ATCC 19977).
    """

    same: int = 500
    other: int = 1000
    carried: float = 0.95
    stranger: float = 0.75
    sites: int = 30
    spread: float = 0.4
    mixed: float = 0.1
    comparable: float = 0.5
    ani_same: float = 0.9985
    ani_other: float = 0.997

    def __post_init__(self) -> None:
        _check_shares(self)
        if not 0 < self.same < self.other:
            raise ValueError("same must lie below other")
        if not self.stranger < self.carried or not self.ani_other < self.ani_same:
            raise ValueError("stranger must lie below carried, and ani_other below ani_same")
        if self.sites < 1:
            raise ValueError("sites is 1 or more")


def _check_shares(limits: object) -> None:
    for field in fields(limits):  # type: ignore[arg-type]
        value = getattr(limits, field.name)
        if isinstance(field.default, float) and not 0 < value < 1:
            raise ValueError(f"{field.name} must lie between 0 and 1, is {value}")


def read(folder: Path) -> tuple[IdentityLimits, CloneLimits]:
    """The limits of an organism folder: `species.min_ani`, `[identity]` and `[clones]` of organism.toml.

    Raises OrganismError, naming every section that will not do.
    """
    try:
        data = tomllib.loads((folder / "organism.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise OrganismError(f"{folder}: {error}", hint=_HINT) from error
    if faults := [f"{where}: {what}" for where, what in _faults(data)]:
        raise OrganismError.collect(str(folder / "organism.toml"), faults, hint=_HINT)
    return _made(IdentityLimits, data), _made(CloneLimits, data)


def problems(folder: Path) -> Iterator[Problem]:
    """Every section that will not do; nothing of a file that cannot be read, which is told elsewhere."""
    try:
        data = tomllib.loads((folder / "organism.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return
    for where, what in _faults(data):
        yield Problem(f"organism.toml {where}", what, _HINT)


_HINT = "docs/organism-folder.md lists the entries"
_SECTIONS: Mapping[type, str] = {IdentityLimits: "identity", CloneLimits: "clones"}


def _faults(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Section and what is wrong with it: no source, an unknown entry, limits that make no sense."""
    for kind, name in _SECTIONS.items():
        section = data.get(name, {})
        if not isinstance(section, dict):
            yield f"[{name}]", "is not a section"
            continue
        if section and not section.get("source"):
            yield f"[{name}]", "source: every threshold names where it comes from"
        try:
            _made(kind, data)
        except (TypeError, ValueError) as error:
            yield f"[{name}]", str(error)


def _made(kind: type[L], data: Mapping[str, Any]) -> L:
    given = dict(data.get(_SECTIONS[kind], {}))
    given.pop("source", None)
    if kind is IdentityLimits:
        given = {"species": data.get("species", {}).get("min_ani", 0.95), **given}
    return kind(**given)
