"""What speaks for and against each clone: SNPs to its reference genome, its marker SNPs, identity.

Each line of evidence says of a clone `same`, `near` (between the limits), `other`, or nothing.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from abscope.knowledge.rows import Clone
from abscope.knowledge.typing_limits import CloneLimits
from abscope.population.distances import check_reference
from abscope.records import MIXED, Calls, CloneDistance, MarkerCount, Markers, Mask

Said = Literal["same", "near", "other"]
_ONE_SIDED_99 = 2.326


@dataclass(frozen=True, slots=True, eq=False)
class ClonePanel:
    """What is at hand to recognise clones on one reference.

    clones: those the organism lists. genomes: clone -> its reference genome, called against the same
    reference as the isolates. markers: marker SNPs on it; their groups count as clones too.
    """

    clones: tuple[Clone, ...]
    genomes: Mapping[str, Calls] = field(default_factory=dict)
    markers: Markers | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Typed:
    """What is known of an isolate: its calls, subspecies, sequence type, and identity to clones.

    ani: clone -> identity (0-1) to its reference genome by k-mers; counts where no SNPs can.
    """

    calls: Calls
    subspecies: str | None = None
    sequence_type: str | None = None
    ani: Mapping[str, float] = field(default_factory=dict)


def distances(calls: Calls, panel: ClonePanel, mask: Mask) -> tuple[CloneDistance, ...]:
    """SNPs to each clone's reference genome outside the mask, nearest first, and per whole genome.

    Raises DataError where isolate or genomes were called against another reference than the mask's.
    """
    check_reference({"isolate": calls, **panel.genomes}, mask)
    open_sites = ~mask.hidden()
    mine = calls.called & open_sites
    found = []
    for clone, genome in panel.genomes.items():
        both = mine & genome.called
        comparable = int(both.sum())
        snps = int((calls.bases[both] != genome.bases[both]).sum())
        scaled = snps / max(comparable, 1) * int(open_sites.sum())
        found.append(CloneDistance(clone, snps, comparable, scaled))
    return tuple(sorted(found, key=lambda one: (one.per_genome, one.clone)))


def by_distance(
    found: Sequence[CloneDistance], mask: Mask, *, limits: CloneLimits
) -> dict[str, Said]:
    """What SNPs to reference genomes say; nothing where too little can be compared."""
    enough = limits.comparable * int((~mask.hidden()).sum())
    said: dict[str, Said] = {}
    for one in found:
        if one.comparable >= enough:
            near: Said = "near" if one.per_genome < limits.other else "other"
            said[one.clone] = "same" if one.per_genome <= limits.same else near
    return said


def by_markers(counts: Sequence[MarkerCount], *, limits: CloneLimits) -> dict[str, Said]:
    """What marker SNPs say; nothing where too few were read to tell.

    A clone's share must reach `carried`, and the share's lower bound (one-sided, 99 %) must exclude a
    stranger's; for `other` the upper bound must lie below what a stranger carries at most.
    """
    said: dict[str, Said] = {}
    for one in counts:
        spread = one.stretches / max(one.all_stretches, 1)
        if one.share is None or one.read < limits.sites or spread < limits.spread:
            continue
        low, high = bounds(one.carried, one.read)
        if one.share >= limits.carried and low > limits.stranger:
            said[one.group] = "same"
        else:
            said[one.group] = "other" if high < limits.stranger else "near"
    return said


def bounds(carried: int, read: int) -> tuple[float, float]:
    """Wilson's bounds of a share, each one-sided at 99 %."""
    z = _ONE_SIDED_99
    share, size = carried / read, 1 + z * z / read
    middle = (share + z * z / (2 * read)) / size
    half = z * math.sqrt(share * (1 - share) / read + z * z / (4 * read * read)) / size
    return middle - half, middle + half


def by_identity(ani: Mapping[str, float], *, limits: CloneLimits) -> dict[str, Said]:
    """What identity by k-mers says."""
    said: dict[str, Said] = {}
    for clone, identity in ani.items():
        near: Said = "other" if identity < limits.ani_other else "near"
        said[clone] = "same" if identity >= limits.ani_same else near
    return said


def mixed_share(calls: Calls, panel: ClonePanel, mask: Mask) -> tuple[float, int]:
    """Share of the sites that tell clones apart at which the reads disagree, and how many were read."""
    sites = _telling_sites(panel, mask.length) & ~mask.hidden()
    mixed = int((calls.bases[sites] == MIXED).sum())
    read = int(calls.called[sites].sum()) + mixed
    return mixed / max(read, 1), read


def _telling_sites(panel: ClonePanel, length: int) -> NDArray[np.bool_]:
    """Markers, and where clones' reference genomes differ."""
    flags = np.zeros(length, dtype=np.bool_)
    genomes = list(panel.genomes.values())
    for one in genomes[1:]:
        flags |= (one.bases != genomes[0].bases) & one.called & genomes[0].called
    if panel.markers is not None:
        flags[panel.markers.position] = True
    return flags
