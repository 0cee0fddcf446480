"""Programs that find recombination, each run as its users run it, from file to file.

What each took is that of the whole process and its children; a program that is not done after `cap`
processor seconds is ended. Distances come from a program's blocks by one rule: a pair loses the blocks on
the path between its two isolates.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abscope.formats import distance_table, fasta, recombination_gff
from abscope.population import newick, path_masks
from abscope.population.clone_sites import clone_sites
from abscope.population.distances import pairwise
from abscope.population.neighbour_joining import neighbour_joining
from benchmarks.recombination_scores import Block
from benchmarks.recombination_worlds import World


@dataclass(frozen=True)
class Answer:
    """Blocks, distances, and processor seconds."""

    blocks: list[Block]
    distances: NDArray[np.float64]
    seconds: float
    own_distances: NDArray[np.float64] | None = None


class UnfinishedError(Exception):
    """A program was ended at the cap, or failed, after so many processor seconds."""

    def __init__(self, seconds: float, why: str) -> None:
        super().__init__(why)
        self.seconds = seconds


def abscope(world: World, folder: Path, cap: float) -> Answer:
    out = folder / "abscope"
    argv = [sys.executable, "-m", "abscope", "recombination", _alignment(folder), "-o", str(out)]
    seconds = _run(argv, folder, cap)
    told = distance_table.read(out / "distances.tsv")
    distances = [[float(told[one, other] or 0) for other in world.ids] for one in world.ids]
    return Answer(_gff(out / "recombination_blocks.gff"), np.array(distances), seconds)


def gubbins(world: World, folder: Path, cap: float) -> Answer:
    runner = shutil.which("run_gubbins.py") or shutil.which("run_gubbins") or "run_gubbins"
    seconds = _run([runner, "--prefix", "g", "--threads", "1", _alignment(folder)], folder, cap)
    blocks = _gff(folder / "g.recombination_predictions.gff")
    filtered = dict(fasta.read(folder / "g.filtered_polymorphic_sites.fasta"))
    rows = np.array([filtered[name] for name in world.ids])
    known = rows != ord("N")
    own = [((rows != row) & known & (row != ord("N"))).sum(axis=1) for row in rows]
    return Answer(blocks, _by_path(world, blocks), seconds, np.array(own, dtype=np.float64))


def clonalframeml(world: World, folder: Path, cap: float) -> Answer:
    raw = pairwise(dict(sorted(world.calls.items())), world.mask)
    length = world.mask.length
    tree = neighbour_joining(raw.ids, raw.snps / np.maximum(raw.comparable, 1))
    leaves = type(tree)(
        tree.parents,
        tree.names,
        tuple(max(one, 0.1 / length) for one in tree.lengths),
        tree.support,
    )
    (folder / "start.nwk").write_text(newick.text(leaves, decimals=10) + "\n")
    seconds = _run(["ClonalFrameML", "start.nwk", _alignment(folder), "cfml"], folder, cap)
    blocks = _importations(folder)
    return Answer(blocks, _by_path(world, blocks), seconds)


PROGRAMS: dict[str, Callable[[World, Path, float], Answer]] = {
    "abscope": abscope,
    "Gubbins": gubbins,
    "ClonalFrameML": clonalframeml,
}


def _alignment(folder: Path) -> str:
    return str(folder / "clone.fasta")


def _run(argv: Sequence[str], folder: Path, cap: float) -> float:
    """Processor seconds of a command and all its children; raises UnfinishedError."""
    measured = [sys.executable, "-m", "benchmarks.measure", str(folder / "log.txt"), *argv]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    process = subprocess.Popen(
        measured, cwd=folder, env=environment, stdout=subprocess.PIPE, start_new_session=True
    )
    said = _told(process, cap)
    seconds = float(json.loads(said)["cpu"])
    if process.returncode:
        raise UnfinishedError(seconds, f"failed with status {process.returncode}")
    return seconds


def _told(process: "subprocess.Popen[bytes]", cap: float) -> bytes:
    """What a process says; raises UnfinishedError once it has used `cap` processor seconds."""
    while True:
        try:
            return process.communicate(timeout=2)[0]
        except subprocess.TimeoutExpired as waiting:
            if (used := _used(process.pid)) > cap:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                raise UnfinishedError(used, f"not done in {used:.0f} CPU s") from waiting


def _used(pid: int) -> float:
    """Processor seconds so far of a process, its children, and those of theirs that have ended."""
    import psutil

    seconds = 0.0
    for one in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            seconds += sum(one.cpu_times()[:4])
    return seconds


def _gff(path: Path) -> list[Block]:
    return [(one.start, one.end, frozenset(one.taxa)) for one in recombination_gff.read(path)]


def _importations(folder: Path) -> list[Block]:
    tree = newick.parse((folder / "cfml.labelled_tree.newick").read_text())
    clades = dict(zip(tree.names, tree.clades, strict=True))
    lines = (folder / "cfml.importation_status.txt").read_text().splitlines()[1:]
    rows = [line.split() for line in lines if line.strip()]
    return [(int(start) - 1, int(end), clades[node]) for node, start, end in rows]


def _by_path(world: World, blocks: Sequence[Block]) -> NDArray[np.float64]:
    sites = clone_sites(world.calls, world.mask)
    stretches = [(start, end, np.isin(sites.ids, sorted(who))) for start, end, who in blocks]
    return path_masks.masked(sites, stretches).snps.astype(np.float64)
