"""A sequence is installed whole, with a receipt, or not at all."""

import os
from datetime import date
from pathlib import Path

import pytest

from abscope.collection import installed
from abscope.collection.inventory import status, verify
from abscope.collection.references import named
from abscope.errors import FormatError, OrganismError, StorageError
from abscope.running.provenance import file_digest
from shelves import FIRST, Shelf, letters

DAY = date(2026, 11, 22)


def keep(shelf: Shelf, seed: int = 1, name: str = "AB000001.1") -> installed.Receipt:
    entry = shelf.organism.references[0]
    return installed.keep(entry, [(name, letters(seed))], source="https://here", day=DAY)


def state(shelf: Shelf) -> str:
    return status(named(shelf.organism)[0]).state


def test_the_receipt_says_what_was_installed_and_where_it_came_from(shelf: Shelf) -> None:
    receipt = keep(shelf)
    path = shelf.installed / "AB000001.1.fna.gz"
    assert receipt == installed.receipt_of(path)
    assert receipt == installed.Receipt(
        "AB000001.1", ("AB000001.1",), 6000, FIRST.digest, file_digest(path), "https://here",
        "2026-11-22",
    )  # fmt: skip
    assert shelf.names == ["AB000001.1.fna.gz", "AB000001.1.fna.gz.json"]
    assert state(shelf) == "installed"


def test_all_contigs_are_kept_and_only_those_that_count_are_summed(shelf: Shelf) -> None:
    entry = shelf.organism.references[0]
    both = [("AB000001.1", letters(1)), ("plasmid", letters(5, 50))]
    assert installed.keep(entry, both, source="a test", day=DAY).sha256 == FIRST.digest
    assert verify(shelf.organism) == {shelf.installed / "AB000001.1.fna.gz": []}


def test_the_same_sequence_gives_the_same_bytes(shelf: Shelf) -> None:
    assert keep(shelf) == keep(shelf)


@pytest.mark.parametrize(
    ("seed", "name", "error", "reason"),
    [
        (2, "AB000001.1", OrganismError, "another checksum"),
        (1, "other", FormatError, "no sequence named AB000001.1"),
    ],
)
def test_another_sequence_is_not_installed_and_the_right_one_stays(
    seed: int, name: str, error: type[Exception], reason: str, shelf: Shelf
) -> None:
    keep(shelf)
    with pytest.raises(error, match=reason):
        keep(shelf, seed, name)
    assert state(shelf) == "installed"
    assert shelf.leftovers == []


def test_an_empty_sequence_is_not_installed(shelf: Shelf) -> None:
    entry = shelf.organism.references[1]
    with pytest.raises(OrganismError, match="no bases"):
        installed.keep(entry, [("x", letters(1, 0))], source="a test", day=DAY)
    assert shelf.names == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_said_so(shelf: Shelf) -> None:
    shelf.installed.mkdir(mode=0o500)
    with pytest.raises(StorageError, match="permission"):
        keep(shelf)


def test_a_file_in_place_of_the_folder_is_said_so(shelf: Shelf) -> None:
    shelf.installed.write_text("")
    with pytest.raises(StorageError, match="a file stands"):
        keep(shelf)


def damage(path: Path, how: str) -> None:
    receipt = path.with_name(path.name + ".json")
    content = path.read_bytes()
    match how:
        case "one bit":
            middle = len(content) // 2
            path.write_bytes(
                content[:middle] + bytes([content[middle] ^ 4]) + content[middle + 1 :]
            )
        case "cut short":
            path.write_bytes(content[: len(content) // 2])
        case "emptied":
            path.write_bytes(b"")
        case "receipt cut":
            receipt.write_text(receipt.read_text()[:40])
        case "receipt of something else":
            receipt.write_text('{"a": 1}')
        case "receipt forged":
            receipt.write_text(receipt.read_text().replace('"length": 6000', '"length": 5999'))


@pytest.mark.parametrize(
    "how",
    [
        "one bit",
        "cut short",
        "emptied",
        "receipt cut",
        "receipt of something else",
        "receipt forged",
    ],
)
def test_damage_is_found_and_mended_by_installing_again(how: str, shelf: Shelf) -> None:
    keep(shelf)
    path = shelf.installed / "AB000001.1.fna.gz"
    damage(path, how)
    [(where, wrong)] = verify(shelf.organism).items()
    assert where == path
    assert wrong
    keep(shelf)
    assert verify(shelf.organism) == {path: []}


def test_a_sequence_gone_from_beside_its_receipt_is_found(shelf: Shelf) -> None:
    keep(shelf)
    path = shelf.installed / "AB000001.1.fna.gz"
    path.unlink()
    assert "cannot be read" in verify(shelf.organism)[path][0]
    assert state(shelf) == "missing"


def test_sequences_of_another_organism_are_verified_too(shelf: Shelf) -> None:
    keep(shelf)
    toml = shelf.folder / "organism.toml"
    toml.write_text(toml.read_text().replace("AB000001.1", "AB000099.1"))
    path = shelf.installed / "AB000001.1.fna.gz"
    assert verify(shelf.organism) == {path: []}
    damage(path, "cut short")
    assert verify(shelf.organism)[path]


def test_a_receipt_that_no_longer_agrees_with_the_organism_is_shown(shelf: Shelf) -> None:
    keep(shelf)
    toml = shelf.folder / "organism.toml"
    toml.write_text(toml.read_text().replace(FIRST.digest, "0" * 64))
    assert state(shelf) == "damaged"
    assert "organism.toml" in status(named(shelf.organism)[0]).problem


def test_a_file_put_there_by_hand_is_known_as_such_and_checked_by_the_organism(
    shelf: Shelf,
) -> None:
    shelf.installed.mkdir()
    path = shelf.installed / "AB000001.1.fna"
    path.write_bytes(b">AB000001.1\n" + letters(1).tobytes())
    assert state(shelf) == "by hand"
    assert verify(shelf.organism) == {path: []}
    path.write_bytes(b">AB000001.1\n" + letters(2).tobytes())
    assert verify(shelf.organism) == {path: ["has another checksum than organism.toml gives"]}
