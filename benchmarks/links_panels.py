"""How large a background would have sufficed: the same real pairs against panels of more patients.

What the panel saw is taken for the truth: the shares of its pairs are kept, unsmoothed, and only the doubt
that a panel's size leaves (3/n where nothing was seen) shrinks. A pair that stays undecided however large
the panel is too ordinary among its neighbours, and no panel helps. Beside it, what would be said if the
panel had held nobody close.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from abscope.outbreak.links import links
from abscope.population.lower_tail import Apart, counted
from abscope.records import Background
from benchmarks.real_links import Known

SIZES = (25, 50, 100, 200, 400, 1000, 10_000)
RUNS = 400


def grown(stratum: str, seen: Apart, limit: int, patients: int, *, close: bool) -> Background:
    """The shares that were seen, as if they were those of so many patients, with what they leave open."""
    share = counted(seen, limit) / len(seen.snps) * close
    bound = np.full(limit + 1, 1 - 0.05 ** (1 / patients))
    pairs = patients * (patients - 1) // 2
    return Background(stratum, patients, pairs, share, share, np.maximum(share, bound))


def sure(known: Known, patients: int | None, *, close: bool, apart: bool = False) -> int:
    """How many of the linked pairs are called linked; None: with the panel there was.

    close: whether the panel's own close pairs are kept. apart: every isolate is known to have been on a
    run of its own.
    """
    linked = [pair for pair, so in known.truth.items() if so]
    rows = pl.DataFrame(linked, schema=["isolate_1", "isolate_2"], orient="row")
    pairs = known.pairs.join(rows, on=["isolate_1", "isolate_2"], how="semi")
    held = {
        name: one if patients is None else grown(name, known.seen, one.limit, patients, close=close)
        for name, one in known.backgrounds.items()
    }
    isolates = [
        replace(one, handling=frozenset({("run", one.isolate_id)})) if apart else one
        for one in known.isolates
    ]
    found = links(pairs, isolates, held, known.settings)
    return sum(link.verdict == "linked" for link in found.links)


def table(sets: Sequence[Known]) -> Iterator[str]:
    """Share of linked pairs called linked, a row a set, a column a size of panel."""
    sizes = " | ".join(f"{size:,}" for size in SIZES)
    yield f"| set | panel there was | {sizes} | {RUNS}, different runs |"
    yield "|---" * (len(SIZES) + 3) + "|"
    for known in sets:
        total = sum(known.truth.values())
        cells = [f"{sure(known, None, close=True) / total:.2f} ({known.seen.patients})"]
        for size in SIZES:
            both = (sure(known, size, close=close) / total for close in (True, False))
            cells.append(" / ".join(f"{share:.2f}" for share in both))
        both = (sure(known, RUNS, close=close, apart=True) / total for close in (True, False))
        cells.append(" / ".join(f"{share:.2f}" for share in both))
        yield f"| {known.name} | {' | '.join(cells)} |"
