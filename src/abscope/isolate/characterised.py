"""All that is known of one isolate: what it is, its clone and type, its drugs, and how good its data are."""

from dataclasses import dataclass
from typing import Literal

from abscope.isolate.evidence import Evidence
from abscope.isolate.mic import Comparison
from abscope.isolate.mlst import TypeCall
from abscope.knowledge.verdicts import DrugVerdict
from abscope.records import CloneCall, Identity, Kind, Profile

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


@dataclass(frozen=True, slots=True)
class IsolateType:
    """One isolate, characterised.

    files: names only. mlst: None without a scheme. drugs: every drug of the organism, in its order; those
    without a valid rule last. phenotypes: MICs beside what the genotype says.
    """

    isolate_id: str
    kind: Kind
    files: tuple[str, ...]
    reference: str
    identity: Identity
    clone: CloneCall
    mlst: TypeCall | None
    evidence: Evidence
    drugs: tuple[DrugVerdict, ...]
    quality: DataQuality
    phenotypes: tuple[Comparison, ...] = ()

    def verdict(self, drug: str) -> str:
        """The verdict on a drug or class. `not assessed` where the organism has no such drug."""
        found = (one.verdict for one in self.drugs if one.drug == drug)
        return next(found, "not assessed")

    @property
    def warnings(self) -> tuple[str, ...]:
        """Everything to look at before the rest is believed, each once."""
        return tuple(dict.fromkeys((*self.quality.reasons, *self.clone.warnings)))


def data_quality(profile: Profile, identity: Identity) -> DataQuality:
    """Judge one isolate's reads or assembly."""
    called, reads = profile.called, profile.kind != "assembly"
    share = called.calls.called_fraction
    reasons = [*profile.warnings, *identity.warnings]
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
