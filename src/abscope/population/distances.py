"""SNPs between isolates, each with the number of sites it was counted on.

A pair's distance depends on the two isolates, the reference and the mask, and on nothing else: a
site counts where both have one of A, C, G and T. Nobody in a set can change another pair's distance.
"""

from collections.abc import Mapping

from abscope.errors import DataError
from abscope.population import bitplanes, packing
from abscope.records import Calls, Distances, Mask
from abscope.records.genotypes import Planes


def pairwise(calls: Mapping[str, Calls], mask: Mask, *, threads: int = 1) -> Distances:
    """Count SNPs and comparable sites of every pair, outside the mask.

    Raises DataError where an isolate was called against another reference than the mask's.
    """
    planes = _planes(calls, mask)
    packing.hide(planes, mask.hidden())
    return _distances(calls, planes, threads)


def raw_and_masked(
    calls: Mapping[str, Calls], mask: Mask, *, threads: int = 1
) -> tuple[Distances, Distances]:
    """Distances with the masked sites included, and without them, from one packing."""
    planes = _planes(calls, mask)
    raw = _distances(calls, planes, threads)
    packing.hide(planes, mask.hidden())
    return raw, _distances(calls, planes, threads)


def counted(planes: Planes, *, threads: int = 1) -> Distances:
    """Count SNPs and comparable sites of every pair of packed isolates; nothing is masked but what is."""
    size = len(planes.ids)
    snps, comparable = bitplanes.count(planes.words, isolates=size, threads=threads)
    return Distances(planes.ids, snps, comparable)


def check_reference(calls: Mapping[str, Calls], mask: Mask) -> None:
    """Raise DataError, naming every isolate that was not called against the mask's reference."""
    strange = [
        f"{name} ({one.reference}, {len(one.bases)} bases)"
        for name, one in calls.items()
        if one.reference != mask.reference or len(one.bases) != mask.length
    ]
    if strange:
        raise DataError(
            f"called against another genome than {mask.reference} ({mask.length} bases): "
            + ", ".join(strange),
            hint="compare isolates of one reference at a time",
        )


def _planes(calls: Mapping[str, Calls], mask: Mask) -> packing.Words:
    check_reference(calls, mask)
    return packing.pack(calls.values(), isolates=len(calls), length=mask.length)


def _distances(calls: Mapping[str, Calls], planes: packing.Words, threads: int) -> Distances:
    snps, comparable = bitplanes.count(planes, isolates=len(calls), threads=threads)
    return Distances(tuple(calls), snps, comparable)
