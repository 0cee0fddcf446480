"""Real dated clones without SNPs that imports may have brought.

python -m benchmarks.dated_neighbours DATA [CLONE ...]

The alignments say nothing of where their columns lie, but keep their order. An import changes several
neighbouring columns on one branch, and one column on several branches, where its donor came more than once;
mutation hardly does either. Both kinds are counted, left out, and what remains is dated.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abscope.population import newick
from abscope.population.dating import dated
from abscope.population.distances import pairwise
from abscope.population.phylogeny import Phylogeny
from abscope.population.placement import ready
from abscope.population.root_to_tip import Span
from abscope.population.sites import Sites, variable_sites
from abscope.population.tree import finished, parsimonious, taxa
from abscope.records import Calls, Letters, Mask
from benchmarks.dated_clones import CLONES, read

HEAD = (
    "clone", "columns", "neighbours on one branch", "by chance", "changed more than once",
    "rate, all columns", "left", "rate, those left",
)  # fmt: skip


def changed(tree: Phylogeny, letters: Mapping[str, Letters]) -> tuple[NDArray[np.bool_], int]:
    """Whether a column may have changed on a branch, (branches, columns), and columns that did twice."""
    fitted = ready(tree, letters)
    changes = ((fitted.below & fitted.beyond) == 0)[1:]
    return changes, int((changes.sum(axis=0) > 1).sum())


def kept(changes: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], float, float]:
    """Columns that changed once, neither neighbour on that branch; neighbours that did, and by chance."""
    once = changes.sum(axis=0) == 1
    together = (changes[:, 1:] & changes[:, :-1]).any(axis=0)
    beside = np.append(together, False) | np.append(False, together)
    branch = changes.argmax(axis=0)[once]
    share = np.bincount(branch) / max(len(branch), 1)
    same = (branch[1:] == branch[:-1])[np.diff(np.flatnonzero(once)) == 1]
    return once & ~beside, float(same.mean()), float((share**2).sum())


def rate(calls: Mapping[str, Calls], dates: Mapping[str, Span]) -> tuple[str, Phylogeny]:
    """The rate with its interval, and the tree of distinct sequences it was found on."""
    length = len(next(iter(calls.values())).bases)
    mask = Mask("", length)
    chosen = taxa(variable_sites(calls, mask))
    distinct: Sites = chosen.distinct
    distances = pairwise({name: calls[name] for name in distinct.ids}, mask)
    inferred = parsimonious(distinct, distances)
    tree = newick.parse(finished(inferred, chosen, dates=dates).newick)
    found = dated(tree, dates, rng=np.random.default_rng(1)).rate
    told = f"{found.value:.2f} ({found.low:.2f}-{found.high:.2f})" if found else "no clock signal"
    return told, inferred.phylogeny


def row(folder: Path, name: str) -> tuple[str, ...]:
    """One clone: what looks imported, and the rate with it and without."""
    known, dates = read(folder, name)
    calls = {isolate: Calls("", one.bases) for isolate, one in known.items()}
    before, tree = rate(calls, dates)
    changes, twice = changed(tree, {name: calls[name].bases for name in tree.leaves})
    left, same, chance = kept(changes)
    after, _ = rate({name: Calls("", one.bases[left]) for name, one in calls.items()}, dates)
    return (
        name, str(len(left)), f"{same:.3f}", f"{chance:.3f}", str(twice), before,
        str(int(left.sum())), after,
    )  # fmt: skip


def main() -> None:
    """Print the table as it grows."""
    data, *names = sys.argv[1:]
    print("| " + " | ".join(HEAD) + " |\n" + "|---" * len(HEAD) + "|")
    for clone in CLONES:
        if not names or clone.name in names:
            cells = row(Path(data) / "mabs_population" / clone.study, clone.name)
            print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
