"""The dashboard is the report's page of what a collection holds, of the viewer's rows alone."""

import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import served
from abscope import surveillance
from abscope.collection import case_imports, users
from abscope.collection.access import Viewer
from abscope.collection.database import writing
from abscope.collection.history import Stamp
from abscope.formats import fasta
from abscope.formats.line_list import Beside
from abscope.records import Sample
from abscope.settings import Settings

STAMP = Stamp("2026-11-22T12:00:00+00:00", "tests")
SNPS = {"az_1": (10,), "az_2": (10, 500), "co_1": (10, 500, 900), "co_2": range(1000, 5000, 4)}
CASES = """\
case_id,isolate_id,date_onset,clinic,product
Ann,az_1,2026-01-01,North,cells
Bob,az_2,2026-02-01,South,cells
Cid,co_1,2026-03-01,Hidden clinic,cells
Dee,,2026-03-20,East,cells
"""
BO = Viewer("bo", "viewer", ("AZ",))


@pytest.fixture(scope="session")
def world(organism: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four isolates of two jurisdictions, three of them close, and a line list."""
    folder = tmp_path_factory.mktemp("dashboard")
    [(name, letters)] = list(fasta.read(organism / "references" / "REF.fna.gz"))
    collection = served.found(organism, folder / "states")
    with surveillance.open_desk(collection) as desk:
        for isolate, changed in SNPS.items():
            own = np.array(letters)
            for at in changed:
                own[at] = ord("A") if own[at] != ord("A") else ord("C")
            path = folder / f"{isolate}.fna"
            fasta.write(path, [(name, own)])
            whose = isolate[:2].upper()
            surveillance.add(
                desk, [Sample(isolate, assembly=path)], settings=Settings(cpus=1), stamp=STAMP,
                jurisdiction=whose,
            )  # fmt: skip
        with writing(desk.collection.engine) as connection:
            for viewer in (served.ADMIN, served.AZ, BO):
                users.add(connection, viewer)
    sheet = folder / "cases.csv"
    sheet.write_text(CASES)
    case_imports.keep(collection, sheet, Beside(), today=date(2026, 11, 22))
    return collection


@pytest.fixture
def states(world: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(world, tmp_path / "states"))


def test_it_shows_the_reports_panels_with_distances_counted_anew(
    states: Path, client: served.Starter
) -> None:
    caller = client(states)
    caller.headers.update(served.token(states, served.ADMIN))
    assert caller.get("/").headers["location"] == "/dashboard"
    answer = caller.get("/dashboard")
    assert answer.status_code == 200
    assert "unsafe-inline" not in answer.headers["content-security-policy"].split("style-src")[0]
    for panel in ("worklist", "cases", "exposures", "timeline", "tree", "clusters", "distances",
                  "ledger", "network", "map", "methods"):  # fmt: skip
        assert f'<section id="{panel}"' in answer.text
    told = caller.get("/api/v1/dashboard").json()
    assert (told["shown"], told["total"]) == (4, 4)
    assert any("at most 2 SNPs apart" in line or "1 to 2 SNPs" in line for line in told["found"]), (
        told["found"]
    )
    assert "case Dee" in told["people"]["names"].values()


def test_of_another_jurisdiction_it_names_no_isolate_case_or_clinic(
    states: Path, client: served.Starter
) -> None:
    caller = client(states)
    caller.headers.update(served.token(states, served.AZ))
    for path in ("/dashboard", "/api/v1/dashboard"):
        text = caller.get(path).text
        assert "az_2" in text
        assert "Bob" in text
        for hidden in ("co_1", "co_2", "Cid", "Dee", "Hidden clinic"):
            assert hidden not in text, (path, hidden)


def test_who_may_not_see_cases_sees_isolates_alone(states: Path, client: served.Starter) -> None:
    caller = client(states)
    caller.headers.update(served.token(states, BO))
    text = caller.get("/dashboard").text
    assert "az_2" in text
    for hidden in ("Ann", "Bob", "South", "co_1"):
        assert hidden not in text, hidden


def test_it_is_reckoned_anew_when_an_isolate_goes(states: Path, client: served.Starter) -> None:
    caller = client(states)
    caller.headers.update(served.token(states, served.ADMIN))
    assert caller.get("/api/v1/dashboard").json()["total"] == 4
    with surveillance.open_desk(states) as desk:
        surveillance.remove(desk, "az_1", reason="mixed up", stamp=STAMP)
    told = caller.get("/api/v1/dashboard").json()
    assert told["total"] == 3
    assert "isolate az_1" not in told["people"]["names"].values()


def test_one_cluster_can_be_looked_at_alone(states: Path, client: served.Starter) -> None:
    caller = client(states)
    caller.headers.update(served.token(states, served.ADMIN))
    told = caller.get("/api/v1/dashboard", params={"cluster": "25-1"}).json()
    assert (told["shown"], told["total"]) == (3, 4)
    assert caller.get("/dashboard", params={"cluster": "<b>"}).status_code == 422


def test_an_isolate_without_a_profile_is_left_out_and_said_so(
    states: Path, client: served.Starter
) -> None:
    shutil.rmtree(states / "profiles")
    caller = client(states)
    caller.headers.update(served.token(states, served.ADMIN))
    answer = caller.get("/dashboard")
    assert answer.status_code == 200
    assert answer.text.count("<td>its profile cannot be read</td>") == 4


def test_that_cases_were_read_is_in_the_audit_log(states: Path, client: served.Starter) -> None:
    caller = client(states)
    caller.headers.update(served.token(states, served.ADMIN))
    before = _reads(states)
    caller.get("/dashboard")
    caller.get("/dashboard")
    assert _reads(states) == before + 2


def _reads(folder: Path) -> int:
    import sqlalchemy as sa

    from abscope.collection import schema
    from abscope.collection.database import connect, reading

    engine = connect(folder / "collection.db")
    query = sa.select(sa.func.count()).where(schema.audit.c.subject == "dashboard")
    with reading(engine) as connection:
        found = int(connection.execute(query).scalar_one())
    engine.dispose()
    return found
