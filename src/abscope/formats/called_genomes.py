"""Genomes that another pipeline called, however it wrote them, as bits ready to be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from abscope.errors import FormatError, UsageError
from abscope.formats import bed, core_alignment, core_vcf, snippy_folder
from abscope.population.packing import hide, pack
from abscope.records import Calls, Contig, Interval, Mask, Reference
from abscope.records.genotypes import Planes

_VCF = (".vcf", ".vcf.gz", ".vcf.bgz")


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


def read(paths: Sequence[Path]) -> CalledGenomes:
    """One alignment (FASTA), one VCF of many isolates, or many of snippy's folders or VCFs.

    Raises FormatError naming files at fault, UsageError where other files come together.
    """
    alone = [path for path in paths if path.is_dir() or snippy_folder.has_letters_beside(path)]
    if alone and len(alone) == len(paths):
        return CalledGenomes(_planes(snippy_folder.read(paths)))
    if len(paths) != 1:
        raise UsageError(
            f"{len(paths)} files that do not go together",
            hint="give one alignment, one VCF of many isolates, or many folders of snippy's",
        )
    [path] = paths
    if not path.name.lower().endswith(_VCF):
        return CalledGenomes(core_alignment.packed(path))
    found = core_vcf.read(path)
    remarks = [f"{count} records passed over: {why}" for why, count in found.passed_over.items()]
    remarks.append(f"{path.name} says nothing of sites it does not list: none of them counts")
    planes = replace(_planes(found.calls), sites=found.sites)
    return CalledGenomes(planes, found.contigs, remarks=tuple(remarks))


def _planes(calls: Mapping[str, Calls]) -> Planes:
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
    length = len(first.bases)
    words = pack(calls.values(), isolates=len(calls), length=length)
    return Planes(first.reference, tuple(calls), length, words)


def without(genomes: CalledGenomes, mask: Path) -> CalledGenomes:
    """The genomes without the stretches of a BED file, their planes changed in place.

    Raises FormatError listing lines that cannot be read, UsageError where it is not known which
    contig they speak of.
    """
    planes = genomes.planes
    found = tuple(_placed(planes, interval) for interval in _intervals(genomes, mask))
    hidden = tuple(one for one in found if one is not None)
    masked = replace(genomes, hidden=hidden)
    flags = masked.mask.hidden()
    hide(planes.words, flags)
    remark = f"{int(flags.sum())} of {planes.length} sites masked"
    return replace(masked, remarks=(*genomes.remarks, remark))


def _placed(planes: Planes, interval: Interval) -> Interval | None:
    """A stretch of the reference as one of the planes' positions; None where it holds none of them."""
    if planes.sites is None:
        return interval
    start, end = np.searchsorted(planes.sites, [interval.start, interval.end]).tolist()
    return Interval(start, end, interval.reason) if start < end else None


def _intervals(genomes: CalledGenomes, mask: Path) -> tuple[Interval, ...]:
    planes = genomes.planes
    contigs = genomes.contigs
    if not contigs and planes.sites is not None:
        raise UsageError(
            f"{mask.name} cannot be used: the VCF does not give the lengths of its contigs",
            hint="add lengths to the ##contig lines",
        )
    if not contigs:
        contigs = (Contig(_only_name(mask), 0, planes.length),)
    nothing = np.broadcast_to(np.uint8(ord("N")), contigs[-1].end)
    return bed.read(mask, Reference(planes.reference, contigs, nothing))


def _only_name(mask: Path) -> str:
    """The one sequence a mask speaks of; an alignment does not say what its own is called."""
    text = mask.read_text(encoding="utf-8-sig") if mask.is_file() else ""
    lines = (line for line in text.splitlines() if "\t" in line and not line.startswith("#"))
    names = {line.split("\t")[0].strip() for line in lines}
    if len(names) > 1:
        raise UsageError(
            f"{mask.name} names {len(names)} sequences, and an alignment stands for one",
            hint="keep the lines of the chromosome it was made on",
        )
    return next(iter(names), "")
