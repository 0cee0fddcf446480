"""The built-in ancestral genome: generated, the same every time, shaped like *M. abscessus*.

5,067,172 bases at 64 % GC (varying along the genome), insertion sequences and other repeats, and the
loci of `loci.py` at the organism's coordinates: ribosomal RNA genes, open reading frames of the right
strand and length, key residues as in wild type. Shorter genomes hold what fits.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.records import Contig, Interval, Letters, Reference
from abscope.simulate.genomes import FIXED, NO_INDEL, Genome, from_reference
from abscope.simulate.loci import KEY_LETTERS, LOCI, Locus

LENGTH, GC = 5_067_172, 0.64
_SEED = 19_977
_BLOCK, _GC_SPREAD = 1000, 0.035
_STOPS = (b"TAA", b"TAG", b"TGA")
_BASES = np.frombuffer(b"ACGT", dtype=np.uint8)
_SHARES = np.array([(1 - GC) / 2, GC / 2, GC / 2, (1 - GC) / 2])
_COMPLEMENT = np.arange(256, dtype=np.uint8)
_COMPLEMENT[_BASES] = _BASES[::-1]


@dataclass(frozen=True, slots=True)
class Family:
    """A repeat: its length, the copies a whole genome has, and how far two may differ."""

    name: str
    length: int
    copies: int
    divergence: float


FAMILIES = (
    Family("IS1", 1500, 9, 0.005),
    Family("IS2", 1500, 7, 0.002),
    Family("IS3", 1500, 4, 0.0),
    Family("operon", 4800, 2, 0.001),
    *(Family(f"short{number}", 300, 3, 0.003) for number in range(1, 31)),
)


def genome(length: int = LENGTH) -> Genome:
    """Return the ancestral genome of this length, one contig named `ancestor`."""
    return _made(length)[0]


def planted(length: int = LENGTH) -> tuple[Interval, ...]:
    """Return the repeats put into the ancestral genome of this length, by position."""
    return _made(length)[1]


def _made(length: int) -> tuple[Genome, tuple[Interval, ...]]:
    rng = np.random.default_rng([_SEED, length])
    letters = _background(length, rng)
    rules = np.zeros(length, dtype=np.uint8)
    for gene in LOCI:
        if gene.end + 500 <= length:
            _place(gene, letters, rules, np.random.default_rng([_SEED, gene.start]))
    copies = _plant(letters, rules, rng)
    whole = Reference("ancestor", (Contig("ancestor", 0, length),), letters)
    return from_reference(whole, rules), tuple(sorted(copies, key=lambda copy: copy.start))


def _background(length: int, rng: np.random.Generator) -> Letters:
    """Random letters whose GC content drifts along the genome."""
    blocks = rng.normal(GC, _GC_SPREAD, -(-length // _BLOCK))
    gc = np.repeat(blocks, _BLOCK)[:length]
    strong = rng.random(length) < gc
    second = rng.random(length) < 0.5
    return np.where(
        strong, np.where(second, ord("C"), ord("G")), np.where(second, ord("A"), ord("T"))
    ).astype(np.uint8)


def _place(gene: Locus, letters: Letters, rules: Letters, rng: np.random.Generator) -> None:
    """Write a gene into the genome, and what descent may do to it."""
    if gene.coding:
        sequence = _open_frame(gene, rng)
        allowed = _coding_rules(sequence)
    else:
        sequence = rng.choice(_BASES, gene.end - gene.start, p=_SHARES)
        _set_key_letters(gene, sequence)
        allowed = np.full(len(sequence), FIXED, dtype=np.uint8)
    if gene.name == "erm(41)":
        allowed[:] = FIXED
    places = gene.columns(1, len(sequence))
    letters[places] = _COMPLEMENT[sequence] if gene.reverse else sequence
    rules[places] = allowed


def _open_frame(gene: Locus, rng: np.random.Generator) -> Letters:
    """Codons without a stop, ATG (or the gene's own start) first, TGA last.

    erm(41) stays open in the frame of massiliense, too: shifted by two between nucleotides 66 and 158.
    """
    while True:
        sequence = _codons((gene.end - gene.start) // 3, rng)
        sequence[:3] = np.frombuffer(b"ATG", dtype=np.uint8)
        sequence[-3:] = np.frombuffer(b"TGA", dtype=np.uint8)
        _set_key_letters(gene, sequence)
        if gene.name != "erm(41)" or not _has_stop(sequence[65:158]):
            return sequence


def _codons(count: int, rng: np.random.Generator) -> Letters:
    """Random codons at the genome's GC, none of them a stop."""
    codons = rng.choice(_BASES, (count, 3), p=_SHARES)
    while (bad := _stops(codons)).any():
        codons[bad] = rng.choice(_BASES, (int(bad.sum()), 3), p=_SHARES)
    return codons.reshape(-1)


def _stops(codons: Letters) -> NDArray[np.bool_]:
    stops = np.frombuffer(b"".join(_STOPS), dtype=np.uint8).reshape(3, 3)
    return np.asarray((codons[:, None, :] == stops).all(axis=2).any(axis=1))


def _has_stop(sequence: Letters) -> bool:
    return bool(_stops(sequence[: len(sequence) // 3 * 3].reshape(-1, 3)).any())


def _set_key_letters(gene: Locus, sequence: Letters) -> None:
    for position, text in KEY_LETTERS.get(gene.name, {}).items():
        sequence[position - 1 : position - 1 + len(text)] = np.frombuffer(text.encode(), np.uint8)


def _coding_rules(sequence: Letters) -> Letters:
    """Third positions may change where no stop can come of it; indels may not happen."""
    codons = sequence.reshape(-1, 3)
    rules = np.full(codons.shape, FIXED, dtype=np.uint8)
    risky = (codons[:, 0] == ord("T")) & np.isin(codons[:, 1], [ord("A"), ord("G")])
    rules[~risky, 2] = NO_INDEL
    rules[[0, -1]] = FIXED
    return rules.reshape(-1)


def _plant(letters: Letters, rules: Letters, rng: np.random.Generator) -> list[Interval]:
    """Put copies of every family at free places, on either strand."""
    taken = rules != 0
    copies: list[Interval] = []
    for family in FAMILIES:
        if family.length * 20 > len(letters):
            continue
        master = rng.choice(_BASES, family.length, p=_SHARES)
        for _ in range(_copies(family, len(letters), rng)):
            start = _free_place(taken, family.length, rng)
            copy = _diverged(master, family.divergence / 2, rng)
            end = start + family.length
            letters[start:end] = copy if rng.random() < 0.5 else _COMPLEMENT[copy[::-1]]
            taken[max(start - 1000, 0) : end + 1000] = True
            copies.append(Interval(start, end, family.name))
    return copies


def _copies(family: Family, length: int, rng: np.random.Generator) -> int:
    """Scale copies to the genome's length: none, or at least two."""
    wanted = family.copies * length / LENGTH
    return max(2, round(wanted)) if rng.random() < max(wanted / 2, 0.05) else 0


def _free_place(taken: NDArray[np.bool_], length: int, rng: np.random.Generator) -> int:
    for _ in range(10_000):
        start = int(rng.integers(200, len(taken) - length - 200))
        if not taken[start : start + length].any():
            return start
    raise ValueError(f"a genome of {len(taken)} bases has no room for its repeats")


def _diverged(master: Letters, share: float, rng: np.random.Generator) -> Letters:
    copy = master.copy()
    hit = rng.random(len(copy)) < share
    copy[hit] = rng.choice(_BASES, int(hit.sum()))
    return copy
