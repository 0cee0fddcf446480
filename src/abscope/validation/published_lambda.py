"""Phage lambda: four samples of reads whose SNPs and distances another pipeline published.

benchmark_lambda/inputs: reads and reference; benchmark_lambda/expected: what the CFSAN SNP pipeline (5e3a434)
found. Its caller takes a base of any quality from a few reads, so abscope is run as freely here.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from abscope.formats import fasta
from abscope.population.distances import pairwise
from abscope.profiling import Recipe, profile
from abscope.records import Calls, Mask, Sample
from abscope.settings import CallRules
from abscope.validation.claim import Claim
from abscope.validation.exact import Share

FOLDER = Path("benchmark_lambda")
NEEDS = (FOLDER / "inputs" / "lambda_virus.fasta", FOLDER / "expected" / "snpma.fasta")
_BASES = np.frombuffer(b"ACGT", np.uint8)
_RULES = CallRules(basequal=0, mincov=5, minfrac=0.75)


def published(data: Path) -> Iterator[Claim]:
    """Letters at published sites, and the published distance matrices."""
    expected = data / FOLDER / "expected"
    alignment = dict(fasta.read(expected / "snpma.fasta"))
    listed = (expected / "snplist.txt").read_text(encoding="utf-8").splitlines()
    sites = [int(line.split("\t")[1]) - 1 for line in listed]
    called = _called(data / FOLDER / "inputs", list(alignment))
    same, both = 0, 0
    for name, letters in alignment.items():
        ours = called[name].bases[sites]
        known = np.isin(ours, _BASES) & np.isin(letters, _BASES)
        same, both = same + int((ours[known] == letters[known]).sum()), both + int(known.sum())
    remark = f"{both:,} of {len(sites) * len(alignment):,} have a base in both"
    yield Claim(
        "reads to letters", FOLDER.name, "published letters called", Share(same, both), remark
    )
    for kind in ("", "_preserved"):
        whole = dict(fasta.read(expected / f"snpma{kind}.fasta"))
        matrix = expected / f"snp_distance_matrix{kind}.tsv"
        yield _matrix(whole, matrix, "removed regions kept out" if kind else "all sites")


def _called(inputs: Path, names: list[str]) -> dict[str, Calls]:
    reference = fasta.read_reference(inputs / "lambda_virus.fasta", name="lambda")
    recipe = Recipe((reference,), 0.8, (40_000, 60_000), _RULES)
    return {
        name: profile(
            Sample(name, inputs / f"{name}_1.fastq.gz", inputs / f"{name}_2.fastq.gz"), recipe
        ).called.calls
        for name in names
    }


def _matrix(letters: dict[str, np.ndarray], path: Path, remark: str) -> Claim:
    """Distances counted from a published alignment, beside the published matrix."""
    head, *rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    calls = {name: Calls("published", one) for name, one in letters.items()}
    found = pairwise(calls, Mask("published", len(next(iter(letters.values()))), ()))
    at = {name: i for i, name in enumerate(found.ids)}
    told = [
        int(value) == int(found.snps[at[row[0]], at[name]])
        for row in rows
        for name, value in zip(head[1:], row[1:], strict=True)
    ]
    return Claim("distances", path.name, "cells equal", Share(sum(told), len(told)), remark)
