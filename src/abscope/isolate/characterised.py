"""All that is known of one isolate: what it is, its clone and type, its drugs, and how good its data are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from abscope.isolate.evidence import Evidence
from abscope.isolate.genes import GeneState
from abscope.isolate.mic import MicComparison
from abscope.isolate.mlst import TypeCall
from abscope.isolate.plasmids import PlasmidState
from abscope.isolate.traits import TraitCall
from abscope.knowledge.verdicts import DrugVerdict
from abscope.records import (
    CloneCall,
    Identity,
    Kind,
    MarkerCheck,
    MinorSource,
    Mixture,
    Profile,
)

Quality = Literal["good", "doubtful", "poor"]
_FEWEST_CALLED = 0.5
_SHALLOW = 10.0


@dataclass(frozen=True, slots=True)
class DataQuality:
    """Whether the data can be relied on, and why not. depth: mean, None of an assembly.

    doubtful: something was remarked. poor: less than half of the reference has a base (such an isolate is
    compared with nobody), or the mean depth is less than a position needs.
    """

    verdict: Quality
    reasons: tuple[str, ...]
    depth: float | None
    breadth: float
    called: float


@dataclass(frozen=True, slots=True, eq=False)
class IsolateType:
    """One isolate, characterised.

    profile: key of its calls. files: names only. mlst: None without a scheme. drugs: every drug of the
    organism, in its order; those without a valid rule last. mixture: None where no second bases were
    kept: of assemblies, and by callers that keep none. sources: other isolates held against its minor
    strain. markers: None where no marker SNPs of subspecies lie on its reference. genes: protein genes
    placed on its reference. phenotypes: MICs beside what the genotype says.
    """

    isolate_id: str
    kind: Kind
    profile: str
    files: tuple[str, ...]
    reference: str
    identity: Identity
    clone: CloneCall
    mlst: TypeCall | None
    evidence: Evidence
    drugs: tuple[DrugVerdict, ...]
    quality: DataQuality
    phenotypes: tuple[MicComparison, ...] = ()
    mixture: Mixture | None = None
    sources: tuple[MinorSource, ...] = ()
    markers: MarkerCheck | None = None
    genes: tuple[GeneState, ...] = ()
    traits: tuple[TraitCall, ...] = ()
    plasmids: tuple[PlasmidState, ...] = ()

    def verdict(self, drug: str) -> str:
        """The verdict on a drug or class. `not assessed` where the organism has no such drug."""
        found = (one.verdict for one in self.drugs if one.drug == drug)
        return next(found, "not assessed")

    @property
    def warnings(self) -> tuple[str, ...]:
        """Everything to look at before the rest is believed, each once."""
        found = (*self.quality.reasons, *self.clone.warnings, *map(_carrier, self.carriers))
        return tuple(dict.fromkeys(found))

    @property
    def mixture_verdict(self) -> str:
        """`not assessed` where there is nothing to judge it by."""
        return "not assessed" if self.mixture is None else self.mixture.verdict

    @property
    def carriers(self) -> tuple[MinorSource, ...]:
        """Isolates that the minor strain may come from."""
        return tuple(one for one in self.sources if one.verdict == "carries it")


def _carrier(source: MinorSource) -> str:
    return (
        f"the minor strain has {source.carried:,} of {source.compared:,} bases of {source.name}: "
        "cross-contamination, or a relative"
    )


def data_quality(
    profile: Profile,
    identity: Identity,
    mixture: Mixture | None = None,
    remarks: Sequence[str] = (),
) -> DataQuality:
    """Judge one isolate's reads or assembly. remarks: whatever else was found amiss."""
    called, reads = profile.called, profile.kind != "assembly"
    share = called.calls.called_fraction
    reasons = [*profile.warnings, *identity.warnings, *remarks, *_mixture(mixture)]
    if share < _FEWEST_CALLED:
        reasons.append(f"only {share:.0%} of the reference has a base")
    poor = share < _FEWEST_CALLED or (reads and called.depth.mean < _SHALLOW)
    return DataQuality(
        "poor" if poor else "doubtful" if reasons else "good",
        tuple(reasons),
        called.depth.mean if reads else None,
        called.depth.breadth,
        share,
    )


def _mixture(mixture: Mixture | None) -> Iterator[str]:
    if mixture is None:
        return
    if mixture.verdict == "mixed":
        yield f"mixed: {mixture.reason}"
    elif mixture.verdict == "cannot tell":
        yield f"whether one strain or two cannot be told: {mixture.reason}"
    if mixture.damage is not None:
        yield mixture.damage
