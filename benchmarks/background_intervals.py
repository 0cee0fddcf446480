"""How wide a background's intervals are, and how often they hold the truth, for 20 to 1,000 patients.

python -m benchmarks.background_intervals [FILE]

Patients are drawn from simulated populations of 2,000 whose every pair is known. The same bytes on every run.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abscope.population.background import background
from abscope.population.lower_tail import pairs_apart

SIZE, MIDDLE = 2_000, 35.0
KINDS = ("constant", "growing", "star", "families", "no clone")
DRAWS = {20: (8, 20), 50: (8, 20), 100: (8, 20), 300: (8, 8), 1000: (4, 4)}
DISTANCES = (5, 10, 20, 50)
HEAD = """\
# Background intervals

    python -m benchmarks.background_intervals docs/validation/background_intervals.md

Populations of 2,000 patients, one isolate each, whose every pair is known: a coalescent (*constant*), one
that grew (*growing*), isolates that each stand alone since the clone began (*star*), outbreaks within a star,
a few of them large (*families*), and pairs of one strain among isolates thousands of SNPs apart (*no clone*).
Patients are drawn from them: 8 populations and 20 draws of each for 20, 50 and 100 patients, 8 and 8 for
300, 4 and 4 for 1,000. Truth is the share of all 1,999,000 pairs.

In each cell: mean width of the 95 % interval, and how often it held the truth. Where few pairs are close the
interval reaches to about 3/n however few were seen, and holds nearly always: that is the price of never
calling impossible what was not looked for long enough.
A thousand of two thousand are half of everybody: their intervals hold more often than those of a thousand
among many more would.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Widths of intervals, and whether they held the truth, (draws, distances); and the truth, its mean."""

    width: NDArray[np.float64]
    held: NDArray[np.bool_]
    share: NDArray[np.float64]
    truth: NDArray[np.float64]


def population(kind: str, rng: np.random.Generator) -> NDArray[np.float32]:
    """SNPs of every two of SIZE isolates."""
    match kind:
        case "constant":
            return coalescent(rng, growth=0.0)
        case "growing":
            return coalescent(rng, growth=0.15)
        case "star":
            return star(rng.poisson(MIDDLE, SIZE))
        case "families":
            family = rng.zipf(1.6, SIZE) % 400
            between = star(rng.poisson(MIDDLE, 400))[np.ix_(family, family)]
            return star(rng.poisson(3, SIZE)) + between
        case _:
            family = rng.integers(0, SIZE // 3, SIZE)
            far = np.float32(8_000) * (family[:, None] != family)
            return star(rng.poisson(3, SIZE)) + far.astype(np.float32)


def star(own: NDArray[np.int64]) -> NDArray[np.float32]:
    """Isolates that share nothing: the SNPs of one and of the other."""
    apart = (own[:, None] + own).astype(np.float32)
    np.fill_diagonal(apart, 0)
    return apart


def coalescent(rng: np.random.Generator, *, growth: float) -> NDArray[np.float32]:
    """Lineages join two by two, looking back; a branch gathers a Poisson number of SNPs."""
    height, parent = _genealogy(rng, growth)
    nodes = len(parent)
    apart = np.zeros((nodes, nodes), dtype=np.float32)
    for node in range(nodes - 2, -1, -1):
        above = parent[node]
        own = rng.poisson(height[above] - height[node])
        apart[node, node + 1 :] = apart[above, node + 1 :] + own
        apart[node + 1 :, node] = apart[node, node + 1 :]
    return apart[:SIZE, :SIZE]


def _genealogy(
    rng: np.random.Generator, growth: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Height and parent of every node; leaves first, the root last."""
    scale = MIDDLE * np.exp(MIDDLE * growth)
    height, parent = np.zeros(2 * SIZE - 1), np.full(2 * SIZE - 1, -1)
    alive, now = list(range(SIZE)), 0.0
    for node in range(SIZE, 2 * SIZE - 1):
        wait = rng.exponential() * 2 * scale / (len(alive) * (len(alive) - 1))
        now = np.log(np.exp(growth * now) + growth * wait) / growth if growth else now + wait
        for _ in range(2):
            k = int(rng.integers(len(alive)))
            alive[k], alive[-1] = alive[-1], alive[k]
            parent[alive.pop()] = node
        height[node] = now
        alive.append(node)
    return height, parent


def draws(kind: str) -> dict[int, Drawn]:
    """Intervals for every number of patients."""
    found: dict[int, list[tuple[NDArray[np.float64], ...]]] = {n: [] for n in DRAWS}
    at = list(DISTANCES)
    for seed in range(max(populations for populations, _ in DRAWS.values())):
        rng = np.random.default_rng([seed, KINDS.index(kind)])
        snps = population(kind, rng)
        everybody = np.bincount(snps[np.triu_indices(SIZE, 1)].astype(np.int64), minlength=60)
        truth = np.cumsum(everybody)[at] / (SIZE * (SIZE - 1) // 2)
        for patients, (populations, times) in DRAWS.items():
            for _ in range(times if seed < populations else 0):
                members = rng.choice(SIZE, patients, replace=False)
                apart = pairs_apart(snps[np.ix_(members, members)])
                one = background(kind, apart, rng=rng, limit=60)
                found[patients].append((one.lower[at], one.upper[at], one.share[at], truth))
    return {n: _drawn(rows) for n, rows in found.items()}


def _drawn(rows: list[tuple[NDArray[np.float64], ...]]) -> Drawn:
    low, high, share, truth = (np.array(column) for column in zip(*rows, strict=True))
    return Drawn(high - low, (low <= truth) & (truth <= high), share, truth)


def lines(kind: str, found: dict[int, Drawn]) -> Iterator[str]:
    """One table."""
    yield f"\n## {kind}\n"
    yield "| patients | " + " | ".join(f"≤ {d}: width, held" for d in DISTANCES) + " |"
    yield "|---|" + "---:|" * len(DISTANCES)
    truth = next(iter(found.values())).truth.mean(axis=0)
    yield "| *truth* | " + " | ".join(f"*{100 * share:.2g} %*" for share in truth) + " |"
    for patients, one in found.items():
        cells = (
            f"{100 * width:.2g} %, {held:.0%}"
            for width, held in zip(one.width.mean(axis=0), one.held.mean(axis=0), strict=True)
        )
        yield f"| {patients:,} | {' | '.join(cells)} |"


def main() -> None:
    """Write the page."""
    found = {kind: draws(kind) for kind in KINDS}
    text = HEAD + "".join(f"{line}\n" for kind in KINDS for line in lines(kind, found[kind]))
    held = np.concatenate([one.held.ravel() for of in found.values() for one in of.values()])
    text += f"\nOver all {len(held):,} intervals: {held.mean():.1%} held the truth.\n"
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
