"""One isolate again: in another order, on more processors, on another engine."""

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from abscope.profiling import Recipe, profile
from abscope.records import Profile, Sample
from abscope.running.engines import engine
from abscope.validation.trials import Bench, Trial, sampled


@dataclass(frozen=True, slots=True)
class Repeat:
    """What was changed, and at how many positions the letters changed with it."""

    changed: str
    differing: int
    positions: int
    same_variants: bool


def repeats(bench: Bench, seed: int) -> Iterator[Repeat]:
    """Every repetition, beside the first."""
    sample, _ = sampled(Trial("repeat", "60x"), bench, seed)
    recipe = bench.recipe
    first = profile(sample, recipe)
    yield _beside(first, profile(sample, recipe), "nothing: the same again")
    yield _beside(first, profile(_reversed(sample), recipe), "reads in reverse order")
    yield _beside(first, profile(sample, recipe, threads=2), "two processors")
    yield _beside(first, _elsewhere(sample, recipe), "in worker processes")


def _beside(first: Profile, other: Profile, changed: str) -> Repeat:
    one, two = first.called.calls.bases, other.called.calls.bases
    same = _digest(first) == _digest(other)
    return Repeat(changed, int((one != two).sum()), len(one), same)


def _digest(made: Profile) -> str:
    """Which variants, with which verdict; reads that support them may be counted one apart."""
    shown = made.called.variants.select("position", "ref", "alt", "filter")
    return hashlib.sha256(shown.write_csv().encode()).hexdigest()


def _reversed(sample: Sample) -> Sample:
    """The same pairs, the last first."""
    turned = []
    for path in sample.files:
        lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
        records = [b"".join(lines[k : k + 4]) for k in range(0, len(lines), 4)]
        other = Path(str(path).replace(".fastq.gz", "_turned.fastq.gz"))
        other.write_bytes(gzip.compress(b"".join(reversed(records)), 1))
        turned.append(other)
    return Sample(sample.name, turned[0], turned[1])


def _elsewhere(sample: Sample, recipe: Recipe) -> Profile:
    with engine("processes", 2) as pool:
        return pool.submit(profile, sample, recipe).result()
