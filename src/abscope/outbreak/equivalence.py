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
    alike, order = alikeness(answers, weights), np.argsort(-posterior, kind="stable")
    left = np.ones(len(order), np.bool_)
    groups = []
    for lead in order:
        if left[lead]:
            members = order[(alike[lead] & left)[order]]
            left[members] = False
            groups.append(tuple(members.tolist()))
    return tuple(sorted(groups, key=lambda group: -float(posterior[list(group)].sum())))


def alikeness(answers: NDArray[np.int8], weights: Floats) -> NDArray[np.bool_]:
    """Whether each exposure (row) would take each other (column) into its group, if it led."""
    cases = weights > 0
    weight = weights[cases][:, None]
    yes, no = (answers[cases] == 1).astype(float), (answers[cases] == 0).astype(float)
    same = (weight * yes).T @ yes + (weight * no).T @ no
    both = (weight * (yes + no)).T @ (yes + no)
    named = (weight * yes).sum(0)
    alike = (both > 0) & (same >= AGREEMENT * both) & (named > 0) & (named >= named[:, None] - 1)
    found: NDArray[np.bool_] = alike | np.eye(len(named), dtype=np.bool_)
    return found
