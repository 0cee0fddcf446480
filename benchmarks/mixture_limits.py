"""What mixtures are found, and how often a pure isolate is taken for one.

python -m benchmarks.mixture_limits [FILE]

Every number comes from simulated reads called by the fast caller; the same seeds give the same table.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from abscope.formats import fastq
from abscope.formats.fastq_writer import write_pair
from abscope.isolate.fast import call_reads
from abscope.isolate.mixture import DIFFERENCES, mixture
from abscope.isolate.seeds import SeedIndex, index
from abscope.records import Mixture
from abscope.settings import CallRules
from abscope.simulate import ancestor
from abscope.simulate.genomes import Genome
from abscope.simulate.library import Sequencing, Source
from abscope.simulate.mutation import Change, descended
from abscope.simulate.reads import paired_reads

SMALL, LARGE, WHOLE = 300_000, 1_500_000, ancestor.LENGTH
DEPTHS, SHARES, REPEATS = (20, 60, 100), (0.02, 0.05, 0.1, 0.2, 0.5), 2
PURE = 200
HEAD = """\
# Mixture

    python -m benchmarks.mixture_limits docs/validation/mixture.md

Reads of 2 x 150 bases, simulated with errors, duplicates, uneven depth and GC bias, called by the fast
caller. Both strains differ from the reference at one position in a thousand, by small gaps, and by two
stretches of up to 15 kb; the genome holds insertion sequences and other repeats. The strains differ by the
SNPs given and by a twelfth as many small gaps.

Scale: strains 5, 50 and 500 SNPs apart lie on a genome of 300 kb, to save time: the number of positions that
differ decides what can be found, so the numbers are not scaled down. Two things differ there from 5 Mb:
errors have a seventeenth of the places to fall on, and sites crowd more easily. Strains 5,000 SNPs apart lie
on 1.5 Mb (one tube each). The checks at the end are on the whole genome of 5,067,172 bases. Qualities are
exact in the simulation; real runs have positions that draw errors, so the verdict assumes twice the error
rate seen and asks that shares agree, and real limits may be higher.
"""


@dataclass(frozen=True, slots=True)
class Tube:
    """What was simulated and what was found. snps 0: a pure isolate."""

    snps: int
    share: float
    depth: int
    found: Mixture


@cache
def seeds(length: int) -> SeedIndex:
    return index(ancestor.genome(length).as_reference("ancestor"))


def tube(snps: int, share: float, depth: int, *, seed: int, length: int = SMALL) -> Tube:
    """Simulate, call and judge one tube."""
    rng = np.random.default_rng([seed, snps, round(1000 * share), depth, length])
    change = Change(length // 1000, length // 20_000, 2)
    one = descended(ancestor.genome(length), change, rng)
    sources: list[tuple[Genome, float]] = [(one, 1 - share)]
    if snps:
        sources.append((descended(one, Change(snps, snps // 12), rng), share))
    mixed = [Source(genome, part) for genome, part in sources]
    with TemporaryDirectory() as folder:
        files = (Path(folder) / "r_1.fastq.gz", Path(folder) / "r_2.fastq.gz")
        write_pair(*files, paired_reads(mixed, Sequencing(depth=depth), rng=rng))
        called = call_reads(fastq.batches(*files), seeds(length), rules=CallRules(), threads=2)
    assert called.minor is not None
    return Tube(snps, share, depth, mixture(called.minor))


def mixtures(snps: int) -> list[Tube]:
    """Every share and depth for one distance."""
    length, repeats = (LARGE, 1) if snps > 500 else (SMALL, REPEATS)
    return [
        tube(snps, share, depth, seed=seed, length=length)
        for share in SHARES
        for depth in DEPTHS
        for seed in range(repeats)
    ]


def table(snps: int, tubes: Sequence[Tube]) -> Iterator[str]:
    yield f"\n## {snps:,} SNPs apart\n"
    yield "Tubes found mixed / cannot tell / pure; mean share found, in brackets its largest error.\n"
    yield "| share of the minor strain | " + " | ".join(f"{depth}x" for depth in DEPTHS) + " |"
    yield "|---|" + "---|" * len(DEPTHS)
    for share in SHARES:
        cells = [_cell([t for t in tubes if (t.share, t.depth) == (share, d)]) for d in DEPTHS]
        yield f"| {share:.0%} | {' | '.join(cells)} |"
    limits = [_limit([t.found for t in tubes if t.depth == depth], snps) for depth in DEPTHS]
    yield "| *smallest share found 9 times in 10, as foretold* | " + " | ".join(limits) + " |"


def _cell(tubes: Sequence[Tube]) -> str:
    counts = Counter(t.found.verdict for t in tubes)
    text = " / ".join(str(counts[word]) for word in ("mixed", "cannot tell", "pure"))
    found = [(t.found.share, t.share) for t in tubes if t.found.share is not None]
    if not found:
        return text
    worst = max(abs(seen - true) for seen, true in found)
    return f"{text}; {np.mean([seen for seen, _ in found]):.1%} ({worst:.1%})"


def _limit(found: Sequence[Mixture], snps: int) -> str:
    shares = [dict(one.limits)[snps] for one in found]
    known = [share for share in shares if share is not None]
    return f"{np.median(known):.1%}" if 2 * len(known) > len(shares) else "none"


def covered(tubes: Sequence[Tube]) -> str:
    """How often the interval holds the truth."""
    rows = [(t.found.interval, t.share) for t in tubes if t.found.interval is not None]
    held = sum(low <= share <= high for (low, high), share in rows)
    seen = [t for t in tubes if t.found.share is not None and t.share < 0.5]
    bias = np.mean([(t.found.share or 0) / t.share - 1 for t in seen])
    return (
        f"\nThe 95 % interval holds the true share in {held} of {len(rows)} mixtures found. Below 50 % "
        f"the share found is on average {abs(bias):.0%} of itself {'low' if bias < 0 else 'high'}: read "
        "ends with a SNP in their last bases are cut off."
    )


def pure(number: int = PURE) -> Iterator[str]:
    found = [tube(0, 0.0, DEPTHS[k % len(DEPTHS)], seed=1000 + k) for k in range(number)]
    counts = Counter(t.found.verdict for t in found)
    yield "\n## Pure isolates\n"
    yield (
        f"{number} isolates of one strain at 20, 60 and 100x: {counts['mixed']} called mixed, "
        f"{counts['cannot tell']} cannot tell, {counts['pure']} pure. Largest evidence: "
        f"log10 of the likelihood ratio {max(t.found.log10_ratio for t in found):.1f}; 3 is the bar."
    )


def whole() -> Iterator[str]:
    yield "\n## Whole genomes\n"
    yield "| SNPs apart | share | depth | verdict | share found | SNPs found | log10 ratio |"
    yield "|---|---|---|---|---|---|---|"
    for snps, share, depth in (
        (0, 0.0, 20),
        (0, 0.0, 60),
        (5, 0.5, 60),
        (50, 0.1, 60),
        (500, 0.05, 60),
    ):
        found = tube(snps, share, depth, seed=77, length=WHOLE).found
        seen = "" if found.share is None else f"{found.share:.1%}"
        number = "" if found.differences is None else f"{found.differences:,}"
        row = (f"{snps}", f"{share:.0%}", f"{depth}x", found.verdict, seen, number)
        yield f"| {' | '.join(row)} | {found.log10_ratio:.1f} |"


def lines() -> Iterator[str]:
    """The whole page."""
    yield HEAD.rstrip()
    yield from pure()
    every = []
    for snps in DIFFERENCES:
        tubes = mixtures(snps)
        every += tubes
        yield from table(snps, tubes)
    yield covered(every)
    yield from whole()


def main() -> None:
    """Write the page, line by line as it comes."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/validation/mixture.md")
    with path.open("w", encoding="utf-8") as page:
        for line in lines():
            print(line, file=page, flush=True)


if __name__ == "__main__":
    main()
