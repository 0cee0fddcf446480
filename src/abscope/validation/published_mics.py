"""The rules against MICs: isolates whose bases at the key sites and MICs are published.

mabs_resistance/mic_genotype_davidson2021.tsv: caladov/DR_mutations_MAB 6620b85 (two thirds of its 225
isolates, divided by patient).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from abscope import organism
from abscope.isolate import mic
from abscope.isolate.evidence import Evidence, SiteEvidence, StretchEvidence
from abscope.isolate.mic import MicComparison
from abscope.isolate.resistance import verdicts
from abscope.knowledge.rows import Knowledge
from abscope.validation.claim import Claim
from abscope.validation.exact import Share

FILE = Path("mabs_resistance") / "mic_genotype_davidson2021.tsv"
NEEDS = (FILE,)
TESTS = (
    ("amikacin", "MIC_AMK", "amikacin", "amikacin", None),
    ("clarithromycin day 3-5", "MIC_CLR", "clarithromycin", "macrolides", 3),
    ("clarithromycin day 14", "MIC_CLR_14", "clarithromycin", "macrolides", 14),
)
_COLUMNS = {"rrs_1408": ("rrs", 1375), "rrl_2058": ("rrl", 2270), "rrl_2059": ("rrl", 2271)}
_COUNTS = {
    ("agree", "R"): "TP",
    ("agree", "S"): "TN",
    ("genotype resistant", "S"): "FP",
    ("genotype susceptible", "R"): "FN",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One isolate and one MIC, with what was compared."""

    isolate: str
    test: str
    bases: str
    mic: str
    comparison: MicComparison


def published(data: Path) -> Iterator[Claim]:
    """Sensitivity and specificity of the rules, test by test."""
    everything = compared(data)
    for test, *_ in TESTS:
        tally = counts([one for one in everything if one.test == test])
        beside = f"{sum(tally.values()):,} tested, intermediate ones not counted"
        resistant = Share(tally["TP"], tally["TP"] + tally["FN"])
        yield Claim(f"resistance, {test}", FILE.name, "resistant by MIC, found", resistant, beside)
        spared = Share(tally["TN"], tally["TN"] + tally["FP"])
        yield Claim(f"resistance, {test}", FILE.name, "susceptible by MIC, not called", spared)


def compared(data: Path) -> list[Compared]:
    """Every MIC of the table, held against the verdict from the same row's bases."""
    known = organism.read().knowledge()
    frame = pl.read_csv(data / FILE, separator="\t", infer_schema_length=0)
    return [one for row in frame.iter_rows(named=True) for one in _isolate(row, known)]


def _isolate(row: dict[str, str | None], known: Knowledge) -> Iterator[Compared]:
    found = {one.drug: one for one in verdicts(evidence(row, known), known)}
    bases = " ".join(f"{name} {row[name]}" for name in _COLUMNS) + f" erm41_28 {row['erm41_28']}"
    for test, column, drug, predicted, day in TESTS:
        written = row[column]
        if written:
            phenotype = mic.read(drug, mic.parse(written), known.breakpoints, day=day)
            comparison = mic.compare(phenotype, found[predicted])
            yield Compared(str(row["Isolate"]), test, bases, written, comparison)


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


def counts(found: Sequence[Compared]) -> Counter[str]:
    """TP, FP, FN, TN of one test, and what could not be compared."""
    tally = Counter[str]()
    for one in found:
        key = (one.comparison.agreement, one.comparison.phenotype.reading or "")
        tally[_COUNTS.get(key, f"intermediate or unread ({key[1] or 'none'})")] += 1
    return tally
