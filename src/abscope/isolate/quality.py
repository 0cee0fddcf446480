"""What a laboratory should look at before it trusts an isolate's calls."""

from collections.abc import Iterator

from abscope.records import MIXED, Called, Kind

LOW_DEPTH = 20.0
LOW_BREADTH = 0.9
LOW_MAPPED = 0.9
MANY_MIXED = 2e-4


def warnings_of(called: Called, *, kind: Kind, genome_length: tuple[int, int]) -> tuple[str, ...]:
    """Plain sentences, none where nothing is odd.

    genome_length: usual shortest and longest genome of the species, bases.
    """
    return tuple(_warnings(called, kind, genome_length))


def _warnings(called: Called, kind: Kind, genome_length: tuple[int, int]) -> Iterator[str]:
    stats, depth = called.reads, called.depth
    if depth.breadth < LOW_BREADTH:
        yield f"only {depth.breadth:.1%} of the reference has enough reads"
    if kind != "assembly" and depth.mean < LOW_DEPTH:
        yield f"mean depth {depth.mean:.0f} is low (under {LOW_DEPTH:.0f})"
    if stats.mapped is not None and stats.mapped < LOW_MAPPED:
        yield f"only {stats.mapped:.1%} of the reads match the reference: contamination?"
    mixed = int((called.calls.bases == MIXED).sum())
    if mixed > MANY_MIXED * len(called.calls.bases):
        yield f"reads disagree at {mixed:,} positions: two strains in one tube?"
    low, high = genome_length
    if kind == "assembly" and not low <= stats.bases <= high:
        yield f"the assembly holds {stats.bases:,} bases, outside {low:,}-{high:,}"
