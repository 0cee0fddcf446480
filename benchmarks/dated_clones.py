"""Real dated clones: python -m benchmarks.dated_clones DATA [CLONE ...].

SNP alignments of clones with sampling dates (zhu2024, ruis2021 of the folder of real data), and the
published rates of the four clones that have one.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from abscope import organism
from abscope.cli.date_session import comparison
from abscope.formats import core_alignment
from abscope.formats.sampling_dates import sampling_dates, span_of
from abscope.population import newick
from abscope.population.dating import dated
from abscope.population.root_to_tip import Span
from abscope.population.tree import finished
from abscope.records import Calls, Dating, Mask
from abscope.tools.iqtree import Search, infer

SITES = 5_067_172  # of ATCC 19977, to which the published rates per site are scaled


@dataclass(frozen=True, slots=True)
class Clone:
    """A set of isolates, and the row of the organism's clock table it is compared with."""

    name: str
    study: str
    clock: str = "*"


CLONES = (
    Clone("DCC1_sub1", "zhu2024", "DCC1"),
    Clone("DCC1_sub2", "zhu2024", "DCC1"),
    Clone("DCC1_sub3", "zhu2024", "DCC1"),
    Clone("DCC4", "zhu2024", "DCC4"),
    Clone("DCC5", "zhu2024"),
    Clone("eDCC8", "zhu2024"),
    Clone("eDCC15_withtime", "zhu2024"),
    Clone("abscessus_DCC1", "ruis2021", "DCC1"),
    Clone("massiliense_DCC3", "ruis2021", "DCC3"),
    Clone("abscessus_DCC4", "ruis2021", "DCC4"),
    Clone("abscessus_DCC5", "ruis2021"),
)


def lines(data: Path, names: list[str]) -> Iterator[str]:
    """One row a clone."""
    clocks = {row.clone: row for row in organism.read().knowledge().clock}
    head = ("clone", "dated", "years", "correlation", "p", "rate", "published", "root")
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for clone in CLONES:
        if not names or clone.name in names:
            folder = data / "mabs_population" / clone.study
            found = _dated(folder, clone.name)
            known = comparison(found.rate, clocks[clone.clock], SITES) or {}
            yield _row(clone, found, known)


def _dates(folder: Path, name: str) -> dict[str, Span]:
    table = folder / f"{name}.tip_metadata.tsv"
    if table.exists():
        return sampling_dates(table)[0]
    sheet = pl.read_csv(folder / "sequence_metadata.tsv", separator="\t", infer_schema=False)
    rows = sheet.select("Sample", "Sample_date").iter_rows()
    return {sample: span for sample, text in rows if (span := span_of(text or ""))}


def read(folder: Path, name: str) -> tuple[dict[str, Calls], dict[str, Span]]:
    """The isolates of a clone that have a date, and all dates."""
    dates = _dates(folder, name)
    calls = core_alignment.read(folder / f"{name}.fasta.gz")
    return {isolate: one for isolate, one in calls.items() if isolate in dates}, dates


def _dated(folder: Path, name: str) -> Dating:
    known, dates = read(folder, name)
    first = next(iter(known.values()))
    found = infer(known, Mask(first.reference, len(first.bases)), Search(bootstrap=0))
    if found is None:
        raise SystemExit(f"{name}: no two dated isolates")
    tree = newick.parse(finished(*found, dates=dates).newick)
    return dated(tree, dates, rng=np.random.default_rng(1))


def _row(clone: Clone, found: Dating, known: dict[str, object]) -> str:
    signal, rate, root = found.signal, found.rate, found.root
    cells = (
        f"{clone.study} {clone.name}",
        signal.isolates,
        f"{signal.span:.0f}",
        f"{signal.correlation:.2f}",
        f"{signal.p:.3f}",
        f"{rate.value:.2f} ({rate.low:.2f}-{rate.high:.2f})" if rate else "no clock signal",
        f"{clone.clock}: {known['rate']:.2f} ({known['low']:.2f}-{known['high']:.2f})"
        + {True: ", meets it", False: ", apart", None: ""}[known["agrees"]],  # type: ignore[index]
        f"{root.value:.0f} ({root.low:.0f}-{root.high:.0f})" if root else "",
    )
    return "| " + " | ".join(map(str, cells)) + " |"


def main() -> None:
    """Print the table as it grows."""
    for line in lines(Path(sys.argv[1]), sys.argv[2:]):
        print(line, flush=True)


if __name__ == "__main__":
    main()
