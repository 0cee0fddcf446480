"""Genotypes on disk: what was added is there, whole or not at all, whatever happens meanwhile."""

from pathlib import Path

import numpy as np
import pytest

from abscope.collection import genotypes
from abscope.collection.genotypes import Stored, open_genotypes
from abscope.errors import DataError, StorageError
from abscope.population import bitplanes, neighbours
from abscope.population.packing import Words, pack
from abscope.records import Calls
from genealogies import BASES

LENGTH = 5_003


def planes_of(isolates: int, seed: int) -> Words:
    rng = np.random.default_rng(seed)
    founders = rng.choice(BASES, (2, LENGTH))
    rows = founders[rng.integers(0, 2, isolates)]
    rows[rng.random(rows.shape) < 0.002] = ord("G")
    rows[:, 100:150] = ord("N")
    calls = [Calls("REF", row) for row in rows]
    return pack(calls, isolates=isolates, length=LENGTH)[:isolates]


def opened(folder: Path, reference: str = "digest") -> Stored:
    return open_genotypes(folder, reference=reference, length=LENGTH)


def test_isolates_added_in_turns_are_there_for_whoever_opens_the_folder(tmp_path: Path) -> None:
    planes = planes_of(9, seed=1)
    stored = opened(tmp_path / "genotypes")
    for start in (0, 3, 4):
        end = {0: 3, 3: 4, 4: 9}[start]
        stored = genotypes.add(stored, [f"iso{n}" for n in range(start, end)], planes[start:end])
    again = opened(tmp_path / "genotypes")
    assert again.names() == tuple(f"iso{n}" for n in range(9))
    found = neighbours.distances(neighbours.index(again.genotypes), planes[0])
    dense = bitplanes.count(np.concatenate([planes, planes[:1]]), isolates=9)
    assert found[0].tolist() == dense[0][0].tolist()
    assert found[1].tolist() == dense[1][0].tolist()
    assert again.nbytes == again.genotypes.nbytes + len("iso0\n") * 9


def test_an_empty_or_new_folder_holds_nobody(tmp_path: Path) -> None:
    stored = opened(tmp_path / "none")
    assert (len(stored.genotypes), stored.names()) == (0, ())


def test_what_an_interrupted_addition_left_behind_does_not_count(tmp_path: Path) -> None:
    planes = planes_of(4, seed=2)
    genotypes.add(opened(tmp_path), ["a", "b"], planes[:2])
    head = (tmp_path / "head.json").read_bytes()
    genotypes.add(opened(tmp_path), ["half", "done"], planes[2:])
    (tmp_path / "head.json").write_bytes(head)
    with (tmp_path / "deltas").open("ab") as file:
        file.write(b"torn")
    assert opened(tmp_path).names() == ("a", "b")
    stored = genotypes.add(opened(tmp_path), ["c"], planes[2:3])
    assert stored.names() == ("a", "b", "c")
    found = neighbours.distances(neighbours.index(stored.genotypes), planes[2])
    dense = bitplanes.count(planes, isolates=3)
    assert found[0].tolist() == dense[0][2].tolist()


def test_who_has_the_folder_open_goes_on_seeing_what_was_opened(tmp_path: Path) -> None:
    planes = planes_of(4, seed=3)
    before = genotypes.add(opened(tmp_path), ["a", "b"], planes[:2])
    deltas = before.genotypes.deltas.copy()
    genotypes.add(opened(tmp_path), ["c", "d"], planes[2:])
    assert before.names() == ("a", "b")
    assert (before.genotypes.deltas == deltas).all()


def test_a_disk_that_refuses_leaves_the_folder_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planes = planes_of(4, seed=4)
    stored = genotypes.add(opened(tmp_path), ["a", "b"], planes[:2])

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", refuse)
        with pytest.raises(StorageError, match="disk is full"):
            genotypes.add(stored, ["c", "d"], planes[2:])
    assert opened(tmp_path).names() == ("a", "b")


def test_adding_to_what_somebody_else_has_added_to_is_refused(tmp_path: Path) -> None:
    planes = planes_of(3, seed=5)
    first, second = opened(tmp_path), opened(tmp_path)
    genotypes.add(first, ["a"], planes[:1])
    with pytest.raises(DataError, match="by somebody else"):
        genotypes.add(second, ["b"], planes[1:2])


def test_genotypes_of_another_reference_are_not_opened(tmp_path: Path) -> None:
    genotypes.add(opened(tmp_path), ["a"], planes_of(1, seed=6))
    with pytest.raises(DataError, match="another reference"):
        opened(tmp_path, "another")


def test_a_file_cut_short_is_noticed_when_opened(tmp_path: Path) -> None:
    genotypes.add(opened(tmp_path), ["a", "b"], planes_of(2, seed=7))
    path = tmp_path / "representatives"
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(StorageError, match="cut short"):
        opened(tmp_path)


def test_a_name_with_a_line_break_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="one line"):
        genotypes.add(opened(tmp_path), ["a\nb"], planes_of(1, seed=8))
