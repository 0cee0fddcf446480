"""The rules against MICs: 153 isolates whose bases at the key sites and MICs are published.

Source: caladov/DR_mutations_MAB 6620b85 (two thirds of its 225 isolates, divided by patient).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from scipy.stats import beta

from abscope import organism
from abscope.isolate import mic
from abscope.isolate.evidence import Evidence, SiteEvidence, StretchEvidence
from abscope.isolate.resistance import verdicts
from abscope.knowledge.rows import Knowledge

FILE = Path("mabs_resistance") / "mic_genotype_davidson2021.tsv"
PUBLISHED = {
    "amikacin": "27 TP, 0 FP, 0 FN, 188 TN of 225 (10 intermediate)",
    "clarithromycin day 3-5": "11 TP, 0 FP, 5 FN, 190 TN of 225",
    "clarithromycin day 14": "28 of 28 R, 12 of 12 S of 40 tested",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One isolate and one MIC, with what was compared."""

    isolate: str
    test: str
    bases: str
    mic: str
    comparison: mic.Comparison


def compared(data: Path) -> list[Compared]:
    """Every MIC of the table, held against the verdict from the same row's bases."""
    known = organism.read().knowledge()
    frame = pl.read_csv(data / FILE, separator="\t", infer_schema_length=0)
    return [one for row in frame.iter_rows(named=True) for one in _isolate(row, known)]


def _isolate(row: dict[str, str | None], known: Knowledge) -> Iterator[Compared]:
    found = {one.drug: one for one in verdicts(evidence(row, known), known)}
    bases = " ".join(f"{name} {row[name]}" for name in _COLUMNS) + f" erm41_28 {row['erm41_28']}"
    tests = (
        ("amikacin", "MIC_AMK", "amikacin", "amikacin", None),
        ("clarithromycin day 3-5", "MIC_CLR", "clarithromycin", "macrolides", 3),
        ("clarithromycin day 14", "MIC_CLR_14", "clarithromycin", "macrolides", 14),
    )
    for test, column, drug, predicted, day in tests:
        written = row[column]
        if written:
            phenotype = mic.read(drug, mic.parse(written), known.breakpoints, day=day)
            comparison = mic.compare(phenotype, found[predicted])
            yield Compared(str(row["Isolate"]), test, bases, written, comparison)


_COLUMNS = {"rrs_1408": ("rrs", 1375), "rrl_2058": ("rrl", 2270), "rrl_2059": ("rrl", 2271)}


def evidence(row: dict[str, str | None], known: Knowledge) -> Evidence:
    """The row's bases as evidence; sites the table does not name are taken as wild type."""
    letters = {(s.locus, s.span[0] + 1): s.wild for s in known.sites if s.kind == "base"}
    letters |= {site: row[column] or "-" for column, site in _COLUMNS.items()}
    erm = row["erm41_28"] or "-"
    truncated = erm == "truncated"
    if not truncated:
        letters["erm(41)", 28] = erm
    sites = tuple(SiteEvidence(*site, 0, letter=letter) for site, letter in letters.items())
    gone = 0.0 if truncated else 1.0
    long = StretchEvidence("erm(41)", 159, 432, False, gone, 1.0)
    short = StretchEvidence("erm(41)", 64, 65, False, gone, 1.0, gap=1 - gone)
    return Evidence(sites, (short, long))


def exact(successes: int, trials: int) -> str:
    """A share with its exact (Clopper-Pearson) 95 % interval."""
    if not trials:
        return "none"
    low = float(beta.ppf(0.025, successes, trials - successes + 1)) if successes else 0.0
    high = float(beta.ppf(0.975, successes + 1, trials - successes)) if successes < trials else 1.0
    return f"{successes}/{trials} = {successes / trials:.3f} ({low:.3f}-{high:.3f})"


def counts(found: Sequence[Compared]) -> Counter[str]:
    """TP, FP, FN, TN of one test, and what could not be compared."""
    names = {
        ("agree", "R"): "TP",
        ("agree", "S"): "TN",
        ("genotype resistant", "S"): "FP",
        ("genotype susceptible", "R"): "FN",
    }
    tally = Counter[str]()
    for one in found:
        key = (one.comparison.agreement, one.comparison.phenotype.reading or "")
        tally[names.get(key, f"intermediate or unread ({key[1] or 'none'})")] += 1
    return tally


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
