"""What can be exported of a standing collection."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import shared
from abscope.collection.access import Viewer
from abscope.collection.database import reading
from abscope.collection.published import published
from abscope.formats import export_graphml, export_microbetrace, export_reportree
from abscope.formats.withheld import without_identifiers
from abscope.records import Published
from shared import Held, genome

ROOT = Viewer("root", "administrator", ("*",))
AZ = Viewer("ana", "epidemiologist", ("AZ",))
DAY = date(2026, 11, 22)


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    with shared.held(tmp_path / "held", {}) as made:
        made.add("az_1", genome(5), jurisdiction="AZ")
        made.add("az_2", genome(5, 6), jurisdiction="AZ")
        made.add("co_1", genome(5, 6, 7), jurisdiction="CO")
        made.add("far", genome(*range(2_000, 2_400)), jurisdiction="CO")
        yield made


def of(held: Held, viewer: Viewer) -> Published:
    charter = replace(held.charter, organism="mycobacterium_abscessus")
    with reading(held.collection.engine) as connection:
        return published(connection, viewer, charter, today=DAY)


def test_pairs_are_those_within_the_widest_level_and_nobody_is_lost(held: Held) -> None:
    found = of(held, ROOT)
    assert found.isolates["isolate_id"].to_list() == ["az_1", "az_2", "co_1", "far"]
    pairs = found.pairs.select("isolate_1", "isolate_2", "snps").sort(pl.all()).rows()
    assert pairs == [("az_1", "az_2", 1), ("az_1", "co_1", 2), ("az_2", "co_1", 1)]
    widest = found.clusters.filter(pl.col("level") == found.clusters["level"].max())
    names = dict(widest.select("isolate_id", "cluster").rows())
    assert names["far"] is None
    assert names["az_1"] == names["co_1"] == f"c{widest['level'][0]}-1"


def test_a_viewer_exports_their_own_rows_and_no_others(held: Held) -> None:
    found = of(held, AZ)
    assert found.isolates["isolate_id"].to_list() == ["az_1", "az_2"]
    assert found.pairs.height == 1
    assert b"co_1" not in export_microbetrace.files(found)["links.csv"]


def test_it_goes_through_the_same_exports_as_a_run(held: Held) -> None:
    found = without_identifiers(of(held, ROOT))
    assert b"az_1,az_2,1," in export_microbetrace.files(found)["links.csv"]
    assert export_reportree.files(found)["partitions.tsv"].startswith(b"sequence\tsingle-")
    assert b"isolate:far" in export_graphml.encode(found)
