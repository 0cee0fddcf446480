"""docs/validation/links.md: links on simulated outbreaks of known truth.

    python -m benchmarks.links WORK docs/validation/links.md docs/images/links-reliability.svg

WORK keeps the figures of each cell, so that the command can be stopped and go on. A fourth argument sets
the outbreaks a seed and cell, 300 without.
"""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from benchmarks import stars
from benchmarks.link_cells import CELLS, CUTOFFS, OUTBREAKS, Cell, Judged, joined, judged
from benchmarks.link_plot import reliability_plot
from benchmarks.link_scores import Reliability, average_precision, brier, reliability

SEEDS = (11, 12, 13, 14, 15)
NEW, KNOWN, OF_ONE_STRATUM = 50, 200, 0.295
A_YEAR = NEW * KNOWN * OF_ONE_STRATUM
MINUTES = 4.5

Figures = dict[str, object]

TEXT = """\
# Links on simulated outbreaks

    python -m benchmarks.links WORK docs/validation/links.md docs/images/links-reliability.svg{given}

{seeds} seeds (not those the model was looked at with) of {outbreaks} outbreaks a line, 3 to 12 cases
each unless said otherwise, in one of three clones that are as crowded as real ones or outside them,
beside 12 unlinked patients of the same stratum. The background is estimated from a panel of 100 other
patients a stratum. A fifth of exposures has no date, others are known to the day or the month. Linked
and unlinked pairs are drawn as often as the prior says (22 %), but in the last line. SNPs come of
genealogies, not of the model's formula; `as believed` mixes point (30 %), continuous (35 %) and frozen
(26 %) sources and chains of patients (9 %).

## Order: area under the precision-recall curve

Mean of {seeds} seeds (smallest - largest). A cut-off gives one point; its area is by steps.

{order}

The target was to lie above every cut-off in every cell and seed: {above} of {cells} do. The distance
alone, without a cut-off, and transcluster's rule (written from its paper: at most 3 transmissions, rate
0.8 SNPs and 2 transmissions a year) are harder to beat: the mean lies above both in {ahead} of {cells}
cells, and is never more than {behind:.4f} behind.

## Chances: are they what they say?

{chances}

- **error**: mean distance between what is claimed and what is so over ten bins, weighted by pairs.
  Target: at most 0.05 where the model is right, at most 0.10 where it is wrong. **doubtful**: the same
  for pairs given 0.05 to 0.95 alone; most pairs are easy, and this is the harder question.
- **95 % reach**: share of common-source pairs no farther apart than the distance said to hold 95 of 100.

![Reliability](../images/links-reliability.svg)

Above the line the model claims too little, below it too much. Doubt about what a panel has not seen
makes the middle cautious: of pairs given 0.6 to 0.7, more are linked than claimed. Single sorts of
source are harder than the mixture the model believes in. Where neighbours are closer than the panel
says, or pairs are linked far less often than the prior says, doubtful pairs are claimed too boldly:
the bounds and the prior printed with every link are there for that.

## Verdicts

{verdicts}

False links a year: unlinked pairs called linked, at {new} new isolates against {known} known patients
({a_year:.0f} pairs of one stratum a year). **watching** is with the prior of any two patients of a region
(1 %) and asks for a chance of 0.5, as an alert does: with 100 patients a stratum, no pair could then
reach the 0.9 that *linked* needs. False links of fixed cut-offs beside. Mixed-up tubes: pairs that
share a tube, by verdict; false links there are mostly the cases' neighbours by way of such a tube.
"""


def main() -> None:
    """Judge what is not judged yet, and write the page once all cells are there."""
    work, page, plot = (Path(name) for name in sys.argv[1:4])
    outbreaks = int(sys.argv[4]) if len(sys.argv) > 4 else OUTBREAKS
    work.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    for number, cell in enumerate(CELLS):
        kept = work / f"{number:02d}.json"
        if not kept.exists():
            if time.monotonic() - began > 60 * MINUTES:
                sys.exit(f"stopped before {cell.name!r}: the same command goes on")
            kept.write_text(json.dumps(figures(cell, outbreaks)), encoding="utf-8")
    found = [json.loads((work / f"{n:02d}.json").read_text()) for n in range(len(CELLS))]
    page.write_text(f"{written(found, outbreaks)}\n{stars.section()}", encoding="utf-8")
    plot.write_text(reliability_plot(found), encoding="utf-8")


def figures(cell: Cell, outbreaks: int = OUTBREAKS) -> Figures:
    """Everything said about a cell."""
    parts = [judged(cell, seed, outbreaks) for seed in SEEDS]
    whole = joined(parts)
    found = reliability(whole.chance, whole.truth)
    doubtful = (whole.chance > 0.05) & (whole.chance < 0.95)
    return {
        "name": cell.name,
        "right": cell.right,
        "pairs": len(whole.truth),
        "area": _areas(parts),
        "brier": brier(whole.chance, whole.truth),
        "error": found.error,
        "doubtful": reliability(whole.chance[doubtful], whole.truth[doubtful]).error,
        "doubtful_share": float(doubtful.mean()),
        "reach": float(whole.covered[whole.linked_strictly].mean()),
        "bins": _bins(found),
        **_verdicts(whole),
    }


def _areas(parts: list[Judged]) -> dict[str, list[float]]:
    areas: dict[str, list[float]] = {}
    for part in parts:
        scores = {"links": part.chance, "distance": -part.snps.astype(float)}
        scores |= {"transcluster": part.transcluster}
        scores |= {f"<= {level}": (part.snps <= level).astype(float) for level in CUTOFFS}
        for name, score in scores.items():
            areas.setdefault(name, []).append(average_precision(score, part.truth))
    return areas


def _bins(found: Reliability) -> list[tuple[float, float, int]]:
    rows = zip(found.claimed, found.observed, found.pairs, strict=True)
    return [(float(claimed), float(observed), int(pairs)) for claimed, observed, pairs in rows]


def _verdicts(whole: Judged) -> Figures:
    apart = ~whole.truth & ~whole.laboratory
    tubes = whole.verdict[whole.laboratory]
    return {
        "found": float((whole.verdict[whole.truth] == "linked").mean()),
        "missed": float((whole.verdict[whole.truth] == "not linked").mean()),
        "false": float((whole.verdict[apart] == "linked").mean()),
        "watching": float(whole.watched[apart].mean()),
        "watched": float(whole.watched[whole.truth].mean()),
        "cutoffs": {level: float((whole.snps[apart] <= level).mean()) for level in CUTOFFS},
        "tubes": {name: int((tubes == name).sum()) for name in np.unique(tubes).tolist()},
    }


def written(found: list[Figures], outbreaks: int = OUTBREAKS) -> str:
    """The page."""
    above = sum(_beats(one["area"]) for one in found)  # type: ignore[arg-type]
    behind = [_behind(one["area"]) for one in found]  # type: ignore[arg-type]
    return TEXT.format(
        ahead=sum(gap < 0 for gap in behind), behind=max(0.0, *behind),
        seeds=len(SEEDS), outbreaks=outbreaks, above=above, cells=len(found),
        given="" if outbreaks == OUTBREAKS else f" {outbreaks}",
        order="\n".join(_order(found)), chances="\n".join(_chances(found)),
        verdicts="\n".join(_verdict_rows(found)), new=NEW, known=KNOWN, a_year=A_YEAR,
    )  # fmt: skip


def _beats(area: Mapping[str, list[float]]) -> bool:
    best = np.max([area[f"<= {level}"] for level in CUTOFFS], axis=0)
    return bool((np.array(area["links"]) > best).all())


def _behind(area: Mapping[str, list[float]]) -> float:
    """How far the mean area lies below the better of distance and transcluster; negative: above."""
    best = max(float(np.mean(area[rule])) for rule in ("distance", "transcluster"))
    return best - float(np.mean(area["links"]))


def _order(found: list[Figures]) -> Iterator[str]:
    rules = ["distance", "transcluster", *(f"<= {level}" for level in CUTOFFS)]
    yield "| cell | links | " + " | ".join(rules) + " |"
    yield "|---" * (len(rules) + 2) + "|"
    for one in found:
        area: Mapping[str, list[float]] = one["area"]  # type: ignore[assignment]
        own = area["links"]
        cells = [f"**{np.mean(own):.3f}** ({min(own):.3f} - {max(own):.3f})"]
        cells += [f"{np.mean(area[rule]):.3f}" for rule in rules]
        yield f"| {one['name']} | " + " | ".join(cells) + " |"


def _chances(found: list[Figures]) -> Iterator[str]:
    yield "| cell | model | pairs | Brier | error | doubtful (share of pairs) | 95 % reach |"
    yield "|---|---|---|---|---|---|---|"
    for one in found:
        yield (
            f"| {one['name']} | {'right' if one['right'] else 'wrong'} | {one['pairs']} "
            f"| {one['brier']:.4f} | {one['error']:.3f} "
            f"| {one['doubtful']:.3f} ({one['doubtful_share']:.1%}) | {one['reach']:.3f} |"
        )


def _verdict_rows(found: list[Figures]) -> Iterator[str]:
    yield (
        "| cell | of linked pairs: linked | not linked | false links a year "
        "| watching: found | false alerts a year | "
        + " | ".join(f"<= {level}" for level in CUTOFFS)
        + " | mixed-up tubes |"
    )
    yield "|---" * (7 + len(CUTOFFS)) + "|"
    for one in found:
        cutoffs: Mapping[str, float] = one["cutoffs"]  # type: ignore[assignment]
        tubes: Mapping[str, int] = one["tubes"]  # type: ignore[assignment]
        cells = [f"{one['found']:.3f}", f"{one['missed']:.3f}"]
        cells.append(f"{one['false'] * A_YEAR:.1f}")  # type: ignore[operator]
        cells.append(f"{one['watched']:.3f}")
        cells.append(f"{one['watching'] * A_YEAR:.1f}")  # type: ignore[operator]
        cells += [f"{cutoffs[str(level)] * A_YEAR:.0f}" for level in CUTOFFS]
        cells.append("; ".join(f"{name} {number}" for name, number in tubes.items()) or "none")
        yield f"| {one['name']} | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
