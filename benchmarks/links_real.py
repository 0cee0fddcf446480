"""docs/validation/links_real.md: links on real isolates whose links are published.

python -m benchmarks.links_real DATA docs/validation/links_real.md
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abscope.outbreak.links import links
from abscope.records import Link
from benchmarks.link_scores import average_precision
from benchmarks.links_panels import table
from benchmarks.real_links import Known, known_sets

CUTOFFS = (5, 10, 20, 25)
SHOWN = 3

TEXT = """\
# Links on real isolates

    python -m benchmarks.links_real DATA docs/validation/links_real.md

Every pair is judged without the label that makes it linked or not: whose isolate it is, or from which
village, is hidden. Dates are those published, often the year alone. The prior is that of an
investigation (22 % linked; Nunavik: 20 % by a chain of patients, 2 % by a source). Rates: *M. abscessus*
from the organism's clock table; tuberculosis 1.1e-7 (4e-8 to 3e-7) per site and year, within the 1e-8 to
5e-7 of Menardo 2019; *Klebsiella* 1e-6 and *Salmonella* 4e-7, a factor of two either way, assumed and
not taken from a paper. Truth is proxy: patients of two countries may share a source after all, and
patients of two hospitals were moved between them.

| set | linked: pairs | apart: pairs | background |
|---|---|---|---|
{sets}

## Verdicts

{verdicts}

**sure of** is the share of linked pairs called linked; the rest of them is nearly all *cannot tell*, and
the column says how many were wrongly called *not linked*. **precision** is of the pairs called linked.
**area** is that under the precision-recall curve of the posterior, which asks for the order alone.

## Fixed cut-offs on the same pairs: precision / recall (false links)

{cutoffs}

## Where we disagree, and why

{disagreements}

What this shows: cut-offs look better where apart means far (Nunavik), and fail where a clone is crowded
(DCC1, DCC3, *Klebsiella*). Of n patients without a close pair up to 3/n of chance pairs may be close, and
the panels here are of 5 to 57.

## What panel would have sufficed

Share of the linked pairs called linked, had the panel been of so many patients: with the share of close
pairs that this panel shows / had it held nobody close. In the last column every isolate is known to have
been on a run of its own, which makes a mix-up less likely.

{panels}

- *Klebsiella*: the panel of 21 was too small, and nothing else. With 25 patients of the same shares a fifth
  is called linked, with 100 half, about as many as lie within 5 SNPs; the others are farther apart than
  many patients of different hospitals.
- *Salmonella*: not the panel alone. One of the ten pairs of its five outside isolates is 4 SNPs apart, so
  such closeness is common there as far as anybody can tell. Had it held nobody close, nine tenths of the
  pairs would still be undecided: they are identical and undated, and could be one tube twice. Knowing
  the runs would then have settled it.
- DCC4 and DCC5: 9 and 10 patients, with pairs 3 to 5 SNPs apart among them. As crowded as that, no size
  of panel would do alone (the one pair of DCC5 with the runs known); exposures can tell, and
  [sources](../sources.md) weighs them.
- DCC1 and Nunavik: about what larger panels would give. In Nunavik the panel's patients are of one epidemic,
  and their closeness is that of the cases.

Isolates of one patient 79 SNPs and more apart (*Klebsiella*, DCC3) are two strains: there the label is
wrong. Pairs of Nunavik called not linked are of one sub-lineage and village, but 16 to 20 SNPs apart:
the sub-lineage was there for decades. The two pairs of DCC1 from two countries share one isolate of the
US; their posterior is just above the bar at a prior of 22 %, while 1.5 % of pairs tested are linked.

## Not used

- *Salmonella* Heidelberg (Bekal 2016), *Listeria* 1408MLGX6-3 and *Salmonella* Bareilly 1203NYJAP-1 as
  sequenced: their outbreak labels are here, their sequences are not.
- Tuberculosis AC587: no pairwise truth is documented; some of its controls are near or identical to the
  isolates called related.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """One set and how its pairs were judged, in the order of its truth."""

    known: Known
    truth: NDArray[np.bool_]
    snps: NDArray[np.float64]
    found: tuple[Link | None, ...]

    @property
    def verdict(self) -> NDArray[np.str_]:
        """Of each pair; those too far apart to be judged are not linked."""
        return np.array([link.verdict if link else "not linked" for link in self.found])

    @property
    def chance(self) -> NDArray[np.float64]:
        """Of each pair to be linked."""
        return np.array([link.linked or 0.0 if link else 0.0 for link in self.found])


def main() -> None:
    """Judge every set and write the page."""
    scored = [_scored(known) for known in known_sets(Path(sys.argv[1]))]
    page = TEXT.format(
        sets="\n".join(map(_set, scored)),
        verdicts="\n".join(_verdicts(scored)),
        cutoffs="\n".join(_cutoffs(scored)),
        disagreements="\n".join(line for one in scored for line in _disagreements(one)),
        panels="\n".join(table([one.known for one in scored])),
    )
    Path(sys.argv[2]).write_text(page, encoding="utf-8")


def _scored(known: Known) -> Scored:
    found = links(known.pairs, known.isolates, known.backgrounds, known.settings)
    by_pair: Mapping[tuple[str, str], Link] = {link.pair: link for link in found.links}
    snps = {
        (one, other): count
        for one, other, count in known.pairs.select("isolate_1", "isolate_2", "snps").iter_rows()
    }
    return Scored(
        known,
        np.array(list(known.truth.values())),
        np.array([snps[pair] for pair in known.truth], dtype=np.float64),
        tuple(by_pair.get(pair) for pair in known.truth),
    )


def _set(one: Scored) -> str:
    known = one.known
    return (
        f"| {known.name} | {known.linked}: {int(one.truth.sum())} "
        f"| {known.apart}: {int((~one.truth).sum())} | {known.backed} |"
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def _verdicts(scored: list[Scored]) -> Iterator[str]:
    heads: tuple[str, ...] = ("set", "sure of", "wrongly not linked", "called linked", "precision")
    heads += ("apart called linked", "area: links", "area: best cut-off")
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for one in scored:
        called = one.verdict == "linked"
        sure = int((called & one.truth).sum())
        missed = int((one.truth & (one.verdict == "not linked")).sum())
        best = max(average_precision((one.snps <= c).astype(float), one.truth) for c in CUTOFFS)
        cells = [
            f"{_share(sure, int(one.truth.sum()))} ({sure})",
            f"{missed}",
            f"{int(called.sum())}",
            _share(sure, int(called.sum())),
            f"{int((called & ~one.truth).sum())}",
            f"{average_precision(one.chance, one.truth):.3f}",
            f"{best:.3f}",
        ]
        yield f"| {one.known.name} | " + " | ".join(cells) + " |"


def _cutoffs(scored: list[Scored]) -> Iterator[str]:
    yield "| set | " + " | ".join(f"<= {level}" for level in CUTOFFS) + " |"
    yield "|---" * (len(CUTOFFS) + 1) + "|"
    for one in scored:
        cells = []
        for level in CUTOFFS:
            inside = one.snps <= level
            right, false = int((inside & one.truth).sum()), int((inside & ~one.truth).sum())
            precision = _share(right, right + false)
            cells.append(f"{precision} / {_share(right, int(one.truth.sum()))} ({false})")
        yield f"| {one.known.name} | " + " | ".join(cells) + " |"


def _disagreements(one: Scored) -> Iterator[str]:
    """The pairs of a set on which the verdict and the label differ most, with the reason given."""
    pairs = list(one.known.truth)
    wrong = {
        "apart, called linked": np.flatnonzero((one.verdict == "linked") & ~one.truth),
        "linked, called not linked": np.flatnonzero((one.verdict == "not linked") & one.truth),
    }
    if not any(len(rows) for rows in wrong.values()):
        yield f"- {one.known.name}: no verdict contradicts a label."
    for what, rows in wrong.items():
        for row in sorted(rows.tolist(), key=lambda k: one.snps[k])[:SHOWN]:
            link = one.found[row]
            reason = link.reason if link else f"{one.snps[row]:.0f} SNPs apart, too far to ask."
            yield f"- {one.known.name}, {what} ({len(rows)}), {' and '.join(pairs[row])}: {reason}"


if __name__ == "__main__":
    main()
