"""Genomes aligned column by column, from abscope or another pipeline: snippy-core's .full.aln or .aln.

Columns stand for positions of one reference; it is named after the file, since FASTA does not say.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from abscope.errors import FormatError
from abscope.formats import fasta
from abscope.records import Calls, Letters


def read(path: Path) -> dict[str, Calls]:
    """Every isolate's calls, in the order of the file; other than A, C, G and T is not called.

    Raises FormatError, naming every sequence at fault, where lengths differ, a name comes twice, or
    fewer than two sequences are there.
    """
    entries = fasta.read(path)
    if problems := [*_lengths(entries), *_repeated(name for name, _ in entries)]:
        raise FormatError.collect(
            f"{path.name} is not an alignment",
            problems,
            hint="align the genomes to one reference first, each under a name of its own",
        )
    if len(entries) < 2:
        raise FormatError(f"{path.name}: one sequence alone", hint="give two genomes or more")
    return {name: Calls(path.name, letters) for name, letters in entries}


def _lengths(entries: list[tuple[str, Letters]]) -> Iterator[str]:
    common = Counter(len(letters) for _, letters in entries).most_common(1)[0][0]
    for name, letters in entries:
        if len(letters) != common:
            yield f"{name}: {len(letters)} columns, the others have {common}"


def _repeated(names: Iterable[str]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"{name}: {times} sequences of this name"
