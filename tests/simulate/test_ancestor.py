"""The built-in genome is the same every time, and shaped like the organism."""

import numpy as np
import pytest

from abscope.simulate import ancestor, loci, mutation, population
from abscope.simulate.genomes import Genome, truth
from abscope.simulate.loci import LOCI
from abscope.simulate.repeats import repeats

COMPLEMENT = bytes.maketrans(b"ACGT", b"TGCA")
CODING = [gene for gene in LOCI if gene.coding]


@pytest.fixture(scope="module")
def whole() -> Genome:
    return ancestor.genome()


@pytest.fixture(scope="module")
def species(whole: Genome) -> population.Pedigree:
    return population.species(whole, np.random.default_rng(1))


def gene_text(genome: Genome, name: str) -> bytes:
    gene = loci.locus(name)
    places = genome.find(gene.columns(1, gene.end - gene.start))
    text = genome.letters[places[places >= 0]].tobytes()
    return text.translate(COMPLEMENT) if gene.reverse else text


def assert_open(text: bytes) -> None:
    codons = [text[k : k + 3] for k in range(0, len(text), 3)]
    assert len(text) % 3 == 0
    assert codons[0] in (b"ATG", b"GTG")
    assert codons[-1] == b"TGA"
    assert not {b"TAA", b"TAG", b"TGA"} & set(codons[:-1])


def test_the_ancestor_has_the_organisms_length_and_gc_and_is_the_same_every_time(whole):
    assert len(whole) == 5_067_172
    strong = np.isin(whole.letters, list(b"GC")).mean()
    assert strong == pytest.approx(0.64, abs=0.003)
    assert whole.letters.tobytes() == ancestor.genome().letters.tobytes()


@pytest.mark.parametrize("gene", CODING, ids=lambda gene: gene.name)
def test_protein_genes_are_open_reading_frames_on_their_strand(whole, gene):
    assert_open(gene_text(whole, gene.name))


def test_key_residues_are_wild_type_at_the_published_coordinates(whole):
    one_based = {1466476: "A", 1466477: "A", 1466478: "A", 1463770: "T", 1463772: "A",
                 1463773: "C", 1463855: "G", 1466488: "G"}  # fmt: skip
    found = {place: chr(whole.letters[place - 1]) for place in one_based}
    assert found == one_based
    erm = gene_text(whole, "erm(41)")
    assert len(erm) == 522
    assert erm[:3] == b"GTG"
    assert erm[27:30] == b"TGG"
    assert erm[18:21] == b"CGA"


@pytest.mark.parametrize("subspecies", list(population.SUBSPECIES))
@pytest.mark.parametrize("gene", CODING, ids=lambda gene: gene.name)
def test_genes_are_still_open_after_a_subspecies_has_evolved(species, gene, subspecies):
    assert_open(gene_text(species.genomes[f"SIM_{subspecies}"], gene.name))


def test_ribosomal_genes_are_never_hit_and_third_positions_are(species, whole):
    far = species.genomes["SIM_massiliense"]
    assert gene_text(far, "rrl") == gene_text(whole, "rrl")
    assert gene_text(far, "rpoB") != gene_text(whole, "rpoB")


def test_massiliense_has_the_truncated_erm41_of_246_nucleotides(species):
    assert len(gene_text(species.genomes["SIM_massiliense"], "erm(41)")) == 246
    assert len(gene_text(species.genomes["SIM_abscessus"], "erm(41)")) == 522


def test_the_repeats_planted_are_the_repeats_found(whole):
    planted, found = ancestor.planted(), repeats(whole.letters)
    assert sum(r.end - r.start >= 1500 for r in planted) == 22
    hidden = np.zeros(len(whole), dtype=bool)
    for interval in found:
        hidden[interval.start : interval.end] = True
    shares = [hidden[r.start : r.end].mean() for r in planted]
    assert np.mean(shares) > 0.97
    assert hidden.sum() < 1.02 * sum(r.end - r.start for r in planted)


@pytest.mark.parametrize("length", [50_000, 120_000, 2_000_000])
def test_a_short_genome_holds_what_fits(length):
    short = ancestor.genome(length)
    assert len(short) == length
    for gene in LOCI:
        if gene.end + 500 <= length and gene.coding:
            assert_open(gene_text(short, gene.name))


def test_a_whole_genome_takes_150_000_snps(whole):
    child = mutation.mutated(whole, 0.03, rng=np.random.default_rng(1))
    assert len(truth(child, whole).positions) == pytest.approx(152_015, rel=0.005)
