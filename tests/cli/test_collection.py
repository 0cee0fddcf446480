"""A collection from the command line: founded, added to, looked at, undone."""

import json
from pathlib import Path

import pytest

from worlds import World, abscope


def answer(*words: object) -> dict:
    done = abscope(*map(str, words), "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def held(world: World) -> Path:
    folder = world.folder / "held"
    done = abscope("init", str(folder), "--organism", str(world.folder / "organism"))
    assert done.returncode == 0, done.stderr
    assert "reference: REF" in done.stdout
    return folder


def test_isolates_that_come_day_by_day_are_compared_as_if_they_had_come_together(
    world: World, held: Path
) -> None:
    head, a, b, d, e = world.sheet.read_text().splitlines()
    (world.folder / "first.csv").write_text("\n".join([head, a, d, e]) + "\n")
    (world.folder / "second.csv").write_text("\n".join([head, b]) + "\n")
    first = answer("add", held, world.folder / "first.csv", "--quiet")
    assert [one["near"] for one in first["isolates"]] == [0, 0, 0]
    second = answer("add", held, world.folder / "second.csv", "--quiet")
    [arrived] = second["isolates"]
    assert (arrived["nearest"], arrived["snps"]) == ("iso_a", 3)
    assert any("iso_b joined cluster 1 at 5 SNPs" in line for line in arrived["changes"])
    found = answer("status", held)
    assert (found["isolates"], found["removed"], found["failed"]) == (4, 0, 0)


def test_a_collection_adds_nothing_twice_and_undoes_a_removal(world: World, held: Path) -> None:
    before = answer("add", held, world.sheet, "--quiet")
    again = answer("add", held, world.sheet, "--quiet")
    assert [one["state"] for one in again["isolates"]] == [
        f"known as {one['isolate_id']}" for one in before["isolates"]
    ]
    addresses = {one["isolate_id"]: one["address"] for one in before["isolates"]}
    assert {one["isolate_id"]: one["address"] for one in again["isolates"]} == addresses
    assert abscope("remove", str(held), "iso_b", "--reason", "swapped tubes").returncode == 0
    assert answer("status", held)["removed"] == 1
    done = abscope("restore", str(held), "iso_b")
    assert "iso_b joined cluster 1 at 5 SNPs" in done.stdout
    told = answer("log", held)
    assert [(line["verb"], line["subject"]) for line in told[-2:]] == [
        ("remove", "iso_b"),
        ("restore", "iso_b"),
    ]
    assert "swapped tubes" in told[-2]["detail"]
    ledger = answer("log", held, "--ledger")
    assert ledger[-1]["what"].startswith("iso_b joined cluster")


def test_what_cannot_be_added_is_named_and_the_others_are_in(world: World, held: Path) -> None:
    (world.folder / "reads" / "iso_e.fna").write_text("")
    done = abscope("add", str(held), str(world.sheet), "--quiet", "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert [one["isolate_id"] for one in found["left_out"]] == ["iso_e"]
    assert len(found["isolates"]) == 3
    assert answer("status", held)["failed"] == 1


def test_a_folder_without_a_collection_and_one_that_has_one_are_explained(
    world: World, held: Path
) -> None:
    nothing = abscope("status", str(world.folder / "elsewhere"))
    assert nothing.returncode == 2
    assert "abscope init" in nothing.stderr
    twice = abscope("init", str(held), "--organism", str(world.folder / "organism"))
    assert twice.returncode == 2
    assert "is a collection already" in twice.stderr
