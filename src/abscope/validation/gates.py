"""Every quality gate tripped alone: whether it speaks, and what else does."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from abscope.errors import SampleError
from abscope.formats import fasta
from abscope.profiling import profile
from abscope.records import Sample
from abscope.validation.trials import Bench, Trial, sampled

_GOOD = Trial("gate", "good reads")
_GATES = (
    ("mean depth", "is low", Trial("gate", "10x", depth=10)),
    ("breadth", "has enough reads", Trial("gate", "a fifth of the genome gone", lost=0.2)),
    ("reads that match", "contamination", Trial("gate", "30 % another species", second="species", share=0.3)),
    ("mixed positions", "two strains", Trial("gate", "30 % another strain", second="strain", share=0.3)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate. tripped: whether it spoke. others: what else was said."""

    name: str
    provoked: str
    tripped: bool
    others: tuple[str, ...]


def gates(bench: Bench, seed: int) -> Iterator[Gate]:
    """Good reads first, which must trip none; then each gate; then the species."""
    said = _said(_GOOD, bench, seed)
    yield Gate("none", _GOOD.level, not said, said)
    for name, word, trial in _GATES:
        said = _said(trial, bench, seed)
        yield Gate(name, trial.level, any(word in one for one in said),
                   tuple(one for one in said if word not in one))  # fmt: skip
    yield _size(bench, seed)
    yield _species(bench, seed)


def _said(trial: Trial, bench: Bench, seed: int) -> tuple[str, ...]:
    sample, _ = sampled(trial, bench, seed)
    return profile(sample, bench.recipe, threads=bench.threads).warnings


def _size(bench: Bench, seed: int) -> Gate:
    _, own = sampled(replace(_GOOD, depth=1), bench, seed)
    path = bench.folder / "assembly.fna"
    fasta.write(path, [("contig", own.letters), ("again", own.letters[: len(own) // 5])])
    said = profile(Sample("trial", assembly=path), bench.recipe, threads=bench.threads).warnings
    word = "the assembly holds"
    return Gate("assembly length", "a fifth of it twice", any(word in one for one in said),
                tuple(one for one in said if word not in one))  # fmt: skip


def _species(bench: Bench, seed: int) -> Gate:
    trial = Trial("gate", "identity of 75 %", divergence=0.25, indels=False)
    try:
        said = _said(trial, bench, seed)
    except SampleError:
        return Gate("species", trial.level, tripped=True, others=())
    return Gate("species", trial.level, tripped=False, others=said)
