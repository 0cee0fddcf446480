"""Mixtures as cells and rows: shares, how sure, what would have been found, and likely sources."""

from collections.abc import Iterator

from abscope.isolate.characterised import IsolateType
from abscope.reports.resistance_rows import Row

MIXTURE = (
    "mixture", "major_share", "minor_share", "minor_share_low", "minor_share_high",
    "minor_differences", "minor_relation", "mixture_log10_ratio", "detection_limit", "minor_source",
    "damage", "mixture_reason",
)  # fmt: skip
MINOR_SOURCES = (
    "isolate_id", "source", "verdict", "compared", "carried", "carried_by_others", "differing",
    "seen",
)  # fmt: skip


def mixture_cells(one: IsolateType) -> Row:
    """The columns MIXTURE of one isolate; shares 0-1."""
    found = one.mixture
    if found is None:
        return {**dict.fromkeys(MIXTURE), "mixture": one.mixture_verdict}
    low, high = found.interval or (None, None)
    values = (
        found.verdict,
        None if found.share is None else round(1 - found.share, 4),
        _rounded(found.share),
        _rounded(low),
        _rounded(high),
        found.differences,
        found.relation,
        round(found.log10_ratio, 1),
        limits(found.limits),
        "; ".join(source.name for source in one.carriers) or None,
        found.damage,
        found.reason,
    )
    return dict(zip(MIXTURE, values, strict=True))


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def limits(found: tuple[tuple[int, float | None], ...]) -> str:
    """The smallest share found nine times in ten, by how many SNPs apart the strains are."""
    return "; ".join(
        f"{number:,} SNPs: {'none' if share is None else f'{share:.1%}'}" for number, share in found
    )


def minor_sources(one: IsolateType) -> Iterator[Row]:
    """One row per other isolate held against a minor strain, best fit first."""
    for source in one.sources:
        values = (
            one.isolate_id,
            source.name,
            source.verdict,
            source.compared,
            source.carried,
            _rounded(source.by_chance),
            source.differing,
            source.seen,
        )
        yield dict(zip(MINOR_SOURCES, values, strict=True))
