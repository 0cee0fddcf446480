"""All pairs, file to file, beside snp-dists and pairsnp: python -m benchmarks.distances.

Isolates of clones 15 % of the sites apart, 50 SNPs of their own, 3 % of the sites without a base, one
line a sequence. Each program writes every pair once (`abscope distances --long`, `snp-dists -L`,
`pairsnp -s`). Where there are more than --snp-dists-isolates or --pairsnp-isolates, a peer is given half so
many and so many, and its time told from both: a part that grows with the isolates, and one with
the pairs. Our kernel is timed beside: letters in memory packed, and counted. The peers' own reading is part
of their time; it is a small part.
"""

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from abscope.formats import core_alignment, fasta_stream
from abscope.population import bitplanes
from abscope.population.packing import ANY_CASE, pack_letters, words_for
from benchmarks import facts
from benchmarks.speed import Cost, measured

PEERS = ("snp-dists", "pairsnp")


def write_alignment(path: Path, isolates: int, sites: int) -> None:
    rng = np.random.default_rng(1)
    base = rng.integers(0, 4, sites, dtype=np.uint8)
    other = (base + rng.integers(1, 4, sites, dtype=np.uint8)) % 4
    clones = [
        np.where(rng.random(sites) < 0.15, other, base) for _ in range(max(3, isolates // 40))
    ]
    bases = np.frombuffer(b"ACGT", np.uint8)
    with path.open("wb") as file:
        for number in range(isolates):
            codes = clones[rng.integers(len(clones))].copy()
            own = rng.integers(0, sites, 50)
            codes[own] = other[own]
            letters = bases[codes]
            for start in rng.integers(0, sites - 20, sites * 3 // 2000):
                letters[start : start + 20] = ord("N")
            file.write(b">isolate%d\n" % number + letters.tobytes() + b"\n")


def first(path: Path, isolates: int, out: Path) -> Path:
    """The first isolates of an alignment, two lines each."""
    with path.open("rb") as file, out.open("wb") as to:
        for _ in range(2 * isolates):
            to.write(file.readline())
    return out


def commands(alignment: Path, threads: int) -> dict[str, list[str]]:
    return {
        "abscope": [sys.executable, "-m", "abscope", "distances", "--long", "-t", str(threads), "-q",
                    str(alignment)],
        "pairsnp": ["pairsnp", "-s", "-t", str(threads), str(alignment)],
        "snp-dists": ["snp-dists", "-q", "-L", "-j", str(threads), str(alignment)],
    }  # fmt: skip


def kernel(alignment: Path) -> dict[str, float]:
    """Processor seconds to pack letters in memory and to count, on one thread; the planes' MB."""
    spent = 0.0
    for _, body in fasta_stream.entries(alignment):
        row = np.zeros((3, words_for(len(body))), np.uint64)
        letters = np.frombuffer(body, np.uint8)
        begin = time.process_time()
        pack_letters(letters, row, ANY_CASE)
        spent += time.process_time() - begin
    planes = core_alignment.packed(alignment)
    begin = time.process_time()
    for _ in bitplanes.strips(planes.words, isolates=len(planes.ids), once=True):
        pass
    counted = time.process_time() - begin
    pairs = len(planes.ids) * (len(planes.ids) - 1) / 2
    return {
        "pack": spent,
        "count": counted,
        "G sites": pairs * planes.length / 1e9,
        "planes_mb": planes.words.nbytes / 2**20,
    }


def peer(name: str, alignment: Path, isolates: int, most: int, scratch: Path) -> Cost:
    """What a peer takes, in full or told from some of the isolates."""
    if isolates <= most:
        return measured(commands(alignment, 2)[name], scratch / f"{name}.log")
    few, many = (
        measured(commands(first(alignment, n, scratch / "part.fa"), 2)[name], scratch / "log")
        for n in (most // 2, most)
    )
    return Cost(
        _grown(few.wall, many.wall, isolates / most),
        _grown(few.cpu, many.cpu, isolates / most),
        float("nan"),
    )


def _grown(half: float, whole: float, times: float) -> float:
    """A cost that grows with isolates and with pairs, told from that of half and of all of some."""
    pairs = max(0.0, 2 * (whole - 2 * half))
    return pairs * times**2 + (whole - pairs) * times


def agree(alignment: Path, scratch: Path, skipped: Sequence[str]) -> str:
    """Whether 60 isolates' pairs are the same from every program."""
    part = first(alignment, 60, scratch / "few.fa")
    told = {}
    for name, argv in commands(part, 1).items():
        if name not in skipped:
            text = subprocess.run(argv, capture_output=True, check=True, text=True).stdout
            told[name] = _numbers(name, text.splitlines())
    return "yes" if all(one == told["abscope"] for one in told.values()) else "NO"


def _numbers(name: str, lines: Sequence[str]) -> list[int]:
    if name == "snp-dists":  # a triangle, by rows: the pairs are sorted by their second isolate
        rows = [list(map(int, line.split("\t")[1:])) for line in lines[1:]]
        return [rows[j][i] for i in range(len(rows)) for j in range(i + 1, len(rows))]
    return [int(line.split("\t")[2]) for line in lines if not line.startswith("isolate_1")]


def compared(
    isolates: int, sites: int, most: Mapping[str, int], skipped: Sequence[str]
) -> list[dict[str, object]]:
    with TemporaryDirectory() as folder:
        scratch = Path(folder)
        alignment = scratch / "all.fa"
        write_alignment(alignment, isolates, sites)
        kernel(first(alignment, 4, scratch / "warm.fa"))
        same = agree(alignment, scratch, skipped)
        ours = kernel(alignment)
        whole = measured(commands(alignment, 2)["abscope"], scratch / "abscope.log")
        core = ours["pack"] + ours["count"]
        start = measured(commands(scratch / "warm.fa", 2)["abscope"], scratch / "abscope.log")
        size = f"{isolates:,} x {sites:,}"
        rows: list[dict[str, object]] = [
            {"size": size, "program": "abscope, kernel with packing, 1 thread", "cpu_s": core,
             "G sites/s/core": ours["G sites"] / core, "equal": same},
            {"size": size, "program": "abscope, kernel alone, 1 thread", "cpu_s": ours["count"],
             "G sites/s/core": ours["G sites"] / ours["count"]},
            {"size": size, "program": "abscope, file to file, 2 threads", "cpu_s": whole.cpu,
             "wall_s": whole.wall, "memory_mb": whole.memory_mb,
             "memory / planes": whole.memory_mb / ours["planes_mb"],
                "memory, less that for 4 isolates, / planes": (whole.memory_mb - start.memory_mb)
                / ours["planes_mb"]},
        ]  # fmt: skip
        for name in PEERS:
            if name not in skipped:
                given = min(isolates, most[name])
                cost = peer(name, alignment, isolates, given, scratch)
                rows.append({
                    "size": size, "program": f"{name}, file to file, 2 threads"
                    + (f" (told from {given:,} isolates)" if given < isolates else ""),
                    "cpu_s": cost.cpu, "wall_s": cost.wall,
                    "memory_mb": cost.memory_mb if given == isolates else None,
                    "CPU / kernel with packing": cost.cpu / core,
                    "CPU / whole process": cost.cpu / whole.cpu,
                    "wall / whole process": cost.wall / whole.wall,
                })  # fmt: skip
    names = dict.fromkeys(name for row in rows for name in row)
    names |= dict.fromkeys(
        ("CPU / kernel with packing", "CPU / whole process", "wall / whole process")
    )
    return [{name: row.get(name) for name in names} for row in rows]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.distances", description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=["1000x100000", "5000x200000"])
    parser.add_argument("--snp-dists-isolates", type=int, default=400)
    parser.add_argument("--pairsnp-isolates", type=int, default=5000)
    parser.add_argument("--out", type=Path, default=Path("build/benchmarks"))
    options = parser.parse_args()
    machine = facts.machine()
    skipped = [name for name in PEERS if shutil.which(name) is None]
    for name in skipped:
        facts.say(f"SKIPPED: {name} is not installed")
    rows: list[dict[str, object]] = []
    most = {"snp-dists": options.snp_dists_isolates, "pairsnp": options.pairsnp_isolates}
    for size in options.sizes:
        isolates, sites = map(int, size.split("x"))
        rows += compared(isolates, sites, most, skipped)
        facts.say(facts.table(rows))
    notes = [f"{name}: not installed" for name in skipped]
    facts.publish(facts.Results("distances", machine, {"All pairs": rows}, {}, notes), options.out)


if __name__ == "__main__":
    main()
