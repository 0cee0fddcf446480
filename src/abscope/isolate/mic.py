"""MICs a laboratory brings: read by an edition's breakpoints, and held against the genotype.

A censored MIC is read only where every value it allows has the same reading: `≤8` is susceptible at a
breakpoint of 16, and cannot be read at one of 4. MICs are doubling dilutions, so `>32` is 64 or more.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from abscope.knowledge.rows import Breakpoint, Verdict
from abscope.knowledge.verdicts import DrugVerdict, overall

Reading = Literal["S", "I", "R"]
Agreement = Literal["agree", "genotype resistant", "genotype susceptible", "not compared"]

_MIC = re.compile(r"(≤|<=|=<|<|≥|>=|=>|>|=)?\s*(\d*\.?\d+)(?:\s*/\s*\d*\.?\d+)?")
_SIGNS = {"<=": "≤", "=<": "≤", ">=": "≥", "=>": "≥", "=": "", None: ""}


@dataclass(frozen=True, slots=True)
class Mic:
    """A minimum inhibitory concentration, mg/L, as it was written: `sign` is one of ≤ < ≥ > or empty."""

    value: float
    sign: str = ""

    @property
    def least(self) -> float:
        """The lowest dilution it can stand for (0: any)."""
        return {"≤": 0.0, "<": 0.0, ">": 2 * self.value}.get(self.sign, self.value)

    @property
    def most(self) -> float:
        """The highest dilution it can stand for."""
        open_above = float("inf")
        return {"≥": open_above, ">": open_above, "<": self.value / 2}.get(self.sign, self.value)

    def __str__(self) -> str:
        return f"{self.sign}{self.value:g}"


def parse(written: str) -> Mic:
    """A MIC as laboratories write it: `16`, `≤0.25`, `>64`, `8/152` (the first part counts).

    Raises ValueError for anything else.
    """
    match = _MIC.fullmatch(written.strip().replace(",", "."))
    if match is None or float(match[2]) == 0:
        raise ValueError(f"{written!r} is not a MIC in mg/L: write 16, ≤0.25, >64 or 8/152")
    return Mic(float(match[2]), _SIGNS.get(match[1], match[1] or ""))


@dataclass(frozen=True, slots=True)
class Phenotype:
    """How a MIC is read, by which row of breakpoints; reading None: it cannot be, for `reason`."""

    drug: str
    mic: Mic
    day: int | None
    reading: Reading | None
    breakpoint: Breakpoint | None
    reason: str


def read(
    drug: str,
    mic: Mic,
    breakpoints: Sequence[Breakpoint],
    *,
    day: int | None = None,
    edition: str | None = None,
) -> Phenotype:
    """Read a MIC. day: of incubation, needed where the edition reads by day. edition: default, printed."""
    rows = [row for row in breakpoints if row.drug == drug]
    rows = [row for row in rows if edition in (None, row.edition)]
    if edition is None:
        rows = [row for row in rows if row.status == "printed"] or rows
    if not rows:
        named = f" in {edition}" if edition else ""
        return Phenotype(drug, mic, day, None, None, f"no breakpoint{named}")
    row = next((row for row in rows if _on_day(row, day)), None)
    if row is None:
        days = ", ".join(f"{row.first_day}-{row.last_day}" for row in rows)
        said = "the day is not given" if day is None else f"day {day}"
        return Phenotype(drug, mic, day, None, None, f"read on days {days}; {said}")
    reading = interpret(mic, row)
    reason = f"S ≤ {row.susceptible:g}, R ≥ {row.resistant:g} mg/L ({row.edition})"
    if reading is None:
        reason = f"{mic} may lie on either side: {reason}"
    return Phenotype(drug, mic, day, reading, row, reason)


def _on_day(row: Breakpoint, day: int | None) -> bool:
    if row.first_day is None or row.last_day is None:
        return True
    return day is not None and row.first_day <= day <= row.last_day


def interpret(mic: Mic, row: Breakpoint) -> Reading | None:
    """S, I or R where every value the MIC allows reads the same, else None."""
    if mic.most <= row.susceptible:
        return "S"
    if mic.least >= row.resistant:
        return "R"
    return "I" if mic.least > row.susceptible and mic.most < row.resistant else None


@dataclass(frozen=True, slots=True)
class MicComparison:
    """Genotype beside phenotype. genotype: of the mechanisms that show on the day of reading."""

    phenotype: Phenotype
    genotype: Verdict
    agreement: Agreement
    reason: str


def compare(phenotype: Phenotype, verdict: DrugVerdict) -> MicComparison:
    """Hold a reading against a drug's verdict; `genotype susceptible` is a resistance the rules missed."""
    row = phenotype.breakpoint
    shown = [
        one for one in verdict.mechanisms if row is not None and one.mechanism in row.mechanisms
    ]
    genotype = overall([one.verdict for one in shown]) if shown else "not assessed"
    reason = "; ".join(one.reason for one in shown) or verdict.reason
    return MicComparison(phenotype, genotype, _agreement(phenotype.reading, genotype), reason)


def _agreement(reading: Reading | None, genotype: Verdict) -> Agreement:
    expected = {"resistant": "R", "inducible": "R", "susceptible": "S"}.get(genotype)
    if reading not in ("S", "R") or expected is None:
        return "not compared"
    if reading == expected:
        return "agree"
    return "genotype resistant" if expected == "R" else "genotype susceptible"
