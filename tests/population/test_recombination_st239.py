"""The ST239 example of Gubbins: its published blocks, put back into real genomes, are found.

The published files hold the sites that Gubbins kept and not those it took out, so every published block
gets its published number of SNPs back, at random places of its stretch, in its published isolates.
"""

from pathlib import Path

import numpy as np
import pytest

from abscope.formats import recombination_gff
from abscope.formats.recombination_gff import Predicted
from abscope.population.recombination import recombination
from abscope.records import Calls, Mask

LENGTH = 3_043_210


@pytest.fixture(scope="module")
def published(shared_data: Path) -> list[Predicted]:
    folder = shared_data / "benchmark_gubbins_ST239"
    return recombination_gff.read(folder / "ST239.recombination_predictions.gff")


@pytest.fixture(scope="module")
def genomes(shared_data: Path) -> dict[str, np.ndarray]:
    """Real bases at the 894 sites kept; elsewhere all isolates have the same base."""
    path = shared_data / "benchmark_gubbins_ST239" / "ST239.summary_of_snp_distribution.vcf"
    rows = [line.rstrip("\n").split("\t") for line in path.read_text().splitlines()]
    head = next(row for row in rows if row[0] == "#CHROM")
    names = [name for name in head[9:] if name]
    found = {name: np.full(LENGTH, ord("A"), dtype=np.uint8) for name in names}
    for row in rows:
        if not row[0].startswith("#"):
            for name, base in zip(names, row[9:], strict=False):
                found[name][int(row[1]) - 1] = ord(base)
    return found


def side(taxa: tuple[str, ...], everybody: set[str]) -> frozenset[str]:
    return frozenset(taxa) if "TW20" not in taxa else frozenset(everybody - set(taxa))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_published_blocks_put_back_are_found_on_their_branches(
    genomes: dict[str, np.ndarray], published: list[Predicted], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    letters = {name: row.copy() for name, row in genomes.items()}
    for block in published:
        places = block.start + rng.choice(block.end - block.start, block.snps, replace=False)
        for name in block.taxa:
            letters[name][places] = ord("G")
    calls = {name: Calls("TW20", row) for name, row in letters.items()}
    found = recombination(calls, Mask("TW20", LENGTH))
    branches = [(side(one.descendants, set(genomes)), one) for one in found.blocks]
    for block in published:
        wanted = side(block.taxa, set(genomes))
        assert any(
            branch == wanted and one.start < block.end and one.end > block.start
            for branch, one in branches
        ), f"{block.branch} {block.start}-{block.end}"
