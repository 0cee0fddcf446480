"""Every quality gate alone: whether it speaks when it should, and holds its peace when it should."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from abscope.errors import SampleError
from abscope.formats import fasta
from abscope.profiling import profile
from abscope.records import Sample
from abscope.validation.trials import Bench, Trial, sampled

_GOOD = Trial("gate", "good reads", indels=False)


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate on both its sides. tripped: whether it spoke when provoked. others: what else was said.

    spared: what stays just within its limit, and silent: whether nothing was said then.
    """

    name: str
    provoked: str
    tripped: bool
    others: tuple[str, ...]
    spared: str
    silent: bool


def gate(name: str, bench: Bench, seed: int) -> Gate:
    """Provoke one of GATES alone, then come near it."""
    word, bad, near, provoke = GATES[name]
    said = provoke(bad, bench, seed)
    others = tuple(one for one in said if word not in one)
    return Gate(
        name, bad.level, any(word in one for one in said), others,
        near.level, not provoke(near, bench, seed),
    )  # fmt: skip


def _reads(trial: Trial, bench: Bench, seed: int) -> tuple[str, ...]:
    sample, _ = sampled(trial, bench, seed)
    try:
        return profile(sample, bench.recipe, threads=bench.threads).warnings
    except SampleError as error:
        return (f"refused: {error.message}",)
    finally:
        for path in sample.files:
            path.unlink(missing_ok=True)


def _assembly(trial: Trial, bench: Bench, seed: int) -> tuple[str, ...]:
    """The genome whole, as an assembly of a species whose longest genomes are `share` shorter."""
    path = bench.folder / f"assembly_{seed}_{trial.share}.fna"
    fasta.write(path, bench.ancestor.sequences())
    longest = round(len(bench.ancestor) * (1 - trial.share))
    recipe = replace(bench.recipe, genome_length=(longest // 2, longest))
    return profile(Sample("trial", assembly=path), recipe, threads=bench.threads).warnings


Provoke = Callable[[Trial, Bench, int], tuple[str, ...]]
GATES: Mapping[str, tuple[str, Trial, Trial, Provoke]] = {
    "mean depth": (
        "is low", replace(_GOOD, level="18x", depth=18), replace(_GOOD, level="24x", depth=24), _reads,
    ),
    "breadth": (
        "has enough reads", replace(_GOOD, level="a fifth of the genome gone", lost=0.2),
        replace(_GOOD, level="a twentieth gone", lost=0.05), _reads,
    ),
    "reads that match": (
        "contamination", replace(_GOOD, level="15 % foreign", second="foreign", share=0.15),
        replace(_GOOD, level="5 %", second="foreign", share=0.05), _reads,
    ),
    "mixed positions, two strains": (
        "two strains",
        replace(_GOOD, level="30 % of a strain 0.1 % apart", second="far strain", share=0.3),
        replace(_GOOD, level="one strain"), _reads,
    ),
    "assembly length": (
        "the assembly holds", replace(_GOOD, level="a tenth longer than any", share=0.1),
        replace(_GOOD, level="as long as the longest"), _assembly,
    ),
    "species": (
        "refused", replace(_GOOD, level="identity of 75 %", divergence=0.25),
        replace(_GOOD, level="97 %", divergence=0.03), _reads,
    ),
}  # fmt: skip
"""Name: a word of what it says, what provokes it, what comes near, and how it is provoked."""
