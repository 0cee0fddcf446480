"""Attacks on a collection that is shared: each is tried, and fails.

Forged tokens and guessing are in test_logins, tampering with the audit log in test_audit, bombs in
formats/test_expansion and formats/test_bundle, formulas in tables/test_written.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import sqlalchemy as sa

import abscope.collection
import databases
import jurisdictions as j
import shared
from abscope.collection import (
    alerts,
    arrivals,
    audit,
    case_imports,
    logins,
    schema,
    tokens,
    users,
    views,
)
from abscope.collection.access import Viewer, own_isolates, scoped
from abscope.collection.arrivals import Arrival
from abscope.collection.case_views import own_cases
from abscope.collection.database import connect, reading, writing
from abscope.collection.history import Stamp
from abscope.collection.shelves import Shelf
from abscope.collection.store import Collection
from abscope.errors import AbscopeError, AccessError
from abscope.formats import line_list, sample_sheet
from abscope.formats.line_list import Beside
from abscope.records import LeftOut
from abscope.records.cells import safe_cell
from abscope.tables.written import tsv

Read = Callable[[sa.Connection, Viewer], Any]
NM = Viewer("nina", "epidemiologist", ("NM",))
HOSTILE = (
    "x'; DROP TABLE isolates; --",
    "' OR '1'='1",
    "%",
    "_",
    'x" OR 1=1 --',
    "\\",
    "\0",
    "{}",
)


def paged(name: str, *words: object, **more: object) -> Read:
    """A list by pages: everything on one."""

    def read(connection: sa.Connection, viewer: Viewer) -> Any:
        module = importlib.import_module("abscope.collection.paged")
        return getattr(module, name)(connection, viewer, module.Window(1_000), *words, **more)

    return read


def near(connection: sa.Connection, viewer: Viewer) -> Any:
    return [one[0] for one in each_isolate(views.near)(connection, viewer)]


def each_isolate(read: Callable[..., Any]) -> Read:
    """A question about one isolate, asked of all there are; those refused give nothing."""

    def ask(connection: sa.Connection, viewer: Viewer) -> list[Any]:
        told = []
        for name in j.OWNERS:
            try:
                told.append(read(connection, viewer, name))
            except AccessError:
                assert j.OWNERS[name] not in viewer.jurisdictions
        return told

    return ask


def counts(connection: sa.Connection, viewer: Viewer) -> Any:
    return importlib.import_module("abscope.collection.paged").counts(connection, viewer)


READS: dict[str, Read] = {
    "access.scoped": lambda c, v: [c.execute(scoped(v, t)).all() for t in (
        schema.isolates, schema.near_pairs, schema.memberships, schema.log, schema.deliveries)],
    "access.own_isolates": lambda c, v: c.execute(own_isolates(v)).all(),
    "views.near": near,
    "views.elsewhere": each_isolate(views.elsewhere),
    "views.must_own_isolate": each_isolate(views.must_own_isolate),
    "views.log": views.log,
    "views.ledger": views.ledger,
    "views.hiding": lambda c, v: views.hiding(c, v, list(j.OWNERS))(list(j.OWNERS)),
    "alerts.kept": alerts.kept,
    "paged.isolates": paged("isolates"),
    "paged.pairs": paged("pairs"),
    "paged.clusters": paged("clusters", least=1),
    "paged.counts": counts,
}  # fmt: skip
ELSEWHERE_TESTED = {
    "alerts.acknowledge": "below",
    "alerts.shown": "below",
    "audit.rows": "test_audit",
    "case_views.own_cases": "below",
    "published.published": "asks paged and case_views alone",
    "sharing.bundle": "test_sharing",
    "sharing.matches": "test_sharing",
    "users.add": "writes a user, reads nothing",
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sa.Engine]:
    """One for all questions: they change nothing."""
    where: Path | str = tmp_path_factory.mktemp("shared") / "collection.db"
    if request.param == "postgresql":
        where = databases.fresh(request.getfixturevalue("postgresql"))
    with j.shared(where) as made:
        yield made


@pytest.fixture
def here(tmp_path: Path) -> Iterator[sa.Engine]:
    with j.shared(tmp_path / "collection.db") as made:
        yield made


def questions() -> Iterator[str]:
    """Every function of the collection that anybody may call with a viewer."""
    for module in pkgutil.iter_modules(abscope.collection.__path__):
        if module.ispkg:
            continue
        found = importlib.import_module(f"abscope.collection.{module.name}")
        for name, function in inspect.getmembers(found, inspect.isfunction):
            ours = function.__module__ == found.__name__ and not name.startswith("_")
            if ours and "viewer" in inspect.signature(function).parameters:
                yield f"{module.name}.{name}"


def test_every_question_a_viewer_can_ask_is_tried_here() -> None:
    untried = set(questions()) - set(READS) - set(ELSEWHERE_TESTED)
    assert not untried, "add it to READS"


@pytest.mark.parametrize("viewer", [j.AZ, j.CO, NM, j.BOTH], ids=["AZ", "CO", "NM", "AZ and CO"])
@pytest.mark.parametrize("name", sorted(READS))
def test_no_question_gives_another_jurisdictions_isolate(
    name: str, viewer: Viewer, engine: sa.Engine
) -> None:
    assert name in set(questions()), "take it out of READS"
    with reading(engine) as connection:
        told = repr(READS[name](connection, viewer))
    foreign = [one for one, owner in j.OWNERS.items() if owner not in viewer.jurisdictions]
    assert [one for one in foreign if one in told] == []


def test_an_alert_of_another_jurisdiction_cannot_be_answered(here: sa.Engine) -> None:
    with writing(here) as connection, pytest.raises(AbscopeError):
        alerts.acknowledge(connection, j.AZ, "alert of CO", note="mine now", stamp=j.STAMP)
    with writing(here) as connection, pytest.raises(AccessError):
        alerts.acknowledge(connection, j.BOTH, "alert of CO", note="only looking", stamp=j.STAMP)


def test_a_failed_isolate_is_its_jurisdictions_own_and_a_bad_file_changes_nobody_elses(
    here: sa.Engine, tmp_path: Path
) -> None:
    held = Collection(tmp_path, here)
    held.fail(LeftOut("az_new", "empty file", ""), jurisdiction="AZ")
    held.fail(LeftOut("az_new", "somebody else's", ""), jurisdiction="CO")
    held.fail(LeftOut("co-2", "not a genome", ""), jurisdiction="AZ")
    with reading(here) as connection:
        seen = {one.isolate_id: one for one in paged("isolates")(connection, j.AZ).rows}
        assert seen["az_new"].failure == "empty file"
        others = {one.isolate_id: one.failure for one in paged("isolates")(connection, j.CO).rows}
    assert others == {"co-1.x": None, "co-2": None}


@pytest.mark.parametrize("files", ["files of co-2", "others"], ids=["its files", "its name"])
def test_whoever_offers_another_jurisdictions_files_or_name_learns_no_name_and_changes_nothing(
    files: str, here: sa.Engine, tmp_path: Path
) -> None:
    name = "mine" if files == "files of co-2" else "co-2"
    arrival = Arrival(name, "k" * 64, files, "R", np.zeros((3, 32), np.uint64), "AZ")
    shelf = Shelf(tmp_path / "genotypes", "d", 2_000, 1_000)
    with pytest.raises(AbscopeError) as told:
        arrivals.admit(
            Collection(tmp_path, here), arrival, shelf=shelf, levels=(25,), stamp=j.STAMP
        )
    assert name == "co-2" or "co-2" not in told.value.message + told.value.hint
    with reading(here) as connection:
        assert paged("isolates")(connection, j.ALL).total == len(j.OWNERS)


def test_a_removal_and_a_return_are_in_the_audit_log_or_did_not_happen(
    here: sa.Engine, tmp_path: Path
) -> None:
    held = Collection(tmp_path, here)
    arrivals.remove(held, "az_1", reason="mixed up", levels=(25,), stamp=j.STAMP)
    arrivals.restore(held, "az_1", levels=(25,), stamp=j.STAMP)
    with pytest.raises(AbscopeError):
        arrivals.restore(held, "az_1", levels=(25,), stamp=j.STAMP)
    with reading(here) as connection:
        told = [(one.actor, one.action, one.subject) for one in audit.rows(connection, j.ALL)]
        assert list(audit.problems(connection)) == []
    assert told == [
        ("tests", "remove isolate", "az_1"),
        ("tests", "restore isolate", "az_1"),
    ]


def test_alerts_of_nobody_in_particular_are_seen_only_by_those_who_see_all(
    here: sa.Engine,
) -> None:
    row = {
        "alert": "counts", "day": "2026-11-21", "rule": "more cases than expected", "severity": "low",
        "subject": "weeks", "reason": "many", "jurisdiction": "", "evidence": {},
    }  # fmt: skip
    with writing(here) as connection:
        connection.execute(sa.insert(schema.alerts).values(row))
    with reading(here) as connection:
        seen = {
            viewer.user: "counts" in {one.key for one in alerts.kept(connection, viewer)}
            for viewer in (j.AZ, j.CO, j.BOTH, j.ALL)
        }
    assert seen == {"ana": False, "carl": False, "bo": False, "root": True}


def test_a_case_is_shown_to_those_whose_isolates_are_all_its_own(
    here: sa.Engine, tmp_path: Path
) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(
        "case_id,isolate_id,clinic\nA,az_1,North\nB,co-1.x,South\nC,az_2;co-2,East\nD,,West\nE,nobody,Up\n"
    )
    case_imports.keep(tmp_path, path, Beside(), today=j.NOW.date())

    def told(viewer: Viewer) -> set[str]:
        with reading(here) as connection:
            found = own_cases(connection, viewer, tmp_path, today=j.NOW.date())
        assert found is not None
        return set(found.cases["case_id"]) | set(found.exposures["value"].drop_nulls())

    assert told(j.AZ) == {"A", "North"}
    assert told(j.ALL) == {"A", "B", "C", "D", "E", "North", "South", "East", "West", "Up"}
    for viewer in (j.CO, j.BOTH):
        with pytest.raises(AccessError, match="may not see cases"):
            told(viewer)


@pytest.mark.parametrize("text", HOSTILE)
def test_sql_in_any_argument_is_a_text_like_others(text: str, here: sa.Engine) -> None:
    viewers = (Viewer("u", "epidemiologist", (text,)), Viewer(text, "viewer", ("AZ",)))
    with reading(here) as connection:
        assert paged("isolates")(connection, viewers[0]).rows == ()
        for viewer in (*viewers, j.AZ):
            with pytest.raises(AccessError):
                views.near(connection, viewer, text)
        assert views.log(connection, j.AZ, since=text) in ((), views.log(connection, j.AZ))
        assert audit.rows(connection, j.ALL, actor=text) == ()
        for kind in ("session", "token"):
            with pytest.raises(AccessError):
                tokens.viewer_of(connection, text, kind=kind, now=j.NOW)
    with pytest.raises(AccessError, match="is wrong"):
        logins.log_in(here, text, text, now=j.NOW, source=text)
    with writing(here) as connection, pytest.raises(AbscopeError):
        users.add(connection, viewers[1])
    assert set(sa.inspect(here).get_table_names()) >= set(schema.metadata.tables)
    with reading(here) as connection:
        assert paged("isolates")(connection, j.ALL).total == len(j.OWNERS)


@pytest.mark.parametrize("text", ["%", "_", "a%", "' OR 1=1 --"])
def test_a_search_finds_letters_and_not_patterns(text: str, here: sa.Engine) -> None:
    with reading(here) as connection:
        found = paged("isolates", text=text)(connection, j.ALL)
    assert {one.isolate_id for one in found.rows} == {n for n in j.OWNERS if text in n}


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/cron.d/x",
        "/etc/passwd",
        "..",
        "a/b",
        "a\\b",
        "-rf",
        ".hidden",
        "a\u202eb",
        "x" * 101,
    ],
)
def test_a_name_that_leads_out_of_its_folder_is_left_out_of_a_sheet(
    name: str, tmp_path: Path
) -> None:
    for stem in ("one", "two"):
        (tmp_path / f"{stem}.fa").write_text(">a\nACGT\n")
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(f"sample,assembly\n{name},one.fa\ngood,two.fa\n", encoding="utf-8")
    found = sample_sheet.read(sheet)
    assert [sample.name for sample in found.samples] == ["good"]
    assert "cannot be a file name" in found.left_out[0].reason


def test_an_isolates_name_never_becomes_a_path_in_a_collection(tmp_path: Path) -> None:
    with shared.held(tmp_path / "deep" / "held", {"../../../evil": shared.genome(5)}) as made:
        names = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")]
        assert made.shelf(shared.REFERENCE).stored().names() == ("../../../evil",)
    assert [name for name in names if "evil" in name or not name.startswith("deep")] == []


def test_a_line_list_with_sql_and_formulas_is_kept_as_written_and_shown_as_text(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "held"
    connect(tmp_path / "collection.db").dispose()
    path = tmp_path / "cases.csv"
    path.write_text(
        "case_id,clinic,product,residence_state\n"
        '"=HYPERLINK(""http://x"",A1)",\'; DROP TABLE users; --,@SUM(A1),+1+cmd\n'
        "B,North,-1+1,Arizona\n"
    )
    _, kept, _ = case_imports.keep(folder, path, Beside(), today=date(2026, 11, 22))
    assert "=HYPERLINK" in str(kept.cases["case_id"].to_list())
    found = line_list.read(path)
    assert "DROP TABLE users" in found.exposures["value"].to_list()
    for frame in (found.cases.drop("isolate_ids"), found.exposures):
        for line in tsv(frame).decode().splitlines():
            for cell in pl.read_csv(line.encode() + b"\n", separator="\t", has_header=False).row(0):
                assert safe_cell(str(cell)) == str(cell)


def test_a_stamp_or_reason_with_sql_is_written_down_as_it_is(here: sa.Engine) -> None:
    text = HOSTILE[0]
    with audit.changing(here, Stamp(j.STAMP.at, text), text, text, {text: text}):
        pass
    with reading(here) as connection:
        [row] = audit.rows(connection, j.ALL, actor=text)
        assert (row.subject, row.detail) == (text, {text: text})
        assert list(audit.problems(connection)) == []
