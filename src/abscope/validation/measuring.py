"""Make every trial, gate, repetition and public check of a plan, each kept as soon as it is measured."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from abscope.profiling import CALLERS
from abscope.running.engines import engine
from abscope.running.provenance import file_digest, versions
from abscope.validation import published
from abscope.validation.claim import Claim
from abscope.validation.gates import GATES, Gate, gate
from abscope.validation.kept import kept
from abscope.validation.pack import Line, Pack, measured_with, summed
from abscope.validation.plan import Plan
from abscope.validation.repeats import repeats
from abscope.validation.trials import Bench, Found, Trial, tried, usual

Say = Callable[[str], None]
Parts = Mapping[str, object]
T = TypeVar("T")


def measured(plan: Plan, *, say: Say) -> Pack:
    """Measure a plan; `say` hears what is done. What was measured before, by the same versions, is taken."""
    with TemporaryDirectory(prefix="abscope-validate-") as folder:
        bench = Bench(plan.genome, Path(folder), plan.platform)
        of = _parts(plan, bench)
        with engine("processes", plan.cpus) as pool:
            waiting = list(_trials(pool, plan, bench, of, say))
            provoked = [_told(pool.submit(_gate, name, bench, plan.kept, of), f"gate: {name}", say)
                        for name in GATES]  # fmt: skip
            lines = tuple(_lines(waiting))
            gates = tuple(job.result() for job in provoked)
        again = kept(plan.kept, {**of, "repeats": 2}, lambda: tuple(repeats(bench, 1)))
        say("repetitions")
    truths, lacking = _public(plan, say)
    return Pack(
        plan.size, plan.named, plan.platform, plan.repeated, lines, gates, again, truths, lacking,
        measured_with(),
    )  # fmt: skip


def _parts(plan: Plan, bench: Bench) -> Parts:
    """What every result depends on."""
    genome = hashlib.sha256(bench.ancestor.letters.tobytes()).hexdigest()
    return {"versions": versions(), "callers": dict(CALLERS), "genome": genome, "on": plan.platform}


def _trials(
    pool: Executor, plan: Plan, bench: Bench, of: Parts, say: Say
) -> Iterator[tuple[Trial, Future[Found]]]:
    for trial in usual():
        for seed in range(1, plan.repeated + 1):
            job = pool.submit(_trial, trial, seed, bench, plan.kept, of)
            yield trial, _told(job, f"{trial.varied}: {trial.level} ({seed})", say)


def _told(job: Future[T], what: str, say: Say) -> Future[T]:
    """Have `say` hear of it once it is done, and not if it never is."""
    job.add_done_callback(lambda done: None if done.cancelled() or done.exception() else say(what))
    return job


def _trial(trial: Trial, seed: int, bench: Bench, folder: Path, of: Parts) -> Found:
    parts = {**of, "trial": asdict(trial), "seed": seed}
    return kept(folder, parts, lambda: (tried(trial, bench, seed),))[0]


def _gate(name: str, bench: Bench, folder: Path, of: Parts) -> Gate:
    return kept(folder, {**of, "gate": name}, lambda: (gate(name, bench, 1),))[0]


def _lines(waiting: list[tuple[Trial, Future[Found]]]) -> Iterator[Line]:
    for _, same in groupby(waiting, key=lambda one: (one[0].varied, one[0].level)):
        yield summed([job.result() for _, job in same])


def _public(plan: Plan, say: Say) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """Every public check that the data folder allows, and what the others lack."""
    if plan.data is None:
        return (), ("all: no folder of public data was given (--data)",)
    found, lacking = list[Claim](), []
    for name in published.CHECKS:
        if gone := published.missing(name, plan.data):
            lacking.append(f"{name}: not there: {', '.join(gone)}")
            continue
        say(f"public truth: {name}")
        found += _checked(name, plan.data, plan.kept)
    return tuple(found), tuple(lacking)


def _checked(name: str, data: Path, folder: Path) -> tuple[Claim, ...]:
    needs = [data / path for path in published.CHECKS[name][0]]
    digests = [file_digest(path) for path in needs if path.is_file()]
    parts = {"versions": versions(), "callers": dict(CALLERS), "check": name, "files": digests}
    return kept(folder, parts, lambda: published.check(name, data))
