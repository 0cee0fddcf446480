"""Recombination blocks as GFF3, in the manner of Gubbins (`.recombination_predictions.gff`).

Viewers of Gubbins' results read `taxa` and `snp_count`; positions are 1-based and closed in the file.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from abscope.errors import FormatError
from abscope.formats.spreadsheet import contents
from abscope.records import Recombination, RecombinationBlock

SEQUENCE = "SEQUENCE"  # what Gubbins calls the alignment, since it may have no single name
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Predicted:
    """One line: a block as Gubbins tells it. start, end: 0-based, half-open."""

    branch: str
    start: int
    end: int
    snps: int
    taxa: tuple[str, ...]


def text(found: Recombination) -> str:
    """Write all blocks, by place."""
    head = ["##gff-version 3", f"##sequence-region {SEQUENCE} 1 {found.length}"]
    source = found.method.replace(",", " ").split()[0]
    ordered = sorted(found.blocks, key=lambda block: (block.start, block.end, block.branch))
    return "\n".join([*head, *(_line(block, source) for block in ordered)]) + "\n"


def _line(block: RecombinationBlock, source: str) -> str:
    taxa = " ".join(block.descendants)
    attributes = f'node="{block.branch}";taxa="{taxa}";snp_count="{block.snps}";'
    if block.expected is not None:
        attributes += f'expected="{block.expected:.3g}";'
    if block.p_value is not None:
        attributes += f'p_value="{block.p_value:.3g}";'
    place = f"{block.start + 1}\t{block.end}"
    return f"{SEQUENCE}\t{source}\tCDS\t{place}\t0.000\t.\t0\t{attributes}"


def read(path: Path) -> list[Predicted]:
    """Every block of a file by Gubbins or abscope, in its order.

    Raises FormatError listing every line that does not tell a block.
    """
    found, problems = [], []
    text = contents(path).decode("utf-8-sig", "replace")
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            try:
                found.append(_predicted(line))
            except (ValueError, KeyError, IndexError) as error:
                problems.append(f"line {number}: {error}")
    if problems:
        raise FormatError.collect(
            path.name, problems, hint="give Gubbins' .recombination_predictions.gff"
        )
    return found


def _predicted(line: str) -> Predicted:
    cells = line.split("\t")
    attributes = dict(_ATTRIBUTE.findall(cells[8]))
    branch = attributes["node"].split("->")[-1]
    taxa = tuple(attributes["taxa"].split())
    if not taxa:
        raise ValueError("taxa: nobody has it")
    snps = int(attributes["snp_count"])
    return Predicted(branch, int(cells[3]) - 1, int(cells[4]), snps, taxa)
