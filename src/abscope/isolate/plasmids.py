"""Plasmids in an isolate: how much of each known one its reads or contigs cover, and how deep."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

PlasmidVerdict = Literal["present", "partly", "absent", "cannot tell"]
WHOLE, SOME = 0.9, 0.3
"""Shares of a plasmid's positions from which it is there, and from which a part of it is."""
LEAST_DEPTH = 10.0
RARE = 0.1
"""Below this depth beside the chromosome's, a plasmid of some of the cells, or of another tube."""


@dataclass(frozen=True, slots=True)
class PlasmidState:
    """One known plasmid. breadth: share of its positions that are covered.

    copies: its depth over the chromosome's, None of an assembly.
    """

    plasmid: str
    verdict: PlasmidVerdict
    breadth: float
    copies: float | None
    reason: str


def plasmid_state(name: str, counts: NDArray[np.int32], chromosome: float | None) -> PlasmidState:
    """Judge one plasmid. counts: int32 (n, 5), as of `PanelCounts`; chromosome: mean depth, None: contigs."""
    depth = counts[:, :4].sum(axis=1)
    breadth = float((depth > 0).mean())
    covered = f"{breadth:.0%} of its {len(depth):,} bases covered"
    if chromosome is None:
        return PlasmidState(name, _by_breadth(breadth), breadth, None, covered)
    if chromosome < LEAST_DEPTH:
        reason = f"depth too low: {chromosome:.0f} on the chromosome, {LEAST_DEPTH:.0f} are needed"
        return PlasmidState(name, "cannot tell", breadth, None, reason)
    copies = float(depth.mean()) / chromosome
    reason = f"{covered}, {copies:.1f} copies a chromosome"
    verdict = _by_breadth(breadth)
    if verdict != "absent" and copies < RARE:
        rare = f"{reason}: in few of the cells, or from another tube"
        return PlasmidState(name, "cannot tell", breadth, copies, rare)
    return PlasmidState(name, verdict, breadth, copies, reason)


def _by_breadth(breadth: float) -> PlasmidVerdict:
    return "present" if breadth >= WHOLE else "partly" if breadth >= SOME else "absent"
