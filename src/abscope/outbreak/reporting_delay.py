"""How many of the recent cases are known yet: right truncation, from the delays seen so far.

A short delay is seen sooner than a long one, so the delays of recent cases look shorter than they are.
The reverse-time hazard of Lagakos et al., Biometrika 1988;75:515 (Brookmeyer and Damiano, Stat Med
1989;8:23) corrects for it: of the cases that could have been seen with a delay of d or less, the share
with exactly d.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

FEWEST = 10  # delays below which nothing is said; judgement


@dataclass(frozen=True, slots=True)
class Delays:
    """share[d]: of the cases ever known within the longest delay seen, the share known d days on."""

    share: NDArray[np.float64]
    seen: int

    def known(self, first: date, last: date, today: date) -> float:
        """Share of a period's cases known by `today`, the mean over its days."""
        days = (today.toordinal() - np.arange(first.toordinal(), last.toordinal() + 1)).astype(int)
        longest = len(self.share) - 1
        shares = np.where(days < 0, 0.0, self.share[np.clip(days, 0, longest)])
        return float(np.clip(shares.mean(), 0.0, 1.0))


def delays(onset_and_report: Sequence[tuple[date, date]], today: date) -> Delays | None:
    """How delays are distributed; None with fewer than ten to judge from.

    Longer delays than any seen cannot be known of: shares are of the cases known within that time.
    """
    pairs = [
        ((report - onset).days, (today - onset).days)
        for onset, report in onset_and_report
        if onset <= report <= today
    ]
    if len(pairs) < FEWEST:
        return None
    delay, window = np.array(pairs).T
    longest = int(delay.max())
    share = np.ones(longest + 1)
    for d in range(longest, 0, -1):
        at_risk = int(((delay <= d) & (window >= d)).sum())
        exactly = int(((delay == d) & (window >= d)).sum())
        share[d - 1] = share[d] * (1 - exactly / at_risk if at_risk else 1.0)
    return Delays(share, len(pairs))
