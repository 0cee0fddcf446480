"""Trees by IQ-TREE, through piqtree, in a process of its own.

piqtree is under the GNU GPL, version 2 only: it is run, never loaded, by abscope. One thread and a
fixed seed, so that the same isolates give the same tree, whatever else the machine does.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

import abscope
from abscope.errors import ToolError, UsageError
from abscope.population import bootstrap
from abscope.population.distances import pairwise
from abscope.population.phylogeny import Phylogeny, scaled
from abscope.population.sites import Sites, variable_sites
from abscope.population.tree import (
    Inferred,
    Taxa,
    constant_columns,
    counted,
    finished,
    joined,
    parsimonious,
    taxa,
)
from abscope.records import Calls, Mask, Tree
from abscope.tools.iqtree_progress import how_far

Hear = Callable[[str], None]
"""Takes what a search is at, a few words, whenever that has changed."""

Method = Literal["auto", "likelihood", "parsimony", "distance"]
METHODS: tuple[Method, ...] = ("auto", "likelihood", "parsimony", "distance")
MOST_BY_LIKELIHOOD = 150  # distinct sequences; more would take longer than the rest of a run
_RICH = 1_000  # variable sites from which six exchange rates can be told apart
_LARGE = 2_000_000  # letters at variable sites from which rate variation costs more than it tells
_FEWEST_REPLICATES = 1_000  # IQ-TREE's own limit for the ultrafast bootstrap
_LARGEST_SEED = 2**31 - 1
_LOOK = 0.5  # seconds between looks at how far a search is
_VARIABLE_ONLY = "an alignment of variable sites: the genome's others are taken to be constant"


@dataclass(frozen=True, slots=True)
class Search:
    """How a tree is sought.

    method: by likelihood, by parsimony, by distance, or `auto`: likelihood up to 150 distinct sequences,
    then parsimony. model: as IQ-TREE names it, by the number of sites where None. bootstrap:
    replicates, 0 for no support.
    """

    method: Method = "auto"
    model: str | None = None
    bootstrap: int = 1000
    seed: int = 1

    def __post_init__(self) -> None:
        if 0 < self.bootstrap < _FEWEST_REPLICATES:
            raise UsageError(
                f"{self.bootstrap} bootstrap replicates are too few for the ultrafast bootstrap",
                hint=f"ask for {_FEWEST_REPLICATES} or more, or for 0 to have no support",
            )


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
    parsimony beyond; two distinct sequences need neither. Raises ToolError where piqtree is
    missing or fails, UsageError for a bootstrap below 1000 other than 0.
    """
    found = infer(calls, mask, Search(bootstrap=bootstrap, seed=seed))
    return finished(*found, outgroup=outgroup) if found else None


def infer(
    calls: Mapping[str, Calls],
    mask: Mask,
    search: Search | None = None,
    *,
    hear: Hear | None = None,
) -> tuple[Inferred, Taxa] | None:
    """Infer an unrooted tree of distinct sequences, and who has which; None below two isolates.

    hear: is told how far a search by likelihood is.
    """
    how = search or Search()
    chosen = taxa(variable_sites(calls, mask))
    distinct = chosen.distinct
    if sum(len(twins) for twins in chosen.twins.values()) < 2:
        return None
    likely = how.method == "likelihood" or (
        how.method == "auto" and len(distinct.ids) <= MOST_BY_LIKELIHOOD
    )
    if len(distinct.ids) <= 2:
        return counted(distinct), chosen
    if likely:
        return _maximum_likelihood(distinct, how, hear=hear), chosen
    distances = pairwise({name: calls[name] for name in distinct.ids}, mask)
    if how.method == "distance":
        return _noted(joined(distances, distinct), distinct), chosen
    found = _noted(parsimonious(distinct, distances), distinct)
    return (_with_support(found, distinct, how, hear) if how.bootstrap else found), chosen


def _noted(found: Inferred, sites: Sites) -> Inferred:
    """With a note where the sites were chosen."""
    return replace(found, notes=(*found.notes, _VARIABLE_ONLY)) if sites.variable_only else found


def _with_support(found: Inferred, sites: Sites, how: Search, hear: Hear | None) -> Inferred:
    """The tree by parsimony with bootstrap support, where that takes minutes at most."""
    if not bootstrap.affordable(sites):
        note = f"{len(sites.ids)} distinct sequences: without support, which would take hours"
        return replace(found, notes=(*found.notes, note))
    rng = np.random.default_rng(how.seed)
    tree = bootstrap.supported(found.phylogeny, sites, rng=rng, hear=hear)
    return replace(found, phylogeny=tree, support=f"bootstrap, {bootstrap.REPLICATES} replicates")


def _maximum_likelihood(sites: Sites, search: Search, *, hear: Hear | None = None) -> Inferred:
    """Search the maximum-likelihood tree of three distinct sequences or more."""
    model = search.model or _model(sites)
    replicates = search.bootstrap if len(sites.ids) > 3 else 0
    letters = np.hstack([sites.letters, constant_columns(sites)])
    letters[letters == ord("N")] = ord(
        "-"
    )  # piqtree 0.7.0 ends in an error at constant sites with N
    job = {
        "sequences": [row.tobytes().decode("ascii") for row in letters],
        "model": model,
        "bootstrap": replicates,
        "seed": 1 + abs(search.seed - 1) % _LARGEST_SEED,
    }
    version, found = _run(job, sites.ids, hear)
    made = Inferred(
        scaled(found, letters.shape[1]),
        f"maximum likelihood, {model}, {version}",
        f"ultrafast bootstrap, {replicates} replicates" if replicates else None,
    )
    return _noted(made, sites)


def _model(sites: Sites) -> str:
    if len(sites.positions) < _RICH:
        return "HKY+F"
    return "GTR+F+G" if sites.letters.size < _LARGE else "GTR+F"


def _run(
    job: Mapping[str, object], ids: tuple[str, ...], hear: Hear | None
) -> tuple[str, Phylogeny]:
    """Have the worker do a job in a folder that is gone afterwards; its version, and the tree."""
    with tempfile.TemporaryDirectory(prefix="abscope-tree-") as name:
        folder = Path(name)
        (folder / "job.json").write_text(json.dumps(job), encoding="ascii")
        _work(folder, hear or (lambda _: None))
        answer = json.loads((folder / "answer.json").read_text(encoding="ascii"))
    parents, leaves, lengths, support = zip(*answer["nodes"], strict=True)
    names = tuple(None if leaf is None else ids[leaf] for leaf in leaves)
    return answer["version"], Phylogeny(parents, names, lengths, support)


def _work(folder: Path, hear: Hear) -> None:
    """Run the worker, its talk kept out of ours; raises ToolError where it does not answer."""
    paths = [os.environ.get("PYTHONPATH", ""), str(Path(abscope.__file__).parents[1])]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "TMPDIR": str(folder),
    }
    status = _watched(folder, environment, hear)
    if (folder / "missing.txt").exists():
        raise ToolError(
            f"piqtree cannot be loaded: {(folder / 'missing.txt').read_text().strip()}",
            hint="install it (pip install piqtree), or run without a tree (--no-tree)",
        )
    if status or not (folder / "answer.json").exists():
        said = (folder / "said.txt").read_text(errors="replace").strip().splitlines()[-3:]
        raise ToolError(
            f"IQ-TREE ended with status {status}: {' | '.join(said) or 'it said nothing'}",
            hint="build it by parsimony (abscope tree --method parsimony), or run with --no-tree",
        )


def _watched(folder: Path, environment: Mapping[str, str], hear: Hear) -> int:
    """Wait for the worker, telling what it is at; its status."""
    argv = [sys.executable, "-m", "abscope.tools.iqtree_worker", str(folder)]
    nothing, at = subprocess.DEVNULL, ""
    with (folder / "said.txt").open("wb") as said:
        worker = subprocess.Popen(
            argv, cwd=folder, env=environment, stdin=nothing, stdout=nothing, stderr=said
        )
        try:
            while True:
                try:
                    return worker.wait(_LOOK)
                except subprocess.TimeoutExpired:
                    if (now := how_far(folder)) not in ("", at):
                        at = now
                        hear(at)
        finally:
            worker.kill()
            worker.wait()
