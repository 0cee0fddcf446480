"""The audit log: whatever is done to its rows afterwards is found."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

import jurisdictions as j
from abscope.collection import audit
from abscope.collection.audit import Head
from abscope.collection.database import connect, reading, writing
from abscope.collection.schema import audit as table
from abscope.errors import AccessError, UsageError

ENTRIES = 6


@pytest.fixture
def engine(database: str | None, tmp_path: Path) -> Iterator[sa.Engine]:
    made = connect(database or tmp_path / "collection.db")
    for number in range(ENTRIES):
        with writing(made) as connection:
            audit.append(
                connection, j.STAMP, "see", f"case {number}", {"n": number, "x": [0.1, None]}
            )
    yield made
    made.dispose()


def found(engine: sa.Engine, remembered: Head | None = None) -> list[str]:
    with reading(engine) as connection:
        return list(audit.problems(connection, remembered=remembered))


def head(engine: sa.Engine) -> Head:
    with reading(engine) as connection:
        return audit.head(connection)


def test_a_log_that_nobody_touched_is_sound(engine: sa.Engine) -> None:
    assert found(engine) == []
    assert found(engine, head(engine)) == []
    assert found(engine, Head.parse(str(head(engine)))) == []


CHANGES: dict[str, Callable[[], sa.Executable]] = {
    "at": lambda: sa.update(table).where(table.c.entry == 3).values(at="2020-01-01T00:00:00"),
    "actor": lambda: sa.update(table).where(table.c.entry == 3).values(actor="somebody else"),
    "action": lambda: sa.update(table).where(table.c.entry == 3).values(action="add"),
    "subject": lambda: sa.update(table).where(table.c.entry == 3).values(subject="case 9"),
    "detail": lambda: sa.update(table).where(table.c.entry == 3).values(detail={}),
    "digest": lambda: sa.update(table).where(table.c.entry == 3).values(digest="0" * 64),
    "deleted": lambda: sa.delete(table).where(table.c.entry == 3),
    "first deleted": lambda: sa.delete(table).where(table.c.entry == 1),
    "moved": lambda: sa.update(table).where(table.c.entry == 3).values(entry=99),
    "inserted": lambda: sa.insert(table).values(
        entry=7, at="2026", actor="a", action="b", subject="c", detail={}, digest="f" * 64
    ),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_a_row_that_was_changed_dropped_moved_or_slipped_in_is_found(
    engine: sa.Engine, change: str
) -> None:
    with writing(engine) as connection:
        connection.execute(CHANGES[change]())
    assert found(engine)


def test_two_rows_that_changed_places_are_found(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            connection.execute(sa.update(table).where(table.c.entry == old).values(entry=new))
    assert any("entry 2" in problem for problem in found(engine))


def test_a_log_cut_short_or_written_anew_is_given_away_by_a_head_kept_elsewhere(
    engine: sa.Engine,
) -> None:
    kept = head(engine)
    with writing(engine) as connection:
        connection.execute(sa.delete(table).where(table.c.entry >= 5))
    assert found(engine) == []
    assert found(engine, kept) == ["entries 5 to 6: were cut off the end"]
    with writing(engine) as connection:
        for number in (5, 6, 7):
            audit.append(connection, j.STAMP, "see", f"invented {number}")
    assert found(engine) == []
    assert found(engine, kept) == ["entry 6: its digest is not the one remembered"]


def test_an_older_head_still_holds_when_the_log_has_grown(engine: sa.Engine) -> None:
    kept = head(engine)
    with audit.changing(engine, j.STAMP, "add", "isolate"):
        pass
    assert found(engine, kept) == []


def test_a_change_that_fails_leaves_no_row_and_a_read_that_fails_leaves_one(
    engine: sa.Engine,
) -> None:
    with pytest.raises(RuntimeError), audit.changing(engine, j.STAMP, "add", "isolate"):
        raise RuntimeError
    assert head(engine).entry == ENTRIES
    with pytest.raises(RuntimeError), audit.reading(engine, j.STAMP, "see cases", "all"):
        raise RuntimeError
    assert head(engine).entry == ENTRIES + 1


def test_the_log_is_shown_to_administrators_alone(engine: sa.Engine) -> None:
    with reading(engine) as connection:
        assert [row.subject for row in audit.rows(connection, j.ALL)][:2] == ["case 0", "case 1"]
        assert audit.rows(connection, j.ALL, actor="nobody") == ()
        with pytest.raises(AccessError):
            audit.rows(connection, j.AZ)


@pytest.mark.parametrize("text", ["", "3", "3:xyz", "x:" + "0" * 64, "1:" + "0" * 63])
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        Head.parse(text)


DETAIL = st.dictionaries(st.text(max_size=3), st.integers(), max_size=2)
ROW = st.tuples(st.text(max_size=5), st.text(max_size=5), DETAIL)


@given(st.lists(ROW, min_size=1, max_size=6), st.data())
def test_any_one_row_changed_in_any_field_breaks_the_chain(
    given_rows: list[tuple[str, str, dict[str, int]]], data: st.DataObject
) -> None:
    rows, before = [], audit.FIRST
    for entry, (actor, subject, detail) in enumerate(given_rows, 1):
        values = {
            "entry": entry,
            "at": "2026",
            "actor": actor,
            "action": "a",
            "subject": subject,
            "detail": detail,
        }
        before = audit._digest(before, values)
        rows.append(audit.Row(**values, digest=before))
    assert list(audit.broken(rows)) == []
    at = data.draw(st.integers(0, len(rows) - 1))
    field = data.draw(st.sampled_from(["at", "actor", "action", "subject"]))
    changed = {name: getattr(rows[at], name) for name in audit.Row.__dataclass_fields__}
    changed[field] += "!"
    rows[at] = audit.Row(**changed)
    assert list(audit.broken(rows))


def test_texts_no_database_keeps_are_written_in_letters_it_does(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        audit.append(connection, j.STAMP, "see", "nul \0 and half \ud800", {"é": "\0\ud800"})
    assert found(engine) == []


def test_rows_written_at_once_by_several_stand_one_after_the_other(engine: sa.Engine) -> None:
    def write(number: int) -> None:
        for turn in range(3):
            with writing(engine) as connection:
                audit.append(connection, j.STAMP, "see", f"case {number}.{turn}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert found(engine) == []
    assert head(engine).entry == ENTRIES + 12
