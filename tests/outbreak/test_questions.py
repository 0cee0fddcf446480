"""Which answer to get next."""

import numpy as np
import pytest
from hypothesis import given, settings

from abscope.outbreak.exposures import panels
from abscope.outbreak.linelist import link
from abscope.outbreak.questions import rank_questions
from abscope.outbreak.sources import panel_weights
from abscope.records import LineList
from exposed import CROWD, THREE, investigations, outbreak
from linelists import make_clusters


@settings(max_examples=15, deadline=None)
@given(investigations())
def test_no_question_is_worth_less_than_nothing(given_: tuple[LineList, dict[str, float]]) -> None:
    for one in rank_questions(*given_):
        assert one.gain > 0
        assert sum(chance for _, chance, _ in one.outcomes) == pytest.approx(1)


def test_in_the_founding_case_the_first_question_is_for_supplier_or_lot(
    founding_case: tuple[LineList, list[str]],
) -> None:
    linelist, isolates = founding_case
    panel = next(panels(link(linelist.cases, isolates), make_clusters(["A-1", "B-1"])))
    first = rank_questions(linelist, panel_weights(panel, linelist))[0]
    assert first.kind in ("supplier", "lot")
    assert first.case_ids == ("C",)
    assert first.sentence == (
        "Ask Instituto Articular Tapatio: which lot number of Celuvita stem cells did patient C receive "
        "on 2022-10-18?"
    )


def test_a_lot_that_nobody_was_asked_about_is_worth_asking_all_for() -> None:
    linelist = outbreak(THREE, CROWD)
    weights = dict.fromkeys(THREE, 0.98) | dict.fromkeys(CROWD, 0.0)
    asked = {one.kind: one for one in rank_questions(linelist, weights)}
    assert asked["lot"].case_ids == ("A", "B", "C")
    assert {answer for answer, _, _ in asked["lot"].outcomes} == {"the same", "different ones"}


def test_what_is_answered_is_not_asked_again() -> None:
    linelist = outbreak(THREE, CROWD)
    weights = dict.fromkeys(THREE, 0.98) | dict.fromkeys(CROWD, 0.0)
    kinds = {one.kind for one in rank_questions(linelist, weights)}
    assert not kinds & {"clinic", "city", "product"}


def test_a_case_that_may_be_linked_is_worth_sequencing() -> None:
    linelist = outbreak(THREE, CROWD)
    weights = {"A": 0.98, "B": 0.98, "C": 0.4} | dict.fromkeys(CROWD, 0.0)
    isolate = next(one for one in rank_questions(linelist, weights) if one.kind == "isolate")
    assert (isolate.ask, isolate.case_ids) == ("laboratory", ("C",))
    assert "before it is discarded" in isolate.sentence


def test_where_two_explanations_go_together_what_may_be_behind_both_is_asked_first() -> None:
    """Product and saline were part of one event, maybe: a third saline would not tell them apart."""
    rivals = {
        case: {**own, "diluent": "saline" if case != "C" else "?"} for case, own in THREE.items()
    }
    linelist = outbreak(rivals, {p: {**own, "diluent": "water"} for p, own in CROWD.items()})
    weights = dict.fromkeys(THREE, 0.98) | dict.fromkeys(CROWD, 0.0)
    asked = {one.kind: one for one in rank_questions(linelist, weights)}
    assert asked["lot"].case_ids == ("A", "B", "C")
    assert asked["diluent"].case_ids == ("C",)
    assert 0 < asked["diluent"].gain < asked["lot"].gain
    assert np.isclose(sum(c for _, c, _ in asked["diluent"].outcomes), 1)
