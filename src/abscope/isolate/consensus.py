"""One isolate's own sequence, as far as it is known."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

import numpy as np
import polars as pl

from abscope.records import Calls, Contig, Letters

_INDELS = ("insertion", "deletion", "complex")
Change = tuple[int, str, str]


def consensus(
    calls: Calls, variants: pl.DataFrame, contigs: Sequence[Contig]
) -> Iterator[tuple[str, Letters]]:
    """Each contig's letters with the isolate's insertions and deletions in place.

    Called letters stand; every other position is `N`, except where an insertion or deletion that
    passed its filter rewrites the letters. Nothing is filled in from the reference.
    """
    known = np.where(calls.called, calls.bases, ord("N")).astype(np.uint8)
    changes = changes_of(variants)
    for contig in contigs:
        inside = [change for change in changes if contig.start <= change[0] < contig.end]
        yield contig.name, rewritten(known, (contig.start, contig.end), inside)


def changes_of(variants: pl.DataFrame) -> list[Change]:
    """Insertions and deletions that passed their filter: position, letters gone, letters put there."""
    indels = variants.filter(pl.col("kind").is_in(_INDELS), pl.col("filter") == "PASS")
    return [
        _own_letters(*row)
        for row in indels.sort("position").select("position", "ref", "alt").rows()
    ]


def _own_letters(position: int, ref: str, alt: str) -> Change:
    """The change without the letters it shares with the reference: those are called on their own."""
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(ref, alt, strict=False))))
    return position + shared, ref[shared:], alt[shared:]


def rewritten(known: Letters, span: tuple[int, int], changes: Sequence[Change]) -> Letters:
    """The letters of a stretch, 0-based half-open, with the changes that begin in it."""
    parts, done = [], span[0]
    for position, ref, alt in changes:
        if position < done:
            continue  # overlaps the change before it
        parts += [known[done:position], np.frombuffer(alt.encode(), dtype=np.uint8)]
        done = position + len(ref)
    return np.concatenate([*parts, known[done : span[1]]])
