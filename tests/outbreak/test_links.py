"""What is said of two isolates, and why."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abscope.knowledge.rows import Clock
from abscope.outbreak.link_settings import PRIORS, SOURCES, LinkSettings
from abscope.outbreak.links import links
from abscope.records import Link, Sampled
from linked import BACKGROUNDS, DCC3, NO_CLONE, crowded, founding, nobody_close, pair, sampled


def judge(isolates: list[Sampled], snps: int | None, **options: object) -> Link:
    first, second = (one.isolate_id for one in isolates)
    found = links(pair(first, second, snps), isolates, BACKGROUNDS, LinkSettings(**options))  # type: ignore[arg-type]
    return found.links[0]


def test_the_founding_pair_is_linked_by_a_common_source_and_its_chance_match_is_bounded() -> None:
    link = judge(founding(), 2)
    assert link.verdict == "linked"
    assert link.most_likely == "common source"
    assert link.linked is not None
    assert link.linked > 0.95
    assert link.chance is not None
    assert 0.007 < link.chance.upper < 0.008
    assert link.chance.any_upper > link.chance.any == 0
    assert "0 of 400 unlinked patients" in link.reason
    assert link.reason.startswith(
        "Linked by a common source, most likely: 2 SNPs apart over 4.6 Mb"
    )


def test_the_same_distance_inside_a_dominant_clone_is_weaker_and_says_why() -> None:
    outside, inside = judge(founding(), 8), judge(founding(DCC3), 8)
    assert outside.verdict == "linked"
    assert inside.verdict == "cannot tell"
    assert inside.bayes_factor is not None
    assert outside.bayes_factor is not None
    assert inside.bayes_factor < outside.bayes_factor / 5
    assert "within DCC3, where" in inside.reason
    assert "of pairs of unlinked patients" in inside.reason
    assert any("unlinked patients of DCC3" in change for change in inside.would_change)


def test_a_distance_that_unlinked_patients_of_the_clone_have_is_no_link() -> None:
    assert judge(founding(DCC3), 25).verdict == "not linked"


def test_numbers_behind_a_verdict_add_up() -> None:
    link = judge(founding(), 3)
    assert link.posterior is not None
    assert link.likelihood is not None
    joint = {name: link.prior[name] * link.likelihood[name] for name in link.prior}
    total = sum(joint.values())
    assert link.posterior == pytest.approx({name: value / total for name, value in joint.items()})
    assert sum(link.prior.values()) == pytest.approx(1)
    assert link.linked_low is not None
    assert link.linked_high is not None
    assert link.linked is not None
    assert link.linked_low <= link.linked <= link.linked_high
    assert link.cutoffs == {5: True, 10: True, 20: True, 25: True}


def test_without_a_background_a_close_pair_cannot_be_told() -> None:
    found = links(pair("iA", "iB", 2), founding(), {}).links[0]
    assert found.verdict == "cannot tell"
    assert found.posterior is None
    assert "no unlinked patients" in found.reason


def test_without_a_background_a_pair_farther_than_any_source_is_not_linked() -> None:
    assert links(pair("iA", "iB", 140), founding(), {}).links[0].verdict == "not linked"


def test_isolates_of_different_clones_have_no_common_background() -> None:
    one, other = founding()
    found = links(pair("iA", "iB", 2), [one, replace(other, stratum=DCC3)], BACKGROUNDS).links[0]
    assert found.verdict == "cannot tell"
    assert "different clones" in found.reason


def test_patients_outside_the_clones_are_told_as_such_in_reason_and_remedy() -> None:
    found = links(pair("iA", "iB", 2), founding(), BACKGROUNDS).links[0]
    assert "outside the known clones (massiliense), where" in found.reason
    assert any("outside the known clones (massiliense):" in one for one in found.would_change)
    assert "not a clone" not in " ".join((found.reason, *found.would_change))


def test_a_clone_that_is_not_known_is_not_told_as_a_different_one() -> None:
    one, other = founding(DCC3)
    found = links(pair("iA", "iB", 2), [one, replace(other, stratum=None)], BACKGROUNDS).links[0]
    assert found.verdict == "cannot tell"
    assert "the clone of iB is not known" in found.reason
    assert "different" not in found.reason


STEMS = {"DCC3a": DCC3, "DCC3b": DCC3}


@pytest.mark.parametrize(
    "strata",
    [("DCC3a", "DCC3a"), ("DCC3a", "DCC3b"), ("DCC3", "DCC3b")],
    ids=["one branch", "two branches", "a branch and its clone"],
)
def test_branches_of_a_clone_without_patients_of_their_own_have_the_clones(
    strata: tuple[str, str],
) -> None:
    known = LinkSettings(stems=STEMS, clock=(Clock(DCC3, 3e-7, 2e-7, 4e-7, "", ""),))
    asked = [replace(one, stratum=name) for one, name in zip(founding(), strata, strict=True)]
    branches = links(pair("iA", "iB", 8), asked, BACKGROUNDS, known).links[0]
    clone = links(pair("iA", "iB", 8), founding(DCC3), BACKGROUNDS, known).links[0]
    assert branches == clone


def test_a_branch_with_patients_of_its_own_is_held_against_them() -> None:
    backgrounds = {DCC3: crowded(), "DCC3a": nobody_close(200, "DCC3a")}
    found = links(
        pair("iA", "iB", 8), founding("DCC3a"), backgrounds, LinkSettings(stems=STEMS)
    ).links[0]
    assert found.chance is not None
    assert (found.chance.stratum, found.chance.patients) == ("DCC3a", 200)


def test_an_unresolved_pair_cannot_be_told() -> None:
    link = judge(founding(), None)
    assert link.verdict == "cannot tell"
    assert "too few sites" in link.reason


def test_a_small_background_leaves_more_to_chance() -> None:
    few = {NO_CLONE: nobody_close(8)}
    small = links(pair("iA", "iB", 6), founding(), few).links[0]
    large = judge(founding(), 6)
    assert small.linked_low is not None
    assert large.linked_low is not None
    assert small.linked_low < 0.5 < large.linked_low
    assert small.verdict == "cannot tell"


def test_identical_isolates_of_one_run_may_be_one_tube() -> None:
    apart = [sampled("a", collected="2022-05-01"), sampled("b", collected="2023-05-01")]
    same = [replace(one, handling=frozenset({("run", "R1")})) for one in apart]
    other = [replace(one, handling=frozenset({("run", f"R{i}")})) for i, one in enumerate(apart)]
    chances = [
        judge(isolates, 0, prior=PRIORS["surveillance"]) for isolates in (same, apart, other)
    ]
    of_lab = [link.posterior["laboratory"] for link in chances if link.posterior]
    assert of_lab == sorted(of_lab, reverse=True)
    assert chances[0].verdict == "laboratory mix-up"
    assert chances[2].verdict != "laboratory mix-up"


def test_identical_isolates_of_exposures_years_apart_speak_for_a_frozen_product() -> None:
    isolates = [
        sampled("a", exposed="2018-01-01", collected="2018-02-01"),
        sampled("b", exposed="2023-01-01", collected="2023-02-01"),
    ]
    frozen, water = (judge(isolates, 0, source=SOURCES[name]) for name in ("frozen", "water"))
    assert frozen.bayes_factor is not None
    assert water.bayes_factor is not None
    assert frozen.bayes_factor > 5 * water.bayes_factor


def test_pairs_too_far_apart_are_counted_not_listed() -> None:
    far = pl.concat(
        [pair("iA", "iB", 2), pair("iA", "iC", 9000), pair("iB", "iC", None, reference=None)]
    )
    found = links(far, founding(), BACKGROUNDS)
    assert len(found.links) == 1
    assert found.far == 2


def test_nobody_is_lost() -> None:
    lonely = sampled("alone")
    found = links(pair("iA", "x", 3), [*founding(), lonely], BACKGROUNDS)
    assert found.of("x", "iA") is not None
    assert {left.name for left in found.left_out} == {"iB", "alone"}


@settings(max_examples=25, deadline=None)
@given(
    snps=st.integers(0, 120),
    stratum=st.sampled_from([NO_CLONE, DCC3]),
    exposed=st.sampled_from([None, "2021-01-01", "2020-01-01/2022-12-31"]),
    collected=st.sampled_from([None, "2023-01-01", "2023-01-01/2023-12-31"]),
)
def test_the_order_of_a_pair_does_not_matter(
    snps: int, stratum: str, exposed: str | None, collected: str | None
) -> None:
    isolates = [
        sampled("a", stratum, exposed=exposed, collected=collected),
        sampled("b", stratum, collected="2022-06-01"),
    ]
    one = links(pair("a", "b", snps), isolates, BACKGROUNDS)
    other = links(pair("b", "a", snps), isolates[::-1], BACKGROUNDS)
    assert one == other


@settings(max_examples=15, deadline=None)
@given(snps=st.integers(0, 60), stratum=st.sampled_from([NO_CLONE, DCC3]))
def test_an_unanswered_question_changes_no_posterior(snps: int, stratum: str) -> None:
    isolates = founding(stratum)
    asked = [replace(one, handling=frozenset(), errors=None) for one in isolates]
    handled = [asked[0], replace(asked[1], handling=frozenset({("plate", "P1")}))]
    plain, unanswered = judge(isolates, snps), judge(handled, snps)
    assert plain.posterior == unanswered.posterior


@pytest.mark.parametrize("stratum", [NO_CLONE, DCC3])
@pytest.mark.parametrize("source", ["frozen", "water", "unknown"])
def test_more_snps_never_speak_more_for_a_source_beyond_its_mode(stratum: str, source: str) -> None:
    odds = [
        judge(founding(stratum), snps, source=SOURCES[source]).bayes_factor or 0
        for snps in range(61)
    ]
    mode = odds.index(max(odds))
    assert mode <= 3
    assert all(
        later <= earlier for earlier, later in zip(odds[mode:], odds[mode + 1 :], strict=False)
    )


def test_another_pair_changes_nothing() -> None:
    alone = links(pair("iA", "iB", 4), founding(), BACKGROUNDS).links[0]
    among = links(
        pl.concat([pair("iA", "iB", 4), pair("iA", "x", 60), pair("iB", "x", 1)]),
        [*founding(), sampled("x", exposed="2021-01-01", collected="2022-01-01")],
        BACKGROUNDS,
    )
    found = among.of("iA", "iB")
    assert found is not None
    assert found.posterior == pytest.approx(alone.posterior)
    assert found.reason == alone.reason


def test_expected_chance_matches_grow_with_the_patients_searched() -> None:
    backgrounds = {DCC3: crowded()}
    small, large = (
        links(pair("iA", "iB", 10), founding(DCC3), backgrounds, LinkSettings(compared=n))
        .links[0]
        .chance
        for n in (10, 1000)
    )
    assert small is not None
    assert large is not None
    assert large.expected == pytest.approx(100 * small.expected)
    assert small.any == pytest.approx(1 - (1 - small.share) ** 10)
