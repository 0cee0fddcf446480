"""Every group of three or more linked patients is judged as a star."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import polars as pl

from abscope.outbreak.links import links
from abscope.outbreak.star_groups import with_stars
from abscope.records import Links, Sampled
from abscope.tables import PAIRS
from linked import NO_CLONE, SITES, nobody_close, sampled

NAMES = ("iA", "iB", "iC", "iD", "iE", "iF")
STAR = dict.fromkeys(combinations(NAMES, 2), 8)


def told(snps: Mapping[tuple[str, str], int | None]) -> pl.DataFrame:
    return PAIRS.frame(
        [
            (one, other, "r", count, SITES, count, SITES, "compared")
            if count is not None
            else (one, other, "r", None, 900_000, None, 900_000, "unresolved")
            for (one, other), count in snps.items()
        ]
    )


def judged(
    snps: Mapping[tuple[str, str], int | None], isolates: Sequence[Sampled] | None = None
) -> Links:
    known = isolates or [sampled(name, collected="2022-11-20") for name in NAMES]
    found = links(told(snps), known, {NO_CLONE: nobody_close()})
    return with_stars(found, told(snps), known, rng=np.random.default_rng(1))


def test_six_isolates_each_with_snps_of_its_own_are_a_star() -> None:
    (found,) = judged(STAR).stars
    assert found.isolates == NAMES
    assert found.private == (4, 4, 4, 4, 4, 4)
    assert found.verdict == "star"
    assert "like the rays of a star (chance 83%): 100% of their differences" in found.reason


def test_two_branches_that_share_snps_nest() -> None:
    halves = {"iA": 0, "iB": 0, "iC": 1, "iD": 1, "iE": 1, "iF": 1}
    apart = {(a, b): 2 + 5 * (halves[a] != halves[b]) for a, b in combinations(NAMES, 2)}
    (found,) = judged(apart).stars
    assert found.verdict == "nested"
    assert "are shared by some of them" in found.reason


def test_two_linked_isolates_are_no_group() -> None:
    assert judged({("iA", "iB"): 2}).stars == ()


def test_isolates_of_one_patient_are_one_ray_the_earliest() -> None:
    isolates = [
        sampled("iA", collected="2022-11-20", patient="one"),
        sampled("iB", collected="2022-10-20", patient="one"),
        *(sampled(name, collected="2022-11-20") for name in NAMES[2:]),
    ]
    (found,) = judged(STAR, isolates).stars
    assert found.isolates == NAMES[1:]


def test_an_isolate_that_cannot_be_compared_with_all_is_named_and_left_out() -> None:
    (found,) = judged(STAR | {("iA", "iF"): None, ("iB", "iF"): None}).stars
    assert found.isolates == NAMES[:5]
    assert found.left_out == ("iF",)
    assert "iF left out" in found.reason


def test_an_isolate_far_from_all_is_in_no_group() -> None:
    far = STAR | {(name, "iG"): 90 for name in NAMES}
    isolates = [sampled(name, collected="2022-11-20") for name in (*NAMES, "iG")]
    (found,) = judged(far, isolates).stars
    assert "iG" not in found.isolates + found.left_out
