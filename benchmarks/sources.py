"""How often the true source is found, and whether the probabilities said are true.

python -m benchmarks.sources [FILE] [PLOT]

Every outbreak is drawn by `abscope.simulate.exposure_designs`; the same seeds give the same table.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abscope.outbreak.attribution import attribute
from abscope.outbreak.equivalence import alikeness, equivalence_groups
from abscope.outbreak.sources import ENOUGH
from abscope.simulate.exposure_designs import ExposureDesign, ExposureTruth, exposure_truth
from benchmarks import sources_plot

SEEDS, OUTBREAKS = range(100, 115), 300
COMPARED = (0, 20, 30)
BINS = 10

RIGHT = [
    *((f"{n} cases", ExposureDesign(cases=n)) for n in (3, 5, 8, 12)),
    ("5 cases, all sequenced", ExposureDesign(unsequenced=0.0)),
    ("5 cases, 70 % unsequenced", ExposureDesign(unsequenced=0.7)),
    ("5 cases, lots within suppliers", ExposureDesign(nested=True)),
]
_COMMON = (2.0, 4.0)
WRONG = [
    ("exposures commoner", ExposureDesign(prevalence=_COMMON)),
    ("exposures rarer", ExposureDesign(prevalence=(0.5, 20.0))),
    ("recall 0.6", ExposureDesign(recall=0.6)),
    ("recall 1", ExposureDesign(recall=1.0)),
    ("travellers do everything more", ExposureDesign(travellers=0.3)),
    ("a near-duplicate of the source", ExposureDesign(near_duplicate=0.9)),
    (
        "commoner, travellers, near-duplicate",
        ExposureDesign(prevalence=_COMMON, travellers=0.3, near_duplicate=0.9),
    ),
    ("commoner, lots within suppliers", ExposureDesign(prevalence=_COMMON, nested=True)),
    ("source unrecorded in 40 %", ExposureDesign(unrecorded=0.4)),
    ("200 exposures", ExposureDesign(exposures=200)),
    ("10 exposures, 40 % of answers missing", ExposureDesign(exposures=10, missing=0.4)),
    ("point source: four exposures go with it", ExposureDesign(source="point")),
    ("continuous source: one of four goes with it", ExposureDesign(source="continuous")),
    ("frozen source: cases forgot 40 %", ExposureDesign(source="frozen")),
    ("contamination event in the laboratory", ExposureDesign(contamination=1.0)),
    (
        "70 % of answers missing, commoner, unrecorded in 40 %",
        ExposureDesign(missing=0.7, prevalence=_COMMON, unrecorded=0.4),
    ),
]
TOO_FEW = [(name, design) for name, design in WRONG if name in {
    "recall 0.6", "source unrecorded in 40 %", "contamination event in the laboratory"}]  # fmt: skip
HEAD = """\
# Sources

    python -m benchmarks.sources docs/validation/sources.md docs/images/sources.svg

{seeds} seeds of {outbreaks} outbreaks a line. Unless said otherwise: 40 exposures, background shares from
Beta(0.8, 5), recall 0.85, 15 % of answers missing, 40 % of cases unsequenced (three in four of them linked),
in 10 % of outbreaks the source is on nobody's record. The model is never told how common exposures are: it
learns that from the answers.

- **first**: the true source is ranked first; **in first group**: it is among the exposures that the cases
  cannot tell apart and that are reported as one (mean size in brackets); **in first three**: in one of the
  first three groups. Of outbreaks whose source is recorded.
- **commonest**, **excess**: the same for the exposure most cases name, and for the one with the largest
  excess over its expected number in standard errors; in brackets with the same grouping rule applied.
- **Brier**, **reliability error**: of the probability said for the first group (or *not recorded*, where that
  is first); the second is the mean distance between what is said and what is so, over {bins} bins.
  **90 % set**: how often the smallest set of groups with 90 % holds the truth.
- **Point source**: one event, and what else was part of it (four exposures) is on record of linked cases as
  often as the source. **Continuous**: staff and lots change, each case met one of the four. **Frozen**: long
  ago and in many places, so nothing goes with it, and 40 % of the cases' answers are forgotten beside those
  missing anyway. **Contamination event**: half of the sequenced cases look linked and are not.
- Where fewer than {enough} comparison patients answered about a likely source no probability is shown. What
  it would be is in brackets. (Of ten compared 8.5 answered, of 30 with 70 % of answers missing 9.)

The model's doubts (`SourcePriors`) were settled on other outbreaks, drawn from other seeds (those of
earlier editions of this page among them), and so was the number that must have answered. They pull two
ways: the more it doubts that records are good, that cases are linked, that the source is on record at
all, the nearer it comes to worlds worse than it believes, and the more cautious it is where it is right.
They were set so that the largest error, as a share of its target, is least: 0.05 where the model is
right, 0.10 where it is wrong. A figure of this page is known to about 0.01, so those just beside a target
may lie on either side of it.
"""


@dataclass(frozen=True, slots=True)
class Score:
    """One outbreak: was it found, what was said, was that so. found is None where there is no source."""

    first: bool | None
    group: bool | None
    three: bool | None
    rivals: tuple[bool, bool, bool, bool] | None
    size: int
    said: float
    so: bool
    covered: bool


def score(truth: ExposureTruth, rng: np.random.Generator) -> Score:
    found = attribute(truth.answers, truth.weights, truth.kinds, within=truth.within)
    p = found.posterior
    groups = equivalence_groups(truth.answers, truth.weights, p[:-1])
    mass = np.array([*(p[list(group)].sum() for group in groups), p[-1]])
    holds = np.array([*(truth.source in group for group in groups), truth.source is None])
    order = np.argsort(-mass, kind="stable")
    needed = order[: int(np.searchsorted(np.cumsum(mass[order]), 0.9)) + 1]
    top = order[0]
    known = truth.source is not None
    return Score(
        bool(p[:-1].argmax() == truth.source) if known else None,
        bool(holds[0]) if known else None,
        bool(holds[:3].any()) if known else None,
        _rivals(truth, rng) if known else None,
        len(groups[0]),
        float(mass[top]),
        bool(holds[top]),
        bool(holds[needed].any()),
    )


def _rivals(truth: ExposureTruth, rng: np.random.Generator) -> tuple[bool, bool, bool, bool]:
    """The exposure most named, and the largest excess: first, and in the group of the first."""
    case = truth.weights > 0
    yes, known = truth.answers == 1, truth.answers >= 0
    named, asked = yes[case].sum(0), known[case].sum(0)
    expected = (yes[~case].sum(0) + 0.8) / (known[~case].sum(0) + 5.8)
    excess = (named - asked * expected) / np.sqrt(asked * expected * (1 - expected) + 1e-9)
    luck = 1e-6 * rng.random(len(named))
    common, striking = named / np.maximum(asked, 1) + luck, excess + luck
    return (
        bool(common.argmax() == truth.source),
        _grouped(truth, common),
        bool(striking.argmax() == truth.source),
        _grouped(truth, striking),
    )


def _grouped(truth: ExposureTruth, points: NDArray[np.float64]) -> bool:
    alike = alikeness(truth.answers, truth.weights)[points.argmax()]
    return truth.source is not None and bool(alike[truth.source])


@cache
def scores(design: ExposureDesign) -> tuple[Score, ...]:
    found = []
    for seed in SEEDS:
        rng = np.random.default_rng([seed, 2026, design.cases, design.comparison])
        found += [score(exposure_truth(design, rng), rng) for _ in range(OUTBREAKS)]
    return tuple(found)


def reliability(said: NDArray[np.float64], so: NDArray[np.bool_]) -> float:
    """Mean distance between what was said and what was so, over bins of what was said."""
    at = np.minimum((said * BINS).astype(int), BINS - 1)
    apart = [abs(said[at == b].sum() - so[at == b].sum()) for b in range(BINS)]
    return float(sum(apart) / len(said))


def line(name: str, design: ExposureDesign, found: Sequence[Score]) -> str:
    known = [one for one in found if one.rivals is not None]
    rivals = np.array([one.rivals for one in known], dtype=float).mean(0)
    said, so = np.array([one.said for one in found]), np.array([one.so for one in found])
    cells = [
        _share([one.first for one in known]),
        f"{_share([one.group for one in known])} ({np.mean([one.size for one in found]):.1f})",
        _share([one.three for one in known]),
        f"{rivals[0]:.2f} ({rivals[1]:.2f})",
        f"{rivals[2]:.2f} ({rivals[3]:.2f})",
    ]
    claims = [
        f"{np.mean((said - so) ** 2):.3f}",
        f"{reliability(said, so):.3f}",
        _share([one.covered for one in found]),
    ]
    shown = claims if _shown(design) else [f"({cell})" for cell in claims]
    return f"| {name} | {design.comparison} | {' | '.join([*cells, *shown])} |"


def _shown(design: ExposureDesign) -> bool:
    return design.comparison * (1 - design.missing) >= ENOUGH


def _share(answers: Sequence[bool | None]) -> str:
    return f"{np.mean([bool(one) for one in answers]):.2f}"


def table(
    designs: Sequence[tuple[str, ExposureDesign]], comparisons: Sequence[int]
) -> tuple[list[str], dict[int, list[Score]]]:
    lines = [
        "| | comparison patients | first | in first group | in first three | commonest | excess "
        "| Brier | reliability error | 90 % set |",
        "|---" * 10 + "|",
    ]
    kept: dict[int, list[Score]] = {}
    for name, design in designs:
        for number in comparisons:
            found = scores(replace(design, comparison=number))
            lines.append(line(name, replace(design, comparison=number), found))
            print(lines[-1], file=sys.stderr, flush=True)
            kept.setdefault(number, []).extend(found)
    return lines, kept


def beyond(
    designs: Sequence[tuple[str, ExposureDesign]], limit: float, comparisons: Sequence[int]
) -> str:
    """The lines whose shown probabilities are further from the truth than they may be."""
    far = []
    for name, design in designs:
        for compared in (replace(design, comparison=number) for number in comparisons):
            found = scores(compared) if _shown(compared) else ()
            said, so = np.array([one.said for one in found]), np.array([one.so for one in found])
            error = reliability(said, so) if found else 0.0
            if error > limit:
                far.append(
                    f"{name} with {compared.comparison} compared ({error:.3f}, {_way(said, so)})"
                )
    return f"Reliability error above {limit:.2f} where a probability is shown: {'; '.join(far) or 'none'}."


def _way(said: NDArray[np.float64], so: NDArray[np.bool_]) -> str:
    return "too sure" if said.mean() > so.mean() else "too cautious"


def page(plot: Path) -> Iterator[str]:
    """The whole page; the plot beside it."""
    yield HEAD.format(seeds=len(SEEDS), outbreaks=OUTBREAKS, bins=BINS, enough=ENOUGH)
    right, said_right = table(RIGHT, COMPARED)
    yield "## The model is right\n"
    yield "\n".join(right)
    yield "\n" + beyond(RIGHT, 0.05, COMPARED)
    wrong, said_wrong = table(WRONG, COMPARED)
    yield "\n## The model is wrong\n\nFive cases.\n"
    yield "\n".join(wrong)
    yield "\n" + beyond(WRONG, 0.1, COMPARED)
    few, _ = table(TOO_FEW, (10,))
    yield "\n## Ten to compare: too few\n\nWhat would be said, and why it is not:\n"
    yield "\n".join(few)
    yield (
        "\nWhere an exposure is ranked first by itself, it is often one of several that the cases share: the "
        "group is what can be relied on. The rule of grouping was settled before these outbreaks were drawn."
    )
    panels = [
        ("right, 30 compared", said_right[30]),
        ("wrong, 30 compared", said_wrong[30]),
        ("wrong, 20 compared", said_wrong[20]),
        ("wrong, nobody compared: not shown", said_wrong[0]),
    ]
    svg = sources_plot.svg([(name, [(s.said, s.so) for s in found]) for name, found in panels])
    plot.write_text(svg, encoding="utf-8")
    yield f"\n![What is said of the first group, and how often it is so](../images/{plot.name})"


def main() -> None:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "build/benchmarks/sources.md")
    plot = Path(sys.argv[2] if len(sys.argv) > 2 else out.with_suffix(".svg"))
    for path in (out, plot):
        path.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n".join(page(plot)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
