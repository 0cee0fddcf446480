"""How close unlinked patients are, by clone: python -m benchmarks.background DATA [FOLDER] [IMAGE].

DATA is the folder of real data beside the project. The same bytes on every run.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abscope.formats.pair_snps import read_pair_snps
from abscope.population.background import backgrounds
from abscope.population.pair_snps import PairSnps
from abscope.records import Background, BackgroundPanel, LeftOut, SampledIsolate
from abscope.reports.backgrounds import percent
from abscope.reports.figures.background import Panel, drawn
from benchmarks.background_text import HEAD, TABLES, TREE

RULES = (5, 10, 20, 25)
LIMIT, LEAST = 60, 5
CLONES = {
    "DCC1": "ruis2021/abscessus_DCC1",
    "DCC3": "ruis2021/massiliense_DCC3",
    "DCC4": "zhu2026/Mab_DCC4.filtered_polymorphic_sites",
    "DCC5": "zhu2026/Mab_DCC5.filtered_polymorphic_sites",
    "eDCC9": "zhu2026/Mab_eDCC9.filtered_polymorphic_sites",
    "eDCC11": "zhu2026/Mab_eDCC11.filtered_polymorphic_sites",
    "eDCC13": "zhu2026/Mab_eDCC13.filtered_polymorphic_sites",
    "eDCC15": "zhu2026/Mab_eDCC15.filtered_polymorphic_sites",
    "eDCC20": "zhu2026/Mab_eDCC20.filtered_polymorphic_sites",
    "eDCC31": "zhu2026/Mas_eDCC31.filtered_polymorphic_sites",
    "Abscessus14": "ruis2021/abscessus_14",
    "Abscessus16": "ruis2021/abscessus_16",
    "Abscessus5": "ruis2021/abscessus_5",
    "Abscessus8": "ruis2021/abscessus_8",
    "Abscessus9": "ruis2021/abscessus_9",
}
ALL_GENOMES = ("DCC4", "DCC5", "eDCC18", "eDCC10", "eDCC11", "eDCC13", "eDCC31")

Line = Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Studied:
    """One clone: its background, and SNPs of pairs of one patient, of one centre, of two countries."""

    found: Background
    panel: BackgroundPanel
    same_patient: NDArray[np.float32]
    same_centre: NDArray[np.float32]
    abroad: NDArray[np.float32]
    left_out: tuple[LeftOut, ...]
    joined: int


def line_list(data: Path) -> dict[str, Line]:
    """The 1,120 isolates by the name of their sequence."""
    path = data / "mabs_population" / "ruis2021" / "sequence_metadata.tsv"
    with path.open(encoding="utf-8") as lines:
        return {row["Sample"]: row for row in csv.DictReader(lines, delimiter="\t")}


def sampled(name: str, line: Line, stratum: str) -> SampledIsolate:
    date = line["Sample_date"] if line["Sample_date"][:2] in {"19", "20"} else None
    country = None if line["Country"] in {"NP", "?", ""} else line["Country"]
    return SampledIsolate(name, line["Patient"], stratum, country, date)


def studied(clone: str, snps: PairSnps, lines: Mapping[str, Line]) -> Studied:
    """Pairs of one clone, told apart by whose they are."""
    isolates = [sampled(name, lines[name], clone) for name in snps.ids if name in lines]
    survey = backgrounds(snps, isolates, rng=np.random.default_rng(1), limit=LIMIT)
    out = {one.name for one in survey.left_out}
    place = {name: row for row, name in enumerate(snps.ids)}
    same, centre, abroad = [], [], []
    for one, two in combinations(isolates, 2):
        apart = snps.snps[place[one.isolate_id], place[two.isolate_id]]
        if one.patient == two.patient:
            same.append(apart)
        elif not {one.isolate_id, two.isolate_id} & out:
            if one.country and two.country and one.country != two.country:
                abroad.append(apart)
            if _centre(lines[one.isolate_id]) == _centre(lines[two.isolate_id]) is not None:
                centre.append(apart)
    arrays = (np.array(pairs, dtype=np.float32) for pairs in (same, centre, abroad))
    found, panel = survey.backgrounds[0], survey.panels[0]
    return Studied(found, panel, *arrays, survey.left_out, len(isolates))


def _centre(line: Line) -> str | None:
    known = [line[name] for name in ("Location1", "Location2") if line[name] not in {"NP", "", "?"}]
    return "/".join([line["Country"], *known]) if known else None


def within(snps: NDArray[np.float32], rule: int) -> str:
    """Share of pairs at most `rule` apart, per cent."""
    return f"{100 * np.mean(snps <= rule):.0f}"


def rule_lines(clones: Sequence[Studied]) -> Iterator[str]:
    """Share of pairs of unlinked patients within each rule."""
    rules = " | ".join(f"≤ {rule}" for rule in RULES)
    yield f"| clone | patients (isolates) | pairs | closest, median | {rules} |"
    yield "|---|" + "---:|" * (3 + len(RULES))
    for one in clones:
        found = one.found
        cells = [found.stratum, f"{found.patients} ({one.joined})", f"{found.pairs:,}"]
        cells += [f"{one.panel.closest}, {one.panel.median:,.0f}"]
        yield "| " + " | ".join([*cells, *(percent(found, rule) for rule in RULES)]) + " |"


def same_lines(clones: Sequence[Studied]) -> Iterator[str]:
    """Share of pairs of one patient within each rule."""
    rules = " | ".join(f"≤ {rule}" for rule in RULES)
    yield f"| clone | pairs of one patient | median | {rules} |"
    yield "|---|" + "---:|" * (2 + len(RULES))
    for one in clones:
        same = one.same_patient
        if len(same) >= LEAST:
            shares = (f"{within(same, rule)} %" for rule in RULES)
            cells = [one.found.stratum, f"{len(same)}", f"{np.median(same):.0f}", *shares]
            yield "| " + " | ".join(cells) + " |"


def place_lines(clones: Sequence[Studied]) -> Iterator[str]:
    yield "| clone | pairs of one centre | median | ≤ 20, % | of two countries | median | ≤ 20, % |"
    yield "|---|" + "---:|" * 6
    for one in clones:
        cells = [one.found.stratum]
        for pairs in (one.same_centre, one.abroad):
            cells += [f"{len(pairs):,}", f"{np.median(pairs):.0f}" if len(pairs) else ""]
            cells.append(f"{100 * np.mean(pairs <= 20):.1f}" if len(pairs) else "")
        yield "| " + " | ".join(cells) + " |"


def coverage_lines(clones: Sequence[Studied]) -> Iterator[str]:
    yield "| clone | countries of the patients | years | from Mexico |"
    yield "|---|---|---|---|"
    for one in clones:
        panel = one.panel
        countries = ", ".join(f"{name} {number}" for name, number in panel.countries)
        years = [year for year, _ in panel.years]
        span = f"{years[0]}-{years[-1]}" if years else ""
        yield f"| {panel.stratum} | {countries} | {span} | {panel.coverage('Mexico')} |"


def genome_lines(data: Path) -> Iterator[str]:
    yield "| clone | genomes | pairs ≤ 20, % | median | 3,000 random pairs |"
    yield "|---|---:|---:|---:|---|"
    before = {"DCC4": "24 %, 28", "DCC5": "11 %, 47", "eDCC18": "98 %, 10"}
    for clone in ALL_GENOMES:
        stem = "Mas" if clone == "eDCC31" else "Mab"
        snps = read(data, f"zhu2026/{stem}_{clone}.filtered_polymorphic_sites")
        pairs = snps.snps[np.triu_indices(len(snps.ids), 1)]
        share = f"{100 * np.mean(pairs <= 20):.1f}"
        told = f"{np.median(pairs):.0f} | {before.get(clone, '')}"
        yield f"| {clone} | {len(snps.ids)} | {share} | {told} |"


def read(data: Path, stem: str) -> PairSnps:
    """SNPs of a clone's published alignment of variable sites."""
    return read_pair_snps(data / "mabs_population" / f"{stem}.fasta.gz", min_comparable=0)


def tree_text(data: Path) -> str:
    """The tree of US patients with cystic fibrosis, one isolate each, in SNPs."""
    folder = data / "mabs_resistance"
    snps = read_pair_snps(folder / "davidson2021_nj250.nwk")
    with (folder / "mic_genotype_davidson2021.tsv").open(encoding="utf-8") as lines:
        states = {row["Isolate"]: row["State"] for row in csv.DictReader(lines, delimiter="\t")}
    pairs = snps.snps[np.triu_indices(len(snps.ids), 1)]
    close = {level: int((pairs <= level).sum()) for level in (20, 30, 38, 50, 250)}
    gap = int(((pairs > 250) & (pairs <= 1000)).sum())
    alike: dict[bool, Counter[bool]] = {True: Counter(), False: Counter()}
    for i, j in combinations(range(len(snps.ids)), 2):
        one, two = (states.get(snps.ids[k]) for k in (i, j))
        if one and two and snps.snps[i, j] <= 100:
            alike[bool(snps.snps[i, j] <= 38)][one == two] += 1
    return TREE.format(
        tips=len(snps.ids),
        known=sum(name in states for name in snps.ids),
        gap=gap,
        **{f"p{level}": f"{number:,}" for level, number in close.items()},
        near=_share(alike[True]),
        far=_share(alike[False]),
    )


def _share(found: Counter[bool]) -> str:
    return f"{found[True]} of {found.total()} ({found[True] / found.total():.0%})"


def panels(clones: Sequence[Studied]) -> list[Panel]:
    """The clones as they are drawn, with the pairs of one patient where there are a few."""
    drawn_up = []
    for one in clones:
        same = one.same_patient
        grown = (
            np.array([np.mean(same <= d) for d in range(LIMIT + 1)]) if len(same) >= LEAST else None
        )
        drawn_up.append(Panel(one.found, grown, len(same) if grown is not None else 0))
    return drawn_up


def main() -> None:
    """Write the page and the drawing."""
    data = Path(sys.argv[1])
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "docs/validation")
    image = Path(sys.argv[3] if len(sys.argv) > 3 else "docs/images/background.svg")
    lines = line_list(data)
    clones = [studied(clone, read(data, stem), lines) for clone, stem in CLONES.items()]
    joined = {name for stem in CLONES.values() for name in read(data, stem).ids if name in lines}
    page = HEAD.format(
        isolates=f"{len(lines):,}",
        patients=len({line["Patient"] for line in lines.values()}),
        joined=len(joined),
        people=len({lines[name]["Patient"] for name in joined}),
    )
    lists = (rule_lines, same_lines, place_lines, coverage_lines)
    blocks = [*(one(clones) for one in lists), genome_lines(data)]
    for title, block in zip(TABLES, blocks, strict=True):
        page += f"\n{title}\n" + "\n".join(block) + "\n"
    (folder / "background.md").write_text(page + tree_text(data), encoding="utf-8")
    shown = [one for one in clones if one.found.patients >= 12 and len(one.same_patient) >= LEAST]
    shown = [one for one in clones if one.found.patients >= 12 and len(one.same_patient) >= LEAST]
    image.write_text(drawn(panels(shown)), encoding="utf-8")


if __name__ == "__main__":
    main()
