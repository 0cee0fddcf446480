"""Called letters against true ones, counted by hand."""

import numpy as np
import pytest
from benchmarks.scores import called_fraction, false_positions, scores
from benchmarks.worlds import Home, Isolate

from abscope.records import Contig, Reference
from abscope.simulate import genomes


def letters(text):
    return np.frombuffer(text.encode(), dtype=np.uint8)


@pytest.fixture
def isolate():
    """Twelve positions: the last two repeat; 6 is deleted, 5-7 are near it."""
    reference = Reference("r", (Contig("c", 0, 12),), letters("AAAAAAAAAAAA"))
    genome = genomes.from_reference(reference)
    hidden, near = np.zeros(12, dtype=np.bool_), np.zeros(12, dtype=np.bool_)
    hidden[10:], near[5:8] = True, True
    return Isolate(Home(genome, reference, hidden), genome, letters("CCCCAC-AAAAC"), near)


def test_true_false_missed_and_unseen_are_told_apart(isolate):
    found = letters("CGNAAATACAGA")
    rows = {s.region: (s.true, s.false, s.missed, s.unseen) for s in scores(found, isolate)}
    # 0 true; 1 another letter: false and missed; 2 not called; 3 called as the reference's;
    # 5 near and unseen; 6 called though deleted; 8 false; 10 and 11 repeat.
    assert rows == {
        "all": (1, 3, 4, 2),
        "near indels": (0, 1, 1, 1),
        "far from indels": (1, 2, 3, 1),
    }
    assert [row["position"] for row in false_positions(found, isolate)] == [1, 6, 8]
    assert [row["near_indel"] for row in false_positions(found, isolate)] == [False, True, False]


def test_shares_have_no_value_where_there_is_nothing_to_share(isolate):
    nothing = scores(letters("N" * 12), isolate)[0]
    assert (nothing.precision, nothing.recall, nothing.f1) == (None, 0, 0)
    perfect = scores(isolate.expected, isolate)[0]
    assert (perfect.precision, perfect.recall, perfect.f1) == (1, 1, 1)


def test_the_called_share_is_counted_with_and_without_repeats(isolate):
    assert called_fraction(letters("AAAAANNNNNAA"), isolate) == (0.5, pytest.approx(7 / 12))
