"""Genomes aligned column by column, from abscope or another pipeline: snippy-core's .full.aln or .aln.

Columns stand for positions of one reference; it is named after the file, since FASTA does not say.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from abscope.errors import FormatError
from abscope.formats import fasta, fasta_stream
from abscope.population.packing import ANY_CASE, Words, pack_letters, strange_letter, words_for
from abscope.records import Calls
from abscope.records.genotypes import Planes

_BATCH = 1 << 21  # bytes of planes made at a time


def read(path: Path) -> dict[str, Calls]:
    """Every isolate's calls, in the order of the file; other than A, C, G and T is not called.

    Raises FormatError, naming every sequence at fault, where lengths differ, a name comes twice, or
    fewer than two sequences are there.
    """
    entries = fasta.read(path)
    _check(path, [(name, len(letters)) for name, letters in entries])
    return {name: Calls(path.name, letters) for name, letters in entries}


def packed(path: Path) -> Planes:
    """The same as bits, packed while the file is read: it is never in memory as a whole.

    Raises FormatError as `read` does, and where a letter is none of a nucleotide's.
    """
    found: list[tuple[str, int]] = []
    words = np.zeros((0, 3, 0), np.uint64)
    for name, body in fasta_stream.entries(path):
        if not found:
            words = np.zeros((_rows(len(body)), 3, words_for(len(body))), np.uint64)
        if not found or len(body) == found[0][1]:
            if len(found) == len(words):
                _lengthen(words, len(words) + _rows(len(body)))
            _pack_into(words[len(found)], body, f"{path.name}: sequence {name!r}")
        found.append((name, len(body)))
    _check(path, found)
    _lengthen(words, len(found) + len(found) % 2)
    return Planes(path.name, tuple(name for name, _ in found), found[0][1], words)


def _rows(length: int) -> int:
    """Isolates for which room is made at a time; an even number, as planes are counted two by two."""
    return max(2, _BATCH // max(1, words_for(length) * 48) * 2)


def _lengthen(words: Words, rows: int) -> None:
    """Give planes so many rows, in place: the system moves their pages, where a copy would need both."""
    words.resize((rows, *words.shape[1:]), refcheck=False)


def _pack_into(row: Words, body: bytes, what: str) -> None:
    letters = np.frombuffer(body, dtype=np.uint8)
    pack_letters(letters, row, ANY_CASE)
    odd = strange_letter(letters, row, fasta.LETTERS)
    if odd is not None:
        raise FormatError(
            f"{what} holds {chr(body[odd])!r} in column {odd + 1}",
            hint="only nucleotide letters belong in a genome",
        )


def _check(path: Path, found: Sequence[tuple[str, int]]) -> None:
    if problems := [*_lengths(found), *_repeated(name for name, _ in found)]:
        raise FormatError.collect(
            f"{path.name} is not an alignment",
            problems,
            hint="align the genomes to one reference first, each under a name of its own (it ends at "
            "the first blank)",
        )
    if len(found) < 2:
        raise FormatError(f"{path.name}: one sequence alone", hint="give two genomes or more")
    if not found[0][1]:
        raise FormatError(f"{path.name}: no columns", hint="give genomes with letters")


def _lengths(found: Sequence[tuple[str, int]]) -> Iterator[str]:
    common = Counter(length for _, length in found).most_common(1)[0][0]
    for name, length in found:
        if length != common:
            yield f"{name}: {length} columns, the others have {common}"


def _repeated(names: Iterable[str]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"{name}: {times} sequences of this name"
