"""How right blocks and masked distances are, against known imports; the same for every program.

A block stands for a true import where it is on the same branch (one side of the tree has the same
isolates) and covers half of it; a found block is right where half of it lies in true imports of its
branch. Masked distances are held against the substitutions on each pair's path that no import brought.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.recombination_worlds import TrueBlock, World

Block = tuple[int, int, frozenset[str]]
"""Start and end, 0-based half-open, and the isolates below the branch."""


@dataclass(frozen=True)
class Score:
    """Counts, so that several worlds can be added up, and errors of masked distances."""

    true: int
    recalled: int
    found: int
    right: int
    imported: int
    covered: int
    masked: int
    masked_rightly: int
    errors: NDArray[np.float64]

    def row(self) -> dict[str, object]:
        """The figures of a table."""
        return {
            "imports": self.true,
            "recall": _share(self.recalled, self.true),
            "blocks": self.found,
            "precision": _share(self.right, self.found),
            "bases recalled": _share(self.covered, self.imported),
            "bases right": _share(self.masked_rightly, self.masked),
            "mean error, SNPs": f"{np.abs(self.errors).mean():.2f}",
            "95 % of errors within": f"{np.quantile(np.abs(self.errors), 0.95):.0f}",
        }


def score(
    world: World, blocks: Sequence[Block], distances: NDArray[np.float64], *, least: int = 1
) -> Score:
    """Compare; distances in the order of world.ids. least: letters changed by an import that counts."""
    everybody = frozenset(world.ids)
    true = _by_branch(((b.start, b.end, b.descendants) for b in world.blocks), everybody)
    found = _by_branch(blocks, everybody)
    wanted = [block for block in world.blocks if block.changed >= least]
    upper = np.triu_indices(len(everybody), 1)
    return Score(
        true=len(wanted),
        recalled=sum(_half(_key(block, everybody), block, found) for block in wanted),
        found=len(blocks),
        right=sum(_half(_branch(b[2], everybody), b, true) for b in blocks),
        imported=_bases(true),
        covered=_shared(true, found),
        masked=_bases(found),
        masked_rightly=_shared(found, true),
        errors=(distances - world.distances)[upper],
    )


def together(scores: Sequence[Score]) -> Score:
    """Add up the scores of several worlds."""
    names = (
        "true",
        "recalled",
        "found",
        "right",
        "imported",
        "covered",
        "masked",
        "masked_rightly",
    )
    totals = {name: sum(getattr(one, name) for one in scores) for name in names}
    return Score(**totals, errors=np.concatenate([one.errors for one in scores]))


Stretches = list[tuple[int, int]]
Branches = dict[frozenset[str], Stretches]


def _branch(descendants: frozenset[str], everybody: frozenset[str]) -> frozenset[str]:
    """The side of a branch without the first isolate."""
    return everybody - descendants if min(everybody) in descendants else descendants


def _key(block: TrueBlock, everybody: frozenset[str]) -> frozenset[str]:
    return _branch(block.descendants, everybody)


def _by_branch(blocks: Iterable[Block], everybody: frozenset[str]) -> Branches:
    """Each branch's stretches, ascending, overlapping ones joined."""
    found: Branches = {}
    for start, end, descendants in sorted(blocks, key=lambda block: block[:2]):
        stretches = found.setdefault(_branch(descendants, everybody), [])
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = stretches[-1][0], max(end, stretches[-1][1])
        else:
            stretches.append((start, end))
    return found


def _half(branch: frozenset[str], block: TrueBlock | Block, among: Branches) -> bool:
    start, end = (block.start, block.end) if isinstance(block, TrueBlock) else block[:2]
    return 2 * _overlap([(start, end)], among.get(branch, [])) >= end - start


def _overlap(one: Stretches, other: Stretches) -> int:
    return sum(max(0, min(b, d) - max(a, c)) for a, b in one for c, d in other)


def _bases(branches: Branches) -> int:
    return sum(end - start for stretches in branches.values() for start, end in stretches)


def _shared(one: Branches, other: Branches) -> int:
    return sum(_overlap(stretches, other.get(branch, [])) for branch, stretches in one.items())


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"
