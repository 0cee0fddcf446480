"""Gubbins (Croucher et al. 2015) as an alternative to the built-in search, where it is installed.

Blocks are its own; distances are made from them as from abscope's: a pair loses the blocks on the
path between its two isolates. Gubbins is under the GNU GPL: it is run, never loaded.
"""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from abscope.errors import ToolError
from abscope.formats import fasta, recombination_gff
from abscope.formats.recombination_gff import Predicted
from abscope.population import newick, path_masks
from abscope.population.clone_sites import CloneSites, clone_sites, of_isolates
from abscope.population.phylogeny import Phylogeny
from abscope.records import Calls, LeftOut, Mask, Recombination, RecombinationBlock

PROGRAMS = ("run_gubbins.py", "run_gubbins")
_HINT = "install it (conda install gubbins, apt install gubbins), or use the built-in search"
_PREFIX = "clone"


@dataclass(frozen=True, slots=True)
class Command:
    """What is run, and in which folder."""

    argv: tuple[str, ...]
    folder: Path


def program() -> str | None:
    """Gubbins' program on this machine, None where it is not installed."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def command(runner: str, alignment: Path, *, threads: int = 1) -> Command:
    """Build the command that leaves Gubbins' results, `clone.*`, beside an alignment."""
    argv = (runner, "--prefix", _PREFIX, "--threads", str(threads), alignment.name)
    return Command(argv, alignment.parent)


def recombination(
    calls: Mapping[str, Calls], mask: Mask, *, threads: int = 1, folder: Path | None = None
) -> Recombination:
    """Have Gubbins find recombination; scratch files live in `folder` while it runs.

    Raises ToolError where it is missing or fails, DataError where references differ.
    """
    runner = program()
    if runner is None:
        raise ToolError("Gubbins is not installed", hint=_HINT)
    sites = clone_sites(calls, mask)
    with TemporaryDirectory(prefix="gubbins-", dir=folder) as name:
        alignment = Path(name) / "alignment.fasta"
        _write(alignment, [calls[isolate] for isolate in sites.ids], mask)
        _run(command(runner, alignment, threads=threads))
        blocks = recombination_gff.read(
            alignment.with_name(f"{_PREFIX}.recombination_predictions.gff")
        )
        tree = newick.parse(_tree(alignment.parent))
    return _result(sites, blocks, tree, _version(runner))


def _write(path: Path, ordered: Sequence[Calls], mask: Mask) -> None:
    """Write the genomes under numbers, since Gubbins changes names that its helpers dislike."""
    hidden = mask.hidden()
    fasta.write(
        path,
        (
            (f"t{row}", np.where(hidden | ~one.called, ord("N"), one.bases).astype(np.uint8))
            for row, one in enumerate(ordered)
        ),
    )


def _run(wanted: Command) -> None:
    done = subprocess.run(
        wanted.argv,
        cwd=wanted.folder,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode or not (wanted.folder / f"{_PREFIX}.final_tree.tre").exists():
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()][-3:]
        raise ToolError(
            f"Gubbins ended with status {done.returncode}: {' | '.join(said) or 'it said nothing'}",
            hint="use the built-in search",
        )


def _tree(folder: Path) -> str:
    labelled = folder / f"{_PREFIX}.node_labelled.final_tree.tre"
    plain = folder / f"{_PREFIX}.final_tree.tre"
    return (labelled if labelled.exists() else plain).read_text(encoding="ascii")


def _version(runner: str) -> str:
    done = subprocess.run([runner, "--version"], capture_output=True, text=True, check=False)
    words = (done.stdout + done.stderr).split()
    return f"Gubbins {words[-1]}" if words else "Gubbins"


def _result(
    sites: CloneSites, predicted: Sequence[Predicted], tree: Phylogeny, method: str
) -> Recombination:
    """Blocks under the isolates' own names, and distances from them."""
    names = {f"t{row}": name for row, name in enumerate(sites.ids)}
    placed = {names[leaf] for leaf in tree.leaves}
    kept = of_isolates(sites, np.flatnonzero([name in placed for name in sites.ids]))
    blocks = tuple(_block(one, names) for one in predicted)
    stretches = [(b.start, b.end, np.isin(kept.ids, b.descendants)) for b in blocks]
    named = tuple(names.get(name or "", name) for name in tree.names)
    return Recombination(
        method,
        sites.mask.reference,
        sites.length,
        blocks,
        kept.raw,
        path_masks.masked(kept, stretches),
        newick.text(Phylogeny(tree.parents, named, tree.lengths, tree.support)),
        None,
        None,
        tuple(
            LeftOut(name, "Gubbins left it out: too many gaps")
            for name in sites.ids
            if name not in placed
        ),
    )


def _block(one: Predicted, names: Mapping[str, str]) -> RecombinationBlock:
    descendants = tuple(sorted(names[taxon] for taxon in one.taxa))
    branch = names.get(one.branch, one.branch)
    return RecombinationBlock(branch, one.start, one.end, one.snps, None, None, descendants)
