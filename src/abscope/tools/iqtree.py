"""Trees by IQ-TREE, through piqtree, in a process of its own.

piqtree is under the GNU GPL, version 2 only: it is run, never loaded, by abscope. One thread and a fixed
seed, so that the same isolates give the same tree, whatever else the machine does.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

import abscope
from abscope.errors import ToolError, UsageError
from abscope.population.distances import pairwise
from abscope.population.phylogeny import Phylogeny, scaled
from abscope.population.sites import Sites, variable_sites
from abscope.population.tree import Inferred, constant_columns, counted, finished, taxa
from abscope.records import Calls, Mask, Tree

MOST_BY_LIKELIHOOD = 150  # distinct sequences; more would take longer than the rest of a run
_RICH = 1_000  # variable sites from which six exchange rates and their variation can be told
_FEWEST_REPLICATES = 1_000  # IQ-TREE's own limit for the ultrafast bootstrap
_LARGEST_SEED = 2**31 - 1


def tree(
    calls: Mapping[str, Calls],
    mask: Mask,
    *,
    bootstrap: int = 1000,
    seed: int = 1,
    outgroup: str | None = None,
) -> Tree | None:
    """Infer the isolates' tree from their variable sites outside the mask; None below two isolates.

    Maximum likelihood with ultrafast bootstrap (Hoang et al. 2018) up to 150 distinct sequences,
    neighbour joining beyond; two distinct sequences need neither. Raises ToolError where piqtree is
    missing or fails, UsageError for a bootstrap below 1000 other than 0.
    """
    if 0 < bootstrap < _FEWEST_REPLICATES:
        raise UsageError(
            f"{bootstrap} bootstrap replicates are too few for the ultrafast bootstrap",
            hint=f"ask for {_FEWEST_REPLICATES} or more, or for 0 to have no support",
        )
    chosen = taxa(variable_sites(calls, mask))
    distinct = chosen.distinct
    if sum(len(twins) for twins in chosen.twins.values()) < 2:
        return None
    if len(distinct.ids) <= 2:
        inferred = counted(distinct)
    elif len(distinct.ids) <= MOST_BY_LIKELIHOOD:
        inferred = maximum_likelihood(distinct, bootstrap=bootstrap, seed=seed)
    else:
        inferred = neighbour_joining({name: calls[name] for name in distinct.ids}, mask)
    return finished(inferred, chosen, outgroup=outgroup)


def maximum_likelihood(sites: Sites, *, bootstrap: int = 1000, seed: int = 1) -> Inferred:
    """Search the maximum-likelihood tree of three distinct sequences or more."""
    model = "GTR+F+G" if len(sites.positions) >= _RICH else "HKY+F"
    replicates = bootstrap if len(sites.ids) > 3 else 0
    constant = constant_columns(sites)
    job = {
        "task": "likelihood",
        "sequences": [row.tobytes().decode("ascii") for row in sites.letters],
        "constant": constant,
        "model": model,
        "bootstrap": replicates,
        "seed": 1 + abs(seed - 1) % _LARGEST_SEED,
    }
    version, found = _run(job, sites.ids)
    return Inferred(
        scaled(found, len(sites.positions) + sum(constant)),
        f"maximum likelihood, {model}, {version}",
        f"ultrafast bootstrap, {replicates} replicates" if replicates else None,
    )


def neighbour_joining(calls: Mapping[str, Calls], mask: Mask) -> Inferred:
    """Join neighbours by SNPs per comparable site, as SNPs per genome."""
    distances = pairwise(calls, mask)
    sites = int(distances.comparable.max())
    apart = distances.snps / np.maximum(distances.comparable, 1) * sites
    version, found = _run({"task": "neighbours"}, distances.ids, apart)
    note = (
        f"{len(calls)} distinct sequences: joined by distance, without support; "
        f"likelihood is used up to {MOST_BY_LIKELIHOOD}"
    )
    return Inferred(found, f"neighbour joining of SNP distances, {version}", notes=(note,))


def _run(
    job: Mapping[str, object], ids: tuple[str, ...], distances: np.ndarray | None = None
) -> tuple[str, Phylogeny]:
    """Have the worker do a job in a folder that is gone afterwards; its version, and the tree."""
    with tempfile.TemporaryDirectory(prefix="abscope-tree-") as name:
        folder = Path(name)
        (folder / "job.json").write_text(json.dumps(job), encoding="ascii")
        if distances is not None:
            np.save(folder / "distances.npy", distances)
        _work(folder)
        answer = json.loads((folder / "answer.json").read_text(encoding="ascii"))
    parents, leaves, lengths, support = zip(*answer["nodes"], strict=True)
    names = tuple(None if leaf is None else ids[leaf] for leaf in leaves)
    return answer["version"], Phylogeny(parents, names, lengths, support)


def _work(folder: Path) -> None:
    """Run the worker, its talk kept out of ours; raises ToolError where it does not answer."""
    paths = [os.environ.get("PYTHONPATH", ""), str(Path(abscope.__file__).parents[1])]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "abscope.tools.iqtree_worker", str(folder)],
        cwd=folder,
        env=environment,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if (folder / "missing.txt").exists():
        raise ToolError(
            f"piqtree cannot be loaded: {(folder / 'missing.txt').read_text().strip()}",
            hint="install it (pip install piqtree), or run without a tree (--tree none)",
        )
    if done.returncode or not (folder / "answer.json").exists():
        said = done.stderr.decode(errors="replace").strip().splitlines()[-3:]
        raise ToolError(
            f"IQ-TREE ended with status {done.returncode}: {' | '.join(said) or 'it said nothing'}",
            hint="run without a tree (--tree none); all else does not depend on it",
        )
