"""What every request must keep, and what every answer carries."""

import re
from pathlib import Path

import pytest

import served
from abscope.errors import UsageError
from abscope.web.app import Serving

FORM = {"user": "root", "password": served.PASSWORD}


def log_in(caller: served.Caller) -> str:
    """Log in; the word that pages carry."""
    answer = caller.post("/login", data=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    found = re.search(r'name="csrf" content="([0-9a-f]{64})"', caller.get("/status").text)
    assert found is not None
    return found[1]


def test_every_answer_says_how_it_may_be_used(
    shared: Path, run: Path, client: served.Starter
) -> None:
    caller = client(shared, run=run)
    caller.headers.update(served.token(shared, served.ADMIN))
    for path in (
        "/status",
        "/report",
        "/api/v1/isolates",
        "/assets/page.css",
        "/nothing",
        "/login",
    ):
        told = caller.get(path).headers
        assert told["x-content-type-options"] == "nosniff"
        assert told["x-frame-options"] == "DENY"
        assert told["referrer-policy"] == "same-origin"
        assert told["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in told["content-security-policy"]
        assert "default-src 'none'" in told["content-security-policy"]
        assert "strict-transport-security" not in told


def test_with_tls_browsers_are_told_to_stay_with_it(shared: Path, client: served.Starter) -> None:
    caller = client(shared, base_url="https://example.org", names=("example.org",), proxy=True)
    answer = caller.post("/login", data=FORM)
    assert answer.headers["strict-transport-security"] == "max-age=63072000"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-abscope_session=")
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))


def test_a_session_begins_with_a_password_and_ends_on_the_server(
    shared: Path, client: served.Starter
) -> None:
    caller = client(shared)
    wrong = caller.post("/login", data={**FORM, "password": "something else"})
    assert (wrong.status_code, "user or password is wrong" in wrong.text.lower()) == (403, True)
    word = log_in(caller)
    kept = dict(caller.cookies)
    assert caller.get("/api/v1/status").status_code == 200
    assert caller.post("/logout", data={"csrf": word}).headers["location"] == "/login"
    caller.cookies.update(kept)
    assert caller.get("/api/v1/status").status_code == 401


def test_guessing_is_slowed_down(shared: Path, client: served.Starter) -> None:
    caller = client(shared)
    for _ in range(5):
        caller.post("/login", data={**FORM, "password": "a guess of mine"})
    assert "too many failed attempts" in caller.post("/login", data=FORM).text.lower()


def test_a_cookie_alone_changes_nothing(shared: Path, client: served.Starter) -> None:
    caller = client(shared)
    word = log_in(caller)
    path, body = "/api/v1/alerts/alert of AZ/answers", {"note": "mine"}
    for header in ({}, {"X-CSRF-Token": "0" * 64}):
        assert caller.post(path, json=body, headers=header).status_code == 403
    assert caller.post(path, json=body, headers={"X-CSRF-Token": word}).status_code == 204
    form = {"isolate_id": "x"}
    for page, data in (("/alerts", {"alert": "alert of AZ", "note": "n"}), ("/logout", {})):
        assert caller.post(page, data=data).status_code == 403
    files = {"assembly": b">c\nACGT\n"}
    assert caller.post("/isolates", data=form, files=files).status_code == 403
    assert caller.post("/isolates", data={**form, "csrf": word}, files=files).status_code == 303


@pytest.mark.parametrize(
    "header",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=lambda header: " ".join(next(iter(header.items()))),
)
def test_what_another_site_sends_is_refused_without_users_too(
    fresh: Path, client: served.Starter, header: dict[str, str]
) -> None:
    caller, given = client(fresh), {"linelist": ("l.csv", b"case_id\nA\n")}
    refused = caller.post("/api/v1/cases/imports", files=given, headers=header)
    assert (refused.status_code, refused.json()["detail"]) == (403, "another site sent this")
    own = {"Origin": "http://localhost"}
    assert caller.post("/api/v1/cases/imports", files=given, headers=own).status_code == 202


def test_a_name_that_is_not_ours_is_refused(fresh: Path, client: served.Starter) -> None:
    caller = client(fresh)
    for host, status in (
        ("rebound.example", 400),
        ("localhost.evil.example", 400),
        ("", 400),
        ("[::1]:8000", 200),
        ("LOCALHOST:8000", 200),
        ("127.0.0.1:8000", 200),
    ):
        assert caller.get("/api/v1/status", headers={"Host": host}).status_code == status, host


def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(
    fresh: Path, client: served.Starter
) -> None:
    caller = client(fresh, most_uploaded=100_000)
    given = {"assembly": b">c\n" + b"A" * 200_000}
    data = {"isolate_id": "large"}
    told = caller.post("/api/v1/isolates", data=data, files=given)
    assert (told.status_code, told.headers["content-type"]) == (413, "application/problem+json")
    built = caller.build_request("POST", "/api/v1/isolates", data=data, files=given)
    parts = (built.read()[start : start + 50_000] for start in range(0, 200_500, 50_000))
    headers = {"Content-Type": built.headers["content-type"]}
    silent = caller.post("/api/v1/isolates", content=parts, headers=headers)
    assert silent.status_code == 413
    assert caller.post("/login", content=b"x" * 70_000).status_code == 413


@pytest.mark.parametrize(
    "name",
    [
        "../secret",
        "%2e%2e/secret",
        "..%2fsecret",
        "%2e%2e%2fsecret",
        "isolates.tsv/../../secret",
        "/etc/passwd",
        "//etc/passwd",
        "link",
        "collection/published.json",
        "..\\secret",
        "%00",
    ],
)
def test_only_what_the_run_published_is_given(run: Path, client: served.Starter, name: str) -> None:
    (run.parent / "secret").write_text("SECRET")
    if not (run / "link").exists():
        (run / "link").symlink_to(run.parent / "secret")
    answer = client(run).get(f"/files/{name}")
    assert answer.status_code in (404, 422)
    assert "SECRET" not in answer.text


def test_a_published_link_that_leads_out_of_the_folder_is_not_followed(
    tmp_path: Path, client: served.Starter
) -> None:
    folder = served.publish(tmp_path / "run")
    (tmp_path / "secret").write_text("SECRET")
    (folder / "pairs.tsv").unlink()
    (folder / "pairs.tsv").symlink_to(tmp_path / "secret")
    assert client(folder).get("/files/pairs.tsv").status_code == 404


@pytest.mark.parametrize("name", ["page.css", "../page.py", "..%2f..%2fapp.py", "%2e%2e", "x.js"])
def test_assets_are_those_of_the_pages(fresh: Path, client: served.Starter, name: str) -> None:
    assert client(fresh).get(f"/assets/{name}").status_code == (200 if name == "page.css" else 404)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"host": "0.0.0.0"}, "nobody need log in"),
        ({"host": "192.0.2.7", "proxy": True}, "nobody need log in"),
        ({"names": ("example.org",)}, "nobody need log in"),
        ({"proxy": True}, "nobody need log in"),
    ],
    ids=str,
)
def test_where_others_could_come_there_must_be_users(
    fresh: Path, run: Path, client: served.Starter, more: dict[str, object], told: str
) -> None:
    for folder in (fresh, run):
        with pytest.raises(UsageError, match=told) as refused:
            client(folder, **more)
        assert "abscope user add" in refused.value.hint


def test_passwords_do_not_travel_in_the_clear(shared: Path, client: served.Starter) -> None:
    with pytest.raises(UsageError, match="in the clear"):
        client(shared, host="0.0.0.0")
    assert Serving(shared, host="0.0.0.0", proxy=True).is_secure


def test_users_shut_the_door_that_was_open_without_them(
    fresh: Path, client: served.Starter
) -> None:
    caller = client(fresh)
    assert caller.get("/api/v1/status").status_code == 200
    served.enter(fresh, served.ADMIN)
    assert caller.get("/api/v1/status").status_code == 401


def test_names_and_texts_are_shown_and_never_run(fresh: Path, client: served.Starter) -> None:
    caller = client(fresh)
    hostile = "<script>alert(1)</script>"
    given = {"linelist": ("l.csv", f'case_id,clinic\n"{hostile}","{hostile}"\n'.encode())}
    served.wait(caller, caller.post("/api/v1/cases/imports", files=given))
    for path in ("/cases", f"/cases/{hostile}", "/jobs", f"/cases?text={hostile}"):
        assert hostile not in caller.get(path).text, path
    assert caller.get("/api/v1/cases").json()["items"][0]["case_id"] == hostile
