"""Which reference an isolate is read against, and when it is none of ours."""

import numpy as np
import pytest

from abscope.errors import SampleError
from abscope.isolate.identity import choose
from abscope.records import Contig, Reference


def reference(name: str, subspecies: str | None = None) -> Reference:
    return Reference(name, (Contig("c", 0, 4),), np.frombuffer(b"ACGT", np.uint8), subspecies)


REFERENCES = (reference("A", "abscessus"), reference("M", "massiliense"))


def test_the_nearest_reference_is_chosen_and_the_reason_gives_the_runner_up() -> None:
    choice = choose({"A": 0.97, "M": 0.995}, REFERENCES, min_ani=0.95)
    assert choice.reference == "M"
    assert choice.ani == (("M", 0.995), ("A", 0.97))
    assert "massiliense" in choice.reason
    assert "97.00%" in choice.reason


def test_another_species_is_refused_with_the_figures() -> None:
    with pytest.raises(SampleError, match=r"86\.5%.*another species"):
        choose({"A": 0.865, "M": 0.86}, REFERENCES, min_ani=0.95)


def test_a_tie_is_settled_by_name_so_that_runs_repeat() -> None:
    assert choose({"M": 0.99, "A": 0.99}, REFERENCES, min_ani=0.95).reference == "A"
