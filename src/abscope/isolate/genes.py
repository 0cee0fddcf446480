"""Genes an isolate has lost the use of: stopped early, shifted out of frame, without a start, or gone.

A gene is read on the reference its coordinates lie on, with the isolate's own insertions and deletions in
place. Insertions longer than a caller settles (an insertion sequence) leave no letters behind; they show
as bases that could not be read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from abscope.isolate.consensus import Change, changes_of, rewritten
from abscope.isolate.resistance import CODONS
from abscope.knowledge.rows import Knowledge, Locus
from abscope.records import NO_COVERAGE, Calls, Letters, Reference

GeneVerdict = Literal["intact", "disrupted", "cannot tell"]
STARTS = ("ATG", "GTG", "TTG")
GONE_RUN = 60
"""So many bases in a row without a read are a deletion, not a dip of the depth."""
WHOLE = 0.9
"""A product shorter than this share of the reference's is taken for lost."""
UNREAD, BREAK_RUN = 0.05, 12
"""Share of a gene, and bases in a row, that may go unread: reads break where a long insertion lies."""
_COMPLEMENT = np.arange(256, dtype=np.uint8)
_COMPLEMENT[list(b"ACGT")] = list(b"TGCA")


@dataclass(frozen=True, slots=True)
class GeneState:
    """Whether an isolate's gene can be what the reference's is.

    change: what is wrong with it, None where nothing is; at: the gene's own base (1-based) where it
    begins. product: amino acids of what is made, of `expected`; None where it cannot be said. unread:
    bases of the gene without a letter; gone: of them, without any read.
    """

    locus: str
    verdict: GeneVerdict
    reason: str
    change: str | None = None
    at: int | None = None
    product: int | None = None
    expected: int = 0
    unread: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Gene:
    """A gene, its span on the contigs laid end to end, and the isolate's letters of it, read forwards.

    shift: the gene's own base at which a gap leaves the frame, None where none does.
    """

    locus: Locus
    own: str
    span: tuple[int, int]
    shift: int | None
    unread: int
    gone: NDArray[np.bool_]


def gene_states(
    calls: Calls, variants: pl.DataFrame, reference: Reference, knowledge: Knowledge, *, reads: bool
) -> tuple[GeneState, ...]:
    """Judge every protein gene the organism places on `reference`, in the order of its table.

    reads: whether a base without a letter means that no read covers it; in an assembly it may lie
    between two contigs. Raises ValueError where the calls lie on another reference.
    """
    if calls.reference != reference.name:
        raise ValueError(f"genes lie on {reference.name}, calls on {calls.reference}")
    changes = changes_of(variants)
    known = np.where(calls.called, calls.bases, ord("N")).astype(np.uint8)
    found = []
    for locus, span in _protein_genes(reference, knowledge):
        inside = [one for one in changes if span[0] <= one[0] and one[0] + len(one[1]) <= span[1]]
        own = rewritten(known, span, inside)
        gone = _gone(calls.bases, span, inside)
        gene = _Gene(
            locus,
            _forwards(own, locus).tobytes().decode(),
            span,
            _shift(inside, locus, span),
            int((own == ord("N")).sum()),
            gone,
        )
        found.append(_judged(gene, reads=reads))
    return tuple(found)


def _protein_genes(
    reference: Reference, knowledge: Knowledge
) -> Iterator[tuple[Locus, tuple[int, int]]]:
    """Loci that the reference itself reads from a start to a stop."""
    contigs = {one.name: one.start for one in reference.contigs}
    for locus in knowledge.loci:
        if locus.reference != reference.name or locus.contig not in contigs:
            continue
        span = (contigs[locus.contig] + locus.start, contigs[locus.contig] + locus.end)
        letters = _forwards(reference.sequence[slice(*span)], locus).tobytes().decode()
        whole = len(letters) % 3 == 0 and letters[:3] in STARTS
        if whole and _first_stop(letters) == len(letters) // 3 - 1:
            yield locus, span


def _forwards(letters: Letters, locus: Locus) -> Letters:
    return _COMPLEMENT[letters[::-1]] if locus.strand == "-" else letters


def _first_stop(letters: str) -> int | None:
    """The first codon that ends translation."""
    codons = (letters[at : at + 3] for at in range(0, len(letters) - 2, 3))
    return next((k for k, codon in enumerate(codons) if CODONS.get(codon) == "*"), None)


def _gone(bases: Letters, span: tuple[int, int], inside: Sequence[Change]) -> NDArray[np.bool_]:
    """Bases without any read that no settled deletion explains."""
    gone = np.asarray(bases[slice(*span)] == NO_COVERAGE)
    for position, ref, _ in inside:
        gone[position - span[0] : position - span[0] + len(ref)] = False
    return gone


def _shift(inside: Sequence[Change], locus: Locus, span: tuple[int, int]) -> int | None:
    """The gene's own base at which the first gap that is no multiple of three begins."""
    ordered = sorted(inside, reverse=locus.strand == "-")
    for position, ref, alt in ordered:
        if (len(alt) - len(ref)) % 3:
            first = span[1] - position - len(ref) if locus.strand == "-" else position - span[0]
            return first + 1
    return None


def _judged(gene: _Gene, *, reads: bool) -> GeneState:
    size = gene.span[1] - gene.span[0]
    found = _missing(gene, size, reads=reads) or _translated(gene, size // 3 - 1)
    return GeneState(
        gene.locus.locus,
        **found._asdict(),
        expected=size // 3 - 1,
        unread=gene.unread,
        gone=int(gene.gone.sum()),
    )


class _Found(NamedTuple):
    verdict: GeneVerdict
    reason: str
    change: str | None = None
    at: int | None = None
    product: int | None = None


def _missing(gene: _Gene, size: int, *, reads: bool) -> _Found | None:
    """A long stretch without any read."""
    run, at = _longest_run(gene.gone)
    if run < GONE_RUN:
        return None
    first = size - at - run + 1 if gene.locus.strand == "-" else at + 1
    what = "the whole gene" if run >= WHOLE * size else f"{run:,} bases from base {first:,} on"
    if reads:
        return _Found("disrupted", f"{what}: no read", "deletion", first)
    return _Found("cannot tell", f"{what}: in no contig, deleted or between two", None, first)


def _longest_run(flags: NDArray[np.bool_]) -> tuple[int, int]:
    """Length and start of the longest run."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    if not len(edges):
        return 0, 0
    lengths = edges[1::2] - edges[::2]
    best = int(lengths.argmax())
    return int(lengths[best]), int(edges[2 * best])


def _translated(gene: _Gene, expected: int) -> _Found:
    """What the letters say, as far as they are known."""
    start, stop = gene.own[:3], _first_stop(gene.own)
    if "N" not in start and start not in STARTS:
        return _Found("disrupted", f"begins with {start}, no start codon", "start lost", 1, 0)
    if stop is None or stop > expected:
        return _unended(gene, stop, expected)
    cut = f"{stop:,} of {expected:,} amino acids are made"
    change = "premature stop" if gene.shift is None or gene.shift > 3 * stop else "frameshift"
    at = gene.shift if change == "frameshift" else 3 * stop + 1
    if stop < WHOLE * expected:
        where = f"{change} at base {at:,}"
        return _Found("disrupted", f"{where}: {cut}", change, at, stop)
    if gene.shift is not None or len(gene.own) != 3 * expected + 3:
        words = "the end differs" if gene.shift is not None else "gaps keep the frame"
        verdict: GeneVerdict = "cannot tell" if gene.shift is not None else "intact"
        return _Found(verdict, f"{words}: {cut}", None, gene.shift, stop)
    if stop < expected:
        return _Found("cannot tell", f"stops early: {cut}", "premature stop", at, stop)
    return _read_through(gene, expected)


def _unended(gene: _Gene, stop: int | None, expected: int) -> _Found:
    """No stop where the reference has one."""
    if gene.shift is not None:
        lost = f"frameshift at base {gene.shift:,}: no stop within the gene"
        return _Found("disrupted", lost, "frameshift", gene.shift, stop)
    if "N" in gene.own[-3:] or stop is not None:
        return _read_through(gene, stop or expected)
    return _Found("cannot tell", "the stop codon is lost: the product is longer", "stop lost")


def _read_through(gene: _Gene, product: int) -> _Found:
    """Intact, where enough was read to say so."""
    size = gene.span[1] - gene.span[0]
    if gene.unread > UNREAD * size:
        return _Found("cannot tell", f"{gene.unread:,} of {size:,} bases could not be read")
    run, at = _longest_run(np.array([letter == "N" for letter in gene.own]))
    if run >= BREAK_RUN:
        broken = f"{run} bases could not be read: an insertion there would not be seen"
        return _Found("cannot tell", broken, None, at + 1)
    unread = f", {gene.unread:,} bases not read" if gene.unread else ""
    return _Found("intact", f"read from start to stop{unread}", None, None, product)
