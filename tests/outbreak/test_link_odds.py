"""The chance of a link alone is that of links."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abscope.outbreak.link_odds import Odds, by_distance, odds
from abscope.outbreak.link_pairs import Pair
from abscope.outbreak.link_settings import PRIORS, LinkSettings
from abscope.outbreak.links import links
from abscope.records import Sampled
from abscope.tables import PAIRS
from linked import BACKGROUNDS, DCC3, NO_CLONE, sampled

HOW = LinkSettings(prior=PRIORS["surveillance"], stems={"DCC3a": DCC3, "DCC3b": DCC3}, limit=60)
DATES = (None, "2022-10-01", "2022-03-01/2023-02-01")


@st.composite
def pairs(draw: st.DrawFn) -> list[Pair]:
    """A new isolate and some others, of many clones, days and plates."""

    def isolate(name: str) -> Sampled:
        stratum = draw(st.sampled_from((NO_CLONE, DCC3, "DCC3a", "DCC3b", "another", None)))
        days = {"exposed": draw(st.sampled_from(DATES)), "collected": draw(st.sampled_from(DATES))}
        return sampled(name, stratum, run=draw(st.sampled_from((None, "M1", "M2"))), **days)

    new, count = isolate("new"), draw(st.integers(1, 12))
    counted = st.tuples(st.integers(0, 70), st.integers(1_000_000, 5_000_000))
    return [
        Pair(new, other, *draw(counted), "R", HOW.shared(new.stratum, other.stratum))
        for other in (isolate(f"i{k}") for k in range(count))
    ]


def judged(group: list[Pair]) -> Mapping[str, Odds]:
    """The same by links."""
    rows = [
        (*sorted((pair.one.isolate_id, pair.other.isolate_id)), pair.reference, pair.snps,
         pair.comparable, pair.snps, pair.comparable, "compared")
        for pair in group
    ]  # fmt: skip
    everybody = [group[0].one, *(pair.other for pair in group)]
    found = links(PAIRS.frame(rows), everybody, BACKGROUNDS, HOW)
    return {
        min(link.pair): Odds(link.linked, link.linked_low or 0.0, link.chance.share)
        for link in found.links
        if link.linked is not None and link.chance is not None
    }


@settings(max_examples=15, deadline=None)
@given(pairs())
def test_of_every_pair_with_a_background_it_is_what_links_says_and_of_no_other(
    group: list[Pair],
) -> None:
    found = {pair.other.isolate_id: one for pair, one in odds(group, BACKGROUNDS, HOW)}
    expected = judged(group)
    assert set(found) == set(expected)
    for name, one in expected.items():
        values = (found[name].linked, found[name].low, found[name].share)
        assert values == pytest.approx((one.linked, one.low, one.share), rel=1e-9)


@settings(max_examples=6, deadline=None)
@given(pairs())
def test_at_every_distance_it_is_that_of_a_pair_so_far_apart(group: list[Pair]) -> None:
    pair = group[0]
    at = by_distance(pair, BACKGROUNDS, HOW)
    for snps in (0, 3, 40, 60):
        there = Pair(pair.one, pair.other, snps, pair.comparable, "R", pair.stratum)
        alone = [one for _, one in odds([there], BACKGROUNDS, HOW)]
        here = [at[snps].linked] if at else []
        assert here == pytest.approx([one.linked for one in alone], rel=1e-9)


def test_farther_pairs_of_unlinked_patients_are_never_less_common() -> None:
    pair = Pair(sampled("a", DCC3), sampled("b", DCC3), 5, 4_000_000, "R", DCC3)
    assert np.all(np.diff([one.share for one in by_distance(pair, BACKGROUNDS, HOW)]) >= 0)
