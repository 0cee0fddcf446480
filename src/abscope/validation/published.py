"""Public truth: what the data folder holds, held against what is published about it."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from abscope.formats.fasta import read_reference
from abscope.simulate.genomes import from_reference
from abscope.validation import published_lambda, published_mics, published_types
from abscope.validation.claim import Claim
from abscope.validation.trials import Bench, Trial, tried

Check = Callable[[Path], Iterator[Claim]]


def _real_genome(data: Path) -> Iterator[Claim]:
    """Simulated reads of isolates descended from ATCC 19977."""
    from tempfile import TemporaryDirectory

    reference = read_reference(data / published_types.ATCC)
    trial = Trial("real genome", "ATCC 19977")
    with TemporaryDirectory(prefix="abscope-validate-") as folder:
        found = tried(trial, Bench(from_reference(reference), Path(folder)), 1)
    source, remark = published_types.ATCC.name, "simulated descendant, 60x, 0.5 % apart"
    yield Claim("calls on a real genome", source, "SNPs called", found.snps, remark)
    yield Claim("calls on a real genome", source, "other letters not called another", found.same)


CHECKS: Mapping[str, tuple[tuple[Path, ...], Check]] = {
    "phage lambda": (published_lambda.NEEDS, published_lambda.published),
    "ATCC 19977": ((published_types.ATCC,), _real_genome),
    "MLST": ((published_types.SCHEME,), published_types.sequence_types),
    "resistance": (published_mics.NEEDS, published_mics.published),
    "species": ((published_types.OWN, published_types.OTHER), published_types.species),
}
"""Name: the files it needs below the data folder, and what is done."""


def missing(name: str, data: Path) -> tuple[str, ...]:
    """What one of CHECKS needs and the folder has not."""
    return tuple(str(path) for path in CHECKS[name][0] if not (data / path).exists())


def check(name: str, data: Path) -> tuple[Claim, ...]:
    """Do one of CHECKS."""
    return tuple(CHECKS[name][1](data))
