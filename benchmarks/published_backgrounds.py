"""Rows of the organism's backgrounds.tsv: python -m benchmarks.published_backgrounds DATA [FILE].

Shares of pairs alone leave here, no isolate and no sequence.
"""

import sys
from collections.abc import Iterator
from itertools import combinations
from math import sqrt
from pathlib import Path

import numpy as np

from abscope.formats.pair_snps import read_pair_snps
from abscope.population.background import backgrounds
from abscope.population.pair_snps import PairSnps
from abscope.records import Background, SampledIsolate
from benchmarks.background import CLONES, line_list, read, sampled

DISTANCES = (0, 1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40, 50, 75, 100)
HEAD = (
    "# How close isolates of unlinked patients are, for those without a collection (docs/background.md).\n"
    "# Shares are smoothed. Made by: python -m benchmarks.published_backgrounds DATA\n"
    "stratum\tcounted\tpatients\tpairs\tsnps\tshare\tlow\thigh\tuse\tsource\n"
)
LINE_LIST = (
    "chrisruis/DCC_clade_emergence 0d0a9ec (line list; Ruis 2021, 10.1038/s41564-021-00963-3)"
)
ZHU = "zhuchendi0520/MABC_eDCCs 6ad4d10 (alignment)"
NJH = "caladov/DR_mutations_MAB 6620b85 (tree in SNPs)"
USE = "one isolate a patient; unrecorded links are in it, so it leans to chance; none from Mexico"
OTHER = "US patients with cystic fibrosis outside DCC1; other clones are among them, so it leans to chance"
REPEATS = "all genomes, repeats and outbreaks in it: a rough guess; the lower bound says nothing"
# Shares among 3,000 random pairs of genomes, counted once from files not used here.
GENOMES = (("DCC6", 280, ((20, 0.079), (69, 0.5))), ("DCC7", 145, ((20, 0.05), (52, 0.5))))


def found(snps: PairSnps, isolates: list[SampledIsolate]) -> Background:
    """The background of the one stratum that all isolates are of."""
    rng = np.random.default_rng(1)
    (only,) = backgrounds(snps, isolates, rng=rng, limit=max(DISTANCES)).backgrounds
    return only


def rows(one: Background, use: str, source: str) -> Iterator[str]:
    """A row a distance, until every pair is within it."""
    for snps in DISTANCES:
        bounds = [float(values[snps]) for values in (one.share, one.lower, one.upper)]
        shown = "\t".join(f"{value:.3g}" for value in bounds)
        counts = f"{one.stratum}\tpatients\t{one.patients}\t{one.pairs}"
        yield f"{counts}\t{snps}\t{shown}\t{use}\t{source}"


def outside_first_clone(snps: PairSnps) -> tuple[str, ...]:
    """Tips of the tree more than 250 SNPs from every isolate of the clone the reference lies in."""
    groups = [{name} for name in snps.ids]
    for i, j in combinations(range(len(snps.ids)), 2):
        if snps.snps[i, j] <= 250:
            one, two = (next(g for g in groups if snps.ids[k] in g) for k in (i, j))
            if one is not two:
                groups.remove(two)
                one |= two
    largest = max(groups, key=len)
    return tuple(name for name in snps.ids if name not in largest)


def lines(data: Path) -> Iterator[str]:
    """Every row."""
    listed = line_list(data)
    for clone in ("DCC1", "DCC3", "DCC4", "DCC5"):
        snps = read(data, CLONES[clone])
        isolates = [sampled(name, listed[name], clone) for name in snps.ids if name in listed]
        source = LINE_LIST if CLONES[clone].startswith("ruis") else f"{ZHU}; {LINE_LIST}"
        yield from rows(found(snps, isolates), USE, source)
    for clone, genomes, shares in GENOMES:
        for snps_, share in shares:
            high = share + 1.96 * sqrt(4 * share * (1 - share) / genomes)
            counts = f"{clone}\tgenomes\t{genomes}\t3000\t{snps_}\t{share:.3g}\t0\t{high:.3g}"
            yield f"{counts}\t{REPEATS}\t{ZHU}"
    tree = read_pair_snps(data / "mabs_resistance" / "davidson2021_nj250.nwk")
    name = "not a clone (abscessus)"
    isolates = [SampledIsolate(tip, tip, name) for tip in outside_first_clone(tree)]
    yield from rows(found(tree, isolates), OTHER, NJH)


def main() -> None:
    """Write the table."""
    text = HEAD + "".join(f"{line}\n" for line in lines(Path(sys.argv[1])))
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
