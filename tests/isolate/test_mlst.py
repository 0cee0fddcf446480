"""Sequence types from assemblies: what is exact, and what is said where nothing is."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abscope.formats.mlst_scheme import read_scheme
from abscope.isolate import mlst
from abscope.isolate.letters import encode
from abscope.isolate.mlst import Profile, Scheme, TypeCall
from abscope.isolate.mlst_search import edits
from abscope.records import Letters

BASES = np.frombuffer(b"ACGT", dtype=np.uint8)
LOCI = ("one", "two", "three")
LENGTH = 400


def random_letters(rng: np.random.Generator, size: int) -> Letters:
    return rng.choice(BASES, size)


def changed(letters: Letters, *positions: int) -> Letters:
    found = letters.copy()
    for position in positions:
        found[position] = BASES[(np.flatnonzero(found[position] == BASES)[0] + 1) % 4]
    return found


def turned(letters: Letters) -> Letters:
    pairs = np.arange(256, dtype=np.uint8)
    pairs[list(b"ACGT")] = list(b"TGCA")
    return pairs[letters[::-1]]


def small_scheme() -> Scheme:
    rng = np.random.default_rng(4)
    alleles = []
    for _ in LOCI:
        first = random_letters(rng, LENGTH)
        second, third = changed(first, 50), changed(first, 50, 200, 300)
        longer = np.insert(first, 120, BASES[:2])
        alleles.append([("1", first), ("2", second), ("3", third), ("4", longer)])
    profiles = [Profile("1", ("1", "1", "1"), "9"), Profile("2", ("2", "1", "1")),
                Profile("7", ("3", "4", "2"))]  # fmt: skip
    return mlst.scheme("small", LOCI, alleles, profiles)


SCHEME = small_scheme()


def genome(*parts: Letters, seed: int = 1) -> list[tuple[str, Letters]]:
    """One contig: random letters, and the parts at random places, every other turned."""
    rng = np.random.default_rng(seed)
    whole = [random_letters(rng, 3000)]
    for number, part in enumerate(parts):
        whole += [turned(part) if number % 2 else part, random_letters(rng, 3000)]
    return [("c1", np.concatenate(whole))]


def allele(locus: int, name: str) -> Letters:
    return dict(SCHEME.alleles[locus])[name]


def carried(*names: str) -> list[Letters]:
    return [allele(locus, name) for locus, name in enumerate(names)]


def called(*parts: Letters) -> TypeCall:
    return mlst.call(genome(*parts), SCHEME)


@pytest.mark.parametrize(
    ("names", "st_", "group"), [("111", "1", "9"), ("211", "2", None), ("342", "7", None)]
)
def test_every_profile_is_found_again_on_either_strand(names: str, st_: str, group: str) -> None:
    parts = carried(*names)
    found = called(*parts)
    assert (found.st, found.complex, found.status) == (st_, group, "known")
    other = mlst.call([("c1", turned(genome(*parts)[0][1]))], SCHEME)
    assert other.st == st_


def test_the_place_of_a_locus_is_where_its_allele_stands() -> None:
    ((_, letters),) = contigs = genome(*carried("1", "2", "3"))
    for call in mlst.call(contigs, SCHEME).loci:
        part = letters[call.start : call.end]
        whole = turned(part) if call.turned else part
        assert whole.tobytes() == allele(LOCI.index(call.locus), str(call.allele)).tobytes()


def test_known_alleles_in_an_unknown_combination_have_no_type_but_near_ones() -> None:
    found = called(*carried("2", "1", "2"))
    assert (found.st, found.status) == (None, "new combination")
    assert found.near == (("2", ("three",)),)


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(10, LENGTH - 10), min_size=1, max_size=6), st.sampled_from("123"))
def test_a_novel_allele_is_told_with_its_nearest_and_how_far(places: set[int], name: str) -> None:
    novel = changed(allele(0, name), *places)
    known = {n: a for n, a in SCHEME.alleles[0] if len(a) == LENGTH}
    distances = {n: int((a != novel).sum()) for n, a in known.items()}
    if min(distances.values()) == 0:
        return
    found = called(novel, *carried("1", "1", "1")[1:]).loci[0]
    assert (found.status, found.allele) == ("novel", None)
    assert found.differences == min(distances.values())
    assert found.nearest[0] in [n for n, d in distances.items() if d == found.differences]


@pytest.mark.parametrize("size", [1, 3, 12])
@pytest.mark.parametrize("inserted", [True, False])
def test_a_novel_insertion_or_deletion_is_counted_in_bases(size: int, inserted: bool) -> None:
    first = allele(1, "1")
    letters = random_letters(np.random.default_rng(size), size)
    novel = np.insert(first, 250, letters) if inserted else np.delete(first, slice(250, 250 + size))
    found = called(allele(0, "1"), novel, allele(2, "1")).loci[1]
    assert (found.status, found.nearest[0], found.differences) == ("novel", "1", size)


def test_a_locus_that_is_not_there_is_missing_and_the_type_incomplete() -> None:
    found = called(allele(0, "1"), allele(1, "1"))
    assert found.loci[2].status == "missing"
    assert (found.st, found.status) == (None, "incomplete")
    assert ("1", ("three",)) in found.near


def test_a_locus_cut_by_the_end_of_a_contig_is_partial_and_says_how_much_is_there() -> None:
    ((_, letters),) = genome(*carried("1", "1", "1"))
    start = 3000 + 150
    found = mlst.call([("a", letters[:start]), ("b", letters[3000 + LENGTH :])], SCHEME).loci[0]
    assert (found.status, found.covered, found.differences) == ("partial", 150, 0)
    assert "1" in found.nearest  # allele 2 differs within these 150 bases


def test_unread_letters_make_a_locus_partial_and_are_no_difference() -> None:
    ((_, letters),) = genome(*carried("1", "1", "1"))
    letters[3000 + 210 : 3000 + 230] = ord("N")
    found = mlst.call([("c1", letters)], SCHEME).loci[0]
    assert (found.status, found.covered, found.differences) == ("partial", LENGTH - 20, 0)


def test_two_different_alleles_contradict_each_other_and_two_alike_are_counted() -> None:
    twice = called(*carried("1", "1", "1"), allele(0, "3"))
    assert twice.loci[0].status == "multiple"
    assert set(twice.loci[0].nearest) == {"1", "3"}
    assert twice.st is None
    alike = called(*carried("1", "1", "1"), allele(1, "1"))
    assert (alike.st, alike.loci[1].copies) == ("1", 2)


def test_a_distant_relative_of_a_locus_is_not_taken_for_it() -> None:
    rng = np.random.default_rng(8)
    relative = changed(allele(0, "1"), *rng.choice(LENGTH, 60, replace=False))
    found = called(relative, *carried("1", "1", "1")[1:])
    assert found.loci[0].status == "missing"


def test_an_empty_assembly_has_no_type() -> None:
    found = mlst.call([], SCHEME)
    assert {one.status for one in found.loci} == {"missing"}
    assert found.near == ()


words = st.lists(st.sampled_from(b"ACGT"), max_size=5).map(
    lambda one: np.array(one, dtype=np.uint8)
)


@settings(max_examples=60, deadline=None)
@given(words, words)
def test_edits_agree_with_the_obvious_recursion(one: Letters, two: Letters) -> None:
    def slow(a: bytes, b: bytes) -> int:
        if not a or not b:
            return len(a) + len(b)
        return min(slow(a[1:], b[1:]) + (a[0] != b[0]), slow(a[1:], b) + 1, slow(a, b[1:]) + 1)

    assert edits(encode(one), encode(two)) == slow(one.tobytes(), two.tobytes())


def test_the_type_strain_is_st_5_of_complex_1(shared_data: Path) -> None:
    from abscope.formats import fasta

    scheme = read_scheme(shared_data / "mabs_mlst" / "pubmlst")
    path = shared_data / "mabs_reference" / "GCA_000069185.1_ATCC19977.fna.gz"
    found = mlst.call(fasta.read(path), scheme)
    assert (found.st, found.complex, found.status) == ("5", "1", "known")
    assert [one.allele for one in found.loci] == ["3", "1", "4", "3", "1", "2", "1"]


def test_every_published_profile_is_found_again_from_a_genome_built_to_carry_it(
    shared_data: Path,
) -> None:
    scheme = read_scheme(shared_data / "mabs_mlst" / "pubmlst")
    rng = np.random.default_rng(11)
    missed = []
    for profile in scheme.profiles:
        held = zip(scheme.alleles, profile.alleles, strict=True)
        parts = [dict(alleles)[name] for alleles, name in held]
        order = rng.permutation(len(parts))
        found = mlst.call(genome(*[parts[i] for i in order], seed=int(profile.st)), scheme)
        if (found.st, found.complex, found.status) != (profile.st, profile.complex, "known"):
            missed.append(profile.st)
    assert len(scheme.profiles) == 371
    assert not missed
