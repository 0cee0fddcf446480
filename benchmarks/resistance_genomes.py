"""The same rules on reads of whole genomes: a few alleles of each kind, as a check on the key regions alone.

python -m benchmarks.resistance_genomes DATA
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.resistance_reads import Allele, alleles, bench, tube

CHOSEN = (("rrl", "resistant", 1), ("rrs", "resistant", 1), ("erm(41)", "susceptible", 2))
"""Mechanism, verdict and number of alleles: of erm(41) the truncated one and the one with C28."""
TUBES = ((10.0, 1.0), (20.0, 0.9), (20.0, 1.0), (20.0, 0.5), (30.0, 0.3), (60.0, 1.0))
"""Depth, and share of the allele beside ATCC 19977."""


def chosen(every: list[Allele]) -> Iterator[Allele]:
    """The first alleles of each kind; of erm(41) one per length."""
    for mechanism, truth, number in CHOSEN:
        fitting = [a for a in every if (a.mechanism, a.truth) == (mechanism, truth)]
        lengths = {len(one.letters): one for one in reversed(fitting)}
        yield from list(lengths.values())[:number]


def lines(data: Path) -> Iterator[str]:
    """One row per allele and tube."""
    shared = bench(data)
    whole = ((0, len(shared.genome)),)
    yield "| allele | mechanism | share | depth | its own verdict | given |"
    yield "|---|---|---|---|---|---|"
    for one in chosen(list(alleles(data, shared.genome, whole))):
        for depth, share in TUBES:
            sources = [(one.letters, share), (shared.genome, 1 - share)]
            parts = [source for source in sources if source[1] > 0]
            given = tube(shared, parts, depth=depth, seed=(7, round(depth), round(100 * share)))
            verdict = given[one.drug, one.mechanism]
            cells = (one.name, one.mechanism, f"{share:.0%}", f"{depth:.0f}x", one.truth, verdict)
            yield f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    for line in lines(Path(sys.argv[1])):
        print(line, flush=True)
