"""Cases without an isolate to compare that share a cluster's exposures: possibly part of it."""

import math
from collections.abc import Collection, Iterator, Mapping

import polars as pl

from abscope import tables
from abscope.outbreak.exposures import Panel, answers, panels, tally
from abscope.records import Clusters, LineList, Linked

# An exposure that nearly all comparison cases share tells nothing of a cluster. Both limits are
# judgement: at least five answers, of which at least four in five are yes.
COMMON_SHARE = 0.8
COMMON_ANSWERS = 5

Exposure = tuple[str, str]  # kind, value


def compatible_cases(
    linked: Linked,
    linelist: LineList,
    clusters: Clusters,
    *,
    uncompared: Collection[str] = (),
) -> pl.DataFrame:
    """Cases without a comparable isolate that share an exposure with a cluster's cases.

    tables.COMPATIBLE_CASES; by cluster, those that share most first. An exposure weighs
    log2((known + 2) / (exposed + 1)) over the comparison cases: 1 where there are none, more the
    rarer it is. One that at least 80 % of five or more comparison cases have does not count. Cases
    that the case definition rules out are left aside.
    """
    cases = linelist.cases
    ruled_out = set(cases.filter(pl.col("status") == "not a case")["case_id"])
    known = answers(linelist)
    rows: list[dict[str, object]] = []
    for panel in panels(linked, clusters, uncompared=uncompared):
        open_cases = set(cases["case_id"]) - panel.members - panel.others - ruled_out
        found = _rows(panel, known, open_cases, _reasons(linked))
        rows += sorted(found, key=lambda row: (-float(str(row["weight"])), row["case_id"]))
    return tables.COMPATIBLE_CASES.check(tables.COMPATIBLE_CASES.frame(rows))


def _reasons(linked: Linked) -> dict[str, str]:
    """Why each case has nothing to compare; where it has an isolate, that had too few sites."""
    have = linked.matched.group_by("case_id", maintain_order=True).agg("isolate_id")
    reasons = {
        case: f"{', '.join(isolates)} could not be compared" for case, isolates in have.iter_rows()
    }
    return reasons | dict(linked.cases_only.select("case_id", "reason").iter_rows())


def _rows(
    panel: Panel, known: pl.DataFrame, open_cases: set[str], reasons: Mapping[str, str]
) -> Iterator[dict[str, object]]:
    weights = _weights(panel, known)
    member_kinds = set(known.filter(pl.col("case_id").is_in(list(panel.members)))["kind"])
    theirs = known.filter(pl.col("case_id").is_in(list(open_cases)))
    asked = dict(theirs.group_by("case_id").agg(pl.col("kind").unique()).iter_rows())
    exposed = theirs.filter(pl.col("answer") == "yes").select("case_id", "kind", "value")
    for case, own in exposed.rows_by_key("case_id").items():
        shares = sorted((e for e in own if weights.get(e)), key=lambda e: (-weights[e], e))
        if shares:
            yield {
                "case_id": case,
                "cluster": panel.cluster,
                "shares": _listed(shares),
                "shared": len(shares),
                "weight": sum(weights[exposure] for exposure in shares),
                "common": _listed(sorted(e for e in own if weights.get(e) == 0)) or None,
                "known": len(member_kinds.intersection(asked[case])),
                "reason": reasons[case],
            }


def _weights(panel: Panel, known: pl.DataFrame) -> dict[Exposure, float]:
    """How much each exposure of a member tells; 0 where nearly every comparison case has it too."""
    counted = tally(known, panel).select("kind", "value", "others_exposed", "others_known")
    return {
        (kind, value): _weight(exposed, answered)
        for kind, value, exposed, answered in counted.iter_rows()
    }


def _weight(exposed: int, answered: int) -> float:
    if answered >= COMMON_ANSWERS and exposed >= COMMON_SHARE * answered:
        return 0.0
    return math.log2((answered + 2) / (exposed + 1))


def _listed(exposures: list[Exposure]) -> str:
    return "; ".join(f"{kind}={value}" for kind, value in exposures)
