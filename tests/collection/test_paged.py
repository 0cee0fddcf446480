"""Lists a part at a time say what the whole lists say, on both databases."""

import sqlalchemy as sa

import jurisdictions as j
from abscope.collection import paged, schema
from abscope.collection.access import Viewer
from abscope.collection.paged import Window

VIEWERS = (j.AZ, j.CO, j.BOTH, j.ALL)
WHOLE = Window(1000)


def mark(connection: sa.Connection, name: str, **values: object) -> None:
    mine = schema.isolates.c.isolate_id == name
    connection.execute(sa.update(schema.isolates).where(mine).values(**values))


def test_the_parts_of_a_list_are_the_list_for_every_viewer(connection: sa.Connection) -> None:
    for viewer in VIEWERS:
        whole = paged.isolates(connection, viewer, WHOLE).rows
        parts = [paged.isolates(connection, viewer, Window(2, at)) for at in range(0, 8, 2)]
        assert tuple(row for part in parts for row in part.rows) == whole
        assert {part.total for part in parts} == {len(whole)}


def test_pairs_are_closest_first_between_ones_own_and_without_the_removed(
    connection: sa.Connection,
) -> None:
    def found(viewer: Viewer, **wish: int) -> list[tuple[str, str, int]]:
        rows = paged.pairs(connection, viewer, WHOLE, **wish).rows
        return [(one.isolate_1, one.isolate_2, one.snps) for one in rows]

    assert found(j.ALL) == [tuple(pair) for pair in j.PAIRS]
    assert found(j.AZ) == [("az_1", "az_2", 3)]
    assert found(j.ALL, within=4) == [tuple(pair) for pair in j.PAIRS[:2]]
    mark(connection, "az_1", removed="2026-11-22T12:00:00")
    assert [one[:2] for one in found(j.ALL)] == [("co-1.x", "co-2"), ("az_2", "nm_1")]


def test_clusters_hold_and_count_ones_own_isolates_alone(connection: sa.Connection) -> None:
    [mine] = paged.clusters(connection, j.AZ, WHOLE).rows
    assert (mine.level, mine.cluster, mine.isolates) == (25, 1, ("az_1", "az_2"))
    assert paged.clusters(connection, j.AZ, WHOLE, least=3).rows == ()
    assert paged.clusters(connection, j.ALL, WHOLE, level=10).total == 0


def test_isolates_are_found_by_state_name_and_part_of_a_name(connection: sa.Connection) -> None:
    mark(connection, "az_2", removed="2026-11-22T12:00:00")
    mark(connection, "free", failure="no reads", profile_key=None, genotype=None)

    def named(**wish: str) -> list[str]:
        rows = paged.isolates(connection, j.ALL, WHOLE, **wish).rows  # type: ignore[arg-type]
        return [one.isolate_id for one in rows]

    assert named(state="removed") == ["az_2"]
    assert named(state="failed") == ["free"]
    assert named(state="present") == ["az_1", "co-1.x", "co-2", "nm_1"]
    assert named(text="CO-") == ["co-1.x", "co-2"]
    assert named(text="_1") == ["az_1", "nm_1"]  # a letter, not a pattern
    assert named(name="co-2") == ["co-2"]
    counts = paged.counts(connection, j.AZ)
    assert counts["isolates"] == 1
    assert (counts["removed"], counts["failed"], counts["clusters"]) == (1, 0, {25: 1})
    assert paged.counts(connection, j.ALL)["by_reference"] == {"R": 4}
