"""Who may ask for what: every operation refuses the wrong role, and nobody sees another's rows."""

from pathlib import Path

import pytest

import served
from abscope.collection import audit
from abscope.collection.access import Viewer
from abscope.collection.database import connect, reading
from abscope.web.app import Serving, make_app

EVERYBODY = ("viewer", "laboratory", "epidemiologist", "administrator")
CASES = ("epidemiologist", "administrator")
ALLOWED = {
    "GET /api/v1/status": EVERYBODY,
    "GET /api/v1/dashboard": EVERYBODY,
    "GET /api/v1/isolates": EVERYBODY,
    "POST /api/v1/isolates": ("laboratory", "administrator"),
    "GET /api/v1/isolates/{isolate_id}": EVERYBODY,
    "GET /api/v1/isolates/{isolate_id}/neighbours": EVERYBODY,
    "GET /api/v1/pairs": EVERYBODY,
    "GET /api/v1/clusters": EVERYBODY,
    "GET /api/v1/ledger": EVERYBODY,
    "GET /api/v1/log": EVERYBODY,
    "GET /api/v1/alerts": EVERYBODY,
    "POST /api/v1/alerts/{alert}/answers": ("laboratory", "epidemiologist", "administrator"),
    "GET /api/v1/cases": CASES,
    "GET /api/v1/cases/{case_id}": CASES,
    "POST /api/v1/cases/imports": CASES,
    "GET /api/v1/links": CASES,
    "GET /api/v1/sources": CASES,
    "GET /api/v1/questions": CASES,
    "GET /api/v1/files": CASES,
    "GET /api/v1/jobs": EVERYBODY,
    "GET /api/v1/jobs/{job}": EVERYBODY,
    "GET /metrics": EVERYBODY,
}
OPEN = {"GET /healthz"}
NAMES = {"isolate_id": "az_1", "case_id": "A", "job": "0" * 16, "alert": "alert of AZ"}
BODIES = {
    "POST /api/v1/isolates": {"data": {"isolate_id": "new"}, "files": {"assembly": b">c\nACGT\n"}},
    "POST /api/v1/cases/imports": {"files": {"linelist": ("l.csv", b"case_id\nZ\n")}},
    "POST /api/v1/alerts/{alert}/answers": {"json": {"note": "on it"}},
}
PAGES = (
    "/status",
    "/dashboard",
    "/cases",
    "/links",
    "/sources",
    "/questions",
    "/files",
    "/report",
    "/isolates",
)


def ask(caller: served.Caller, operation: str, token: dict[str, str]) -> int:
    verb, path = operation.split()
    return caller.request(
        verb, path.format(**NAMES), headers=token, **BODIES.get(operation, {})
    ).status_code


def test_the_table_of_who_may_do_what_is_whole() -> None:
    described = make_app(Serving(Path())).openapi()["paths"]
    operations = {f"{verb.upper()} {path}" for path, verbs in described.items() for verb in verbs}
    assert operations == set(ALLOWED) | OPEN


@pytest.mark.parametrize("role", EVERYBODY)
def test_every_operation_refuses_the_wrong_role_and_only_that(
    shared: Path, run: Path, client: served.Starter, role: str
) -> None:
    viewer = Viewer(f"all_{role}", role, ("*",))  # type: ignore[arg-type]
    served.enter(shared, viewer)
    caller, token = client(shared, run=run), served.token(shared, viewer)
    for operation, roles in ALLOWED.items():
        status = ask(caller, operation, token)
        assert (status == 403) == (role not in roles), f"{operation} as {role}: {status}"
        assert status < 500, operation


def test_without_a_valid_token_nothing_is_answered(
    shared: Path, run: Path, client: served.Starter
) -> None:
    caller = client(shared, run=run)
    for token in ({}, {"Authorization": "Bearer abscope_forged"}, {"Cookie": "abscope_session=x"}):
        for operation in ALLOWED:
            assert ask(caller, operation, token) == 401, operation
        for page in PAGES:
            assert caller.get(page, headers=token).status_code == 401
    led = caller.get("/cases", headers={"Accept": "text/html"})
    assert (led.status_code, led.headers["location"]) == (303, "/login")
    assert caller.get("/healthz").status_code == 200


def test_a_viewer_is_told_of_their_own_isolates_alone(shared: Path, client: served.Starter) -> None:
    caller, token = client(shared), served.token(shared, served.AZ)

    def items(path: str) -> list[dict[str, object]]:
        return caller.get(f"/api/v1/{path}", headers=token).json()["items"]

    assert [one["isolate_id"] for one in items("isolates")] == ["az_1", "az_2"]
    assert [(one["isolate_1"], one["isolate_2"]) for one in items("pairs")] == [("az_1", "az_2")]
    assert [one["isolates"] for one in items("clusters")] == [["az_1", "az_2"]]
    assert [one["case_id"] for one in items("cases")] == ["A"]
    whole = [
        caller.get(f"/api/v1/{noun}", headers=token).text for noun in ("alerts", "ledger", "log")
    ]
    assert not any("co-1.x" in text or "nm_1" in text for text in whole)
    near = caller.get("/api/v1/isolates/az_1/neighbours", headers=token).json()
    assert [one["isolate_id"] for one in near["items"]] == ["az_2"]
    assert near["elsewhere"] == [{"jurisdiction": "CO", "contact": "CO laboratory, +1 555"}]


def test_anothers_isolate_cannot_be_told_from_one_that_is_not_there(
    shared: Path, client: served.Starter
) -> None:
    caller, token = client(shared), served.token(shared, served.AZ)
    answers = [caller.get(f"/api/v1/isolates/{name}", headers=token) for name in ("co-2", "co-3")]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].text.replace("co-2", "co-3") == answers[1].text
    assert caller.get("/api/v1/cases/B", headers=token).status_code == 404


def test_a_case_names_only_exposures_of_those_who_may_be_seen(
    shared: Path, client: served.Starter
) -> None:
    caller = client(shared)
    mine = caller.get("/api/v1/cases/A", headers=served.token(shared, served.AZ)).json()
    assert {one["value"] for one in mine["exposures"]} == {"North"}
    whole = caller.get("/api/v1/cases/A", headers=served.token(shared, served.ADMIN)).json()
    assert {one["value"] for one in whole["exposures"]} > {"North"}


def test_isolates_are_added_to_ones_own_jurisdiction_alone(
    shared: Path, client: served.Starter
) -> None:
    caller, token = client(shared), served.token(shared, served.LAB)
    files = {"assembly": b">c\nACGT\n"}
    for state, status in (("AZ", 403), ("", 403), ("CO", 202)):
        data = {"isolate_id": "new", "jurisdiction": state}
        answer = caller.post("/api/v1/isolates", headers=token, data=data, files=files)
        assert answer.status_code == status, state


def test_reading_cases_is_written_down_before_they_are_shown(
    shared: Path, run: Path, client: served.Starter
) -> None:
    caller, token = client(shared, run=run), served.token(shared, served.ADMIN)
    caller.get("/api/v1/cases/A", headers=token)
    caller.get("/report", headers=token)
    engine = connect(shared / "collection.db")
    with reading(engine) as connection:
        told = [
            (one.actor, one.action, one.subject) for one in audit.rows(connection, served.ADMIN)
        ]
        assert list(audit.problems(connection)) == []
    engine.dispose()
    assert told[-2:] == [("root", "see cases", "A"), ("root", "see run", "report.html")]


def test_an_alert_is_taken_on_in_ones_own_words(shared: Path, client: served.Starter) -> None:
    caller, token = client(shared), served.token(shared, served.AZ)
    for key, status in (("alert of AZ", 204), ("alert of CO", 404), ("alert", 404)):
        path = f"/api/v1/alerts/{key}/answers"
        answer = caller.post(path, headers=token, json={"note": "calling the clinic"})
        assert answer.status_code == status, key
    [alert] = caller.get("/api/v1/alerts", headers=token).json()["items"]
    assert (alert["answers"][-1]["actor"], alert["answers"][-1]["note"]) == (
        "ana", "calling the clinic",
    )  # fmt: skip
