"""Two isolates of one culture: independent reads of one genome, which must show no SNP."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from abscope.records import Calls, Letters
from benchmarks import facts, worlds
from benchmarks.accuracy import CALLERS

DIVERGENCES = (0.0001, 0.005, 0.03)


def run(
    home: worlds.Home, callers: Sequence[str], *, pairs: int, scratch: Path
) -> list[dict[str, object]]:
    """One row for each pair and caller; every pair has a genome of its own and depths of 20-100."""
    rows = []
    rng = np.random.default_rng(pairs)
    for number in range(pairs):
        divergence = DIVERGENCES[number % len(DIVERGENCES)]
        of = worlds.isolate(home, divergence, seed=1000 + number)
        depths = np.round(rng.uniform(20, 100, 2)).tolist()
        samples = [
            worlds.reads(of, scratch, depth=depth, seed=2 * number + mate, name=f"culture{mate}")
            for mate, depth in enumerate(depths)
        ]
        for caller in callers:
            jobs = [(sample, home.reference, scratch, 2) for sample in samples]
            first, second = (CALLERS[caller](job) for job in jobs)
            row = {"pair": number, "divergence": f"{divergence:.2%}", "depths": str(depths),
                   "caller": caller, **_distance(first, second, home)}  # fmt: skip
            facts.say(str(row))
            rows.append(row)
    return rows


def _distance(first: Letters, second: Letters, home: worlds.Home) -> dict[str, int]:
    both = Calls("", first).called & Calls("", second).called
    differ = both & (first != second)
    return {
        "SNPs": int((differ & ~home.hidden).sum()),
        "comparable": int((both & ~home.hidden).sum()),
        "SNPs with repeats": int(differ.sum()),
    }


def summary(rows: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """For each caller: pairs, and those without a SNP."""
    callers = dict.fromkeys(str(row["caller"]) for row in rows)
    return [
        {
            "caller": caller,
            "pairs": len(mine),
            "pairs with 0 SNPs": sum(row["SNPs"] == 0 for row in mine),
            "pairs with 0 SNPs, repeats counted": sum(
                row["SNPs with repeats"] == 0 for row in mine
            ),
        }
        for caller in callers
        for mine in [[row for row in rows if row["caller"] == caller]]
    ]
