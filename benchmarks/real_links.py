"""Real isolates whose links are published: each set as pairs, dates, backgrounds and truth."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from abscope import organism
from abscope.formats import fasta
from abscope.knowledge.rows import Clock
from abscope.outbreak.link_settings import LinkSettings, Prior
from abscope.population.background import background
from abscope.population.lower_tail import Apart, pairs_apart
from abscope.records import Background, Days, Sampled
from abscope.tables import PAIRS
from benchmarks.background import CLONES, line_list, read

Snps = NDArray[np.float32]
Truth = Mapping[tuple[str, str], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A set of isolates of whose pairs it is published which are linked.

    linked, apart: what counts as either, in words. backed: whom the background is made of; seen: how far
    apart they are.
    """

    name: str
    linked: str
    apart: str
    backed: str
    pairs: pl.DataFrame
    isolates: tuple[Sampled, ...]
    backgrounds: Mapping[str, Background]
    truth: Truth
    seen: Apart
    settings: LinkSettings = field(default_factory=LinkSettings)


def known_sets(data: Path) -> Iterator[Known]:
    """Every set, one at a time."""
    yield from (_patients(data, clone) for clone in ("DCC1", "DCC3", "DCC4", "DCC5"))
    yield _nunavik(data / "benchmark_tb_nunavik")
    yield _hospitals(data / "benchmark_crkp_hospitals")
    yield _tuna(data / "benchmark_genfs")


def _patients(data: Path, clone: str) -> Known:
    """Two isolates of a patient against patients of two countries; half the patients make the background."""
    lines, snps = line_list(data), read(data, CLONES[clone])
    by_patient: dict[str, list[str]] = defaultdict(list)
    for name in snps.ids:
        if name in lines:
            by_patient[lines[name]["Patient"]].append(name)
    patients = sorted(by_patient)
    order = np.random.default_rng(1).permutation(len(patients)).tolist()
    panel = [min(by_patient[patients[k]]) for k in order[::2]]
    tested = [by_patient[patients[k]] for k in order[1::2]]
    truth = {_pair(own[0], own[-1]): True for own in map(sorted, tested) if len(own) > 1}
    for one, other in combinations([min(own) for own in tested], 2):
        countries = [lines[name]["Country"] for name in (one, other)]
        if len(set(countries)) == 2 and not {"NP", "?", ""} & set(countries):
            truth[_pair(one, other)] = False
    names = sorted({name for pair in truth for name in pair})
    return Known(
        f"*M. abscessus* {clone}",
        "two isolates of one patient (the first and last by name)",
        "patients of two countries",
        f"the other half of the patients ({len(panel)})",
        _frame(truth, snps.ids, snps.snps, 4_600_000),
        tuple(Sampled(n, stratum=clone, collected=_year(lines[n]["Sample_date"])) for n in names),
        {clone: _made(clone, snps.ids, snps.snps, panel)},
        truth,
        _apart(snps.ids, snps.snps, panel),
        LinkSettings(clock=organism.read().knowledge().clock),
    )


def _nunavik(folder: Path) -> Known:
    """Sub-lineages and villages of one epidemic, 1991-2013 (Lee, PNAS 2015, 10.1073/pnas.1507071112)."""
    ids, snps = _vcf_snps(folder / "lee_2015.vcf.gz")
    with (folder / "meta.tsv").open(encoding="utf-8") as rows:
        lines = {row["strain"]: row for row in csv.DictReader(rows, delimiter="\t")}
    told = {
        n: (lines[n]["cluster"], lines[n]["location"])
        for n in ids
        if lines[n]["cluster"][:2] == "Mj"
    }
    truth = {}
    for one, other in combinations(sorted(told), 2):
        (line, village), (line2, village2) = told[one], told[other]
        if line.split(".")[0] != line2.split(".")[0]:
            truth[_pair(one, other)] = False
        elif line == line2 and village == village2 and "village" in village:
            truth[_pair(one, other)] = True
    panel = sorted({place: name for name, place in sorted(told.items(), reverse=True)}.values())
    clock = (Clock("*", 1.1e-7, 4e-8, 3e-7, "", "within 1e-8 to 5e-7, Menardo 2019"),)
    chain = ((0.5, 0.3), (2.0, 0.4), (5.0, 0.3))
    return Known(
        "tuberculosis, Nunavik",
        "one published sub-lineage and one village",
        "sub-lineages of different roots (Mj-I to Mj-VI)",
        f"one isolate of each sub-lineage and village ({len(panel)})",
        _frame(truth, ids, snps, 4_000_000),
        tuple(Sampled(n, stratum="Mj", collected=_year(lines[n]["date"])) for n in sorted(told)),
        {"Mj": _made("Mj", ids, snps, panel)},
        truth,
        _apart(ids, snps, panel),
        LinkSettings(prior=Prior(0.02, 0.2, 0.001), clock=clock, chain=chain),
    )


def _hospitals(folder: Path) -> Known:
    """ST258 in 21 long-term hospitals (Han 2019, 10.1128/AAC.01622-19)."""
    ids, snps = _aligned(folder / "crkp_alignment.fasta.gz")
    with (folder / "crkp_metadata.tsv").open(encoding="utf-8") as rows:
        lines = {row["isolate_id"]: row for row in csv.DictReader(rows, delimiter="\t")}
    truth = {}
    for one, other in combinations(sorted(ids), 2):
        if lines[one]["patient_id"] == lines[other]["patient_id"]:
            truth[_pair(one, other)] = True
        elif lines[one]["facility"] != lines[other]["facility"]:
            truth[_pair(one, other)] = False
    first = {lines[name]["facility"]: name for name in sorted(ids, reverse=True)}
    panel = sorted(first.values())
    clock = (Clock("*", 1e-6, 5e-7, 2e-6, "", "assumed, of the order published for the clone"),)
    return Known(
        "*Klebsiella* ST258, 21 hospitals",
        "two isolates of one patient",
        "patients of two hospitals (some were moved between them)",
        f"one isolate of each hospital ({len(first)})",
        _frame(truth, ids, snps, 5_000_000),
        tuple(
            Sampled(n, stratum="ST258", collected=_year(lines[n]["collection_date"]))
            for n in sorted(ids)
        ),
        {"ST258": _made("ST258", ids, snps, panel)},
        truth,
        _apart(ids, snps, panel),
        LinkSettings(clock=clock),
    )


def _tuna(folder: Path) -> Known:
    """*Salmonella* simulated on the tree of the 2012 tuna outbreak: SNPs are known, dates are not."""
    ids, snps = _vcf_snps(folder / "Salmonella_enterica_1203NYJAP-1.simulated.vcf.gz")
    group = {}
    sheet = folder / "Salmonella_enterica_1203NYJAP-1.simulated.tsv"
    for row in csv.reader(sheet.read_text(encoding="utf-8").splitlines(), delimiter="\t"):
        if len(row) > 4 and row[1].startswith("SIM_"):
            group[row[1].removeprefix("SIM_").strip()] = row[4]
    held = [name for name in ids if name in group]
    truth = {
        _pair(a, b): group[a] == group[b] == "outbreak" for a, b in combinations(sorted(held), 2)
    }
    panel = [name for name in held if group[name] == "outgroup"]
    clock = (Clock("*", 4e-7, 2e-7, 8e-7, "", "assumed"),)
    return Known(
        "*Salmonella* Bareilly, simulated on the real tree",
        "both of the outbreak",
        "one or both outside it",
        f"the {len(panel)} isolates outside it",
        _frame(truth, ids, snps, 4_700_000),
        tuple(Sampled(name, stratum="Bareilly") for name in held),
        {"Bareilly": _made("Bareilly", ids, snps, panel)},
        truth,
        _apart(ids, snps, panel),
        LinkSettings(clock=clock),
    )


def _pair(one: str, other: str) -> tuple[str, str]:
    return min(one, other), max(one, other)


def _frame(truth: Truth, ids: Sequence[str], snps: Snps, sites: int) -> pl.DataFrame:
    place = {name: row for row, name in enumerate(ids)}
    rows = []
    for one, other in truth:
        value = float(snps[place[one], place[other]])
        told = None if np.isnan(value) else int(value)
        verdict = "unresolved" if told is None else "compared"
        rows.append((one, other, "as published", told, sites, told, sites, verdict))
    return PAIRS.frame(rows)


def _apart(ids: Sequence[str], snps: Snps, panel: Sequence[str]) -> Apart:
    rows = [list(ids).index(one) for one in panel]
    return pairs_apart(snps[np.ix_(rows, rows)])


def _made(name: str, ids: Sequence[str], snps: Snps, panel: Sequence[str]) -> Background:
    return background(name, _apart(ids, snps, panel), rng=np.random.default_rng(1), limit=150)


def _year(text: str) -> Days | None:
    """The day, month or year a text names as an interval; None where it names none."""
    parts = [int(part) for part in text.split("-") if part.isdigit()]
    if not parts or not 1900 < parts[0] < 2100:
        return None
    first, last = date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 3:
        return Days(date(*parts), date(*parts))
    return Days(first, last)


def _vcf_snps(path: Path) -> tuple[tuple[str, ...], Snps]:
    """SNPs between the samples of a VCF with one base a site; what is mixed or missing does not count."""
    ids: tuple[str, ...] = ()
    sites = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            if line.startswith("#CHROM"):
                ids = tuple(cells[9:])
            elif (
                not line.startswith("#")
                and len(cells[3]) == 1
                and max(map(len, cells[4].split(","))) == 1
            ):
                sites.append([_allele(cell) for cell in cells[9:]])
    return ids, _counted(np.array(sites, dtype=np.int16).T, lambda row: row >= 0)


def _allele(cell: str) -> int:
    alleles = set(cell.split(":", maxsplit=1)[0].replace("|", "/").split("/"))
    return int(alleles.pop()) if len(alleles) == 1 and "." not in alleles else -1


def _aligned(path: Path) -> tuple[tuple[str, ...], Snps]:
    text = fasta.decompressed(path).decode("ascii").split(">")[1:]
    found = {one.split(None, 1)[0]: "".join(one.split("\n")[1:]) for one in text}
    letters = np.array([np.frombuffer(one.encode(), np.uint8) for one in found.values()])
    return tuple(found), _counted(letters, lambda row: np.isin(row, list(b"ACGT")))


def _counted(letters: "NDArray[np.generic]", known: "object") -> Snps:
    told = known(letters)  # type: ignore[operator]
    snps = np.zeros((len(letters),) * 2, dtype=np.float32)
    for row in range(len(letters)):
        snps[row] = ((letters != letters[row]) & told & told[row]).sum(axis=1)
    return snps
