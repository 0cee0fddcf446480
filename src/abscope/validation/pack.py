"""The pack: every trial, gate and repetition, and what follows from them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from operator import add
from pathlib import Path
from tempfile import TemporaryDirectory

from abscope.formats.fasta import read_reference
from abscope.running.provenance import versions
from abscope.simulate import ancestor, genomes
from abscope.validation.exact import Share
from abscope.validation.gates import Gate, gates
from abscope.validation.repeats import Repeat, repeats
from abscope.validation.trials import Bench, Found, tried, usual

ENOUGH = 0.95
"""Share of true SNPs called, at the lower end of its interval, that counts as detected."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done. length: of the built-in genome; seeds: repetitions of every trial."""

    name: str
    length: int
    seeds: int


SIZES = {"quick": Size("quick", 120_000, 4), "full": Size("full", ancestor.LENGTH, 10)}


@dataclass(frozen=True, slots=True)
class Line:
    """All repetitions of one level of one thing. mixed: tubes called mixed."""

    varied: str
    level: str
    snps: Share
    same: Share
    called: Share
    mixed: Share


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything measured, and with what."""

    size: Size
    genome: str
    lines: tuple[Line, ...]
    gates: tuple[Gate, ...]
    repeats: tuple[Repeat, ...]
    versions: dict[str, str]

    @property
    def sound(self) -> bool:
        """Whether every gate spoke, and no repetition differs."""
        again = all(not one.differing and one.same_variants for one in self.repeats)
        return again and all(gate.tripped for gate in self.gates)

    @property
    def least_depth(self) -> str | None:
        """The least depth tried from which on every one detects ENOUGH of the SNPs; None if none does."""
        found = None
        for line in reversed([one for one in self.lines if one.varied == "depth"]):
            if line.snps.interval[0] < ENOUGH:
                return found
            found = line.level
        return found

    @property
    def least_share(self) -> str | None:
        """The least share of a minor strain from which on every tube was called mixed."""
        found = None
        for line in reversed([one for one in self.lines if one.varied.startswith("mixture")]):
            if line.mixed.held < line.mixed.tried:
                return found
            found = line.level
        return found


def measured(size: Size, *, reference: Path | None = None, say: Callable[[str], None]) -> Pack:
    """Make and judge every trial of a size; `say` hears what is being done.

    reference: start from this genome instead of the built-in one.
    """
    start = ancestor.genome(size.length)
    if reference is not None:
        start = genomes.from_reference(read_reference(reference))
    with TemporaryDirectory(prefix="abscope-validate-") as folder:
        bench = Bench(start, Path(folder))
        lines = tuple(_lines(bench, size.seeds, say))
        say("quality gates")
        tripped = tuple(gates(bench, 1))
        say("repetitions")
        again = tuple(repeats(bench, 1))
    name = reference.name if reference else f"built-in, {size.length:,} bases"
    return Pack(size, name, lines, tripped, again, versions())


def _lines(bench: Bench, seeds: int, say: Callable[[str], None]) -> Iterator[Line]:
    for (varied, level), same in groupby(usual(), key=lambda one: (one.varied, one.level)):
        say(f"{varied}: {level}")
        yield summed([tried(one, bench, seed) for one in same for seed in range(1, seeds + 1)])


def summed(found: Sequence[Found]) -> Line:
    """Repetitions of one level, added up."""
    trial = found[0].trial
    mixed = Share(sum(one.mixed == "mixed" for one in found), len(found))
    return Line(
        trial.varied,
        trial.level,
        reduce(add, (one.snps for one in found)),
        reduce(add, (one.same for one in found)),
        reduce(add, (one.called for one in found)),
        mixed,
    )
