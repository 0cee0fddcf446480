"""Pages and their JSON twins say the same; lists come in parts; the schema shows how."""

import re
from pathlib import Path
from typing import Any

import pytest

import pages as reading
import served
from abscope.web.app import Serving, make_app

COLLECTION = (
    "status",
    "dashboard",
    "isolates",
    "isolates/az_1",
    "pairs",
    "clusters",
    "ledger",
    "log",
    "alerts",
)
PEOPLE = ("cases", "cases/A", "jobs")
RUN = ("links", "sources", "questions", "files")


@pytest.mark.parametrize("path", [*COLLECTION, *PEOPLE, *RUN])
def test_every_page_has_a_twin_that_it_links_to(
    shared: Path, run: Path, client: served.Starter, path: str
) -> None:
    caller = client(shared, run=run)
    caller.headers.update(served.token(shared, served.ADMIN))
    page = reading.read(caller.get(f"/{path}").text.removeprefix("<!DOCTYPE html>"))
    links = [a.attributes["href"] for a in page.all("a") if a.text == "JSON"]
    assert [link.split("?")[0] for link in links] == [f"/api/v1/{path}"]
    answer = caller.get(links[0])
    assert answer.status_code == 200
    items = answer.json().get("items", ())
    names = [one.get("reason") or str(next(iter(one.values()))) for one in items]
    assert all(name in page.text for name in names)


def test_a_fresh_collection_is_served_without_configuration(
    fresh: Path, client: served.Starter
) -> None:
    caller = client(fresh)
    assert caller.get("/").headers["location"] == "/status"
    assert "Nothing yet" in caller.get("/status").text
    told = caller.get("/api/v1/status").json()
    assert (told["title"], told["held"], told["isolates"]) == ("fresh", ["collection"], 0)
    for noun in ("isolates", "pairs", "clusters", "ledger", "log", "alerts", "cases", "jobs"):
        empty = {"items": [], "total": 0, "limit": 100, "offset": 0, "next": None}
        assert caller.get(f"/api/v1/{noun}").json() == empty
        assert "None." in caller.get(f"/{noun}").text


def test_a_runs_report_is_given_byte_for_byte(run: Path, client: served.Starter) -> None:
    caller = client(run)
    assert caller.get("/").headers["location"] == "/report"
    answer = caller.get("/report")
    assert answer.content == (run / "report.html").read_bytes()
    assert "connect-src 'none'" in answer.headers["content-security-policy"]
    file = caller.get("/files/pairs.tsv")
    assert file.content == (run / "pairs.tsv").read_bytes()
    assert file.headers["content-disposition"] == 'attachment; filename="pairs.tsv"'


def test_what_is_not_served_is_refused_with_what_to_do(
    run: Path, fresh: Path, client: served.Starter
) -> None:
    for folder, noun in ((run, "ledger"), (run, "jobs"), (fresh, "links"), (fresh, "files")):
        answer = client(folder).get(f"/api/v1/{noun}")
        assert answer.status_code == 404
        assert "abscope serve COLLECTION" in answer.json()["hint"]


def test_the_parts_of_a_list_are_the_list(run: Path, client: served.Starter) -> None:
    caller = client(run)
    whole = caller.get("/api/v1/isolates", params={"limit": 1000}).json()
    found: list[Any] = []
    address: str | None = "/api/v1/isolates?limit=7"
    while address:
        part = caller.get(address).json()
        assert (part["total"], len(part["items"])) == (24, min(7, 24 - len(found)))
        found += part["items"]
        address = part["next"]
    assert found == whole["items"]


def test_lists_are_narrowed_by_name_distance_and_level(
    shared: Path, run: Path, client: served.Starter
) -> None:
    both = client(shared, run=run)
    both.headers.update(served.token(shared, served.ADMIN))
    for caller, text, names in (
        (both, "CO-", ["co-1.x", "co-2"]),
        (client(run), "mab", ["MAB-A", "MAB-B"]),
    ):
        got = caller.get("/api/v1/isolates", params={"text": text}).json()["items"]
        assert [one["isolate_id"] for one in got] == names
        near = caller.get("/api/v1/pairs", params={"within": 4}).json()["items"]
        assert near
        assert all(one["snps"] <= 4 for one in near)
        assert caller.get("/api/v1/clusters", params={"level": 1}).json()["total"] == 0
    assert both.get("/api/v1/isolates", params={"text": "%"}).json()["total"] == 0
    assert both.get("/api/v1/log", params={"since": "2026-11-23"}).json()["total"] == 0


def test_the_pages_of_a_run_say_what_its_tables_say(run: Path, client: served.Starter) -> None:
    caller = client(run)
    one = caller.get("/api/v1/isolates/MAB-A").json()
    assert one["quality"]["kind"] == "paired"
    assert caller.get("/api/v1/cases/A").json()["case"]["isolate_ids"] == ["MAB-A"]
    case = caller.get("/api/v1/cases/C").json()
    assert case["case"]["isolate_ids"] is None
    assert case["exposures"]
    [source, *_] = caller.get("/api/v1/sources").json()["items"]
    assert source["ranking"]["sources"]


def test_tables_are_written_for_people(run: Path, client: served.Starter) -> None:
    caller = client(run)
    pairs = caller.get("/pairs").text
    assert re.search(r'<td[^>]* class="number"[^>]*>\d,\d{3},\d{3}</td>', pairs)
    assert re.search(r'<th scope="col" class="number">comparable</th>', pairs)
    sources = caller.get("/sources").text
    assert '<span class="kind">clinic</span> <span translate="no">' in sources


def examples_missing(described: dict[str, Any]) -> list[str]:
    """Parameters and models that show no example."""
    missing = []
    for path, verbs in described["paths"].items():
        for verb, operation in verbs.items():
            for one in operation.get("parameters", ()):
                if one["in"] in ("query", "path") and not one["schema"].get("examples"):
                    missing.append(f"{verb} {path}: {one['name']}")
    for name, schema in described["components"]["schemas"].items():
        if name.startswith("Body_"):
            shown = schema["properties"].items()
            missing += [
                f"{name}.{field}"
                for field, told in shown
                if "contentMediaType" not in told and not told.get("examples")
            ]
    return missing


def test_every_parameter_and_every_answer_has_an_example() -> None:
    described = make_app(Serving(Path())).openapi()
    assert examples_missing(described) == []
    schemas = described["components"]["schemas"]
    for path, verbs in described["paths"].items():
        for verb, operation in verbs.items():
            assert operation.get("summary"), path
            assert operation.get("description"), f"{verb} {path}"
            for status, answer in operation["responses"].items():
                for told in answer.get("content", {}).values():
                    assert _is_shown(told, schemas), f"{verb} {path} {status}"


def _is_shown(told: dict[str, Any], schemas: dict[str, Any]) -> bool:
    """Whether an answer, or each item of its list, has an example."""
    if "example" in told:
        return True
    schema = schemas[told["schema"]["$ref"].rsplit("/", 1)[1]]
    items = schema.get("properties", {}).get("items")
    if items is None:
        return bool(schema.get("examples"))
    return bool(schemas[items["items"]["$ref"].rsplit("/", 1)[1]].get("examples"))


def test_numbers_of_use_are_there_for_prometheus(shared: Path, client: served.Starter) -> None:
    caller = client(shared)
    caller.headers.update(served.token(shared, served.ADMIN))
    caller.get("/api/v1/isolates/az_1")
    lines = caller.get("/metrics").text.splitlines()
    counted = (
        'abscope_requests_total{method="GET",route="/api/v1/isolates/{isolate_id}",status="200"}'
    )
    assert f"{counted} 1" in lines
    assert "abscope_isolates 6" in lines
    assert caller.get("/healthz").json()["status"] == "ok"
