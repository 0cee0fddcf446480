"""A genome that remembers where every letter comes from, so that truth is exact.

Every letter sits on a *column*: letters of the ancestral genome on columns 0..length-1, letters
inserted later on fresh columns of their own. Two genomes of one world are homologous exactly where
they hold the same column; there is nothing to align. `mutation.mutated` makes descendants,
`projected` and `truth` compare any two relatives:

    root = genomes.from_reference(reference)     # or ancestor.genome() for the built-in one
    isolate = mutation.mutated(root, 0.005, rng=rng)
    found = genomes.truth(isolate, root)         # found.positions, found.alts, found.deleted ...
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from abscope.records import Contig, Interval, Letters, Reference

Positions = NDArray[np.int64]
Piece = tuple[Letters, Positions]
"""Letters, and their runs counted from the piece's start."""
Edit = tuple[int, int, Piece | None]
"""Start, end, and what is put in their place."""

FREE, NO_INDEL, FIXED = 0, 1, 2
GAP = ord("-")


@dataclass(frozen=True, slots=True, eq=False)
class Genome:
    """Letters, and the column each one sits on.

    letters: upper-case ASCII, contigs laid end to end. runs: int64 (k, 2), ascending: the position
    at which a stretch of consecutive columns starts, and its first column. contigs: as in
    records.Reference. rules: for every ancestral column FREE, NO_INDEL or FIXED (neither indels nor
    substitutions).
    """

    letters: Letters
    runs: Positions
    contigs: tuple[Contig, ...]
    rules: Letters

    def __len__(self) -> int:
        return len(self.letters)

    def _lengths(self) -> Positions:
        return np.diff(np.append(self.runs[:, 0], len(self.letters)))

    def columns(self) -> Positions:
        """Return the column of every letter, int64 (length,)."""
        shifts = self.runs[:, 1] - self.runs[:, 0]
        return np.repeat(shifts, self._lengths()) + np.arange(len(self.letters))

    def columns_of(self, positions: Positions) -> Positions:
        """Return the columns of some positions."""
        run = np.searchsorted(self.runs[:, 0], positions, side="right") - 1
        columns: Positions = self.runs[run, 1] + positions - self.runs[run, 0]
        return columns

    def find(self, columns: Positions) -> Positions:
        """Tell where each column lies on this genome, -1 where it does not hold it."""
        order = np.argsort(self.runs[:, 1])
        lengths = self._lengths()[order]
        starts, firsts = self.runs[order, 0], self.runs[order, 1]
        run = np.maximum(np.searchsorted(firsts, columns, side="right") - 1, 0)
        offset = columns - firsts[run]
        return np.where((offset >= 0) & (offset < lengths[run]), starts[run] + offset, -1)

    def rules_at(self, columns: Positions) -> Letters:
        """Return the rule that holds on each column; inserted ones are FREE."""
        ancestral = columns < len(self.rules)
        return np.where(ancestral, self.rules[np.where(ancestral, columns, 0)], FREE).astype(
            np.uint8
        )

    def with_letters(self, letters: Letters) -> "Genome":
        """Return the genome with other letters on the same columns."""
        return replace(self, letters=letters)

    def as_reference(self, name: str, subspecies: str | None = None) -> Reference:
        """Return this genome as a reference that isolates are called against."""
        return Reference(name, self.named(name).contigs, self.letters, subspecies)

    def named(self, name: str) -> "Genome":
        """Name the contigs after the genome: `name`, or `name_1`, `name_2` ... if several."""
        single = len(self.contigs) == 1
        contigs = tuple(
            Contig(name if single else f"{name}_{number}", contig.start, contig.end)
            for number, contig in enumerate(self.contigs, 1)
        )
        return replace(self, contigs=contigs)

    def sequences(self) -> list[tuple[str, Letters]]:
        """Return name and letters of every contig."""
        return [(c.name, self.letters[c.start : c.end]) for c in self.contigs]


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """How a genome differs from a reference of its world, in the reference's 0-based coordinates.

    positions, refs, alts: the SNPs and both letters. deleted: reference positions the genome does
    not hold. insertions: pairs of a position and the letters that stand before it. length: of the
    reference.
    """

    positions: Positions
    refs: Letters
    alts: Letters
    deleted: Positions
    insertions: tuple[tuple[int, bytes], ...]
    length: int

    def deletions(self) -> list[tuple[int, int]]:
        """Return start and end of every stretch the genome does not hold."""
        return stretches(self.deleted)

    def near_indels(self, distance: int = 10) -> NDArray[np.bool_]:
        """Tell which reference positions lie within `distance` of a deletion or insertion."""
        points = np.array([position for position, _ in self.insertions], dtype=np.int64)
        starts = np.concatenate([self.deleted, points])
        ends = np.concatenate([self.deleted + 1, points])
        edges = np.zeros(self.length + 1, dtype=np.int64)
        np.add.at(edges, np.maximum(starts - distance, 0), 1)
        np.add.at(edges, np.minimum(ends + distance, self.length), -1)
        return np.cumsum(edges[:-1]) > 0


def from_reference(reference: Reference, rules: Letters | None = None) -> Genome:
    """Make a reference the ancestor of a world: its letters are columns 0..length-1."""
    if rules is None:
        rules = np.zeros(len(reference.sequence), dtype=np.uint8)
    return Genome(reference.sequence, np.zeros((1, 2), dtype=np.int64), reference.contigs, rules)


def cut(genome: Genome, start: int, end: int) -> Piece:
    """Return a stretch of a genome, letters and runs, to be put into another."""
    first = int(np.searchsorted(genome.runs[:, 0], start, side="right")) - 1
    last = int(np.searchsorted(genome.runs[:, 0], end, side="left"))
    runs = genome.runs[first:last] - np.array([start, 0])
    if len(runs):
        runs[0] = 0, runs[0, 1] - runs[0, 0]
    return genome.letters[start:end], runs


def spliced(genome: Genome, edits: Sequence[Edit]) -> Genome:
    """Replace stretches of a genome; edits ascend, do not overlap, and stay inside one contig each."""
    pieces: list[Piece] = []
    done = 0
    for start, end, piece in edits:
        pieces.append(cut(genome, done, start))
        pieces += [piece] if piece else []
        done = end
    pieces.append(cut(genome, done, len(genome)))
    pieces = [piece for piece in pieces if len(piece[0])]
    offsets = np.cumsum([0, *(len(letters) for letters, _ in pieces)])
    runs = np.concatenate(
        [np.add(runs, [offset, 0]) for (_, runs), offset in zip(pieces, offsets[:-1], strict=True)]
    )
    continued = np.diff(runs[:, 1] - runs[:, 0], prepend=runs[0, 1] - runs[0, 0] - 1) == 0
    letters = np.concatenate([letters for letters, _ in pieces])
    return replace(genome, letters=letters, runs=runs[~continued], contigs=_moved(genome, edits))


def _moved(genome: Genome, edits: Sequence[Edit]) -> tuple[Contig, ...]:
    """Return the contigs as they are after the edits."""
    points = np.array([start for start, _, _ in edits], dtype=np.int64)
    longer = np.array(
        [(len(piece[0]) if piece else 0) - (end - start) for start, end, piece in edits],
        dtype=np.int64,
    )
    contigs, start = [], 0
    for old in genome.contigs:
        inside = (points >= old.start) & (points < old.end)
        end = start + old.end - old.start + int(longer[inside].sum())
        contigs.append(Contig(old.name, start, end))
        start = end
    return tuple(contigs)


def without(genome: Genome, columns: Positions) -> Genome:
    """Return the genome without some columns; those it does not hold do not matter."""
    places = genome.find(np.unique(columns))
    lost = stretches(np.sort(places[places >= 0]))
    return spliced(genome, [(start, end, None) for start, end in lost])


def stretches(positions: Positions) -> list[tuple[int, int]]:
    """Return start and end of every run of consecutive positions; they ascend."""
    breaks = np.flatnonzero(np.diff(positions) != 1) + 1
    return [(int(part[0]), int(part[-1]) + 1) for part in np.split(positions, breaks) if len(part)]


def projected(genome: Genome, reference: Genome) -> Letters:
    """Return the genome's letter at every position of the reference, `-` where it has none.

    This is what a perfect caller would write with perfect reads.
    """
    found = genome.find(reference.columns())
    return np.where(found >= 0, genome.letters[found], GAP).astype(np.uint8)


def lifted(intervals: Iterable[Interval], source: Genome, target: Genome) -> tuple[Interval, ...]:
    """Find stretches of one genome on a relative; what it does not hold is left out."""
    found = []
    for interval in intervals:
        columns = source.columns_of(np.arange(interval.start, interval.end))
        span = spanned(columns, target)
        if span:
            found.append(Interval(*span, interval.reason))
    return tuple(sorted(found, key=lambda one: one.start))


def spanned(columns: Positions, genome: Genome) -> tuple[int, int] | None:
    """Return start and end of what a genome holds of some columns, None if nothing."""
    places = genome.find(columns)
    places = places[places >= 0]
    return (int(places.min()), int(places.max()) + 1) if len(places) else None


def truth(genome: Genome, reference: Genome) -> Truth:
    """Find every true difference between a genome and a reference of its world."""
    seen = projected(genome, reference)
    positions = np.flatnonzero((seen != reference.letters) & (seen != GAP))
    return Truth(
        positions=positions,
        refs=reference.letters[positions],
        alts=seen[positions],
        deleted=np.flatnonzero(seen == GAP),
        insertions=tuple(_insertions(genome, reference)),
        length=len(reference),
    )


def _insertions(genome: Genome, reference: Genome) -> list[tuple[int, bytes]]:
    """List stretches the reference lacks, each before the next column that both hold."""
    place = reference.find(genome.columns())
    extra = place < 0
    edges = np.flatnonzero(np.diff(extra.astype(np.int8), prepend=0, append=0))
    starts, ends = edges[::2], edges[1::2]
    following = np.append(place, len(reference))[ends]
    return [
        (int(point), genome.letters[start:end].tobytes())
        for point, start, end in zip(following, starts, ends, strict=True)
    ]
