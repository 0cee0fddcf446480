"""Recombination: known imports are found, and nothing else is taken from anybody."""

import numpy as np
import pytest
from benchmarks.recombination_scores import score, together
from benchmarks.recombination_worlds import Recipe, World, world
from tests.genealogies import calls_of, genealogy

from abscope.errors import DataError
from abscope.population.clone_sites import clone_sites, of_isolates, with_isolate
from abscope.population.distances import pairwise
from abscope.population.recombination import detected, one_more, recombination, searched
from abscope.records import Calls, Interval, Mask, Recombination

FAR = Recipe(24, 0.1, length=600_000)
CLOSE = Recipe(24, 0.3, "another strain", length=600_000)
SEEDS = (1, 2, 3, 4, 5, 6)


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    return [world(FAR, seed=seed) for seed in SEEDS]


def found_in(made: World) -> Recombination:
    return recombination(made.calls, made.mask)


def with_gaps(calls: Calls, seed: int) -> Calls:
    letters = calls.bases.copy()
    for start in np.random.default_rng(seed).integers(0, len(letters), 40).tolist():
        letters[start : start + 300] = ord("N")
    return Calls(calls.reference, letters)


def blocks(found: Recombination) -> list[tuple[int, int, frozenset[str]]]:
    return [(one.start, one.end, frozenset(one.descendants)) for one in found.blocks]


def same(one: Recombination, other: Recombination) -> bool:
    return (
        (one.ids, one.blocks, one.newick) == (other.ids, other.blocks, other.newick)
        and np.array_equal(one.raw.snps, other.raw.snps)
        and np.array_equal(one.raw.comparable, other.raw.comparable)
        and np.array_equal(one.masked.snps, other.masked.snps)
        and np.array_equal(one.masked.comparable, other.masked.comparable)
    )


def test_imports_from_another_subspecies_are_found_and_little_else(worlds: list[World]) -> None:
    scores = []
    for made in worlds:
        found = found_in(made)
        scores.append(score(made, blocks(found), found.masked.snps.astype(np.float64), least=10))
    total = together(scores)
    assert total.true > 15
    assert total.recalled >= 0.95 * total.true
    assert total.right >= 0.95 * total.found
    assert np.abs(total.errors).mean() < 0.5


def test_imports_from_a_close_strain_are_found_where_they_changed_ten_letters() -> None:
    scores = []
    for seed in SEEDS[:2]:
        made = world(CLOSE, seed=seed)
        found = found_in(made)
        scores.append(score(made, blocks(found), found.masked.snps.astype(np.float64), least=10))
    total = together(scores)
    assert total.true > 5
    assert total.recalled >= 0.8 * total.true
    assert total.right >= 0.9 * total.found


def test_one_clone_in_twenty_at_most_has_blocks_where_there_was_no_recombination() -> None:
    touched = 0
    for seed in range(60):
        made = genealogy(20, length=100_000, snps=30, seed=seed)
        found = recombination(made.calls, made.mask)
        touched += bool(found.blocks)
        assert bool(found.blocks) == bool(found.removed.any())
    assert touched <= 6  # 60 x 0.05 are expected at most; more than 6 have a chance of 3 %


def test_raw_distances_are_those_of_the_distances_command(worlds: list[World]) -> None:
    made = worlds[0]
    expected = pairwise(dict(sorted(made.calls.items())), made.mask)
    raw = found_in(made).raw
    assert np.array_equal(raw.snps, expected.snps)
    assert np.array_equal(raw.comparable, expected.comparable)


def test_masking_never_adds_a_snp_nor_a_site(worlds: list[World]) -> None:
    for made in worlds:
        found = found_in(made)
        assert (found.removed >= 0).all()
        assert (found.masked.comparable <= found.raw.comparable).all()


def test_a_pair_loses_only_blocks_on_the_path_between_its_isolates(worlds: list[World]) -> None:
    made = worlds[1]
    found = found_in(made)
    for i, one in enumerate(found.ids):
        for j, other in enumerate(found.ids[:i]):
            hidden = np.zeros(found.length, dtype=np.bool_)
            for block in found.blocks:
                if (one in block.descendants) != (other in block.descendants):
                    hidden[block.start : block.end] = True
            a, b = made.calls[one], made.calls[other]
            both = a.called & b.called & ~hidden
            assert found.masked.comparable[i, j] == both.sum()
            assert found.masked.snps[i, j] == (both & (a.bases != b.bases)).sum()


def test_the_order_of_isolates_changes_nothing(worlds: list[World]) -> None:
    made = worlds[0]
    backwards = dict(reversed(made.calls.items()))
    assert same(recombination(backwards, made.mask), found_in(made))


@pytest.mark.parametrize("row", [0, 11, 23])
def test_adding_an_isolate_gives_what_reading_all_genomes_again_gives(
    worlds: list[World], row: int
) -> None:
    made = worlds[2]
    new = made.ids[row]
    rest = {name: one for name, one in made.calls.items() if name != new}
    grown = with_isolate(clone_sites(rest, made.mask), new, made.calls[new])
    assert same(detected(grown), found_in(made))


@pytest.mark.parametrize("row", [0, 11, 23])
def test_one_isolate_more_changes_a_search_to_what_a_first_search_of_all_finds(
    worlds: list[World], row: int
) -> None:
    for made in worlds[3:]:
        new = made.ids[row]
        rest = {name: one for name, one in made.calls.items() if name != new}
        grown = one_more(searched(clone_sites(rest, made.mask)), new, made.calls[new])
        assert same(grown.found, found_in(made))


def test_a_clone_that_grows_one_by_one_is_at_every_size_what_a_first_search_finds(
    worlds: list[World],
) -> None:
    made = worlds[4]
    calls = {name: with_gaps(one, seed) for seed, (name, one) in enumerate(made.calls.items())}
    order = np.random.default_rng(1).permutation(made.ids).tolist()
    search = searched(clone_sites({name: calls[name] for name in order[:3]}, made.mask))
    for size in range(4, len(order) + 1):
        search = one_more(search, order[size - 1], calls[order[size - 1]])
        assert same(search.found, recombination({n: calls[n] for n in order[:size]}, made.mask))


def test_isolates_that_are_left_out_do_not_disturb_a_search_that_grows(
    worlds: list[World],
) -> None:
    made, (first, last) = worlds[5], worlds[5].ids[:2]
    calls = dict(made.calls)
    for name in (first, last):
        poor = calls[name].bases.copy()
        poor[: int(0.6 * len(poor))] = ord("N")
        calls[name] = Calls("founder", poor)
    rest = {name: one for name, one in calls.items() if name not in (last, made.ids[-1])}
    search = searched(clone_sites(rest, made.mask))
    for name in (last, made.ids[-1]):
        search = one_more(search, name, calls[name])
    whole = recombination(calls, made.mask)
    assert [one.name for one in search.found.left_out] == [first, last]
    assert same(search.found, whole)


def test_isolates_of_two_subspecies_are_refused() -> None:
    rng = np.random.default_rng(1)
    letters = rng.choice(np.frombuffer(b"ACGT", np.uint8), 20_000)
    other = letters.copy()
    other[rng.choice(20_000, 500, replace=False)] = ord("A")
    calls = {"a": Calls("REF", letters), "b": Calls("REF", letters), "c": Calls("REF", other)}
    with pytest.raises(DataError, match=r"c differ at .* not of one subspecies"):
        recombination(calls, Mask("REF", 20_000))


def test_two_references_are_refused() -> None:
    calls = calls_of({"a": "ACGT" * 50}, "ONE") | calls_of({"b": "ACGT" * 50}, "OTHER")
    with pytest.raises(DataError, match="another genome"):
        recombination(calls, Mask("ONE", 200))


def test_an_alignment_of_variable_columns_alone_is_refused() -> None:
    calls = calls_of({"a": "ACGTACGTAC", "b": "CCGTACGTAA", "c": "AAGTACGTTC"})
    with pytest.raises(DataError, match="constant ones were left out"):
        recombination(calls, Mask("REF", 10))


def test_an_isolate_hardly_called_is_left_out_with_the_reason(worlds: list[World]) -> None:
    made = worlds[3]
    poor = made.calls["iso003"].bases.copy()
    poor[: int(0.6 * len(poor))] = ord("N")
    found = recombination(made.calls | {"iso003": Calls("founder", poor)}, made.mask)
    assert [one.name for one in found.left_out] == ["iso003"]
    assert "iso003" not in found.ids
    kept = clone_sites(made.calls, made.mask)
    rows = np.flatnonzero([name != "iso003" for name in kept.ids])
    assert found.blocks == detected(of_isolates(kept, rows)).blocks


def test_two_isolates_are_enough(worlds: list[World]) -> None:
    made = worlds[0]
    found = recombination({name: made.calls[name] for name in made.ids[:2]}, made.mask)
    assert found.stable
    assert found.masked.snps[0, 1] <= found.raw.snps[0, 1]


def test_what_a_mask_hides_is_in_no_block_and_no_distance(worlds: list[World]) -> None:
    made = worlds[0]
    first = found_in(made).blocks[0]
    mask = Mask("founder", made.mask.length, (Interval(first.start, first.end, "test"),))
    found = recombination(made.calls, mask)
    hidden = set(range(first.start, first.end))
    assert all(hidden.isdisjoint({block.start, block.end - 1}) for block in found.blocks)
    assert found.raw.comparable.max() <= mask.length - (first.end - first.start)
