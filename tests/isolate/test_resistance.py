"""Resistance from reads, assemblies and consensus sequences: what is said, and what is left unsaid."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from abscope.isolate.evidence import Evidence, from_counts, from_letters, long_stretches
from abscope.isolate.panel import panel
from abscope.isolate.panel_counts import count_contigs, count_reads
from abscope.isolate.resistance import CODONS, observations, rows, verdicts
from abscope.isolate.seeds import index
from abscope.knowledge.verdicts import DrugVerdict
from abscope.simulate.genomes import Genome, from_reference, projected
from isolate import keygenes
from isolate.keygenes import TRUNCATED, strain

KNOWN = keygenes.knowledge()
ANCESTOR = keygenes.reference(KNOWN)
PANEL = keygenes.small_panel(KNOWN, ANCESTOR)
INDEX = index(PANEL.genome)
STRETCHES = long_stretches(PANEL, KNOWN)

A2058G = {("rrl", 2270): "G"}
A1408G = {("rrs", 1375): "G"}
C28 = {("erm(41)", 28): "C"}
T19 = {("erm(41)", 19): "T"}
D96N = {("gyrA", 286): "A"}


def made(letters: dict[tuple[str, int], str] | None = None, lost=()) -> Genome:
    return strain(ANCESTOR, KNOWN, letters, lost)


def from_reads(
    folder: Path, *tube: tuple[Genome, float], depth: float = 60, seed: int = 1
) -> Evidence:
    reads = keygenes.batches(folder, tube, depth=depth, seed=seed)
    return from_counts(PANEL, KNOWN, count_reads(reads, INDEX, stretches=STRETCHES))


def drug(evidence: Evidence, name: str = "macrolides") -> DrugVerdict:
    return next(one for one in verdicts(evidence, KNOWN) if one.drug == name)


def test_the_panel_keeps_gene_numbering_and_the_place_on_the_reference() -> None:
    for locus in KNOWN.loci:
        for number in (1, 7, locus.end - locus.start):
            (place,) = keygenes.columns(KNOWN, locus.locus, number, number)
            assert PANEL.origin(PANEL.starts[locus.locus] + number - 1) == place
    cut = PANEL.letters(ANCESTOR.sequence)
    np.testing.assert_array_equal(cut, PANEL.genome.sequence)


def test_a_reference_on_which_no_key_gene_is_placed_has_no_panel() -> None:
    assert panel(replace(ANCESTOR, name="another"), KNOWN) is None


@pytest.mark.parametrize(
    ("letters", "lost", "name", "expected"),
    [
        ({}, (), "macrolides", "inducible"),
        (C28, (), "macrolides", "susceptible"),
        (T19, (), "macrolides", "susceptible"),
        ({}, TRUNCATED, "macrolides", "susceptible"),
        ({}, TRUNCATED[1:], "macrolides", "susceptible"),
        ({}, TRUNCATED[:1], "macrolides", "indeterminate"),
        (A2058G, TRUNCATED, "macrolides", "resistant"),
        ({**A2058G, **C28}, (), "macrolides", "resistant"),
        (A1408G, (), "amikacin", "resistant"),
        (C28, (), "amikacin", "susceptible"),
        (D96N, (), "fluoroquinolones", "resistant"),
        ({("gyrA", 287): "G"}, (), "fluoroquinolones", "not assessed"),
    ],
)
def test_reads_an_assembly_and_a_consensus_of_one_strain_say_the_same(
    tmp_path: Path, letters: dict[tuple[str, int], str], lost, name: str, expected: str
) -> None:
    genome = made(letters, lost)
    contigs = count_contigs([genome.letters], INDEX, stretches=STRETCHES)
    found = [from_reads(tmp_path, (genome, 1.0)), from_counts(PANEL, KNOWN, contigs)]
    aligned = projected(genome, from_reference(ANCESTOR))
    found.append(from_letters(PANEL, KNOWN, PANEL.letters(aligned)))
    assert [drug(evidence, name).verdict for evidence in found] == [expected] * 3


@pytest.mark.parametrize("seed", range(1, 7))
@pytest.mark.parametrize("depth", [20, 40])
def test_truncated_erm41_is_found_at_every_depth_and_full_length_is_never_called_truncated(
    tmp_path: Path, depth: int, seed: int
) -> None:
    gone = from_reads(tmp_path, (made(lost=TRUNCATED), 1.0), depth=depth, seed=seed)
    full = from_reads(tmp_path, (made(), 1.0), depth=depth, seed=seed + 100)
    assert drug(gone).of("erm(41)").verdict == "susceptible"
    assert drug(full).of("erm(41)").verdict in ("inducible", "indeterminate")


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
def test_a_mixture_of_truncated_and_full_length_erm41_is_indeterminate(
    tmp_path: Path, share: float
) -> None:
    tube = ((made(lost=TRUNCATED), share), (made(), 1 - share))
    found = drug(from_reads(tmp_path, *tube, depth=60))
    assert found.of("erm(41)").verdict == "indeterminate"
    seen = [one for one in found.minorities if one.site == "erm(41):159-432"]
    assert seen[0].share == pytest.approx(share, abs=0.15)


def test_a_minority_of_resistant_bacteria_is_told_with_its_share(tmp_path: Path) -> None:
    tube = ((made({**A2058G, **C28}), 0.3), (made(C28), 0.7))
    found = drug(from_reads(tmp_path, *tube, depth=100))
    assert found.verdict == "indeterminate"
    (minority,) = found.minorities
    assert (minority.site, minority.value) == ("rrl:2270", "G")
    assert minority.share == pytest.approx(0.3, abs=0.12)
    assert minority.depth is not None
    assert minority.depth > 60


def test_t28_and_c28_in_one_tube_are_indeterminate(tmp_path: Path) -> None:
    found = drug(from_reads(tmp_path, (made(), 0.5), (made(C28), 0.5)))
    assert found.verdict == "indeterminate"
    assert "erm(41):28" in found.reason


def test_a_gene_without_reads_is_not_assessed_and_never_susceptible(tmp_path: Path) -> None:
    rrs = next(locus for locus in KNOWN.loci if locus.locus == "rrs")
    cut = keygenes.strain(ANCESTOR, KNOWN, lost=[("rrs", 1, rrs.end - rrs.start)])
    found = from_reads(tmp_path, (cut, 1.0))
    assert drug(found, "amikacin").verdict == "not assessed"
    assert "no reads at rrs:1375" in drug(found, "amikacin").reason


@pytest.mark.parametrize("depth", [1, 3, 5])
def test_few_reads_are_never_enough_for_a_verdict(tmp_path: Path, depth: int) -> None:
    found = from_reads(tmp_path, (made(A2058G), 1.0), depth=depth)
    assert drug(found).verdict in ("indeterminate", "not assessed")
    assert drug(found, "amikacin").verdict in ("indeterminate", "not assessed")


def test_nothing_seen_is_nothing_said() -> None:
    for one in verdicts(Evidence(), KNOWN):
        assert one.verdict == "not assessed"


def test_drugs_without_a_valid_rule_are_listed_with_the_reason() -> None:
    listed = {one.drug: one for one in verdicts(Evidence(), KNOWN)}
    for name in ("linezolid", "tigecycline", "bedaquiline", "cefoxitin", "imipenem"):
        assert listed[name].reason.startswith("no valid rule")
    assert listed["macrolides"].agents == ("clarithromycin", "azithromycin")


def test_a_stretch_gone_by_another_deletion_is_not_taken_for_the_known_one(tmp_path: Path) -> None:
    found = from_reads(tmp_path, (made(lost=[("erm(41)", 100, 520)]), 1.0))
    assert drug(found).of("erm(41)").verdict == "indeterminate"


def test_a_contig_that_ends_within_erm41_does_not_truncate_it() -> None:
    genome = made()
    cut = int(keygenes.columns(KNOWN, "erm(41)", 200, 200)[0])
    pieces = [genome.letters[: cut - 150], genome.letters[cut + 150 :]]
    seen = count_contigs(pieces, INDEX, stretches=STRETCHES)
    assert drug(from_counts(PANEL, KNOWN, seen)).of("erm(41)").verdict != "susceptible"


@pytest.mark.parametrize(
    ("letter", "verdict"),
    [("-", "not assessed"), ("X", "not assessed"), ("N", "indeterminate"), ("n", "indeterminate"),
     ("R", "indeterminate"), ("G", "resistant"), ("A", "susceptible")],
)  # fmt: skip
def test_letters_of_a_consensus_are_read_as_their_makers_mean_them(
    letter: str, verdict: str
) -> None:
    letters = PANEL.genome.sequence.copy()
    letters[PANEL.starts["rrs"] + 1374] = ord(letter)
    assert drug(from_letters(PANEL, KNOWN, letters), "amikacin").verdict == verdict


def test_every_site_is_listed_with_both_numberings_and_its_reads(tmp_path: Path) -> None:
    found = list(rows(from_reads(tmp_path, (made(A1408G), 1.0))))
    row = next(one for one in found if (one["locus"], one["number"]) == ("rrs", 1375))
    assert row["position"] == keygenes.columns(KNOWN, "rrs", 1375, 1375)[0]
    assert row["G"] == row["depth"]
    assert row["A"] == 0


def test_the_two_base_deletion_is_found_at_any_place_of_its_repeat(tmp_path: Path) -> None:
    seen = observations(from_reads(tmp_path, (made(lost=TRUNCATED[:1]), 1.0)), KNOWN)
    assert seen["erm(41):64-65"].values["deleted"] > 0.8


def test_the_genetic_code_has_its_three_stops_and_one_tryptophan() -> None:
    assert sorted(codon for codon, amino in CODONS.items() if amino == "*") == ["TAA", "TAG", "TGA"]
    assert (CODONS["TGG"], CODONS["GAC"], CODONS["AAC"], len(CODONS)) == ("W", "D", "N", 64)
