"""The dashboard is the report's page of what a collection holds, of the viewer's rows alone."""

import re
import shutil
from pathlib import Path

import served
from abscope import surveillance
from states import BO, STAMP


def without_dictionary(page: str) -> str:
    """A page without its dictionary, which names places of all the world."""
    return re.sub(r'<script[^>]* id="languages">.*?</script>', "", page, flags=re.DOTALL)


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
    twin = caller.get("/api/v1/dashboard").json()
    assert (twin["shown"], twin["total"]) == (4, 4)
    found = twin["found"]
    assert any("at most 2 SNPs apart" in line or "1 to 2 SNPs" in line for line in found), found
    assert "case Dee" in twin["people"]["names"].values()


def test_of_another_jurisdiction_it_names_no_isolate_case_or_clinic(
    states: Path, client: served.Starter
) -> None:
    caller = client(states)
    caller.headers.update(served.token(states, served.AZ))
    for path in ("/dashboard", "/api/v1/dashboard"):
        text = without_dictionary(caller.get(path).text)
        assert "az_2" in text
        assert "Bob" in text
        for hidden in ("co_1", "co_2", "Cid", "Dee", "Hidden clinic"):
            assert hidden not in text, (path, hidden)


def test_who_may_not_see_cases_sees_isolates_alone(states: Path, client: served.Starter) -> None:
    caller = client(states)
    caller.headers.update(served.token(states, BO))
    text = without_dictionary(caller.get("/dashboard").text)
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
