"""Lists of a run's output folder, as the API answers them; for those who see every jurisdiction."""

import json
import sys
from collections.abc import Iterator, Mapping
from math import copysign, isfinite, isnan
from typing import Any

import polars as pl

from abscope.collection.paged import Part, part
from abscope.web.answers import (
    Case,
    Cluster,
    ClusterQuestions,
    ClusterSources,
    Exposure,
    Isolate,
    Link,
    Neighbour,
    OneCase,
    OneIsolate,
    Pair,
)
from abscope.web.from_collection import no_case
from abscope.web.held import Ask, Asked, Held, NotHeldError, Reader

_MAIN = ("isolate_id", "reference")


def isolates(held: Held, ask: Ask, asked: Asked) -> Part[Isolate]:
    """By name."""
    frame = held.must_run(ask.viewer).published.isolates
    if asked.text:
        lowered = pl.col("isolate_id").str.to_lowercase()
        frame = frame.filter(lowered.str.contains(asked.text.lower(), literal=True))
    if asked.state not in (None, "present"):
        frame = frame.clear()
    rows = _slice(frame, asked)
    return Part(tuple(Isolate(**one) for one in _isolates(held, ask, rows)), len(frame))


def isolate(held: Held, ask: Ask, isolate_id: str) -> OneIsolate:
    """One isolate with what the run measured. Raises NotHeldError."""
    frame = held.must_run(ask.viewer).published.isolates
    row = frame.filter(pl.col("isolate_id") == isolate_id)
    if row.is_empty():
        raise _no_isolate(isolate_id)
    [one] = _isolates(held, ask, row)
    measured = {name: value for name, value in row.row(0, named=True).items() if name not in _MAIN}
    return OneIsolate(**one, quality=_finite(measured), elsewhere=[])


def neighbours(held: Held, ask: Ask, isolate_id: str, asked: Asked) -> Part[Neighbour]:
    """Who is near an isolate, nearest first. Raises NotHeldError."""
    published = held.must_run(ask.viewer).published
    if isolate_id not in published.isolates["isolate_id"]:
        raise _no_isolate(isolate_id)
    first, second = pl.col("isolate_1"), pl.col("isolate_2")
    own = published.pairs.filter(
        (pl.col("verdict") == "compared") & ((first == isolate_id) | (second == isolate_id))
    )
    other = pl.when(first == isolate_id).then(second).otherwise(first).alias("isolate_id")
    near = _within(own.select(other, "snps", "comparable"), asked).sort("snps", "isolate_id")
    return Part(tuple(Neighbour(**row) for row in _slice(near, asked).to_dicts()), len(near))


def pairs(held: Held, ask: Ask, asked: Asked) -> Part[Pair]:
    """Closest first; those that cannot be compared last."""
    found = _within(held.must_run(ask.viewer).published.pairs, asked)
    order = ("snps", "isolate_1", "isolate_2")
    rows = _slice(found.sort(*order, nulls_last=True), asked).select(list(Pair.model_fields))
    return Part(tuple(Pair(**row) for row in rows.to_dicts()), len(found))


def clusters(held: Held, ask: Ask, asked: Asked) -> Part[Cluster]:
    """Widest level first, then the largest."""
    rows = held.must_run(ask.viewer).published.clusters.drop_nulls("cluster")
    if asked.level is not None:
        rows = rows.filter(pl.col("level") == asked.level)
    found = rows.group_by("level", "cluster").agg(
        pl.len().alias("size"), pl.col("isolate_id").sort().alias("isolates")
    )
    found = found.filter(pl.col("size") >= asked.least)
    found = found.sort("level", "size", "cluster", descending=[True, True, False])
    return Part(tuple(Cluster(**row) for row in _slice(found, asked).to_dicts()), len(found))


def cases(held: Held, ask: Ask, asked: Asked) -> Part[Any]:
    """In the line list's order."""
    ask.viewer.must("see cases")
    found = held.must_run(ask.viewer).published.cases
    if asked.text:
        found = found.filter(pl.col("case_id").str.contains(asked.text, literal=True))
    return Part(tuple(Case(**row) for row in _cases(_slice(found, asked))), len(found))


def case(held: Held, ask: Ask, case_id: str) -> Any:
    """One case and its exposures. Raises NotHeldError."""
    ask.viewer.must("see cases")
    published, mine = held.must_run(ask.viewer).published, pl.col("case_id") == case_id
    rows = _cases(published.cases.filter(mine))
    if not rows:
        raise no_case(case_id)
    said = [Exposure(**row) for row in published.exposures.filter(mine).to_dicts()]
    return OneCase(case=Case(**rows[0]), exposures=said)


def links(held: Held, ask: Ask, asked: Asked) -> Part[Any]:
    """Every pair that was judged, closest first; who is one patient is told, so not to everybody."""
    ask.viewer.must("see cases")
    found = _within(held.must_run(ask.viewer).published.links, asked)
    rows = (_finite(row) for row in _slice(found, asked).to_dicts())
    return Part(tuple(Link(**row) for row in rows), len(found))


def sources(held: Held, ask: Ask, asked: Asked) -> Part[ClusterSources]:
    """By cluster."""
    ask.viewer.must("see cases")
    told = held.must_run(ask.viewer).published.sources
    found = part([{"cluster": name, "ranking": one} for name, one in told.items()], asked.window)
    return Part(tuple(ClusterSources.model_validate(_finite(r)) for r in found.rows), found.total)


def questions(held: Held, ask: Ask, asked: Asked) -> Part[ClusterQuestions]:
    """By cluster."""
    ask.viewer.must("see cases")
    path = held.must_run(ask.viewer).folder / "questions.json"
    told = json.loads(path.read_bytes()) if path.is_file() else {}
    found = part(
        [{"cluster": name, "questions": many} for name, many in told.items()], asked.window
    )
    return Part(tuple(ClusterQuestions.model_validate(_finite(r)) for r in found.rows), found.total)


def counts(held: Held, ask: Ask) -> dict[str, Any]:
    """How much there is."""
    run = held.must_run(ask.viewer)
    told, rows = run.published.isolates["reference"].drop_nulls(), run.published.clusters
    groups = pl.col("cluster").drop_nulls().n_unique() + pl.col("cluster").null_count()
    found = rows.group_by("level").agg(groups.alias("groups")).sort("level").rows()
    left_out = run.folder / "left_out.tsv"
    failed = len(left_out.read_text("utf-8").splitlines()) - 1 if left_out.is_file() else 0
    return {
        "isolates": len(run.published.isolates),
        "by_reference": dict(told.value_counts().sort("reference").rows()),
        "removed": 0,
        "failed": failed,
        "clusters": dict(found),
    }


READERS: Mapping[str, Reader] = {
    "isolates": isolates,
    "pairs": pairs,
    "clusters": clusters,
    "cases": cases,
    "links": links,
    "sources": sources,
    "questions": questions,
}


def _isolates(held: Held, ask: Ask, rows: pl.DataFrame) -> Iterator[dict[str, Any]]:
    names = rows["isolate_id"].to_list()
    told = held.must_run(ask.viewer).published.clusters.drop_nulls("cluster")
    clusters: dict[str, dict[str, str]] = {}
    mine = told.filter(pl.col("isolate_id").is_in(names)).select("isolate_id", "level", "cluster")
    for name, level, cluster in mine.iter_rows():
        clusters.setdefault(name, {})[str(level)] = cluster
    nothing = {"jurisdiction": None, "removed": None, "failure": None}
    for row in rows.select(_MAIN).to_dicts():
        yield {
            **row,
            **nothing,
            "state": "present",
            "clusters": clusters.get(row["isolate_id"], {}),
        }


def _cases(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of tables.CASES; a run writes their isolates between semicolons."""
    return frame.with_columns(pl.col("isolate_ids").str.split(";")).to_dicts()


def _slice(frame: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    return frame.slice(asked.window.offset, asked.window.limit)


def _within(frame: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    return frame if asked.within is None else frame.filter(pl.col("snps") <= asked.within)


def _finite(value: Any) -> Any:
    """JSON has no infinity: the largest number stands for it."""
    if isinstance(value, float) and not isfinite(value):
        return None if isnan(value) else copysign(sys.float_info.max, value)
    if isinstance(value, Mapping):
        return {name: _finite(inner) for name, inner in value.items()}
    return [_finite(inner) for inner in value] if isinstance(value, list) else value


def _no_isolate(isolate_id: str) -> NotHeldError:
    return NotHeldError(f"{isolate_id}: no such isolate", hint="the list of isolates has them all")
