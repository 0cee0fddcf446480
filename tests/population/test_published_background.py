"""The backgrounds an organism folder brings, read between their rows."""

import numpy as np
import pytest

from abscope import organism
from abscope.knowledge.rows import BackgroundShare, Clone, Knowledge
from abscope.population.background import background
from abscope.population.lower_tail import pairs_apart
from abscope.population.published_background import completed, published_backgrounds

RNG = np.random.default_rng(1)


def row(stratum: str, snps: int, share: float, *bounds: float) -> BackgroundShare:
    low, high = bounds or (share / 2, min(1.0, share * 2))
    return BackgroundShare(stratum, "patients", 50, 1000, snps, share, low, high, "-", "-")


def clone(name: str, part_of: str | None) -> Clone:
    return Clone(name, part_of, None, None, None, (), (), (), None, None, "")


def test_rows_are_kept_and_between_them_the_share_rises() -> None:
    rows = (row("DCC1", 5, 0.01), row("DCC1", 20, 0.1), row("DCC1", 50, 0.4))
    (found,) = published_backgrounds(Knowledge(backgrounds=rows))
    assert [found.share[d] for d in (5, 20, 50)] == pytest.approx([0.01, 0.1, 0.4])
    assert [found.lower[d] for d in (5, 20, 50)] == pytest.approx([0.005, 0.05, 0.2])
    assert (np.diff(found.share[:51]) > 0).all()


def test_below_the_first_row_the_share_falls_but_never_to_zero() -> None:
    (found,) = published_backgrounds(Knowledge(backgrounds=(row("DCC6", 20, 0.084, 0.0, 0.14),)))
    assert found.share[:3] == pytest.approx([0.004, 0.008, 0.012])
    assert found.lower[19] == 0
    assert found.upper[0] == 0.14


def test_beyond_the_last_row_nothing_is_claimed() -> None:
    (found,) = published_backgrounds(Knowledge(backgrounds=(row("DCC6", 20, 0.1),)), limit=40)
    assert (found.share[40], found.lower[40], found.upper[40]) == pytest.approx((0.1, 0.05, 1))


def test_a_branch_without_rows_has_its_stems() -> None:
    clones = (clone("DCC3", None), clone("DCC3a", "DCC3"), clone("DCC7", None))
    found = published_backgrounds(Knowledge(clones=clones, backgrounds=(row("DCC3", 20, 0.1),)))
    assert [one.stratum for one in found] == ["DCC3", "DCC3a"]
    np.testing.assert_array_equal(found[0].share, found[1].share)


def test_the_built_in_organism_knows_its_clones_and_the_strains_of_none() -> None:
    found = {one.stratum: one for one in published_backgrounds(organism.read().knowledge())}
    assert {"DCC1", "DCC3", "DCC3a", "DCC4", "DCC7", "not a clone (abscessus)"} <= set(found)
    assert found["DCC4"].share[20] > 10 * found["DCC1"].share[20]
    assert found["DCC6"].share[20] == pytest.approx(0.079)
    for one in found.values():
        assert one.share[0] > 0
        assert (one.lower <= one.share).all()
        assert (one.share <= one.upper).all()


def test_a_collection_of_more_patients_replaces_what_is_published() -> None:
    published = published_backgrounds(
        Knowledge(backgrounds=(row("DCC1", 20, 0.1), row("DCC3", 20, 0.1)))
    )
    few, many = (
        background("DCC1", pairs_apart(np.full((n, n), 60, np.float32)), rng=RNG) for n in (9, 70)
    )
    assert completed([few], published) == published
    assert completed([many], published) == (many, published[1])
    with pytest.raises(ValueError, match="different distances"):
        completed(
            [many], published_backgrounds(Knowledge(backgrounds=(row("DCC1", 20, 0.1),)), limit=9)
        )
