"""The pack: everything measured, and what follows from it."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

from abscope.running.provenance import versions
from abscope.validation.claim import Claim
from abscope.validation.exact import Share
from abscope.validation.gates import Gate
from abscope.validation.repeats import Repeat
from abscope.validation.trials import Found

ENOUGH = 0.95
"""Share of true SNPs called, at the lower end of its interval, that counts as detected."""


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
    """Everything measured, and with what. lacking: public checks that could not be made, and why."""

    size: str
    genome: str
    platform: str
    isolates: int
    lines: tuple[Line, ...]
    gates: tuple[Gate, ...]
    repeats: tuple[Repeat, ...]
    published: tuple[Claim, ...]
    lacking: tuple[str, ...]
    versions: dict[str, str]

    @property
    def sound(self) -> bool:
        """Whether every gate spoke when it should and only then, and no repetition differs."""
        return not self.faults

    @property
    def faults(self) -> tuple[str, ...]:
        """Gates that were silent or spoke for nothing, and repetitions that differ."""
        gates = [f"gate: {one.name}" for one in self.gates if not (one.tripped and one.silent)]
        return (*gates, *(f"differs: {one.changed}" for one in self.repeats if not one.equal))

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


def measured_with() -> dict[str, str]:
    """Versions of what can change a result, and the machine."""
    machine = {
        "Python": platform.python_version(),
        "system": platform.platform(),
        "processors": str(os.cpu_count()),
    }
    return versions() | machine
