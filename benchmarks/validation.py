"""Tables of docs/validation: python -m benchmarks.validation DATA [FOLDER].

DATA is the folder of real data beside the project. Tables are the same bytes on every run but for the
one line that gives a time.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import mlst_profiles, resistance_mics, resistance_reads

RESISTANCE = """\
# Resistance

    python -m benchmarks.validation DATA docs/validation

## Against MICs

153 isolates of 79 patients (caladov/DR_mutations_MAB 6620b85) whose bases at rrs 1408, rrl 2058 and 2059,
erm(41) 28 and MICs are published; the published totals are those of all 225. Breakpoints: CLSI for rapidly
growing mycobacteria, as printed in 2013. Day 3-5 is held against rrl, day 14 against rrl and erm(41).
Intervals are exact (Clopper-Pearson, 95 %) and take isolates as independent; several are of one patient: the
three early-induced ones below are. Grade A of the rules rests on these isolates among others, so this table
shows that the rules do what the data say; it is no independent test of them.
"""
READS = """
## From reads

Real alleles (phac-nml/ntmabscessus-mlst dc4c4e5) placed in ATCC 19977, simulated reads of 2 x 150 bases from
the key regions. Undecided is indeterminate or not assessed. Between shares of 10 % and 90 % undecided is the
right answer, with the share reported; beyond them the majority's verdict is.
"""
DEPTH = """
## Why ten reads

A site needs `min_depth` 10 reads. A base that nine reads in ten carry is then taken for the wild type only if
fewer than two of ten reads show it: chance {chance:.0e}. A depth of 30, as the UVA pipeline asks, would leave
a genome of 30x undecided at about half of its sites. The tables above hold no wrong verdict at 20x or more
with a share of 90 % or more.
"""


def main() -> None:
    """Write every table."""
    data = Path(sys.argv[1])
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path("docs/validation")
    folder.mkdir(parents=True, exist_ok=True)
    chance = sum(_binomial(10, k, 0.9) for k in (0, 1))
    parts = [RESISTANCE, _table(resistance_mics.lines, data), READS]
    parts += [_table(resistance_reads.lines, data), DEPTH.format(chance=chance)]
    (folder / "resistance.md").write_text("\n".join(parts), encoding="utf-8")
    head = "# Sequence types\n\n    python -m benchmarks.validation DATA docs/validation\n"
    table = _table(mlst_profiles.lines, data)
    (folder / "mlst.md").write_text(f"{head}\n{table}", encoding="utf-8")


def _table(lines: Callable[[Path], Iterator[str]], data: Path) -> str:
    return "\n".join(lines(data)) + "\n"


def _binomial(n: int, k: int, p: float) -> float:
    from math import comb

    return comb(n, k) * p**k * (1 - p) ** (n - k)


if __name__ == "__main__":
    main()
