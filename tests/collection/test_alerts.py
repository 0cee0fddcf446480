"""Alerts in a collection: raised once, delivered once, answered for good; on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from abscope.collection import alerts as shelf
from abscope.collection.access import Viewer, at_terminal
from abscope.collection.database import reading, writing
from abscope.collection.history import Stamp
from abscope.collection.schema import acknowledgements, alerts, deliveries
from abscope.collection.store import Collection, open_collection
from abscope.errors import AccessError, DataError
from abscope.records import Alert

NOW, STAMP = "2026-01-02T03:00:00", Stamp("2026-01-02T03:00:00", "ana")
ALERT = Alert(
    "new pair", "i2", "high", "A new isolate is linked", "i2 is 2 SNPs from i1.",
    {"isolate": "i2", "pairs": [{"snps": 2}]}, date(2026, 1, 2), "CO", 0.25,
)  # fmt: skip


@pytest.fixture
def held(database: str | None, tmp_path: Path) -> Iterator[Collection]:
    with open_collection(tmp_path / "c", database=database) as collection:
        yield collection


def keep(held: Collection, *found: Alert, channels: tuple[str, ...] = ("mail",)) -> list[str]:
    with writing(held.engine) as connection:
        return [one.key for one in shelf.record(connection, found, channels)]


def due(held: Collection, now: str) -> list[shelf.Waiting]:
    with reading(held.engine) as connection:
        return list(shelf.due(connection, now))


def count(held: Collection, table: sa.Table) -> int:
    with reading(held.engine) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_the_same_alert_is_kept_once_whatever_day_it_is_raised_again(held: Collection) -> None:
    again = replace(ALERT, day=date(2026, 2, 1), reason="in other words")
    assert keep(held, ALERT, ALERT) == [ALERT.key]
    assert keep(held, again) == []
    elsewhere = replace(ALERT, jurisdiction="AZ")
    assert keep(held, ALERT, elsewhere) == [elsewhere.key]
    assert (count(held, alerts), count(held, deliveries)) == (2, 2)


def test_an_alert_comes_back_as_it_was_kept(held: Collection) -> None:
    keep(held, ALERT)
    with reading(held.engine) as connection:
        assert shelf.by_keys(connection, [ALERT.key, "nobody"]) == (ALERT,)


def test_a_delivery_is_claimed_by_one_process_only_and_made_once(held: Collection) -> None:
    keep(held, ALERT)
    (first,) = due(held, NOW)
    (second,) = due(held, NOW)
    assert shelf.claim(held.engine, first, NOW)
    assert not shelf.claim(held.engine, second, NOW)
    assert due(held, NOW) == []
    shelf.settle(held.engine, first, NOW)
    assert due(held, "2027-01-01T00:00:00") == []
    assert not shelf.claim(held.engine, first, NOW)


def test_a_delivery_that_failed_waits_longer_each_time_and_six_hours_at_most(
    held: Collection,
) -> None:
    keep(held, ALERT)
    minute = [0, 1, 3, 7]
    for attempt in range(4):
        (one,) = due(held, f"2026-01-02T03:{minute[attempt]:02}:00")
        at = f"2026-01-02T03:{minute[attempt]:02}:00"
        assert shelf.claim(held.engine, one, at)
        shelf.settle(held.engine, one, at, error="HTTP 503")
        assert due(held, f"2026-01-02T03:{minute[attempt] + 2**attempt - 1:02}:59") == []
    with writing(held.engine) as connection:
        connection.execute(sa.update(deliveries).values(attempts=40))
    assert due(held, "2026-01-02T09:06:59") == []
    assert len(due(held, "2026-01-02T09:07:00")) == 1


def test_a_delivery_cut_short_is_tried_again_after_ten_minutes(held: Collection) -> None:
    keep(held, ALERT)
    (one,) = due(held, NOW)
    assert shelf.claim(held.engine, one, NOW)
    assert due(held, "2026-01-02T03:09:59") == []
    assert [again.attempts for again in due(held, "2026-01-02T03:10:00")] == [1]


def test_answers_are_added_and_never_overwritten(held: Collection) -> None:
    keep(held, ALERT)
    viewer = at_terminal("ana")
    for note in ("called the clinic", "no answer yet"):
        with writing(held.engine) as connection:
            assert (
                shelf.acknowledge(connection, viewer, ALERT.key[:6], note=note, stamp=STAMP)
                == ALERT.key
            )
    with reading(held.engine) as connection:
        (one,) = shelf.kept(connection, viewer)
    assert [answer[2] for answer in one.answers] == ["called the clinic", "no answer yet"]
    assert (one.alert, one.delivered, one.channels) == (ALERT, 0, 1)


def test_only_who_may_answers_and_only_alerts_of_theirs(held: Collection) -> None:
    keep(held, ALERT)
    onlooker = Viewer("eve", "viewer", ("CO",))
    neighbour = Viewer("bob", "epidemiologist", ("AZ",))
    for viewer, error in ((onlooker, AccessError), (neighbour, DataError)):
        with writing(held.engine) as connection, pytest.raises(error):
            shelf.acknowledge(connection, viewer, ALERT.key, note="", stamp=STAMP)
    with writing(held.engine) as connection, pytest.raises(DataError):
        shelf.acknowledge(connection, at_terminal("ana"), "", note="", stamp=STAMP)
    with reading(held.engine) as connection:
        assert shelf.kept(connection, neighbour) == ()
        assert len(shelf.kept(connection, onlooker)) == 1
    assert count(held, acknowledgements) == 0
