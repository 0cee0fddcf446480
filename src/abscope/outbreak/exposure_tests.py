"""How often luck makes an exposure so striking, when so many are looked at."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

PERMUTATIONS = 999


def max_statistic_p(
    answers: NDArray[np.int8],
    weights: Floats,
    *,
    rng: np.random.Generator,
) -> Floats:
    """For every exposure, how often the best of all exposures scores as well with labels shuffled.

    answers: people x exposures, 1, 0 or -1; weights: how much each person counts as a case. The score is
    the excess of weighted yes answers over the share among all, in standard errors (Westfall and Young).
    """
    shuffled = np.stack([weights, *(rng.permutation(weights) for _ in range(PERMUTATIONS))])
    yes, known = (answers == 1).astype(float), (answers >= 0).astype(float)
    share = (yes.sum(0) + 0.5) / (known.sum(0) + 1)
    excess = shuffled @ yes - (shuffled @ known) * share
    score = excess / np.sqrt((shuffled**2 @ known + 1e-9) * share * (1 - share))
    best = score[1:].max(1, initial=-np.inf)
    found: Floats = (1 + (best[:, None] >= score[0] - 1e-9).sum(0)) / (PERMUTATIONS + 1)
    return found


def false_discovery_q(answers: NDArray[np.int8], is_case: NDArray[np.bool_]) -> Floats:
    """Benjamini-Hochberg q of Fisher's one-sided test, for every exposure."""
    yes, known = answers == 1, answers >= 0
    p = stats.hypergeom.sf(yes[is_case].sum(0) - 1, known.sum(0), yes.sum(0), known[is_case].sum(0))
    found: Floats = np.asarray(
        stats.false_discovery_control(np.clip(np.nan_to_num(p, nan=1.0), 0, 1))
    )
    return found
