"""The fast caller against simulated truth."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pytest

from abscope.isolate.fast import call_assembly, call_reads
from abscope.isolate.seeds import SeedIndex, index
from abscope.records import LOW, NO_COVERAGE, Block, Called, Contig, Letters, Reference
from abscope.settings import CallRules
from abscope.simulate.genomes import Genome, Truth, from_reference, projected, truth
from abscope.simulate.mutation import mutated
from abscope.tables import VARIANTS
from isolate.small_reads import block_of, only_first, random_bases, sequenced, turned

LENGTH = 100_000
RULES = CallRules()
COPIES = ((20_000, 21_500), (60_000, 61_500))
"""The second stretch is turned, and one letter in 200 differs."""


@dataclass(frozen=True)
class World:
    ancestor: Genome
    seeds: SeedIndex
    isolate: Genome
    truth: Truth
    expected: Letters

    @property
    def far(self) -> np.ndarray:
        """Positions away from repeats and more than ten bases from an indel."""
        clear = ~self.truth.near_indels(10)
        for start, end in COPIES:
            clear[start - 150 : end + 150] = False
        return clear


def ancestor() -> Genome:
    letters = random_bases(LENGTH, 11)
    (start, end), (other, _) = COPIES
    copy = np.frombuffer(turned(letters[start:end].tobytes()), dtype=np.uint8).copy()
    copy[::200] = np.frombuffer(turned(copy[::200].tobytes()), dtype=np.uint8)[::-1]
    letters[other : other + len(copy)] = copy
    letters[50_000:50_060] = np.frombuffer(b"ACGATC" * 10, dtype=np.uint8)
    contigs = (Contig("chromosome", 0, 90_000), Contig("plasmid", 90_000, LENGTH))
    return from_reference(Reference("r", contigs, letters))


def world(seed: int, divergence: float) -> World:
    old = ancestor()
    isolate = mutated(old, divergence, rng=np.random.default_rng(seed))
    seeds = index(old.as_reference("r"))
    return World(old, seeds, isolate, truth(isolate, old), projected(isolate, old))


def called(
    world: World, seed: int = 1, *, threads: int = 1, rules: CallRules = RULES, **settings: float
) -> Called:
    batches = sequenced(world.isolate, np.random.default_rng(seed), **settings)
    return call_reads(iter(batches), world.seeds, rules=rules, threads=threads)


def wrong(found: Called, world: World) -> np.ndarray:
    return found.calls.called & (found.calls.bases != world.expected)


def false_snps(found: Called, world: World) -> int:
    """Letters that are neither the isolate's nor the reference's (a gap may be drawn elsewhere)."""
    return int((wrong(found, world) & (found.calls.bases != world.ancestor.letters)).sum())


def snps(world: World) -> int:
    there = world.expected != ord("-")
    return int(((world.expected != world.ancestor.letters) & there).sum())


# A SNP beside a gap is placed where it is a transition, which is wrong for some transversions: none of
# ten or five hundred SNPs, and at most one in five hundred where indels are as dense as at 3 %.
FALSE_BESIDE_GAPS = 0.002


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("divergence", [1e-4, 5e-3, 3e-2])
@pytest.mark.parametrize("depth", [15, 30, 60])
def test_no_letter_is_wrong_beyond_ten_bases_of_an_indel(seed, divergence, depth):
    made = world(seed, divergence)
    found = called(made, seed, depth=depth)
    assert not (wrong(found, made) & made.far).any()
    assert false_snps(found, made) <= FALSE_BESIDE_GAPS * snps(made)
    assert found.calls.called[made.far].mean() > {15: 0.8, 30: 0.98, 60: 0.997}[depth]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("divergence", [1e-4, 5e-3, 3e-2])
def test_assemblies_are_called_as_well_as_reads(seed, divergence):
    made = world(seed, divergence)
    contigs = [letters for _, letters in made.isolate.sequences()]
    halves = [contigs[0][:40_000], contigs[0][39_900:], contigs[1]]
    found = call_assembly(halves, made.seeds, rules=RULES)
    assert not (wrong(found, made) & made.far).any()
    assert false_snps(found, made) <= FALSE_BESIDE_GAPS * snps(made)
    assert found.calls.called[made.far].mean() > 0.99


@pytest.mark.parametrize("seed", range(6))
def test_two_sets_of_reads_of_one_culture_never_differ(seed):
    made = world(seed, [1e-4, 5e-3, 3e-2][seed % 3])
    depths = np.random.default_rng(seed).uniform(20, 100, 2)
    one, two = (called(made, 10 + k, depth=float(depth)) for k, depth in enumerate(depths))
    both = one.calls.called & two.calls.called
    assert both.mean() > 0.8
    assert (one.calls.bases == two.calls.bases)[both].all()


@pytest.fixture(scope="module")
def near() -> World:
    return world(3, 5e-3)


def same(one: Called, two: Called) -> bool:
    return (
        one.calls.bases.tobytes() == two.calls.bases.tobytes()
        and one.variants.equals(two.variants)
        and one.reads == two.reads
        and one.depth.windows.tobytes() == two.depth.windows.tobytes()
    )


def test_the_number_of_threads_and_the_size_of_blocks_change_nothing(near):
    batches = sequenced(near.isolate, np.random.default_rng(5), depth=30, duplicates=0.1)
    cut = [
        tuple(Block(b.buffer, b.records[k::3]) for b in pair) for pair in batches for k in range(3)
    ]
    whole = call_reads(iter(cut), near.seeds, rules=RULES)
    assert same(whole, call_reads(iter(cut), near.seeds, rules=RULES, threads=3))
    order = np.concatenate([np.arange(k, len(batches[0][0].records), 3) for k in range(3)])
    joined = [
        (Block(a.buffer, a.records[order]), Block(b.buffer, b.records[order])) for a, b in batches
    ]
    assert same(whole, call_reads(iter(joined), near.seeds, rules=RULES))


def test_copies_of_a_template_count_once(near):
    batches = sequenced(near.isolate, np.random.default_rng(6), depth=20, duplicates=0)
    once = call_reads(iter(batches), near.seeds, rules=RULES)
    twice = call_reads(iter(batches * 2), near.seeds, rules=RULES)
    assert (twice.calls.bases == once.calls.bases)[near.far].all()
    assert twice.reads.duplicates == pytest.approx(0.5 + once.reads.duplicates / 2, abs=0.01)


def test_reads_are_described(near):
    found = called(near, depth=40, insert_mean=320, insert_sd=30, duplicates=0.05)
    stats = found.reads
    assert stats.bases == stats.reads * 150
    assert stats.mapped > 0.99
    assert stats.insert_median == pytest.approx(320, abs=5)
    assert stats.duplicates == pytest.approx(0.05, abs=0.02)
    assert found.depth.mean == pytest.approx(38, rel=0.15)
    assert len(found.depth.windows) == LENGTH // 5000


def test_the_calls_and_the_variants_tell_one_story(near):
    found = called(near, depth=60)
    passed = found.variants.filter(kind="snp", filter="PASS")
    differs = found.calls.called & (found.calls.bases != near.ancestor.letters)
    assert passed["position"].to_list() == np.flatnonzero(differs).tolist()
    assert "".join(passed["alt"]).encode() == found.calls.bases[differs].tobytes()
    assert VARIANTS.check(found.variants).equals(found.variants)
    assert (passed["quality"] >= RULES.minqual).all()
    assert (passed["alt_forward"] + passed["alt_reverse"] <= passed["depth"]).all()


def test_small_insertions_and_deletions_are_found_as_the_vcf_writes_them(near):
    found = called(near, depth=60).variants.filter(filter="PASS")
    applied = near.ancestor.letters.tobytes()
    gaps = found.filter(found["kind"].is_in(["insertion", "deletion", "complex"]))
    for position, ref, alt in gaps.select("position", "ref", "alt").rows():
        assert applied[position : position + len(ref)].decode() == ref
        assert ref[0] == alt[0]
    grown = sum(len(alt) - len(ref) for ref, alt in gaps.select("ref", "alt").rows())
    expected = len(near.isolate) - LENGTH
    assert abs(grown - expected) <= 12
    assert len(gaps) >= 0.8 * len(near.truth.insertions)


def spliced(letters: Letters, start: int, end: int, new: bytes = b"") -> Letters:
    return np.concatenate([letters[:start], np.frombuffer(new, dtype=np.uint8), letters[end:]])


def tiled(letters: Letters, *, length: int = 100, step: int = 4) -> Iterable[tuple[Block, None]]:
    """Reads of both strands in turn, evenly laid."""
    text = letters.tobytes()
    starts = range(0, len(text) - length + 1, step)
    reads = [text[s : s + length] for s in starts]
    yield block_of([turned(r) if k % 2 else r for k, r in enumerate(reads)]), None


PLAIN = random_bases(6000, 21)


def called_plain(letters: Letters, **settings: int) -> Called:
    seeds = index(Reference("p", (Contig("c", 0, 6000),), PLAIN))
    return call_reads(iter(tiled(letters, **settings)), seeds, rules=RULES)


@pytest.mark.parametrize("size", [1, 2, 7, 30, 60])
def test_a_deletion_is_written_as_gaps_and_leaves_its_surroundings_called(size):
    found = called_plain(spliced(PLAIN, 3000, 3000 + size), length=150)
    gone = found.calls.bases == NO_COVERAGE
    assert gone[200:-200].sum() == size
    assert abs(int(np.flatnonzero(gone[200:-200])[0]) + 200 - 3000) <= 3
    assert (found.calls.called | gone)[200:-200].all()
    row = found.variants.row(0, named=True)
    assert (row["kind"], row["filter"]) == ("deletion", "PASS")
    assert len(row["ref"]) - len(row["alt"]) == size


@pytest.mark.parametrize("new", [b"A", b"GT", b"GATTACA", b"CATTAGGACCATTTAGAGATACCAGA"])
def test_an_insertion_is_in_the_variants_and_leaves_its_surroundings_called(new):
    found = called_plain(spliced(PLAIN, 3000, 3000, new), length=150)
    assert found.calls.called[200:-200].all()
    assert (found.calls.bases == PLAIN)[200:-200].all()
    row = found.variants.row(0, named=True)
    assert (row["kind"], row["filter"]) == ("insertion", "PASS")
    assert len(row["alt"]) - len(row["ref"]) == len(new)


def test_around_a_large_insertion_letters_are_not_guessed():
    strange = random_bases(2000, 22).tobytes()
    found = called_plain(spliced(PLAIN, 3000, 3000, strange))
    assert (found.calls.bases == PLAIN)[found.calls.called].all()
    assert not found.calls.called[2995:3005].any()
    assert found.calls.called[200:2980].all()


def test_a_large_deletion_has_no_reads():
    found = called_plain(spliced(PLAIN, 3000, 3500))
    assert set(found.calls.bases[3030:3470].tolist()) == {NO_COVERAGE}
    assert (found.calls.bases == PLAIN)[found.calls.called].all()
    assert found.calls.called[200:2980].all()


def test_a_mixture_of_two_strains_is_mixed_where_they_differ(near):
    one = sequenced(near.isolate, np.random.default_rng(1), depth=30)
    two = sequenced(near.ancestor, np.random.default_rng(2), depth=30)
    found = call_reads(iter([*one, *two]), near.seeds, rules=RULES)
    sites = near.truth.positions[near.far[near.truth.positions]]
    letters = found.calls.bases[sites]
    assert not np.isin(letters, list(b"ACGT")).any()
    assert (letters == ord("n")).mean() > 0.95
    assert {"mixed"} <= set(found.variants["filter"])


def test_a_repeat_is_called_only_where_a_read_can_tell_its_copies_apart(near):
    found = called(near, depth=60)
    assert not (wrong(found, near) & ~near.truth.near_indels(10)).any()
    for start, end in COPIES:
        inside = found.calls.bases[start + 150 : end - 150]
        assert not (inside == NO_COVERAGE).any()
        assert (inside == LOW).mean() > 0.5


def test_single_reads_are_called_too(near):
    batches = sequenced(near.isolate, np.random.default_rng(7), depth=60)
    found = call_reads(only_first(batches), near.seeds, rules=RULES)
    assert not (wrong(found, near) & near.far).any()
    assert found.calls.called[near.far].mean() > 0.98
    assert found.reads.duplicates is None
    assert found.reads.insert_median is None


@pytest.mark.parametrize("length", [36, 75, 250])
def test_reads_of_other_lengths_are_called(near, length):
    found = called(near, 8, depth=60, read_length=length)
    assert not (wrong(found, near) & near.far).any()
    assert found.calls.called[near.far].mean() > 0.97


def test_adapters_are_not_called(near):
    found = called(near, 9, depth=60, insert_mean=130, insert_sd=30)
    assert not (wrong(found, near) & near.far).any()
    assert found.calls.called[near.far].mean() > 0.98


def test_fewer_reads_than_asked_for_are_low_and_none_is_a_gap():
    found = called_plain(PLAIN[1000:2000], length=100, step=20)
    assert not found.calls.called.any()
    assert set(found.calls.bases[1100:1900].tolist()) == {LOW}
    assert set(found.calls.bases[2100:].tolist()) == {NO_COVERAGE}
    assert found.depth.breadth == 0


def test_without_reads_nothing_is_known():
    seeds = index(Reference("p", (Contig("c", 0, 6000),), PLAIN))
    found = call_reads(iter(()), seeds, rules=RULES)
    assert set(found.calls.bases.tolist()) == {NO_COVERAGE}
    assert found.variants.is_empty()
    assert (found.reads.reads, found.reads.mapped) == (0, None)


def test_a_region_the_assembly_holds_twice_is_not_called(near):
    contigs = [letters for _, letters in near.ancestor.sequences()]
    found = call_assembly([*contigs, contigs[0][30_000:35_000]], near.seeds, rules=RULES)
    assert not found.calls.called[30_500:34_500].any()
    assert found.calls.called[36_000:49_000].all()


def test_pieces_of_an_assembly_that_disagree_are_mixed(near):
    contigs = [letters for _, letters in near.ancestor.sequences()]
    other = contigs[0][30_000:30_300].copy()
    other[150] = ord("A") if other[150] != ord("A") else ord("C")
    found = call_assembly([*contigs, other], near.seeds, rules=RULES)
    assert not found.calls.called[30_150]
    assert (found.calls.bases == near.ancestor.letters)[found.calls.called].all()
