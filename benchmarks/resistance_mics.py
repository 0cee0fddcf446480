"""The rules against MICs: 153 isolates whose bases at the key sites and MICs are published.

Source: caladov/DR_mutations_MAB 6620b85 (two thirds of its 225 isolates, divided by patient).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from abscope.validation.exact import Share
from abscope.validation.published_mics import Compared, compared, counts

PUBLISHED = {
    "amikacin": "27 TP, 0 FP, 0 FN, 188 TN of 225 (10 intermediate)",
    "clarithromycin day 3-5": "11 TP, 0 FP, 5 FN, 190 TN of 225",
    "clarithromycin day 14": "28 of 28 R, 12 of 12 S of 40 tested",
}


def exact(successes: int, trials: int) -> str:
    """A share with its exact (Clopper-Pearson) 95 % interval."""
    if not trials:
        return "none"
    low, high = Share(successes, trials).interval
    return f"{successes}/{trials} = {successes / trials:.3f} ({low:.3f}-{high:.3f})"


def lines(data: Path) -> Iterator[str]:
    """The tables, as Markdown."""
    everything = compared(data)
    yield "| test | TP | FP | FN | TN | intermediate | sensitivity | specificity | published totals |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for test, published in PUBLISHED.items():
        tally = counts([one for one in everything if one.test == test])
        cells = [str(tally[name]) for name in ("TP", "FP", "FN", "TN")]
        cells.append(str(sum(n for name, n in tally.items() if name.startswith("intermediate"))))
        cells.append(exact(tally["TP"], tally["TP"] + tally["FN"]))
        cells.append(exact(tally["TN"], tally["TN"] + tally["FP"]))
        yield f"| {test} | {' | '.join(cells)} | {published} |"
    yield ""
    yield "| isolate | test | bases | MIC | genotype | explanation |"
    yield "|---|---|---|---|---|---|"
    for one in everything:
        if one.comparison.agreement.startswith("genotype"):
            said = f"{one.comparison.genotype}: {one.comparison.reason}"
            why = explanation(one, everything)
            yield f"| {one.isolate} | {one.test} | {one.bases} | {one.mic} | {said} | {why} |"


def explanation(one: Compared, everything: Sequence[Compared]) -> str:
    """Why an isolate is discordant, as far as its own row tells."""
    other = [o for o in everything if o.isolate == one.isolate and o.test.endswith("day 14")]
    late = other[0].mic if other else "not tested"
    if one.test.endswith("3-5") and "erm41_28 T" in one.bases:
        return f"erm(41) is inducible, day 14 MIC {late}: induced early, not a missed rrl mutation"
    return f"unexplained by the sites of the table; day 14 MIC {late}"
