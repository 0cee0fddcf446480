"""An assembly read against a reference: minimap2's alignments of its pieces, letter by letter."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from abscope.records import LOW, NO_COVERAGE, Letters, Reference
from abscope.tables import VARIANTS
from abscope.tools import minimap2

_STEP = re.compile(r"(\d+)([MIDN])")
_TURN = bytes.maketrans(b"ACGT", b"TGCA")


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A stretch of contig on the reference.

    start: 0-based, on the whole reference. letters: along the reference's strand. steps: its CIGAR.
    trusted: whether minimap2 is as sure of the place as the rules ask.
    """

    start: int
    letters: Letters
    steps: tuple[tuple[int, str], ...]
    forward: bool
    trusted: bool


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What an assembly says: a letter for every position, and its changes (tables.VARIANTS).

    covering: stretches over each position, int32 (length,).
    """

    letters: Letters
    variants: pl.DataFrame
    covering: NDArray[np.int32]


def place(
    pieces: Iterable[Letters], genome: Path, *, reference: Reference, mapqual: int
) -> Iterator[Placed]:
    """Every alignment of every piece of an assembly, in the order of the pieces."""
    aligner = minimap2.index(genome, "asm20")
    starts = {contig.name: contig.start for contig in reference.contigs}
    for piece in pieces:
        text = piece.tobytes().decode()
        for hit in aligner.map(text):
            yield _placed(hit, text, starts[hit.ctg], mapqual)


def _placed(hit: Any, text: str, offset: int, mapqual: int) -> Placed:
    part = text[hit.q_st : hit.q_en].encode()
    forward = hit.strand > 0
    return Placed(
        start=offset + hit.r_st,
        letters=np.frombuffer(part if forward else part.translate(_TURN)[::-1], dtype=np.uint8),
        steps=tuple((int(length), step) for length, step in _STEP.findall(hit.cigar_str)),
        forward=forward,
        trusted=hit.is_primary and hit.mapq >= min(mapqual, minimap2.BEST),
    )


def placed_fraction(placed: Iterable[Placed], bases: int) -> float:
    """Share of an assembly's bases in trusted stretches."""
    return sum(len(stretch.letters) for stretch in placed if stretch.trusted) / max(bases, 1)


def read(placed: Iterable[Placed], reference: Reference) -> Reading:
    """Letters where exactly one stretch lies and is trusted.

    `N` where stretches pile up (two contigs, a duplication) or none is trusted, `-` where none lies
    or the only one skips the position.
    """
    letters = np.full(len(reference.sequence), NO_COVERAGE, dtype=np.uint8)
    forward = np.zeros(len(letters), dtype=np.bool_)
    covering, trusted = (np.zeros(len(letters), dtype=np.int32) for _ in range(2))
    gaps: list[tuple[int, bytes, bytes, bool]] = []
    for stretch in placed:
        end = stretch.start + sum(length for length, step in stretch.steps if step != "I")
        here = slice(stretch.start, end)
        covering[here] += 1
        if stretch.trusted:
            trusted[here] += 1
            forward[here] = stretch.forward
            letters[here] = _along(stretch)
            gaps += _gaps(stretch, reference)
    sure = (covering == 1) & (trusted == 1)
    odd = ~np.isin(letters, np.frombuffer(b"ACGT-", dtype=np.uint8))
    letters[((covering > 0) & ~sure) | odd | (reference.sequence == LOW)] = LOW
    kept = [gap for gap in gaps if sure[gap[0]]]
    return Reading(letters, _variants(letters, forward, kept, reference), covering)


def _along(stretch: Placed) -> Letters:
    """The stretch's letter at every reference position from its start, `-` where it skips one."""
    parts, at = [], 0
    for length, step in stretch.steps:
        if step == "M":
            parts.append(stretch.letters[at : at + length])
        elif step != "I":
            parts.append(np.full(length, NO_COVERAGE, dtype=np.uint8))
        at += length if step in "MI" else 0
    return np.concatenate(parts)


def _gaps(stretch: Placed, reference: Reference) -> Iterator[tuple[int, bytes, bytes, bool]]:
    """Position, both alleles (with the base before as anchor) and strand of each gap."""
    position, at = stretch.start, 0
    for length, step in stretch.steps:
        anchor = reference.sequence[position - 1 : position].tobytes()
        if step == "I":
            new = stretch.letters[at : at + length].tobytes()
            yield position - 1, anchor, anchor + new, stretch.forward
        elif step != "M":
            gone = reference.sequence[position : position + length].tobytes()
            yield position - 1, anchor + gone, anchor, stretch.forward
        position += length if step != "I" else 0
        at += length if step in "MI" else 0


def _variants(
    letters: Letters,
    forward: NDArray[np.bool_],
    gaps: Iterable[tuple[int, bytes, bytes, bool]],
    reference: Reference,
) -> pl.DataFrame:
    """Changes as tables.VARIANTS; an assembly gives no quality."""
    is_base = np.isin(letters, np.frombuffer(b"ACGT", dtype=np.uint8))
    at = np.flatnonzero(is_base & (letters != reference.sequence))
    rows = [
        (p, chr(r), chr(a), "snp", None, 1, int(f), int(not f), "PASS")
        for p, r, a, f in zip(
            at.tolist(), reference.sequence[at], letters[at], forward[at].tolist(), strict=True
        )
    ]
    for position, ref, alt, strand in gaps:
        kind = "insertion" if len(alt) > len(ref) else "deletion"
        rows.append(
            (
                position,
                ref.decode(),
                alt.decode(),
                kind,
                None,
                1,
                int(strand),
                int(not strand),
                "PASS",
            )
        )
    return VARIANTS.frame(sorted(rows))
