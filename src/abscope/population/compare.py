"""The isolates of one reference, compared with each other and with nobody else."""

from collections.abc import Mapping

from abscope.population.distances import raw_and_masked
from abscope.records import Calls, Comparison, Mask, Reference


def compared(
    reference: Reference, calls: Mapping[str, Calls], mask: Mask, *, threads: int = 1
) -> Comparison:
    """Compare the isolates called against `reference`, with and without its mask; no tree yet.

    Raises DataError where an isolate was called against another reference than the mask's.
    """
    raw, masked = raw_and_masked(calls, mask, threads=threads)
    return Comparison(reference.name, reference.subspecies, raw, masked, mask)
