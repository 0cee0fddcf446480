"""BED: stretches of a reference, 0-based and half-open, with a reason in the fourth column."""

from collections.abc import Iterator
from pathlib import Path

from abscope.errors import FormatError
from abscope.records import Interval, Mask, Reference

_COMMENTS = ("#", "track", "browser")


def read(path: Path, reference: Reference) -> tuple[Interval, ...]:
    """Intervals of `reference` in a BED file, on its contigs laid end to end.

    Lines that name a sequence the reference does not have are passed over, so that one file may serve
    several references. Raises FormatError listing every line that cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"{path}: cannot be read ({error})", hint="check the path") from error
    found, problems = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith(_COMMENTS):
            try:
                found += list(_intervals(line.split("\t"), reference, path.stem))
            except ValueError as error:
                problems.append(f"line {number}: {error}")
    if problems:
        raise FormatError.collect(
            path.name, problems, hint="name, start, end, reason; tab-separated"
        )
    return tuple(found)


def _intervals(fields: list[str], reference: Reference, reason: str) -> Iterator[Interval]:
    if len(fields) < 3:
        raise ValueError("fewer than three columns")
    name, start, end = fields[0].strip(), int(fields[1]), int(fields[2])
    for contig in reference.contigs:
        if contig.name == name:
            if not 0 <= start < end <= contig.end - contig.start:
                raise ValueError(f"{start}-{end} lies outside {name}")
            why = fields[3].strip() if len(fields) > 3 and fields[3].strip() else reason
            yield Interval(contig.start + start, contig.start + end, why)


def text(mask: Mask, reference: Reference) -> str:
    """A mask as BED, cut at contig ends, in the order of the reference."""
    rows = sorted(
        (
            contig.start,
            max(one.start, contig.start),
            min(one.end, contig.end),
            contig.name,
            one.reason,
        )
        for contig in reference.contigs
        for one in mask.intervals
        if one.start < contig.end and one.end > contig.start
    )
    return "".join(
        f"{name}\t{start - offset}\t{end - offset}\t{reason}\n"
        for offset, start, end, name, reason in rows
    )
