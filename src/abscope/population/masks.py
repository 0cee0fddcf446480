"""Where isolates are not compared: repeats, plasmids, and what the user or the organism names."""

from collections.abc import Iterable, Iterator

from abscope.errors import DataError
from abscope.population.repeats import repeats
from abscope.records import Interval, Mask, Reference

REPEAT = "repeat"
OTHER_CONTIG = "plasmid or other contig"

_CHROMOSOME = 0.8  # a contig with at least this share of the genome is the chromosome


def reference_mask(reference: Reference, extra: Iterable[Interval] = ()) -> Mask:
    """Hide the reference's own repeats, contigs other than its chromosome, and `extra`.

    A draft, with no contig that holds 80 % of the genome, keeps all of its contigs. Raises DataError
    where an extra interval lies outside the reference.
    """
    named = tuple(extra)
    _check_inside(reference, named)
    found = (*_other_contigs(reference), *_repeats(reference), *named)
    ordered = sorted(set(found), key=lambda one: (one.start, one.end, one.reason))
    return Mask(reference.name, len(reference.sequence), tuple(ordered))


def _check_inside(reference: Reference, intervals: Iterable[Interval]) -> None:
    size = len(reference.sequence)
    outside = [f"{i.start}-{i.end} ({i.reason})" for i in intervals if i.end > size]
    if outside:
        raise DataError(
            f"{reference.name} has {size} bases, mask intervals lie beyond: {', '.join(outside)}",
            hint="use the BED file made for this reference",
        )


def _repeats(reference: Reference) -> Iterator[Interval]:
    for start, end in repeats(reference.sequence):
        for contig in reference.contigs:
            if start < contig.end and end > contig.start:
                yield Interval(max(start, contig.start), min(end, contig.end), REPEAT)


def _other_contigs(reference: Reference) -> Iterator[Interval]:
    longest = max(reference.contigs, key=lambda contig: contig.end - contig.start)
    if longest.end - longest.start < _CHROMOSOME * len(reference.sequence):
        return
    for contig in reference.contigs:
        if contig is not longest:
            yield Interval(contig.start, contig.end, OTHER_CONTIG)
