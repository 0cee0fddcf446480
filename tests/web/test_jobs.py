"""Long work: queued, done or failed with a reason, interrupted when the server ends; nothing by halves."""

import time
from pathlib import Path

import numpy as np
import pytest

import served
from abscope.collection.access import at_terminal
from abscope.formats import fasta
from abscope.web.jobs import Board, Job, Table, clock

ME = at_terminal("me")


def assembly(organism: Path, folder: Path, changes: int) -> bytes:
    """The reference with so many changes, as a gzipped FASTA file."""
    [(name, letters)] = fasta.read(organism / "references" / "REF.fna.gz")
    letters = letters.copy()
    at = np.arange(changes) * 997 + 500
    letters[at] = np.where(letters[at] == ord("A"), ord("C"), ord("A"))
    path = folder / f"{changes}.fna.gz"
    fasta.write(path, [(name, letters)])
    return path.read_bytes()


def add(caller: served.Caller, name: str, content: bytes) -> dict:
    given = {"assembly": ("../../evil.fna", content)}
    answer = caller.post("/api/v1/isolates", data={"isolate_id": name}, files=given)
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/api/v1/jobs/{answer.json()['job']}"
    return served.wait(caller, answer)


def test_assemblies_become_isolates_with_neighbours_and_are_never_added_twice(
    fresh: Path, organism: Path, tmp_path: Path, client: served.Starter
) -> None:
    caller = client(fresh)
    first = add(caller, "one", assembly(organism, tmp_path, 4))
    assert (first["state"], first["progress"]["done"]) == ("done", 1)
    add(caller, "two", assembly(organism, tmp_path, 6))
    near = caller.get("/api/v1/isolates/two/neighbours").json()["items"]
    assert [(one["isolate_id"], one["snps"]) for one in near] == [("one", 2)]
    again = add(caller, "three", assembly(organism, tmp_path, 4))
    assert again["message"] == "the file is one already"
    assert caller.get("/api/v1/isolates").json()["total"] == 2
    broken = add(caller, "four", b"this is no FASTA")
    assert broken["state"] == "failed"
    assert "four" in broken["message"]
    assert broken["hint"]
    assert [path for path in (fresh / "jobs").iterdir() if path.is_dir()] == []
    assert caller.get("/api/v1/isolates", params={"state": "failed"}).json()["total"] == 1


def test_a_line_list_is_imported_and_a_table_that_is_none_is_explained(
    fresh: Path, client: served.Starter
) -> None:
    caller = client(fresh)
    exposures = ("e.csv", b"case_id,kind,value\nA,lot,CV-1\n")
    given = {"linelist": ("../x.csv", served.CASES.encode()), "exposures": exposures}
    done = served.wait(caller, caller.post("/api/v1/cases/imports", files=given))
    assert (done["state"], done["subject"], done["result"]["new"]) == ("done", "x.csv", 3)
    said = caller.get("/api/v1/cases/A").json()["exposures"]
    assert {"case_id": "A", "kind": "lot", "value": "CV-1", "answer": "yes"} in said
    none = {"linelist": ("l.csv", b"\x00\x01\x02")}
    served.wait(caller, caller.post("/api/v1/cases/imports", files=none))
    assert {one["state"] for one in caller.get("/api/v1/jobs").json()["items"]} == {
        "done",
        "failed",
    }
    assert caller.get("/api/v1/cases").json()["total"] == 3


def test_jobs_are_their_users_own(shared: Path, client: served.Starter) -> None:
    caller = client(shared)
    ana, root, carl = (served.token(shared, one) for one in (served.AZ, served.ADMIN, served.LAB))
    data = {"isolate_id": "new", "jurisdiction": "CO"}
    caller.post("/api/v1/isolates", headers=carl, data=data, files={"assembly": b"x"})
    [job] = caller.get("/api/v1/jobs", headers=carl).json()["items"]
    assert caller.get("/api/v1/jobs", headers=ana).json()["items"] == []
    assert caller.get(f"/api/v1/jobs/{job['job']}", headers=ana).status_code == 404
    assert caller.get(f"/api/v1/jobs/{job['job']}", headers=root).json()["user"] == "carl"


def _sleep(_: Path, job: str) -> None:
    time.sleep(300)


def _end(_: Path, job: str) -> None:
    raise SystemExit(9)


def queued(board: Board) -> Job:
    job = Job(board.draft(), "add isolate", "x", "me", {}, clock())
    return board.submit(job)


def ended(table: Table, job: str) -> Job:
    for _ in range(600):
        found = table.get(job)
        assert found is not None
        if found.state not in ("queued", "running"):
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def test_work_that_is_killed_is_interrupted_and_the_next_goes_on(tmp_path: Path) -> None:
    board = Board(tmp_path / "jobs", _end)
    for _ in range(2):
        job = queued(board)
        found = ended(board.table, job.job)
        assert (found.state, found.hint) == ("interrupted", "upload again; nothing is added twice")
        assert not board.table.uploads(job.job).exists()
    board.close()


def test_ending_the_server_ends_its_jobs_and_a_new_one_knows_of_them(tmp_path: Path) -> None:
    board = Board(tmp_path / "jobs", _sleep)
    running, waiting = queued(board), queued(board)
    started = time.monotonic()
    board.close()
    assert time.monotonic() - started < 60
    again = Board(tmp_path / "jobs", _sleep)
    assert {again.table.get(one.job).state for one in (running, waiting)} == {"interrupted"}  # type: ignore[union-attr]
    assert running.is_of(ME)
    again.close()


@pytest.mark.parametrize("name", ["../x", "0" * 15, "0" * 16, "0" * 16 + "\n", ""])
def test_a_name_that_no_job_has_finds_none(tmp_path: Path, name: str) -> None:
    (tmp_path / "x.json").write_text("{}")
    assert Table(tmp_path / "jobs").get(name) is None
