"""Simulated exposures are as the design says."""

from dataclasses import replace

import numpy as np
import pytest

from abscope.simulate.exposure_designs import ExposureDesign, ExposureTruth, exposure_truth

DESIGN = ExposureDesign(cases=12, comparison=30)


def drawn(design: ExposureDesign, number: int = 200) -> list[ExposureTruth]:
    rng = np.random.default_rng(7)
    return [exposure_truth(design, rng) for _ in range(number)]


def test_linked_cases_have_the_source_as_often_as_recall_says() -> None:
    truths = [one for one in drawn(DESIGN) if one.source is not None]
    said = [one.answers[one.linked, one.source] for one in truths]
    known = np.concatenate(said)
    assert np.mean(known[known >= 0]) == pytest.approx(DESIGN.recall, abs=0.03)


def test_answers_are_missing_and_sources_unrecorded_as_often_as_asked_for() -> None:
    truths = drawn(DESIGN)
    assert np.mean([(one.answers < 0).mean() for one in truths]) == pytest.approx(0.15, abs=0.01)
    unrecorded = np.mean([one.source is None for one in truths])
    assert unrecorded == pytest.approx(0.1, abs=0.06)


def test_the_weights_say_how_often_cases_are_linked() -> None:
    truths = drawn(replace(DESIGN, unsequenced=0.7))
    linked = np.concatenate([one.linked[:12] for one in truths])
    weights = np.concatenate([one.weights[:12] for one in truths])
    assert linked[weights == 0.75].mean() == pytest.approx(0.75, abs=0.04)
    assert linked[weights == 0.98].all()
    assert not any(one.linked[12:].any() or one.weights[12:].any() for one in truths)


def test_a_near_duplicate_agrees_with_the_source_nine_times_in_ten() -> None:
    design = replace(DESIGN, near_duplicate=0.9, missing=0.0)
    truths = [one for one in drawn(design) if one.source is not None]
    agree = [
        (one.answers[:, one.source] == one.answers[:, (one.source + 1) % 40]).mean()
        for one in truths
    ]
    assert np.mean(agree) > 0.88


def test_whoever_has_a_lot_has_all_it_lies_within() -> None:
    for one in drawn(replace(DESIGN, nested=True, missing=0.0), 40):
        for narrow, wider in enumerate(one.within):
            if wider >= 0:
                assert (one.answers[:, narrow] <= one.answers[:, wider]).all()


def test_the_same_seed_gives_the_same_outbreaks() -> None:
    first, again = drawn(DESIGN, 3), drawn(DESIGN, 3)
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.answers, other.answers)


def test_a_design_without_cases_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one case"):
        ExposureDesign(cases=0)


def test_a_contamination_event_makes_half_of_the_sequenced_cases_look_linked() -> None:
    truths = drawn(replace(DESIGN, contamination=1.0))
    linked = np.concatenate([one.linked[:12] for one in truths])
    weights = np.concatenate([one.weights[:12] for one in truths])
    assert linked[weights == 0.98].mean() == pytest.approx(0.5, abs=0.04)
    assert linked[weights == 0.75].mean() == pytest.approx(0.75, abs=0.05)


@pytest.mark.parametrize(("source", "share"), [("point", 0.85), ("continuous", 0.85 / 4)])
def test_what_goes_with_a_source_is_on_record_of_linked_cases(source: str, share: float) -> None:
    rare = replace(DESIGN, source=source, prevalence=(0.1, 50.0))
    truths = [one for one in drawn(rare) if one.source is not None]
    beside = [
        one.answers[one.linked][:, (one.source + 1 + np.arange(4)) % 40].ravel() for one in truths
    ]
    known = np.concatenate(beside)
    assert np.mean(known[known >= 0]) == pytest.approx(share, abs=0.03)


def test_of_a_frozen_source_cases_have_forgotten_more_than_others() -> None:
    truths = drawn(replace(DESIGN, source="frozen"))
    assert np.mean([(one.answers[:12] < 0).mean() for one in truths]) == pytest.approx(
        1 - 0.85 * 0.6, abs=0.01
    )
    assert np.mean([(one.answers[12:] < 0).mean() for one in truths]) == pytest.approx(
        0.15, abs=0.01
    )
