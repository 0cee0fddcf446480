"""How much of a distance chance explains, and how surely."""

import numpy as np
import pytest

from abscope.outbreak.link_background import at_distance, matches, unseen_to
from linked import crowded, nobody_close


def test_zero_among_n_patients_leaves_at_most_three_in_n_to_chance() -> None:
    background = nobody_close(400)
    found = matches(background, 2, None)
    assert found.share == 0
    assert found.upper == pytest.approx(3 / 400, rel=0.01)
    assert found.expected == 0
    most = sum(at_distance(background, d).high for d in range(26))
    assert most == pytest.approx(3 / 401, rel=0.25)


def test_bounds_hold_the_expected_chance_between_them() -> None:
    for background in (nobody_close(), crowded()):
        for snps in range(background.limit + 20):
            found = at_distance(background, snps)
            assert 0 < found.low <= found.expected <= found.high


def test_more_patients_leave_less_to_chance() -> None:
    chances = [at_distance(nobody_close(n), 3).expected for n in (10, 100, 1000)]
    assert chances == sorted(chances, reverse=True)


def test_where_pairs_are_many_the_chance_follows_their_share() -> None:
    background = crowded(200)
    density = np.diff(background.share, prepend=0)
    for snps in (15, 25, 50):
        assert at_distance(background, snps).expected == pytest.approx(density[snps], rel=0.15)


def test_the_distance_up_to_which_nobody_was_seen_is_told() -> None:
    assert unseen_to(nobody_close(limit=80)) == 80
    assert unseen_to(crowded(60)) == pytest.approx(2, abs=2)
