"""Traits of an isolate that follow from genes it has lost: a rough morphotype, say.

An attribute of the isolate alone: rough and smooth colonies live side by side in one patient, so that a
trait never speaks for or against a link between two.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from abscope.isolate.genes import GeneState
from abscope.knowledge.rows import Knowledge

TraitVerdict = Literal["expected", "not seen", "cannot tell", "not assessed"]


@dataclass(frozen=True, slots=True)
class TraitCall:
    """Whether a trait is to be expected, and because of which genes.

    not seen: every gene of the trait is intact; what else may bring it about is not looked at.
    """

    trait: str
    verdict: TraitVerdict
    genes: tuple[str, ...]
    reason: str


def traits(states: Sequence[GeneState], knowledge: Knowledge) -> Iterator[TraitCall]:
    """Every trait the organism lists, in the order of its table."""
    known = {one.locus: one for one in states}
    for name in dict.fromkeys(one.trait for one in knowledge.traits):
        wanted = [one.locus for one in knowledge.traits if one.trait == name]
        yield _call(name, [known[locus] for locus in wanted if locus in known], len(wanted))


def _call(name: str, genes: Sequence[GeneState], wanted: int) -> TraitCall:
    if not genes:
        return TraitCall(name, "not assessed", (), "its genes are not placed on this reference")
    lost = [one for one in genes if one.verdict == "disrupted"]
    if lost:
        reason = "; ".join(f"{one.locus}: {one.reason}" for one in lost)
        return TraitCall(name, "expected", tuple(one.locus for one in lost), reason)
    open_genes = [one for one in genes if one.verdict == "cannot tell"]
    if open_genes or len(genes) < wanted:
        reason = "; ".join(f"{one.locus}: {one.reason}" for one in open_genes)
        missing = f"{wanted - len(genes)} of {wanted} genes not looked at"
        return TraitCall(
            name, "cannot tell", tuple(one.locus for one in open_genes), reason or missing
        )
    return TraitCall(name, "not seen", (), f"all {wanted} genes are read from start to stop")
