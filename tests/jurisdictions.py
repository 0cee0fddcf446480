"""A collection that three jurisdictions share, written straight into its tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from abscope.collection import schema
from abscope.collection.access import Viewer
from abscope.collection.database import connect, writing
from abscope.collection.history import Stamp, note

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
STAMP = Stamp("2026-11-22T12:00:00", "tests")
AZ = Viewer("ana", "epidemiologist", ("AZ",))
CO = Viewer("carl", "laboratory", ("CO",))
BOTH = Viewer("bo", "viewer", ("AZ", "CO"))
ALL = Viewer("root", "administrator", ("*",))
OWNERS = {"az_1": "AZ", "az_2": "AZ", "co-1.x": "CO", "co-2": "CO", "nm_1": "NM", "free": ""}
PAIRS = (("az_1", "az_2", 3), ("az_1", "co-1.x", 4), ("co-1.x", "co-2", 9), ("az_2", "nm_1", 24))


@contextmanager
def shared(where: Path | str) -> Iterator[sa.Engine]:
    """Six isolates, four near pairs, one cluster, alerts, a log and a ledger; AZ and CO have contacts."""
    engine = connect(where)
    with writing(engine) as connection:
        _isolates(connection)
        _alerts(connection)
        for state in ("AZ", "CO"):
            row = {"jurisdiction": state, "contact": f"{state} laboratory, +1 555"}
            connection.execute(sa.insert(schema.contacts).values(row))
    try:
        yield engine
    finally:
        engine.dispose()


def _isolates(connection: sa.Connection) -> None:
    for serial, (name, state) in enumerate(OWNERS.items(), 1):
        row = {
            "isolate_id": name, "serial": serial, "profile_key": "k" * 64, "content": f"files of {name}",
            "reference": "R", "genotype": serial - 1, "jurisdiction": state,
        }  # fmt: skip
        connection.execute(sa.insert(schema.isolates).values(row))
        connection.execute(
            sa.insert(schema.memberships).values(level=25, isolate_id=name, cluster=1)
        )
        note(connection, STAMP, "add", name, {"reference": "R"})
        entry = {"at": STAMP.at, "level": 25, "verb": "joined", "cluster": 1, "isolates": [name]}
        connection.execute(sa.insert(schema.ledger).values(entry))
    serial = {"name": "isolates", "next": len(OWNERS) + 1}
    connection.execute(sa.insert(schema.counters).values(serial))
    for one, two, snps in PAIRS:
        row = {"isolate_1": one, "isolate_2": two, "snps": snps, "comparable": 4_000_000}
        connection.execute(sa.insert(schema.near_pairs).values(row))
    merged = {
        "at": STAMP.at,
        "level": 25,
        "verb": "merged",
        "cluster": 1,
        "other": 7,
        "isolates": [],
    }
    elsewhere = {**merged, "cluster": 8, "other": 9}
    connection.execute(sa.insert(schema.ledger), [merged, elsewhere])


def _alerts(connection: sa.Connection) -> None:
    for state, mine, theirs in (("AZ", "az_1", "co-1.x"), ("CO", "co-1.x", "az_1")):
        row = {
            "alert": f"alert of {state}", "day": "2026-11-21", "rule": "new pair", "subject": mine,
            "severity": "high", "reason": f"{mine} is 4 SNPs from {theirs}.", "jurisdiction": state,
            "evidence": {"pair": [mine, theirs], theirs: {"snps": 4}, "told": f"({mine}+{theirs})"},
        }  # fmt: skip
        connection.execute(sa.insert(schema.alerts).values(row))
        delivery = {"alert": row["alert"], "channel": "mail", "attempts": 1}
        connection.execute(sa.insert(schema.deliveries).values(delivery))
        answer = {"alert": row["alert"], "at": STAMP.at, "actor": state, "note": f"call {theirs}"}
        connection.execute(sa.insert(schema.acknowledgements).values(answer))
