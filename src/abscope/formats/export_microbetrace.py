"""MicrobeTrace: a table of nodes and a table of links, CSV.

https://github.com/CDCgov/MicrobeTrace: nodes by `id`, links by `source`, `target` and `distance`; the
threshold is set there. Cases without an isolate are nodes too, with no genetic link.
"""

import polars as pl

from abscope.formats.isolate_facts import cases_without_isolate, facts, frame, known_columns
from abscope.records import Published
from abscope.tables import written


def files(run: Published) -> dict[str, bytes]:
    """nodes.csv and links.csv; of the links those that were compared, with the verdict of each."""
    rows = [{"id": fact.pop("isolate_id"), "sequenced": "yes", **fact} for fact in facts(run)]
    rows += [
        {"id": fact["case_id"], "sequenced": "no", **fact} for fact in cases_without_isolate(run)
    ]
    nodes = frame(rows).select(known_columns(rows))
    return {"nodes.csv": written.csv(nodes), "links.csv": written.csv(_links(run))}


def _links(run: Published) -> pl.DataFrame:
    pair = ["isolate_1", "isolate_2"]
    judged = run.links.select(*pair, pl.col("verdict").alias("link"), "linked")
    return (
        run.pairs.filter(pl.col("verdict") == "compared")
        .join(judged, on=pair, how="left")
        .sort(pair)
        .select(
            pl.col("isolate_1").alias("source"),
            pl.col("isolate_2").alias("target"),
            pl.col("snps").alias("distance"),
            "comparable",
            "link",
            pl.col("linked").alias("probability"),
        )
    )
