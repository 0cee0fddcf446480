"""Two strains in a tube are found, measured and traced; one strain is not taken for two."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from abscope.isolate.minor_sites import minor_sites
from abscope.isolate.mixture import crowding, damage, mixture
from abscope.isolate.mixture_sources import matches
from abscope.isolate.realign import Track
from abscope.records import MinorSites
from abscope.simulate.genomes import spliced
from mixtures import LENGTH, relative, strain, tube


def table(
    shares: NDArray[np.float64],
    rng: np.random.Generator,
    positions: NDArray[np.int64] | None = None,
) -> MinorSites:
    """Second bases C>T with these shares, at 80 reads each, among clean positions of a 5 Mb genome."""
    sites = len(shares)
    depth, seen = np.full(sites, 80), rng.binomial(80, shares)
    seen = np.minimum(seen, 80 - seen)
    forward, first = rng.binomial(seen, 0.5), rng.binomial(depth - seen, 0.5)
    counts = np.stack([first, depth - seen - first, forward, seen - forward], axis=1)
    listed = seen >= 2
    looked = np.zeros((4, 200), dtype=np.int64)
    looked[:, 80] = 1_250_000
    clean = np.full(4, 100_000_000, dtype=np.int64)
    odd = np.full((4, 4, 2), 5_000, dtype=np.int64)
    places = (
        np.sort(rng.choice(5_000_000, sites, replace=False)) if positions is None else positions
    )
    return MinorSites(
        places[listed],
        np.full(listed.sum(), ord("C"), dtype=np.uint8),
        np.full(listed.sum(), ord("T"), dtype=np.uint8),
        counts[listed].astype(np.uint16),
        looked,
        odd,
        clean,
        1,
        5_000_000,
    )


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("share", "depth"), [(0.1, 60.0), (0.3, 30.0), (0.5, 60.0)])
def test_two_strains_are_found_with_their_share(share: float, depth: float, seed: int) -> None:
    one = strain(seed)
    called = tube([(one, 1 - share), (relative(one, 150, seed), share)], depth=depth, seed=seed)
    assert called.minor is not None
    found = mixture(called.minor)
    assert found.verdict == "mixed"
    assert found.share is not None
    assert found.interval is not None
    assert found.differences is not None
    assert found.share == pytest.approx(share, rel=0.3)
    assert found.interval[0] <= share <= found.interval[1] * 1.1  # clipped read ends lose a few
    assert 100 <= found.differences <= 200


@pytest.mark.parametrize("seed", range(4))
def test_one_strain_is_pure_at_any_depth(seed: int) -> None:
    called = tube([(strain(seed), 1.0)], depth=(15, 30, 60, 120)[seed], seed=seed)
    assert called.minor is not None
    assert mixture(called.minor).verdict == "pure"


def test_too_little_depth_is_no_verdict() -> None:
    one = strain(1)
    called = tube([(one, 0.7), (relative(one, 150, 1), 0.3)], depth=5, seed=1)
    assert called.minor is not None
    found = mixture(called.minor)
    assert found.verdict == "cannot tell"
    assert "depth" in found.reason
    assert all(limit is None for _, limit in found.limits)


@pytest.mark.parametrize("seed", range(5))
def test_shares_scattered_as_among_a_mutators_offspring_are_no_mixture(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scattered = np.exp(rng.uniform(np.log(0.01), np.log(0.5), 200))
    gathered = np.minimum(rng.beta(1, 8, 200), 0.5)
    assert mixture(table(scattered, rng)).verdict == "cannot tell"
    assert mixture(table(gathered, rng)).verdict == "cannot tell"


@pytest.mark.parametrize("seed", range(3))
def test_many_sites_in_few_places_are_no_mixture(seed: int) -> None:
    rng = np.random.default_rng(seed)
    place = np.sort(1_000_000 + rng.choice(8_000, 200, replace=False))
    found = mixture(table(np.full(200, 0.33), rng, place))
    assert found.verdict == "pure"
    assert "crowded" in found.reason


@pytest.mark.parametrize("seed", range(2))
def test_a_duplicated_stretch_that_has_drifted_is_no_second_strain(seed: int) -> None:
    one = strain(seed)
    copied = relative(one, 1_500, seed).letters[70_000:76_000]
    fresh = np.array([[0, 2**50]], dtype=np.int64)
    double = spliced(one, [(120_000, 120_000, (copied, fresh))])
    called = tube([(double, 1.0)], depth=60, seed=seed)
    assert called.minor is not None
    assert len(called.minor.positions) > 20
    assert mixture(called.minor).verdict == "pure"


def test_one_share_all_over_the_genome_is_a_mixture() -> None:
    rng = np.random.default_rng(8)
    found = mixture(table(np.full(200, 0.33), rng))
    assert found.verdict == "mixed"
    assert found.share == pytest.approx(0.33, abs=0.02)
    assert found.relation == "same subspecies"


def test_oxidised_dna_is_named_and_is_no_second_strain() -> None:
    rng = np.random.default_rng(2)
    clean = table(np.zeros(0), rng)
    odd = clean.odd.copy()
    odd[1, 0], odd[2, 3] = 400_000, 400_000
    found = mixture(replace(clean, odd=odd))
    assert found.verdict == "pure"
    assert found.damage is not None
    assert "oxidised" in found.damage
    assert damage(clean) is None


def test_more_depth_never_raises_the_limit_of_detection() -> None:
    rng = np.random.default_rng(2)
    limits = []
    for depth in (20, 40, 80, 160):
        looked = np.zeros((4, 400), dtype=np.int64)
        looked[:, depth] = 1_250_000
        found = mixture(replace(table(np.zeros(0), rng), looked=looked))
        limits.append([1.0 if limit is None else limit for _, limit in found.limits])
    assert (np.diff(np.array(limits), axis=0) <= 0).all()
    assert (np.diff(np.array(limits), axis=1) <= 0).all()


def test_the_source_is_named_and_others_are_not() -> None:
    one, source = strain(1), relative(strain(1), 120, 5)
    cousin = relative(source, 40, 6)
    others = {
        name: tube([(genome, 1.0)], depth=40, seed=9).calls
        for name, genome in {"source": source, "cousin": cousin, "far": strain(7)}.items()
    }
    called = tube([(one, 0.8), (source, 0.2)], depth=60, seed=4)
    assert called.minor is not None
    found = mixture(called.minor).strain
    assert found is not None
    fits = matches(found, called.calls, others)
    assert [(fit.name, fit.verdict) for fit in fits if fit.verdict == "carries it"] == [
        ("source", "carries it")
    ]
    assert fits[0].carried / fits[0].compared > 0.97
    assert all(fit.by_chance is not None for fit in fits)


@given(st.lists(st.integers(0, LENGTH - 1), min_size=1, max_size=60, unique=True))
def test_a_site_never_weighs_more_than_one_and_never_nothing(positions: list[int]) -> None:
    weights = crowding(np.sort(np.array(positions)), LENGTH)
    assert ((weights > 0) & (weights <= 1)).all()


@given(st.lists(st.lists(st.integers(0, 12), min_size=8, max_size=8), min_size=1, max_size=30))
def test_second_bases_agree_with_counting_by_hand(columns: list[list[int]]) -> None:
    counts = np.array(columns, dtype=np.uint16)
    none = np.zeros(len(counts), dtype=np.bool_)
    track = Track(np.zeros(len(counts), dtype=np.uint16), none, none)
    found = minor_sites(counts, track, none)
    expected = []
    for place, column in enumerate(columns):
        both = sorted((column[k] + column[k + 4] for k in range(4)), reverse=True)
        if both[1] >= 2 and 100 * both[1] >= sum(both):
            expected.append((place, both[0], both[1]))
    seen = zip(
        found.positions.tolist(),
        found.counts[:, :2].sum(axis=1).tolist(),
        found.counts[:, 2:].sum(axis=1).tolist(),
        strict=True,
    )
    assert list(seen) == expected
    assert found.looked.sum() == sum(any(column) for column in columns)
