"""abscope reference, as a user types it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

import shelves
from abscope.cli.reference import reference
from abscope.collection import lock
from abscope.errors import AbscopeError
from archive_server import Answer, Server, serving
from shelves import Shelf, text
from worlds import World


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    return shelves.make(tmp_path, monkeypatch)


@pytest.fixture
def mirror(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A mirror that holds two of the references of the shelf."""
    assert not shelf.names
    with serving() as server:
        monkeypatch.setenv("ABSCOPE_MIRROR", server.url)
        server.answer("/AB000001.1.fna.gz", Answer(text("AB000001.1", 1)))
        server.answer("/GCF_000000009.1.fna.gz", Answer(text("NZ_9.1", 9)))
        yield server


def run(shelf: Shelf, *words: str, typed: str = "") -> Result:
    arguments = [words[0], "--organism", str(shelf.folder), *words[1:]]
    return CliRunner().invoke(reference, arguments, input=typed)


def states(shelf: Shelf) -> dict[str, str]:
    return {row["name"]: row["state"] for row in json.loads(run(shelf, "list", "--json").stdout)}


MISSING = dict.fromkeys(("STRAIN_1", "STRAIN_2", "STRAIN_3", "STRAIN_9"), "missing")


def test_list_shows_every_reference_before_any_is_installed(shelf: Shelf) -> None:
    assert states(shelf) == MISSING
    lines = run(shelf, "list").stdout.splitlines()
    assert lines[0].split()[:4] == ["name", "accession", "subspecies", "clone"]
    assert lines[1].split()[:5] == ["STRAIN_1", "AB000001.1", "smallense", "C1", "missing"]


@pytest.mark.usefixtures("mirror")
def test_get_goes_on_when_one_fails_and_says_so_by_its_exit_code(shelf: Shelf) -> None:
    result = run(shelf, "get", "--all", "--json")
    assert result.exit_code == 1
    assert [row["name"] for row in json.loads(result.stdout)] == ["STRAIN_1", "STRAIN_9"]
    assert "error: STRAIN_2 (NZ_AB000002.1): mirror: HTTP 404" in result.stderr
    assert states(shelf) == {**MISSING, "STRAIN_1": "installed", "STRAIN_9": "installed"}


def test_get_asks_nobody_for_what_is_at_hand_and_mends_what_is_damaged(
    shelf: Shelf, mirror: Server
) -> None:
    assert run(shelf, "get", "STRAIN_1").exit_code == 0
    result = run(shelf, "get", "C1")
    assert "at hand already" in result.stderr
    assert len(mirror.asked) == 1
    (shelf.installed / "AB000001.1.fna.gz").write_bytes(b"")
    assert states(shelf)["STRAIN_1"] == "damaged"
    assert "changed since" in run(shelf, "list").stderr
    assert run(shelf, "verify").exit_code == 1
    assert run(shelf, "get", "AB000001.1").exit_code == 0
    assert run(shelf, "verify").exit_code == 0


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("get",), "no reference named"),
        (("get", "NOBODY"), "names no reference NOBODY"),
        (("get", "STRAIN_1", "--mirror", "file:///x"), "not a web address"),
        (("add",), "nothing to add"),
        (("add", "--from", "/no/such/folder"), "no such folder"),
        (("add", "a.fa", "b.fa", "--as", "STRAIN_1"), "--as names one file"),
        (("remove",), "no reference named"),
    ],
)
def test_a_command_that_makes_no_sense_is_explained(
    words: tuple[str, ...], reason: str, shelf: Shelf
) -> None:
    error = run(shelf, *words).exception
    assert isinstance(error, AbscopeError)
    assert error.exit_code == 2
    assert reason in error.message
    assert error.hint


def test_add_takes_files_and_goes_on_when_one_is_refused(shelf: Shelf) -> None:
    good = shelf.file("good.fa", text("AB000001.1", 1))
    bad = shelf.file("bad.fa", text("unknown", 5))
    result = run(shelf, "add", str(bad), str(good))
    assert result.exit_code == 1
    assert "error: bad.fa: none of the references" in result.stderr
    assert states(shelf)["STRAIN_1"] == "installed"
    assert run(shelf, "add", str(bad), "--as", "STRAIN_2").exit_code == 0
    assert states(shelf)["STRAIN_2"] == "installed"


def test_add_from_a_folder_takes_what_it_recognises_and_names_the_rest(shelf: Shelf) -> None:
    path = shelf.file("a.fa", text("AB000001.1", 1))
    shelf.file("b.fna", text("unknown", 5))
    shelf.file("c.fa", b"not fasta")
    shelf.file("notes.txt", b"AB000001.1")
    result = run(shelf, "add", "--from", str(path.parent))
    assert result.exit_code == 0
    assert "b.fna: none of the references, left alone" in result.stderr
    assert "c.fa: left alone: c.fa: line 1 does not start with '>'" in result.stderr
    assert "notes" not in result.stderr
    assert states(shelf) == {**MISSING, "STRAIN_1": "installed"}


def test_add_from_a_folder_without_any_reference_is_an_error(shelf: Shelf) -> None:
    path = shelf.file("b.fna", text("unknown", 5))
    error = run(shelf, "add", "--from", str(path.parent)).exception
    assert isinstance(error, AbscopeError)
    assert "none of the references" in error.message


def test_remove_asks_first_and_leaves_alone_what_was_put_there_by_hand(shelf: Shelf) -> None:
    run(shelf, "add", str(shelf.file("a.fa", text("AB000001.1", 1))))
    (shelf.installed / "NZ_AB000002.1.fna").write_bytes(text("x", 2))
    assert run(shelf, "remove", "STRAIN_1", typed="n\n").exit_code == 0
    assert states(shelf)["STRAIN_1"] == "installed"
    result = run(shelf, "remove", "--all", "--yes")
    assert "STRAIN_2: by hand, nothing removed" in result.stderr
    assert shelf.names == ["NZ_AB000002.1.fna"]


def test_nothing_is_removed_without_an_answer(shelf: Shelf) -> None:
    run(shelf, "add", str(shelf.file("a.fa", text("AB000001.1", 1))))
    assert run(shelf, "remove", "STRAIN_1").exit_code == 1
    assert states(shelf)["STRAIN_1"] == "installed"


def test_a_reference_that_comes_with_the_organism_needs_no_installing(shelf: Shelf) -> None:
    (shelf.folder / "own.fna").write_bytes(text("x", 2))
    toml = shelf.folder / "organism.toml"
    toml.write_text(toml.read_text().replace('accession = "NZ_AB000002.1"', 'file = "own.fna"'))
    assert states(shelf)["STRAIN_2"] == "in the organism folder"
    assert "at hand already" in run(shelf, "get", "STRAIN_2").stderr


def test_a_run_is_not_continued_with_another_reference(world: World) -> None:
    lock.check_or_write(world.out / "collection", [replace(shelves.FIRST, name="REF")])
    result = world.run()
    assert result.returncode == 1
    assert "REF was a file, 6000 bases" in result.stderr
    assert "choose another --outdir" in result.stderr
    assert not (world.out / "report.html").exists()
