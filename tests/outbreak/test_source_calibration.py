"""What is said of sources is so as often as it is said, on outbreaks drawn afresh."""

import numpy as np
import pytest

from abscope.outbreak.attribution import attribute
from abscope.outbreak.equivalence import equivalence_groups
from abscope.simulate.exposure_designs import ExposureDesign, exposure_truth

OUTBREAKS = 250
COMMON = (2.0, 4.0)


def found(design: ExposureDesign, seed: int) -> tuple[float, float, float]:
    """How often the source is in the first group, what is said of that group, how often it is so."""
    rng = np.random.default_rng([seed, 99])
    hits, said, so = [], [], []
    for _ in range(OUTBREAKS):
        truth = exposure_truth(design, rng)
        p = attribute(truth.answers, truth.weights, truth.kinds, within=truth.within).posterior
        group = equivalence_groups(truth.answers, truth.weights, p[:-1])[0]
        said.append(p[list(group)].sum())
        so.append(truth.source in group)
        if truth.source is not None:
            hits.append(truth.source in group)
    return float(np.mean(hits)), float(np.mean(said)), float(np.mean(so))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_five_cases_and_thirty_to_compare_find_the_source_three_times_in_four(seed: int) -> None:
    hit, said, so = found(ExposureDesign(), seed)
    assert hit >= 0.75
    assert said == pytest.approx(so, abs=0.07)


@pytest.mark.parametrize(
    "design",
    [
        ExposureDesign(prevalence=COMMON),
        ExposureDesign(near_duplicate=0.9),
        ExposureDesign(travellers=0.3),
        ExposureDesign(nested=True, prevalence=COMMON),
        ExposureDesign(prevalence=COMMON, travellers=0.3, near_duplicate=0.9, comparison=10),
        ExposureDesign(source="point"),
    ],
    ids=[
        "commoner",
        "near-duplicate",
        "travellers",
        "nested",
        "all at once, ten compared",
        "point source",
    ],
)
def test_with_comparison_patients_what_is_said_is_so_where_the_model_is_wrong(
    design: ExposureDesign,
) -> None:
    _, said, so = found(design, 4)
    assert said == pytest.approx(so, abs=0.1)
