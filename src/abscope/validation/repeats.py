"""The same again: in another order, on more processors, on other engines, among other isolates."""

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from abscope.population.distances import pairwise
from abscope.population.masks import reference_mask
from abscope.profiling import Recipe, profile
from abscope.records import Calls, Profile, Sample
from abscope.running.engines import engine
from abscope.validation.trials import Bench, Trial, sampled


@dataclass(frozen=True, slots=True)
class Repeat:
    """What was changed, and how many of `tried` differ with it (positions, or pairs of isolates).

    contradicting: of the positions, those with one base instead of another. reordered: whether the reads came
    in another order; of copies of one molecule the first counts, so a base may turn into none and back.
    """

    changed: str
    differing: int
    tried: int
    of: str = "positions"
    same_variants: bool = True
    contradicting: int = 0
    reordered: bool = False

    @property
    def equal(self) -> bool:
        """Whether nothing changed; of reads in another order, nothing but whether a base is given."""
        changed = self.contradicting if self.reordered else self.differing
        return not changed and self.same_variants


def repeats(bench: Bench, seed: int) -> Iterator[Repeat]:
    """Every repetition, beside the first."""
    sample, _ = sampled(Trial("repeat", "60x"), bench, seed)
    recipe = bench.recipe
    first = profile(sample, recipe)
    yield _beside(first, profile(sample, recipe), "nothing: the same again")
    yield _beside(
        first, profile(_reversed(sample), recipe), "reads in reverse order", reordered=True
    )
    yield _beside(first, profile(sample, recipe, threads=2), "two processors")
    yield _beside(first, _elsewhere(sample, recipe, "processes"), "in worker processes")
    if find_spec("distributed"):
        yield _beside(first, _elsewhere(sample, recipe, "dask"), "on Dask's workers")
    yield _other_company(first, bench, seed)


def _beside(first: Profile, other: Profile, changed: str, *, reordered: bool = False) -> Repeat:
    one, two = first.called.calls, other.called.calls
    differing = one.bases != two.bases
    return Repeat(
        changed, int(differing.sum()), len(one.bases), same_variants=_digest(first) == _digest(other),
        contradicting=int((differing & one.called & two.called).sum()), reordered=reordered,
    )  # fmt: skip


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


def _elsewhere(sample: Sample, recipe: Recipe, name: str) -> Profile:
    with engine(name, 2) as pool:
        return pool.submit(profile, sample, recipe).result()


def _other_company(first: Profile, bench: Bench, seed: int) -> Repeat:
    """Distances among three isolates, in another order and with a terrible fourth beside them."""
    made = {"first": first.called.calls}
    for name, depth in (("second", 60.0), ("third", 60.0), ("terrible", 8.0)):
        sample, _ = sampled(Trial("repeat", name, depth=depth), bench, seed)
        made[name] = profile(sample, bench.recipe, threads=bench.threads).called.calls
    three = {name: made[name] for name in ("first", "second", "third")}
    one, two = _pairs(three, bench), _pairs(dict(reversed(made.items())), bench)
    differing = sum(two[pair] != found for pair, found in one.items())
    return Repeat("isolates in another order, a bad one among them", differing, len(one), "pairs")


def _pairs(made: Mapping[str, Calls], bench: Bench) -> dict[frozenset[str], tuple[int, int]]:
    """SNPs and comparable sites of every pair."""
    found = pairwise(made, reference_mask(bench.recipe.references[0]))
    return {
        frozenset((one, two)): (int(found.snps[i, j]), int(found.comparable[i, j]))
        for i, one in enumerate(found.ids)
        for j, two in enumerate(found.ids[:i])
    }
