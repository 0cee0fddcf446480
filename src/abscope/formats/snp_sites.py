"""Variable sites of a published run with their places: the letters of isolates/*.aligned.fa.gz, mask applied.

A run publishes letters of variable sites as FASTA, which holds no places; these are found again here, from
the same letters and the same mask, so both name the same sites.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abscope.errors import FormatError
from abscope.formats import bed, fasta, vcf
from abscope.records import Contig, Letters, Mask, Reference

_ACGT = np.zeros(256, dtype=np.uint8)
_ACGT[list(b"ACGT")] = 1, 2, 4, 8
_BITS = np.array([bits.bit_count() for bits in range(16)])


@dataclass(frozen=True, slots=True, eq=False)
class SnpSites:
    """Variable sites of one reference's isolates.

    labels: contig:position, from 1, as VCF counts. root: the reference's letters, `N` where no isolate's
    changes tell them, uint8 (m,). letters: uint8 (n, m), `N` where an isolate has no base.
    """

    reference: str
    ids: tuple[str, ...]
    labels: tuple[str, ...]
    root: Letters
    letters: Letters

    def among(self, chosen: Sequence[str]) -> "SnpSites":
        """The sites at which some of the isolates differ, those isolates alone, in the order given."""
        rows = self.letters[[self.ids.index(name) for name in chosen]]
        seen = np.bitwise_or.reduce(_ACGT[rows], axis=0) if len(rows) else np.zeros(0, np.uint8)
        keep = np.flatnonzero(_BITS[seen] > 1)
        labels = tuple(self.labels[place] for place in keep)
        return SnpSites(self.reference, tuple(chosen), labels, self.root[keep], rows[:, keep])


def read(folder: Path, reference: str, isolates: Sequence[str]) -> SnpSites:
    """Variable sites of the isolates of one reference, by position; one genome at a time is in memory.

    Raises FormatError where a genome is missing, or is not as long as the others.
    """
    names = tuple(sorted(isolates))
    contigs, places = _places(folder, reference, names)
    return SnpSites(
        reference,
        names,
        tuple(_label(contigs, place) for place in places.tolist()),
        _root(folder, names, places),
        np.array([_genome(folder, name)[1][places] for name in names], dtype=np.uint8),
    )


def _places(
    folder: Path, reference: str, names: Sequence[str]
) -> tuple[tuple[Contig, ...], NDArray[np.int64]]:
    contigs, letters = _genome(folder, names[0])
    seen = np.zeros(len(letters), dtype=np.uint8)
    for name in names:
        own, letters = _genome(folder, name)
        if own != contigs:
            raise FormatError(
                f"{name}.aligned.fa.gz: is not as long as the others of {reference}",
                hint="export the folder as abscope run wrote it",
            )
        seen |= _ACGT[letters]
    seen[_mask(folder / f"mask.{reference}.bed", contigs, len(seen))] = 0
    return contigs, np.flatnonzero(_BITS[seen] > 1)


def _genome(folder: Path, name: str) -> tuple[tuple[Contig, ...], Letters]:
    """Contigs and letters, other than ACGT `N`."""
    genome = fasta.read_reference(folder / "isolates" / f"{name}.aligned.fa.gz", name=name)
    return genome.contigs, genome.sequence


def _mask(path: Path, contigs: tuple[Contig, ...], length: int) -> NDArray[np.bool_]:
    if not path.is_file():
        return np.zeros(length, dtype=np.bool_)
    frame = Reference(path.stem, contigs, np.full(length, ord("N"), dtype=np.uint8))
    return Mask(path.stem, length, bed.read(path, frame)).hidden()


def _label(contigs: tuple[Contig, ...], place: int) -> str:
    contig = next(one for one in contigs if one.start <= place < one.end)
    return f"{contig.name}:{place - contig.start + 1}"


def _root(folder: Path, names: Sequence[str], places: NDArray[np.int64]) -> Letters:
    """The reference's letters, from what each isolate's changes replace."""
    root = np.full(len(places), ord("N"), dtype=np.uint8)
    for name in names:
        path = folder / "isolates" / f"{name}.vcf"
        if path.is_file():
            rows = vcf.read(path).select("position", "ref")
            starts = rows["position"].to_numpy()
            ends = starts + rows["ref"].str.len_bytes().to_numpy()
            spans = np.searchsorted(places, (starts, ends)).T.tolist()
            for (low, high), start, ref in zip(spans, starts.tolist(), rows["ref"], strict=True):
                for site in range(low, high):
                    root[site] = ord(ref[places[site] - start])
    return root
