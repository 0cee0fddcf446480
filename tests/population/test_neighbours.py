"""A new isolate's distances to everybody stored are those that counting every position gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.population import bitplanes, neighbours
from abscope.population.packing import Words, hide, pack
from abscope.records import Calls, Letters
from abscope.records.genotypes import LONG, Genotypes
from genealogies import ALPHABET, BASES, alignments, calls_of


def planes_of(rows: dict[str, str]) -> Words:
    length = len(next(iter(rows.values())))
    return pack(calls_of(rows).values(), isolates=len(rows), length=length)[: len(rows)]


def stored(planes: Words, length: int, sizes: list[int]) -> Genotypes:
    """Isolates added a few at a time."""
    known, at = neighbours.empty(length), 0
    for size in [*sizes, len(planes)]:
        added = neighbours.addition(known, planes[at : at + size])
        known, at = neighbours.joined(known, added), at + size
    return known


def counted(planes: Words, row: Words) -> tuple[np.ndarray, np.ndarray]:
    """Every position counted."""
    everybody = np.concatenate([planes, row[None]])
    everybody = np.concatenate([everybody, np.zeros_like(everybody[: len(everybody) % 2])])
    snps, comparable = bitplanes.count(everybody, isolates=len(planes) + 1)
    return snps[-1, :-1], comparable[-1, :-1]


def clones(rng: np.random.Generator, *, isolates: int, length: int) -> list[Letters]:
    """Isolates of a few clones, with gaps; a few with hardly a base."""
    founders = rng.choice(BASES, (5, length))
    founders[1] = np.where(rng.random(length) < 0.01, founders[1], founders[0])
    rows = []
    for number in range(isolates):
        row = founders[rng.integers(5)].copy()
        row[rng.integers(0, length, rng.integers(0, 60))] = rng.choice(BASES)
        for start in rng.integers(0, length, 20):
            row[start : start + rng.geometric(1 / 40)] = rng.choice([ord("N"), ord("-")])
        if number % 17 == 0:
            row[rng.random(length) < 0.97] = ord("N")
        rows.append(row)
    return rows


def packed(rows: list[Letters]) -> Words:
    calls = [Calls("REF", row) for row in rows]
    return pack(calls, isolates=len(rows), length=len(rows[0]))[: len(rows)]


@given(alignments(most=8, longest=700), st.data())
def test_distances_to_everybody_stored_are_those_of_counting_every_position(
    rows: dict[str, str], data: st.DataObject
) -> None:
    *some, new = planes_of(rows)
    planes = np.array(some, dtype=np.uint64).reshape(-1, *new.shape)
    length = len(rows["iso0"])
    sizes = data.draw(st.lists(st.integers(0, 3), max_size=3))
    known = neighbours.index(stored(planes, length, sizes))
    snps, comparable = neighbours.distances(known, new, threads=data.draw(st.integers(1, 3)))
    dense = counted(planes, new)
    assert snps.tolist() == dense[0].tolist()
    assert comparable.tolist() == dense[1].tolist()


@given(alignments(most=8, longest=300), st.integers(0, 40))
def test_nobody_within_k_snps_is_lost_and_nobody_further_is_found(
    rows: dict[str, str], k: int
) -> None:
    *some, new = planes_of(rows)
    planes = np.array(some, dtype=np.uint64).reshape(-1, *new.shape)
    known = neighbours.index(stored(planes, len(rows["iso0"]), []))
    near = neighbours.within(known, new, k)
    snps, comparable = counted(planes, new)
    assert sorted(near.index.tolist()) == np.flatnonzero(snps <= k).tolist()
    assert near.snps.tolist() == snps[near.index].tolist() == sorted(near.snps.tolist())
    assert near.comparable.tolist() == comparable[near.index].tolist()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_distances_are_exact_among_clones_with_gaps_on_any_number_of_threads(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = clones(rng, isolates=150, length=20_011)
    planes = packed(rows)
    known = stored(planes, 20_011, [1, 40, 3])
    assert 5 <= len(known.representatives) < 30
    ready = neighbours.index(known)
    for new in packed([rows[7], rows[17], *clones(rng, isolates=3, length=20_011)]):
        dense = counted(planes, new)
        for threads in (1, 2):
            found = neighbours.distances(ready, new, threads=threads)
            assert all((a == b).all() for a, b in zip(found, dense, strict=True))
        for k in (0, 25, 500):
            near = neighbours.within(ready, new, k, threads=2)
            assert set(near.index.tolist()) == set(np.flatnonzero(dense[0] <= k).tolist())


@pytest.mark.parametrize("seed", [1, 2])
def test_far_clones_are_passed_over(seed: int) -> None:
    rng = np.random.default_rng(seed)
    founders = rng.choice(BASES, (4, 30_000))
    rows = [founder.copy() for founder in founders for _ in range(10)]
    for row in rows:
        row[rng.integers(0, 30_000, 20)] = rng.choice(BASES)
    known = neighbours.index(stored(packed(rows), 30_000, []))
    asked = neighbours.kernels.query(packed(rows[:1])[0])
    snps = np.full(40, neighbours.FAR)
    whole = neighbours.Asked(0, len(known.furthest), 25)
    neighbours.kernels.ask(known, asked, whole, snps, np.zeros(40, np.int64))
    assert (snps[:10] != neighbours.FAR).all()
    assert (snps[10:] == neighbours.FAR).all()


@given(alignments(most=4, longest=200), st.data())
def test_hiding_positions_of_the_new_isolate_masks_every_pair(
    rows: dict[str, str], data: st.DataObject
) -> None:
    length = len(rows["iso0"])
    hidden = np.array(data.draw(st.lists(st.booleans(), min_size=length, max_size=length)))
    planes = planes_of(rows)
    known = neighbours.index(stored(planes, length, []))
    hide(planes, hidden)
    found = neighbours.distances(known, planes[0])
    dense = counted(planes, planes[0])
    assert all((a == b).all() for a, b in zip(found, dense, strict=True))


@given(alignments(most=5, longest=200))
def test_what_is_stored_is_what_was_called(rows: dict[str, str]) -> None:
    known = stored(planes_of(rows), len(rows["iso0"]), [2])
    for number, row in enumerate(rows.values()):
        assert decoded(known, number) == "".join(x if x in "ACGT" else "N" for x in row)


@pytest.mark.parametrize("seed", [1, 2])
def test_steps_too_long_for_a_number_are_stored_as_well(seed: int) -> None:
    rng = np.random.default_rng(seed)
    length = 400_000
    first, second = (np.full(length, ord("A"), np.uint8) for _ in range(2))
    second[np.cumsum([5, 16_382, 16_383, 16_384, 16_385, 70_000])] = ord("T")
    second[300_000:365_535] = ord("N")
    second[-rng.integers(2, 100) :] = ord("-")
    third = np.full(length, ord("N"), np.uint8)
    planes = packed([first, second, third])
    known = stored(planes, length, [])
    assert len(known.representatives) == 1
    for number, row in enumerate((first, second, third)):
        assert decoded(known, number) == row.tobytes().decode().replace("-", "N")
    for row in planes:
        found = neighbours.distances(neighbours.index(known), row)
        assert all((a == b).all() for a, b in zip(found, counted(planes, row), strict=True))


def decoded(known: Genotypes, number: int) -> str:
    """An isolate's letters, read from the description of the layout."""
    before = {name: int(known.members[name][number - 1]) if number else 0 for name in STEPS}
    deltas, runs = (
        getattr(known, name)[before[name] : int(known.members[name][number])].tolist()
        for name in STEPS
    )
    letters = bases_of(known.representatives[known.members["clone"][number]], known.length)
    site = 0
    for step in deltas:
        site += step >> 2
        if step != LONG:
            letters[site] = "ACTG"[step & 3]
    site, absent = 0, False
    for step in runs:
        if absent:
            letters[site : site + step] = "N" * step
        site += step
        absent = absent if step == LONG else not absent
    return "".join(letters)


STEPS = ("deltas", "runs")


def bases_of(representative: Words, length: int) -> list[str]:
    first, second = (
        np.unpackbits(plane.view(np.uint8), bitorder="little")[:length] for plane in representative
    )
    return ["ACTG"[a + 2 * b] for a, b in zip(first.tolist(), second.tolist(), strict=True)]


def test_everybody_comparable_with_nobody_is_near_with_no_site() -> None:
    rows = {"a": "N" * 90, "b": "A" * 90, "new": "C" * 90}
    *some, new = planes_of(rows)
    known = neighbours.index(stored(np.array(some), 90, []))
    near = neighbours.within(known, new, 5)
    assert (near.index.tolist(), near.snps.tolist(), near.comparable.tolist()) == ([0], [0], [0])


def test_nobody_stored_has_no_neighbour() -> None:
    known = neighbours.index(neighbours.empty(100))
    new = planes_of({"a": (ALPHABET * 13)[:100]})[0]
    assert neighbours.within(known, new, 100).index.tolist() == []
    assert neighbours.distances(known, new, threads=2)[0].tolist() == []


def test_genotypes_that_do_not_fit_together_are_refused() -> None:
    known = stored(planes_of({"a": "ACNT"}), 4, [])
    with pytest.raises(ValueError, match="not the last"):
        Genotypes(4, known.representatives, known.members, known.deltas, known.runs[:0])
