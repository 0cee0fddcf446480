"""Genomes that another pipeline called, however it wrote them: as letters, or as bits to be compared."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abscope.errors import FormatError, UsageError
from abscope.formats import bed, core_alignment, core_vcf, snippy_folder
from abscope.population.packing import hide, pack
from abscope.records import Calls, Contig, Interval, Mask, Reference
from abscope.records.genotypes import Planes

_VCF = (".vcf", ".vcf.gz", ".vcf.bgz")
REFERENCE = "Reference"
"""What snippy-core calls the genome it called against, among the isolates."""


@dataclass(frozen=True, slots=True, eq=False)
class CalledGenomes:
    """Isolates and what is known of the reference they were called against.

    contigs: none where the file does not say. hidden: stretches of the planes' positions that a mask
    took out. remarks: what a person should know of the file.
    """

    planes: Planes
    contigs: tuple[Contig, ...] = ()
    hidden: tuple[Interval, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def mask(self) -> Mask:
        """What is hidden, as a mask of the planes' positions."""
        return Mask(self.planes.reference, self.planes.length, self.hidden)


@dataclass(frozen=True, slots=True, eq=False)
class CalledLetters:
    """The same as letters. sites: as of Planes. mask: nothing is hidden until `masked`."""

    calls: Mapping[str, Calls]
    mask: Mask
    sites: NDArray[np.int64] | None = None
    contigs: tuple[Contig, ...] = ()
    remarks: tuple[str, ...] = ()


def read(paths: Sequence[Path], *, leave_out: Collection[str] = ()) -> CalledGenomes:
    """One alignment (FASTA), one VCF of many isolates, or many of snippy's folders or VCFs, as bits.

    An alignment is never in memory as a whole. leave_out: names of isolates. Raises FormatError naming
    files at fault, UsageError where other files come together, or nobody bears a name to leave out.
    """
    if len(paths) != 1 or _is_vcf(paths[0]) or _are_snippys(paths):
        return _packed(letters(paths, leave_out=leave_out))
    planes = core_alignment.packed(paths[0])
    kept = _kept(planes.ids, leave_out)
    planes = _rows(planes, kept) if leave_out else planes
    return CalledGenomes(planes, remarks=_of_reference(kept))


def letters(paths: Sequence[Path], *, leave_out: Collection[str] = ()) -> CalledLetters:
    """The same as letters, all of them in memory; raises as `read` does."""
    if _are_snippys(paths):
        found = replace(_alike(snippy_folder.read(paths)), contigs=snippy_folder.contigs(paths[0]))
    elif len(paths) != 1:
        raise UsageError(
            f"{len(paths)} files that do not go together",
            hint="give one alignment, one VCF of many isolates, or many folders of snippy's",
        )
    else:
        found = _of_vcf(paths[0]) if _is_vcf(paths[0]) else _alike(core_alignment.read(paths[0]))
    calls = {name: found.calls[name] for name in _kept(found.calls, leave_out)}
    return replace(found, calls=calls, remarks=(*found.remarks, *_of_reference(calls)))


def _is_vcf(path: Path) -> bool:
    return path.name.lower().endswith(_VCF)


def _are_snippys(paths: Sequence[Path]) -> bool:
    return bool(paths) and all(p.is_dir() or snippy_folder.has_letters_beside(p) for p in paths)


def _of_vcf(path: Path) -> CalledLetters:
    found = core_vcf.read(path)
    remarks = [f"{count} records passed over: {why}" for why, count in found.passed_over.items()]
    remarks.append(f"{path.name} says nothing of sites it does not list: none of them counts")
    whole = Mask(path.name, len(found.sites))
    return CalledLetters(found.calls, whole, found.sites, found.contigs, tuple(remarks))


def _alike(calls: Mapping[str, Calls]) -> CalledLetters:
    """Genomes of one reference. Raises FormatError naming those of another, or where there is one alone."""
    first = next(iter(calls.values()))
    sizes = {name: (one.reference, len(one.bases)) for name, one in calls.items()}
    strange = [name for name, size in sizes.items() if size != sizes[next(iter(calls))]]
    if strange or len(calls) < 2:
        raise FormatError.collect(
            "these genomes cannot be compared",
            [f"{name}: {sizes[name][0]}, {sizes[name][1]} bases" for name in strange]
            or ["one isolate alone"],
            hint="give two isolates or more that were called against one reference",
        )
    return CalledLetters(calls, Mask(first.reference, len(first.bases)))


def _packed(found: CalledLetters) -> CalledGenomes:
    calls, length = found.calls, found.mask.length
    words = pack(calls.values(), isolates=len(calls), length=length)
    planes = Planes(found.mask.reference, tuple(calls), length, words, found.sites)
    return CalledGenomes(planes, found.contigs, remarks=found.remarks)


def _kept(names: Collection[str], leave_out: Collection[str]) -> list[str]:
    if unknown := sorted(set(leave_out) - set(names)):
        raise UsageError(
            f"nobody to leave out is called {', '.join(unknown)}",
            hint=f"isolates are {', '.join(list(names)[:5])} ...",
        )
    kept = [name for name in names if name not in leave_out]
    if len(kept) < 2:
        raise UsageError("fewer than two isolates are left", hint="leave fewer out")
    return kept


def _rows(planes: Planes, kept: Sequence[str]) -> Planes:
    """The planes of some isolates, in their order; moved in place, where a copy would need both."""
    row = {name: k for k, name in enumerate(planes.ids)}
    for new, name in enumerate(kept):
        planes.words[new] = planes.words[row[name]]
    planes.words[len(kept) :] = 0
    words = planes.words[: len(kept) + len(kept) % 2]
    return replace(planes, ids=tuple(kept), words=words)


def _of_reference(names: Collection[str]) -> tuple[str, ...]:
    what = f"{REFERENCE}, the genome that snippy-core called against, counts as an isolate"
    return (f"{what}; --leave-out {REFERENCE} leaves it out",) if REFERENCE in names else ()


def without(genomes: CalledGenomes, mask: Path) -> CalledGenomes:
    """The genomes without the stretches of a BED file, their planes changed in place.

    Raises FormatError listing lines that cannot be read, UsageError where it is not known which
    contig they speak of.
    """
    hidden = _hidden(genomes.mask, genomes.planes.sites, genomes.contigs, mask)
    found = replace(genomes, hidden=hidden)
    hide(found.planes.words, found.mask.hidden())
    return replace(found, remarks=(*found.remarks, _count(found.mask)))


def masked(genomes: CalledLetters, mask: Path) -> CalledLetters:
    """The same for letters, which stay: their mask says where they are not looked at."""
    intervals = _hidden(genomes.mask, genomes.sites, genomes.contigs, mask)
    hidden = replace(genomes.mask, intervals=intervals)
    return replace(genomes, mask=hidden, remarks=(*genomes.remarks, _count(hidden)))


def _count(mask: Mask) -> str:
    return f"{mask.length - mask.unmasked} of {mask.length} sites masked"


def _hidden(
    columns: Mask, sites: NDArray[np.int64] | None, contigs: tuple[Contig, ...], mask: Path
) -> tuple[Interval, ...]:
    """The stretches of a BED file as stretches of columns."""
    if not contigs and sites is not None:
        raise UsageError(
            f"{mask.name} cannot be used: the VCF does not give the lengths of its contigs",
            hint="add lengths to the ##contig lines",
        )
    contigs = contigs or (Contig(_only_name(mask), 0, columns.length),)
    nothing = np.broadcast_to(np.uint8(ord("N")), contigs[-1].end)
    try:
        found = bed.read(mask, Reference(columns.reference, contigs, nothing))
    except FormatError as error:
        hint = f"{error.hint}; positions of what was aligned, its constant columns included"
        raise FormatError(error.message, hint=hint) from error
    if sites is None:
        return found
    ends = np.searchsorted(sites, [(one.start, one.end) for one in found]).reshape(-1, 2).tolist()
    return tuple(
        Interval(start, end, one.reason)
        for one, (start, end) in zip(found, ends, strict=True)
        if start < end
    )


def _only_name(mask: Path) -> str:
    """The one sequence a mask speaks of; an alignment does not say what its own is called."""
    text = mask.read_text(encoding="utf-8-sig", errors="replace") if mask.is_file() else ""
    lines = (line for line in text.splitlines() if "\t" in line and not line.startswith("#"))
    names = {line.split("\t")[0].strip() for line in lines}
    if len(names) > 1:
        raise UsageError(
            f"{mask.name} names {len(names)} sequences, and an alignment stands for one",
            hint="keep the lines of the chromosome it was made on",
        )
    return next(iter(names), "")
