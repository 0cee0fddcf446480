"""How cost grows with depth, genome, isolates and sites: python -m benchmarks.growth [--small].

Whole processes, processor seconds and the largest memory. *Reads*: calling one isolate, one thread.
*Distances*: all pairs of an alignment. *Run*: `abscope run` on assemblies of one clone, 200 kb each, from
files to report and tree, one processor. `power`: cost grows as that power of what grew, from the line before.
"""

import argparse
import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from abscope.formats import fasta
from benchmarks import facts, worlds
from benchmarks.distances import write_alignment
from benchmarks.speed import Cost, measured
from benchmarks.trees import Recipe, world

ABSCOPE = (sys.executable, "-m", "abscope")
SIZES: Mapping[str, Mapping[str, tuple[int, ...]]] = {
    "large": {
        "depth": (15, 30, 60, 120),
        "bases": (1_250_000, 2_500_000, 5_000_000),
        "isolates": (500, 1000, 2000, 4000),
        "sites": (50_000, 100_000, 200_000),
        "run": (10, 20, 40, 80),
    },
    "small": {
        "depth": (15, 60),
        "bases": (1_250_000, 5_000_000),
        "isolates": (1000, 4000),
        "sites": (50_000, 200_000),
        "run": (10, 40),
    },
}
Measured = Iterator[tuple[int, Cost]]


def calling(depths: tuple[int, ...], lengths: tuple[int, ...], scratch: Path) -> Measured:
    """Call one isolate at every depth of the last length, or at every length and the last depth."""
    for length in lengths:
        home = worlds.home(worlds.BUILT_IN, length=length)
        of, genome = (
            worlds.isolate(home, 0.0015, seed=1),
            worlds.write_reference(home.reference, scratch),
        )
        for depth in depths:
            sample = worlds.reads(of, scratch, depth=depth, seed=1)
            argv = [sys.executable, "-m", "benchmarks.once", "fast", str(genome), str(sample.reads1),
                    str(sample.reads2), "1"]  # fmt: skip
            yield depth if len(depths) > 1 else length, measured(argv, scratch / "log")


def distances(isolates: tuple[int, ...], sites: tuple[int, ...], scratch: Path) -> Measured:
    """All pairs of so many isolates and sites."""
    path = scratch / "all.fa"
    for one in isolates:
        for columns in sites:
            write_alignment(path, one, columns)
            argv = [*ABSCOPE, "distances", "--long", "-t", "1", "-q", str(path)]
            yield one if len(isolates) > 1 else columns, measured(argv, scratch / "log")


def runs(isolates: tuple[int, ...], scratch: Path) -> Measured:
    """A whole run on so many assemblies."""
    for one in isolates:
        genomes = world(one, 1, Recipe(snps=60)).genomes
        rows = ["sample,fastq_1,fastq_2,assembly"]
        for name, letters in genomes.items():
            fasta.write(scratch / f"{name}.fa", [("contig", letters)])
            rows.append(f"{name},,,{name}.fa")
        (scratch / "sheet.csv").write_text("\n".join(rows) + "\n")
        argv = [*ABSCOPE, "run", str(scratch / "sheet.csv"), "--reference", str(scratch / "i0000.fa"),
                "--outdir", str(scratch / f"run{one}"), "--cpus", "1", "-q"]  # fmt: skip
        yield one, measured(argv, scratch / "log")


def _rows(what: str, unit: str, found: Measured) -> Iterator[dict[str, object]]:
    before: tuple[int, Cost] | None = None
    for size, cost in found:
        power = math.log(cost.cpu / before[1].cpu) / math.log(size / before[0]) if before else None
        facts.say(f"{what}: {size:,} {unit}: {cost.cpu:.1f} CPU s")
        yield {
            "what": what, "size": f"{size:,} {unit}", "CPU s": f"{cost.cpu:.1f}",
            "memory, MB": round(cost.memory_mb), "power": f"{power:.2f}" if power is not None else "",
        }  # fmt: skip
        before = size, cost


def grown(sizes: Mapping[str, tuple[int, ...]], scratch: Path) -> Iterator[dict[str, object]]:
    """Every curve; the first call of each kind is not measured, for it may compile kernels."""
    depth, bases, isolates, sites = (sizes[k] for k in ("depth", "bases", "isolates", "sites"))
    list(calling(depth[:1], bases[:1], scratch))
    list(distances((10,), (1000,), scratch))
    yield from _rows("reads, by depth", "x", calling(depth, bases[-1:], scratch))
    yield from _rows("reads, by genome", "bases", calling((60,), bases, scratch))
    yield from _rows("distances, by isolates", "isolates", distances(isolates, sites[1:2], scratch))
    yield from _rows("distances, by sites", "sites", distances(isolates[1:2], sites, scratch))
    yield from _rows("run", "isolates", runs(sizes["run"], scratch))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--small", action="store_true", help="two sizes of each")
    parser.add_argument("--out", type=Path, default=Path("build/benchmarks"))
    options = parser.parse_args()
    machine = facts.machine()
    with TemporaryDirectory(prefix="growth-") as folder:
        rows = list(grown(SIZES["small" if options.small else "large"], Path(folder)))
    facts.publish(facts.Results("growth", machine, {"Growth of cost": rows}, {}), options.out)


if __name__ == "__main__":
    main()
