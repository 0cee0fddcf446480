"""How right the callers are: precision, recall and false SNPs, by genome, depth and divergence."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from abscope.formats import fastq
from abscope.isolate import fast, seeds
from abscope.records import Letters, Reference, Sample
from abscope.settings import CallRules
from abscope.tools import bcftools
from benchmarks import facts, recipes, worlds
from benchmarks.scores import called_fraction, false_positions, scores
from benchmarks.worlds import Isolate

RULES = CallRules()
Job = tuple[Sample, Reference, Path, int]  # sample, reference, scratch folder, threads


def call_fast(job: Job) -> Letters:
    """The fast caller."""
    sample, reference, _, threads = job
    if sample.reads1 is None or sample.reads2 is None:
        raise ValueError("the benchmark works on pairs")
    batches = fastq.pairs(sample.reads1, sample.reads2)
    found = fast.call_reads(batches, seeds.index(reference), rules=RULES, threads=threads)
    return found.calls.bases


def call_bcftools(job: Job) -> Letters:
    """The trusted caller."""
    sample, reference, folder, threads = job
    found = bcftools.call_reads(sample, reference, rules=RULES, threads=threads, folder=folder)
    return found.calls.bases


def call_snippy(job: Job) -> Letters:
    """The snippy-style recipe."""
    sample, reference, folder, threads = job
    with TemporaryDirectory(dir=folder) as name:
        genome = worlds.write_reference(reference, folder)
        out = Path(name) / "snippy"
        return recipes.snippy_letters(sample, reference, genome, out=out, threads=threads)


CALLERS: Mapping[str, Callable[[Job], Letters]] = {
    "fast": call_fast,
    "bcftools": call_bcftools,
    "snippy": call_snippy,
}


@dataclass(slots=True)
class Plan:
    """What to run. length: only the first so many bases of each genome, None for all."""

    genomes: Sequence[str]
    divergences: Sequence[float]
    depths: Sequence[float]
    callers: Sequence[str]
    seeds: Sequence[int] = (1,)
    length: int | None = None
    real: Path | None = None
    threads: int = 2
    skipped: list[str] = field(default_factory=list)


def usable(plan: Plan) -> Plan:
    """The plan without what cannot run here; what is left out is said aloud and noted."""
    genomes, callers = list(plan.genomes), list(plan.callers)
    if worlds.REAL in genomes and plan.real is None:
        plan.skipped.append(f"{worlds.REAL}: its FASTA file is not here (--real PATH)")
        genomes.remove(worlds.REAL)
    if "snippy" in callers and (absent := recipes.missing("snippy")):
        plan.skipped.append(f"snippy recipe: not installed: {', '.join(absent)}")
        callers.remove("snippy")
    for what in plan.skipped:
        facts.say(f"SKIPPED: {what}")
    plan.genomes, plan.callers = genomes, callers
    return plan


def run(plan: Plan, scratch: Path) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Every cell of the plan: one row for each region, and the first false SNPs of each."""
    rows: list[dict[str, object]] = []
    examples: list[dict[str, object]] = []
    for genome, divergence, depth, seed in product(
        plan.genomes, plan.divergences, plan.depths, plan.seeds
    ):
        of = worlds.isolate(worlds.home(genome, plan.real, plan.length), divergence, seed)
        sample = worlds.reads(of, scratch, depth=depth, seed=seed)
        cell = {"genome": genome, "divergence": f"{divergence:.2%}", "depth": depth, "seed": seed}
        for caller in plan.callers:
            job = (sample, of.home.reference, scratch, plan.threads)
            found, seconds = _timed(CALLERS[caller], job)
            facts.say(f"{cell} {caller}: {seconds:.0f} s")
            rows += ({**cell, "caller": caller, **row} for row in _rows(found, of))
            examples += ({**cell, "caller": caller, **x} for x in false_positions(found, of))
    return rows, examples


def _timed(caller: Callable[[Job], Letters], job: Job) -> tuple[Letters, float]:
    start = time.perf_counter()
    return caller(job), time.perf_counter() - start


def _rows(found: Letters, of: Isolate) -> Iterator[dict[str, object]]:
    shown, whole = called_fraction(found, of)
    for score in scores(found, of):
        yield {
            **asdict(score),
            "precision": score.precision,
            "recall": score.recall,
            "F1": score.f1,
            "called": shown if score.region == "all" else None,
            "called with repeats": whole if score.region == "all" else None,
        }
