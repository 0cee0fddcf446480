"""Small line lists and clusters to test with."""

from collections.abc import Iterable, Mapping

from abscope import tables
from abscope.records import Cluster, Clusters, LineList


def make_linelist(
    isolates: Mapping[str, Iterable[str]],
    exposures: Iterable[tuple[str, str, str | None, str]] = (),
    *,
    status: Mapping[str, str] | None = None,
) -> LineList:
    """A line list of cases and their isolates; exposures: case, kind, value, answer."""
    rows = [
        {"case_id": case, "isolate_ids": list(own), "status": (status or {}).get(case)}
        for case, own in isolates.items()
    ]
    return LineList(tables.CASES.frame(rows), tables.EXPOSURES.frame(list(exposures)))


def make_clusters(*groups: Iterable[str], unresolved: Iterable[tuple[str, str]] = ()) -> Clusters:
    """Clusters C1, C2, ... at 20 SNPs."""
    named = (Cluster(f"C{n}", tuple(sorted(group))) for n, group in enumerate(groups, start=1))
    return Clusters(20, tuple(named), tuple(unresolved))
