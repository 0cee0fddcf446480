"""The rules on simulated reads: real rrl, rrs and erm(41) alleles placed in the real genome.

Alleles: phac-nml/ntmabscessus-mlst dc4c4e5. Reads come from the genome's key regions with 3 kb beside
them (the rest of the genome holds no copy of them), mixed with ATCC 19977's own at every share asked for.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from abscope import organism
from abscope.formats import fasta, fastq
from abscope.formats.fastq_writer import write_pair
from abscope.isolate.evidence import from_counts, long_stretches
from abscope.isolate.panel import Panel, panel
from abscope.isolate.panel_counts import count_reads
from abscope.isolate.resistance import verdicts
from abscope.isolate.seeds import SeedIndex, index
from abscope.knowledge.rows import Knowledge
from abscope.records import Contig, Letters, Reference
from abscope.simulate.genomes import from_reference
from abscope.simulate.library import Sequencing, Source
from abscope.simulate.reads import paired_reads

Regions = tuple[tuple[int, int], ...]
REGIONS: Regions = ((15_389, 23_908), (1_459_397, 1_470_319), (2_342_954, 2_349_476))
RRL, RRS, ERM = 1_464_207, 1_462_397, 2_345_828
AFTER_JOINT = 2_346_386
DEPTHS = (10.0, 20.0, 30.0, 60.0)
SHARES = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Allele:
    """A real allele in the genome's key regions, and what its own letters mean.

    truth, wild: the verdict of the mechanism in a pure isolate, and without the allele.
    """

    name: str
    drug: str
    mechanism: str
    letters: Letters
    truth: str
    wild: str


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """What every tube shares."""

    known: Knowledge
    key: Panel
    seeds: SeedIndex
    genome: Letters


def bench(data: Path) -> Bench:
    """The real genome, the rules and the panel."""
    known = organism.read().knowledge()
    path = data / "mabs_reference" / "GCA_000069185.1_ATCC19977.fna.gz"
    reference = fasta.read_reference(path, name="ATCC_19977", contigs=["CU458896.1"])
    key = panel(reference, known)
    assert key is not None
    return Bench(known, key, index(key.genome), reference.sequence)


def alleles(data: Path, genome: Letters, regions: Regions = REGIONS) -> Iterator[Allele]:
    """Every rrl, rrs and erm(41) allele of the scheme, in these regions of the genome."""
    place = partial(_placed, genome, regions)
    folder = data / "mabs_mlst" / "phac14"
    for name, letters in fasta.read(folder / "rrl.tfa"):
        changed = chr(letters[2269]) != "A" or chr(letters[2270]) != "A"
        yield place(name, ("macrolides", "rrl"), (RRL, letters, None), changed)
    for name, letters in fasta.read(folder / "rrs.tfa"):
        at = RRS + _offset(genome[RRS : RRS + 1504], letters)
        changed = chr(letters[RRS + 1374 - at]) != "A"
        yield place(name, ("amikacin", "rrs"), (at, letters, None), changed)
    for name, letters in fasta.read(folder / "erm.tfa"):
        truncated = len(letters) < 300
        resume = AFTER_JOINT if truncated else None
        lost = truncated or chr(letters[2_345_954 - ERM + 27]) == "C"
        yield place(name, ("macrolides", "erm(41)"), (ERM, letters, resume), lost)


def _offset(gene: Letters, allele: Letters) -> int:
    """Where an allele that may be a little shorter than the gene lies on it."""
    rest = range(len(gene) - len(allele) + 1)
    return min(rest, key=lambda at: int((gene[at : at + len(allele)] != allele).sum()))


def _placed(
    genome: Letters,
    regions: Regions,
    name: str,
    test: tuple[str, str],
    place: tuple[int, Letters, int | None],
    changed: bool,
) -> Allele:
    at, letters, resume = place
    parts = []
    for start, end in regions:
        if start <= at < end:
            after = resume or at + len(letters)
            parts += [genome[start:at], letters, genome[after:end]]
        else:
            parts.append(genome[start:end])
    wild, mutant = {
        "rrl": ("susceptible", "resistant"),
        "rrs": ("susceptible", "resistant"),
        "erm(41)": ("inducible", "susceptible"),
    }[test[1]]
    return Allele(name, *test, np.concatenate(parts), mutant if changed else wild, wild)


def tube(
    bench: Bench, sources: Sequence[tuple[Letters, float]], *, depth: float, seed: Sequence[int]
) -> Mapping[tuple[str, str], str]:
    """Verdicts by drug and mechanism of the reads of a tube."""
    rng = np.random.default_rng(seed)
    mixed = [Source(from_reference(_linear(letters)), share) for letters, share in sources]
    with TemporaryDirectory() as folder:
        files = (Path(folder) / "r_1.fastq.gz", Path(folder) / "r_2.fastq.gz")
        write_pair(*files, paired_reads(mixed, Sequencing(depth=depth), rng=rng))
        stretches = long_stretches(bench.key, bench.known)
        seen = count_reads(fastq.batches(*files), bench.seeds, stretches=stretches)
    found = verdicts(from_counts(bench.key, bench.known, seen), bench.known)
    return {(one.drug, part.mechanism): part.verdict for one in found for part in one.mechanisms}


def _linear(letters: Letters) -> Reference:
    return Reference("regions", (Contig("regions", 0, len(letters)),), letters)


def outcomes(
    data: Path, repeats: int = 2
) -> tuple[Mapping[tuple[float, float], Counter[str]], int]:
    """Per share and depth: how often an allele's own verdict, that of the wild type, or neither is given."""
    shared = bench(data)
    every = list(alleles(data, shared.genome))
    wild = np.concatenate([shared.genome[start:end] for start, end in REGIONS])
    tally: dict[tuple[float, float], Counter[str]] = {}
    informative = [one for one in every if one.truth != one.wild]
    for number, one in enumerate(informative):
        for share in SHARES:
            for depth in DEPTHS:
                for repeat in range(repeats):
                    sources = [(one.letters, share), (wild, 1 - share)]
                    seed = (number, round(100 * share), round(depth), repeat)
                    given = tube(shared, [s for s in sources if s[1] > 0], depth=depth, seed=seed)
                    verdict = given[one.drug, one.mechanism]
                    tally.setdefault((share, depth), Counter())[_word(verdict, one)] += 1
    return tally, len(informative)


def _word(verdict: str, one: Allele) -> str:
    if verdict == one.truth:
        return "allele"
    return "wild" if verdict == one.wild else "undecided" if verdict in _OPEN else "other"


_OPEN = ("indeterminate", "not assessed")


def pure(data: Path) -> Mapping[tuple[str, float], Counter[str]]:
    """Per mechanism and depth: correct, undecided and wrong verdicts over all alleles, pure."""
    shared = bench(data)
    tally: dict[tuple[str, float], Counter[str]] = {}
    for number, one in enumerate(alleles(data, shared.genome)):
        for depth in DEPTHS:
            seed = (number, round(depth))
            given = tube(shared, [(one.letters, 1.0)], depth=depth, seed=seed)
            verdict = given[one.drug, one.mechanism]
            word = (
                "correct" if verdict == one.truth else "undecided" if verdict in _OPEN else "wrong"
            )
            tally.setdefault((one.mechanism, depth), Counter())[word] += 1
    return tally


def lines(data: Path) -> Iterator[str]:
    """The tables, as Markdown."""
    yield "Pure isolates, every allele once: correct / undecided / wrong.\n"
    yield "| mechanism | " + " | ".join(f"{depth:.0f}x" for depth in DEPTHS) + " |"
    yield "|---|" + "---|" * len(DEPTHS)
    alone = pure(data)
    for mechanism in ("rrl", "rrs", "erm(41)"):
        cells = [
            _cell(alone[mechanism, depth], "correct", "undecided", "wrong") for depth in DEPTHS
        ]
        yield f"| {mechanism} | {' | '.join(cells)} |"
    tally, number = outcomes(data)
    yield ""
    yield f"{number} alleles that change the verdict, mixed with ATCC 19977, two tubes each:"
    yield "the allele's verdict / undecided / the wild type's / another.\n"
    yield "| share of the allele | " + " | ".join(f"{depth:.0f}x" for depth in DEPTHS) + " |"
    yield "|---|" + "---|" * len(DEPTHS)
    for share in SHARES:
        cells = [_cell(tally[share, d], "allele", "undecided", "wild", "other") for d in DEPTHS]
        yield f"| {share:.0%} | {' | '.join(cells)} |"


def _cell(counts: Counter[str], *words: str) -> str:
    return " / ".join(str(counts[word]) for word in words)
