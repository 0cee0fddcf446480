"""Every published profile, typed from a genome built to carry it; then novel and missing alleles.

Scheme: the seven PubMLST loci of M. abscessus (341 alleles, 371 STs, 2025-12-10).
"""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from abscope.formats import fasta
from abscope.formats.mlst_scheme import read_scheme
from abscope.isolate import mlst
from abscope.isolate.mlst import Scheme
from abscope.records import Letters
from abscope.validation.published_types import carried, genome

BASES = np.frombuffer(b"ACGT", dtype=np.uint8)


def _novel(letters: Letters, rng: np.random.Generator) -> Letters:
    """Three bases changed."""
    found = letters.copy()
    for at in rng.choice(len(found), 3, replace=False):
        found[at] = rng.choice(BASES[found[at] != BASES])
    return found


def rounds(scheme: Scheme) -> Iterator[tuple[str, Counter[str]]]:
    """What is tried with every profile, and what came out."""
    kinds = ("as published", "one allele changed at three bases", "one allele taken out",
             "one allele cut in half by a contig's end")  # fmt: skip
    for number, kind in enumerate(kinds):
        tally = Counter[str]()
        for profile in scheme.profiles:
            rng = np.random.default_rng((number, int(profile.st)))
            parts = carried(scheme, profile.alleles)
            at = int(rng.integers(len(parts)))
            contigs = _contigs(number, parts, at, rng)
            found = mlst.call(contigs, scheme)
            tally[f"{found.status}; {found.loci[at].status} at the locus"] += 1
            tally["right ST"] += found.st == profile.st
        yield kind, tally


def _contigs(
    number: int, parts: list[Letters], at: int, rng: np.random.Generator
) -> list[tuple[str, Letters]]:
    if number == 1:
        parts[at] = _novel(parts[at], rng)
    cut = parts.pop(at) if number in (2, 3) else None
    contigs = genome(parts, rng)
    if number == 3 and cut is not None:
        contigs.append(("end", np.concatenate([rng.choice(BASES, 5000), cut[: len(cut) // 2]])))
    return contigs


def lines(data: Path) -> Iterator[str]:
    """The table, as Markdown."""
    scheme = read_scheme(data / "mabs_mlst" / "pubmlst")
    yield f"{len(scheme.profiles)} profiles, {sum(map(len, scheme.alleles))} alleles.\n"
    yield "| genome | outcome |"
    yield "|---|---|"
    for kind, tally in rounds(scheme):
        said = "; ".join(f"{name}: {count}" for name, count in sorted(tally.items()))
        yield f"| {kind} | {said} |"
    contigs = fasta.read(data / "mabs_reference" / "GCA_000069185.1_ATCC19977.fna.gz")
    mlst.call(contigs, scheme)
    start = time.process_time()
    found = mlst.call(contigs, scheme)
    spent = time.process_time() - start
    yield ""
    yield f"ATCC 19977 (5.07 Mb): ST {found.st}, complex {found.complex}, {spent:.2f} CPU seconds."
