"""VCF 4.3, plain or bgzipped: an isolate's changes against its reference, out and back in.

Specification: The Variant Call Format, version 4.3 (samtools/hts-specs).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pysam

from abscope.errors import FormatError
from abscope.records import Reference
from abscope.tables import VARIANTS

FILTERS = {
    "absent": "Most reads skip the position",
    "low_depth": "Fewer reads than mincov",
    "low_quality": "Quality below minqual",
    "mixed": "Fewer reads agree than minfrac",
    "near_indel": "Too close to an insertion or deletion to be sure",
    "one_strand": "Reads of one strand do not agree",
}

_TYPES = {"snp": "snp", "mnp": "mnp", "insertion": "ins", "deletion": "del", "complex": "complex"}
_KINDS = {short: kind for kind, short in _TYPES.items()}
# What pysam raises at a file that is cut, torn, or of another format; KeyError: a contig not in the header.
_BROKEN = (OSError, ValueError, KeyError, RuntimeError, pl.exceptions.PolarsError)
_FIELDS = (
    '##INFO=<ID=TYPE,Number=A,Type=String,Description="snp, mnp, ins, del or complex">',
    '##INFO=<ID=DP,Number=1,Type=Integer,Description="Reads that count">',
    '##INFO=<ID=SAF,Number=A,Type=Integer,Description="Of them, forward reads with this allele">',
    '##INFO=<ID=SAR,Number=A,Type=Integer,Description="Of them, reverse reads with this allele">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype, haploid">',
)


def encode(variants: pl.DataFrame, *, sample: str, reference: Reference) -> bytes:
    """Return tables.VARIANTS of one isolate as VCF text, sorted; the same rows give the same bytes.

    An insertion or deletion given without the base beside it gets one, as VCF asks. Raises
    FormatError where a row does not fit the reference.
    """
    if not sample or set(sample) & set("\t\r\n"):
        raise FormatError(f"{sample!r} cannot be a sample's name in VCF",
                          hint="use a name without tabs and line breaks")  # fmt: skip
    ordered = variants.sort("position", "ref", "alt", maintain_order=True)
    lines = [*_header(ordered, sample, reference)]
    lines += [_record(row, sample, reference) for row in ordered.iter_rows(named=True)]
    return "".join(f"{line}\n" for line in lines).encode()


def _header(variants: pl.DataFrame, sample: str, reference: Reference) -> Iterator[str]:
    yield "##fileformat=VCFv4.3"
    yield f"##reference={reference.accession or reference.name}"
    for contig in reference.contigs:
        yield f"##contig=<ID={contig.name},length={contig.end - contig.start}>"
    yield '##FILTER=<ID=PASS,Description="All filters passed">'
    for name in sorted(set(FILTERS) | _filters_of(variants)):
        yield f'##FILTER=<ID={name},Description="{FILTERS.get(name, name)}">'
    yield from _FIELDS
    yield f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{sample}"


def _filters_of(variants: pl.DataFrame) -> set[str]:
    names = {name for names in variants["filter"].drop_nulls() for name in names.split(";")}
    return names - {"PASS"}


def _record(row: dict[str, object], sample: str, reference: Reference) -> str:
    start, ref, alt = _anchored(
        int(str(row["position"])), str(row["ref"]), str(row["alt"]), reference
    )
    here = reference.sequence[start : start + len(ref)].tobytes().decode()
    contig, position = reference.locate(start)
    if here != ref or reference.locate(start + len(ref) - 1)[0] != contig:
        raise FormatError(
            f"{sample}: {contig} position {position + 1}: the variant replaces {ref!r}, "
            f"{reference.name} has {here!r}",
            hint="write variants with the reference they were called against",
        )
    quality = "." if row["quality"] is None else f"{_shortest(float(str(row['quality']))):.9g}"
    fixed = (
        contig,
        position + 1,
        ".",
        ref,
        alt,
        quality,
        row["filter"] or ".",
        _info(row),
        "GT",
        "1",
    )
    return "\t".join(map(str, fixed))


def _anchored(start: int, ref: str, alt: str, reference: Reference) -> tuple[int, str, str]:
    """The change with a base beside it where one side is empty: the base before if there is one."""
    if ref and alt:
        return start, ref, alt
    at_start = any(contig.start == start for contig in reference.contigs)
    if at_start:
        after = chr(reference.sequence[start + len(ref)])
        return start, ref + after, alt + after
    before = chr(reference.sequence[start - 1])
    return start - 1, before + ref, before + alt


def _info(row: dict[str, object]) -> str:
    known = {
        "TYPE": _TYPES.get(str(row["kind"])),
        "DP": row["depth"],
        "SAF": row["alt_forward"],
        "SAR": row["alt_reverse"],
    }
    return ";".join(f"{key}={value}" for key, value in known.items() if value is not None) or "."


def read(path: Path) -> pl.DataFrame:
    """Rows of a VCF file with one sample or none as tables.VARIANTS, one row an alternative allele.

    Positions count along the contigs in the order of the header, which must give their lengths.
    Raises FormatError, naming the file, where it is not VCF.
    """
    loudness = pysam.set_verbosity(0)
    try:
        with pysam.VariantFile(str(path)) as file:
            starts = _starts(path, file.header)
            return VARIANTS.frame(list(_rows(file, starts)))
    except _BROKEN as error:
        raise FormatError(f"{path.name}: not readable as VCF ({error})",
                          hint="check that the file is complete") from error  # fmt: skip
    finally:
        pysam.set_verbosity(loudness)


def _starts(path: Path, header: pysam.VariantHeader) -> dict[str, int]:
    starts, end = {}, 0
    for name, contig in header.contigs.items():
        if contig.length is None:
            raise FormatError(f"{path.name}: the header does not say how long contig {name} is",
                              hint="add ##contig lines with lengths")  # fmt: skip
        starts[name], end = end, end + contig.length
    return starts


def _rows(
    records: Iterable[pysam.VariantRecord], starts: dict[str, int]
) -> Iterator[tuple[object, ...]]:
    for record in records:
        verdict = ";".join(record.filter.keys()) or None
        for number, alt in enumerate(record.alts or ()):
            kind = _of_allele(record, "TYPE", number)
            yield (
                starts[record.chrom] + record.start,
                record.ref,
                alt,
                _KINDS.get(str(kind), _kind(record.ref, alt)),
                None if record.qual is None else _shortest(record.qual),
                _info_of(record, "DP"),
                _of_allele(record, "SAF", number),
                _of_allele(record, "SAR", number),
                verdict,
            )


def _shortest(quality: float) -> float:
    """The shortest decimal number that VCF's 32-bit floats hold as `quality`."""
    return float(str(np.float32(quality)))


def _of_allele(record: pysam.VariantRecord, key: str, number: int) -> object:
    values = _info_of(record, key)
    if not isinstance(values, tuple):
        return values
    return values[number] if number < len(values) else None  # fewer than there are alleles


def _info_of(record: pysam.VariantRecord, key: str) -> object:
    return record.info.get(key) if key in record.header.info else None


def _kind(ref: str, alt: str) -> str:
    if len(ref) == len(alt):
        return "snp" if len(ref) == 1 else "mnp"
    short, long = sorted((ref, alt), key=len)
    if not (long.startswith(short) or long.endswith(short)):
        return "complex"
    return "insertion" if long == alt else "deletion"
