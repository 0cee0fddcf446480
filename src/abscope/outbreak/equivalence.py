"""Exposures that the cases cannot tell apart, as groups.

The most likely exposure leads; all that the same cases share, or nearly, go with it: at least 75 % of the
cases that answered both gave the same answer, and at most one case fewer named it. Then the most likely
of the rest leads, and so on.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

AGREEMENT = 0.75


def equivalence_groups(
    answers: NDArray[np.int8], weights: Floats, posterior: Floats
) -> tuple[tuple[int, ...], ...]:
    """Columns in groups, each group's most likely first, the most likely group first.

    answers: people x exposures, 1, 0 or -1. weights: chance that each is linked; only those above zero
    count, as much as they weigh. posterior: of every exposure. Every exposure is in one group.
    """
    cases = weights > 0
    weight = weights[cases][:, None]
    yes, no = (answers[cases] == 1).astype(float), (answers[cases] == 0).astype(float)
    same = (weight * yes).T @ yes + (weight * no).T @ no
    both = (weight * (yes + no)).T @ (yes + no)
    named = (weight * yes).sum(0)
    left = list(np.argsort(-posterior, kind="stable"))
    groups = []
    while left:
        lead = left[0]
        alike = [
            at for at in left
            if at == lead or (both[lead, at] > 0 and same[lead, at] >= AGREEMENT * both[lead, at]
                              and named[at] > 0 and named[at] >= named[lead] - 1)
        ]  # fmt: skip
        groups.append(tuple(int(at) for at in alike))
        left = [at for at in left if at not in set(alike)]
    return tuple(sorted(groups, key=lambda group: -float(posterior[list(group)].sum())))
