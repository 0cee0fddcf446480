"""Users, audit log, bundles and matches from the command line."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

import shared
from abscope.cli import app
from abscope.collection import charter
from abscope.collection.database import connect, writing
from abscope.collection.schema import audit
from abscope.errors import AbscopeError
from shared import genome


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """A collection with two isolates and a charter."""
    folder = tmp_path / "held"
    with shared.held(folder, {"a": genome(1_000), "b": genome(1_000, 1_001)}) as made:
        charter.found(replace(made.charter, folder=folder))
    return folder


@dataclass
class Done:
    """What a command printed and how it ended."""

    stdout: str
    stderr: str


def run(*words: object, code: int = 0, stdin: str = "") -> Done:
    """A command in this process; errors end it with the code that `abscope` would exit with."""
    done = CliRunner().invoke(app, [str(word) for word in words], input=stdin)
    error = done.exception
    ended = error.exit_code if isinstance(error, AbscopeError) else done.exit_code
    assert ended == code, (done.output, error)
    return Done(done.stdout, done.stderr + (str(error) if error else ""))


def test_users_come_and_go_and_every_change_is_in_the_audit_log(held: Path) -> None:
    run("user", "add", held, "ana", "--role", "epidemiologist", "-j", "AZ", "-j", "NM")
    run("user", "password", held, "ana", "--password-stdin", stdin="four unrelated words\n")
    secret = run("user", "token", held, "ana", "--label", "robot").stdout.strip()
    [listed] = json.loads(run("user", "tokens", held, "--json").stdout)
    assert (listed["user"], listed["label"]) == ("ana", "robot")
    [user] = json.loads(run("user", "list", held, "--json").stdout)
    told = [user[name] for name in ("role", "jurisdictions", "password")]
    assert told == ["epidemiologist", "AZ, NM", "yes"]
    run("user", "revoke", held, listed["token"])
    run("user", "disable", held, "ana")
    run("user", "contact", held, "AZ", "AZ laboratory, +1 602")
    rows = json.loads(run("audit", "show", held, "--json").stdout)
    assert [row["action"] for row in rows if row["action"] != "add isolate"] == [
        "add user",
        "set password",
        "make token",
        "revoke token",
        "disable user",
        "set contact",
    ]
    assert secret not in json.dumps(rows)
    assert "four unrelated words" not in json.dumps(rows)
    wrong = run("user", "add", held, "x", "--role", "king", "-j", "AZ", code=2)
    assert "no role called 'king'" in wrong.stderr


def test_a_tampered_audit_log_is_found_and_a_shortened_one_by_its_head(held: Path) -> None:
    for state in ("AZ", "CO", "NM"):
        run("user", "contact", held, state, "somebody")
    kept = run("audit", "head", held).stdout
    (held / "head.txt").write_text(kept)
    sound = run("audit", "verify", held, "--head", held / "head.txt")
    assert "5 entries, the chain is whole" in sound.stdout
    engine = connect(held / "collection.db")
    with writing(engine) as connection:
        connection.execute(sa.delete(audit).where(audit.c.entry == 5))
    assert "the chain is whole" in run("audit", "verify", held).stdout
    cut = run("audit", "verify", held, "--head", kept.strip(), code=1)
    assert "entries 5 to 5: were cut off the end" in cut.stdout
    with writing(engine) as connection:
        connection.execute(sa.update(audit).where(audit.c.entry == 1).values(actor="nobody"))
    engine.dispose()
    assert "entry 1" in run("audit", "verify", held, code=1).stdout


def test_isolates_go_to_another_jurisdiction_on_a_stick_and_their_neighbours_are_found(
    held: Path, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs"
    with shared.held(theirs, {"co_1": genome(1_000, 1_001, 1_002)}) as made:
        charter.found(replace(made.charter, folder=theirs))
    key, out = tmp_path / "az.key", tmp_path / "az.bundle"
    finger = run("key", key).stdout.removeprefix("fingerprint: ").strip()
    types = tmp_path / "types.tsv"
    types.write_text("isolate_id\tclone\tdate\nb\tDCC1\t2022-10-14\n")
    refused = run("bundle", held, out, "--key", key, code=2)
    assert "says whom to call" in refused.stderr
    done = run(
        "bundle", held, out, "--key", key, "--contact", "AZ lab", "--details", types, "--json"
    )
    codes = {row["code"]: row["isolate_id"] for row in json.loads(done.stdout)}
    assert sorted(codes.values()) == ["a", "b"]
    unknown = run("match", theirs, out, code=1)
    assert "whose is it?" in unknown.stderr
    found = json.loads(run("match", theirs, out, "--signer", finger, "--json").stdout)
    assert found["left_out"] == []
    told = [
        (codes[m["code"]], m["isolate_id"], m["snps"], m["clone"], m["sampled"])
        for m in found["matches"]
    ]
    assert told == [("b", "co_1", 1, "DCC1", "2022"), ("a", "co_1", 2, None, None)]
    assert {m["contact"] for m in found["matches"]} == {"AZ lab"}
    out.write_bytes(out.read_bytes()[:-1] + b"\0")
    changed = run("match", theirs, out, "--signer", f"{key}.pub", code=1)
    assert "signature does not hold" in changed.stderr
    *came, row = json.loads(run("audit", "show", held, "--json").stdout)
    assert {one["action"] for one in came} == {"add isolate"}
    assert (row["action"], row["detail"]) == (
        "share",
        '{"isolates": ["a", "b"], "precision": "year"}',
    )
