"""Tables of docs/validation/dating.md: python -m benchmarks.dating [SEEDS].

Simulated dated clones, whose rate and root are known, and sets whose dates mean nothing.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from abscope.population.dating import FEWEST_DRAWS, dated
from abscope.population.root_to_tip import temporal_signal
from benchmarks.dated_trees import Scenario, Simulated, with_clock, without_clock

COVERED = (
    Scenario("strict clock"),
    Scenario("dates to the year", whole_years=True),
    Scenario("uneven clock", spread=1.0),
    Scenario("slow, as DCC1", rate=0.85),
)
TESTED = (
    Scenario("1.5 a year", rate=1.5),
    Scenario("0.85 a year", rate=0.85),
    Scenario("0.85 a year, 5 years", rate=0.85, span=5.0),
    Scenario("0.85 a year, 12 isolates", rate=0.85, isolates=12),
    Scenario("0.85 a year, 150 isolates", rate=0.85, isolates=150),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """Do rate and root lie in their intervals? None where the set was refused; estimate and width / truth."""

    rate: bool | None = None
    root: bool | None = None
    off: float = 1.0
    width: float = 1.0


def trial(scenario: Scenario, seed: int) -> Trial:
    """One simulated clone, dated."""
    made = with_clock(scenario, seed)
    found = dated(made.tree, made.dates, rng=np.random.default_rng(seed), shuffles=199)
    if found.rate is None or found.root is None or found.draws < FEWEST_DRAWS:
        return Trial()
    rate = found.rate
    return Trial(
        rate.low <= scenario.rate <= rate.high, found.root.low <= made.root <= found.root.high,
        rate.value / scenario.rate, (rate.high - rate.low) / rate.value,
    )  # fmt: skip


def coverage(scenario: Scenario, trials: Sequence[Trial]) -> str:
    """How often the 95 % intervals hold the truth."""
    sure = [one for one in trials if one.rate is not None]
    return _row(
        scenario.name, len(sure), len(trials) - len(sure),
        _share([bool(one.rate) for one in sure]), _share([bool(one.root) for one in sure]),
        f"{np.median([one.off for one in sure]):.2f}",
        f"{np.median([one.width for one in sure]):.2f}",
    )  # fmt: skip


def refusals(scenario: Scenario, seeds: int) -> str:
    """How often sets are refused: with a clock, without, and without where clades share dates."""
    kinds = [
        [with_clock(scenario, seed) for seed in range(seeds)],
        [without_clock(scenario, seed) for seed in range(seeds)],
        [without_clock(scenario, seed, clades=True) for seed in range(seeds)],
    ]
    shares = [_share([_refused(one, seed) for seed, one in enumerate(kind)]) for kind in kinds]
    return _row(scenario.name, seeds, *shares)


def _refused(simulated: Simulated, seed: int) -> bool:
    rng = np.random.default_rng(seed)
    return bool(temporal_signal(simulated.tree, simulated.dates, rng=rng, shuffles=199).missing)


def _share(held: list[bool]) -> str:
    """Share and its 95 % interval (Wilson 1927)."""
    n, p, z = len(held), float(np.mean(held)), 1.96
    middle = (p + z * z / 2 / n) / (1 + z * z / n)
    half = z * np.sqrt(p * (1 - p) / n + z * z / 4 / n / n) / (1 + z * z / n)
    return f"{p:.1%} ({max(0.0, middle - half):.1%}-{min(1.0, middle + half):.1%})"


def _row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def lines(seeds: int) -> Iterator[str]:
    """Both tables."""
    yield "| clones | dated | refused | rate covered | root covered | rate / truth | width / rate |"
    yield "|---|---|---|---|---|---|---|"
    for scenario in COVERED:
        yield coverage(scenario, [trial(scenario, seed) for seed in range(seeds)])
    yield ""
    yield "| clones | sets | refused, clock | refused, no clock | refused, no clock, shared dates |"
    yield "|---|---|---|---|---|"
    for scenario in TESTED:
        yield refusals(scenario, seeds)


def main() -> None:
    """Print the tables as they grow."""
    for line in lines(int(sys.argv[1]) if len(sys.argv) > 1 else 200):
        print(line, flush=True)


if __name__ == "__main__":
    main()
