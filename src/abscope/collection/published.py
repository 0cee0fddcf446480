"""What can be exported of a standing collection: isolates, near pairs, clusters and cases.

Pairs are those within the widest level, as a collection keeps no others. A cluster is called by its level and
its number in the ledger, which is its own for good. Types, trees and rankings are a run's, and are empty.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import polars as pl
import sqlalchemy as sa

from abscope import __version__, organism, tables
from abscope.collection import paged
from abscope.collection.access import Viewer
from abscope.collection.case_views import own_cases
from abscope.collection.charter import Charter
from abscope.collection.paged import IsolateView, Window
from abscope.records import LineList, Published
from abscope.tables.links import LINKS

_ALL = Window(2**31 - 1)


def published(
    connection: sa.Connection, viewer: Viewer, charter: Charter, *, today: date
) -> Published:
    """The viewer's part of a collection; removed and failed isolates take no part.

    Raises AccessError where they may not see cases.
    """
    isolates = paged.isolates(connection, viewer, _ALL, state="present").rows
    found = own_cases(connection, viewer, charter.folder, today=today)
    cases, exposures = _line_list(found)
    return Published(
        organism=organism.read(charter.organism).name,
        version=__version__,
        isolates=_isolates(isolates, charter),
        types=pl.DataFrame(schema={"isolate_id": pl.String}),
        pairs=_pairs(connection, viewer),
        clusters=_clusters(isolates),
        cases=cases,
        exposures=exposures,
        links=LINKS.frame(),
        resistance=pl.DataFrame(),
        hamronized=pl.DataFrame(),
    )


def _isolates(isolates: Sequence[IsolateView], charter: Charter) -> pl.DataFrame:
    subspecies = {one.name: one.subspecies for one in charter.references}
    return tables.ISOLATES.frame(
        [
            {
                "isolate_id": one.isolate_id,
                "reference": one.reference,
                "subspecies": subspecies.get(one.reference or ""),
            }
            for one in isolates
        ]
    )


def _pairs(connection: sa.Connection, viewer: Viewer) -> pl.DataFrame:
    return tables.PAIRS.frame(
        [
            {
                "isolate_1": one.isolate_1,
                "isolate_2": one.isolate_2,
                "reference": one.reference,
                "snps": one.snps,
                "comparable": one.comparable,
                "verdict": "compared",
            }
            for one in paged.pairs(connection, viewer, _ALL).rows
        ]
    )


def _clusters(isolates: Sequence[IsolateView]) -> pl.DataFrame:
    """Everybody at every level; who is alone there is in no cluster."""
    sizes = Counter(item for one in isolates for item in one.clusters.items())
    return tables.CLUSTER_MEMBERS.frame(
        [
            {
                "level": level,
                "cluster": f"c{level}-{number}" if sizes[level, number] > 1 else None,
                "isolate_id": one.isolate_id,
            }
            for one in isolates
            for level, number in one.clusters.items()
        ]
    )


def _line_list(found: LineList | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cases and exposures, with dates and lists as text."""
    cases = tables.CASES.frame() if found is None else found.cases
    exposures = tables.EXPOSURES.frame() if found is None else found.exposures
    written = cases.with_columns(
        pl.col("isolate_ids").list.join(";"), pl.col(pl.Date).cast(pl.String)
    )
    return written, exposures
