"""Genotypes in an object store: machines that share it see the same, and nothing is half there."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import rmtree

import fsspec
import numpy as np
import pytest
import sqlalchemy as sa

import databases
from abscope.collection import backup, charter, joining, mirror
from abscope.collection.charter import Charter
from abscope.collection.database import reading
from abscope.collection.objects import open_objects
from abscope.collection.schema import isolates, metadata
from abscope.collection.store import open_collection
from abscope.collection.verify import problems
from abscope.errors import StorageError, UsageError
from abscope.settings import CallRules
from shared import LENGTH, LEVELS, MASK, REFERENCE, Held, genome

PEOPLE = {
    f"i{n:02}": genome(*range(300, 300 + 2 * n), missing=(1_000, 1_000 + 9 * n)) for n in range(11)
}


def founded(folder: Path, url: str, database: str | None = None) -> Charter:
    limits, rules = (0.9, (1, 9_999)), CallRules()
    made = Charter(
        folder, "small", limits, (REFERENCE,), (MASK,), LEVELS, 0.5, rules, "fast", database, url
    )
    joining.found(made)
    return made


@contextmanager
def opened(known: Charter, database: str | None = None) -> Iterator[Held]:
    joining.agree(known)
    where = database or known.database
    with open_collection(known.folder, database=where, genotypes=known.genotypes) as collection:
        yield Held(collection, known)


def wrong(held: Held) -> list[str]:
    return list(problems(held.collection, held.charter, held.shelf))


def near(held: Held) -> dict[str, list[tuple[int, int, int]]]:
    """Everybody within 50 SNPs of everybody, from the copy this machine has."""
    from abscope.population.packing import hide, pack
    from abscope.records import Calls

    found = {}
    for name, letters in PEOPLE.items():
        planes = pack([Calls("R", letters)], isolates=1, length=LENGTH)[:1]
        hide(planes, MASK.hidden())
        hits = held.shelf(REFERENCE).near(planes[0], 50)
        found[name] = [(hit.row, hit.snps, hit.comparable) for hit in hits]
    return found


def rows(held: Held) -> dict[str, list[str]]:
    with reading(held.collection.engine) as connection:
        return {
            table.name: [
                json.dumps(dict(row), sort_keys=True)
                for row in connection.execute(
                    sa.select(table).order_by(*table.primary_key.columns)
                ).mappings()
            ]
            for table in metadata.sorted_tables
        }


def objects(url: str) -> dict[str, bytes]:
    files, root = fsspec.core.url_to_fs(url)
    return {path.removeprefix(root): files.cat_file(path) for path in sorted(files.find(root))}


@pytest.fixture(params=["file", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"{request.param}://{tmp_path}/store"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects of 4 and 8 rows where otherwise there are 128 and 16,384."""
    monkeypatch.setattr(mirror, "TOGETHER", (8, 4, 1))


def another_machine(folder: Path, known: Charter) -> Charter:
    """A second machine: an empty folder that joins; on SQLite the one file is lent to it."""
    if known.database is None:
        folder.mkdir()
        (folder / "collection.db").symlink_to(known.folder / "collection.db")
        for name, content in charter.files(known):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
        return replace(known, folder=folder)
    return joining.join(folder, str(known.genotypes))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_machines_with_one_store_see_the_same_and_add_in_turns(
    kind: str, url: str, few: None, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    where = None
    if kind == "postgresql":
        where = databases.fresh(request.getfixturevalue("postgresql"))
    here = founded(tmp_path / "here", url, where)
    names = iter(PEOPLE)
    with opened(here) as first:
        for _ in range(9):
            first.add(name := next(names), PEOPLE[name])
        there = another_machine(tmp_path / "there", here)
        with opened(there) as second:
            assert near(second) == near(first)
            second.add(name := next(names), PEOPLE[name])
            first.add(name := next(names), PEOPLE[name])
            assert first.shelf(REFERENCE).stored().names() == tuple(PEOPLE)
            assert near(second) == near(first)
            assert (wrong(first), wrong(second)) == ([], [])
    copies = [(at.folder / "genotypes").rglob("*") for at in (here, there)]
    mine, theirs = ([p.read_bytes() for p in sorted(one) if p.is_file()] for one in copies)
    assert mine == theirs


def test_a_new_machine_asks_for_few_objects(url: str, few: None, tmp_path: Path) -> None:
    here = founded(tmp_path / "here", url)
    with opened(here) as held:
        for name, letters in PEOPLE.items():
            held.add(name, letters)
    rows_of = {name for name in objects(url) if "/genotypes/" in name}
    short = REFERENCE.digest[:16]
    singles = {f"/genotypes/{short}/1/{row:09d}" for row in range(11)}
    joined = {
        f"/genotypes/{short}/{size}" for size in ("4/000000000", "4/000000004", "8/000000000")
    }
    assert rows_of == singles | joined
    store = open_objects(url)
    for name in singles - {f"/genotypes/{short}/1/{row:09d}" for row in (8, 9, 10)}:
        store.files.rm_file(store.root + name)
    rmtree(here.folder / "genotypes")
    with opened(here) as held:
        assert held.shelf(REFERENCE).stored().names() == tuple(PEOPLE)
        assert wrong(held) == []


def test_a_folder_whose_copies_were_deleted_is_whole_again(url: str, tmp_path: Path) -> None:
    here = founded(tmp_path / "here", url)
    with opened(here) as held:
        for name in ("i00", "i01"):
            held.add(name, PEOPLE[name])
        before = backup.backup(held.collection, tmp_path / "a.tar")
    for name in ("genotypes", "profiles"):
        rmtree(here.folder / name)
    with opened(here) as held:
        shelves = [held.shelf(REFERENCE)]
        assert backup.backup(held.collection, tmp_path / "b.tar", shelves=shelves) == before
    rmtree(here.folder / "profiles")
    with opened(here) as held:
        assert wrong(held) == []
    backup.unpack(tmp_path / "b.tar", tmp_path / "again")
    again = charter.read(tmp_path / "again")
    assert again.genotypes is None
    with opened(again) as held:
        assert wrong(held) == []


class Failing:
    """Requests of a store that fail from the n-th write on, before or after the store did it."""

    def __init__(self, write: Callable[..., object], *, fails_at: int, done: bool) -> None:
        self.write, self.left, self.done = write, fails_at, done

    def __call__(self, *arguments: object, **options: object) -> object:
        self.left -= 1
        if self.left >= 0 or self.done:
            self.write(*arguments, **options)
        if self.left < 0:
            raise TimeoutError("no answer")
        return None


@pytest.mark.parametrize("done", [False, True], ids=["not done", "done, the answer lost"])
@pytest.mark.parametrize("fails_at", [0, 1, 2, 3])
def test_a_request_that_fails_adds_nobody_by_half_and_the_next_addition_goes_on(
    fails_at: int, done: bool, few: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An addition's requests: the profile, the row, and here, being the eighth, two joined ones."""
    names = tuple(PEOPLE)[:8]
    expected, there = undisturbed(tmp_path, names)
    known = founded(tmp_path / "here", f"memory://{tmp_path}/failing")
    with opened(known) as held:
        for name in names[:-1]:
            held.add(name, PEOPLE[name])
        files = held.collection.mirror.objects.files
        fail, refused = Failing(files.pipe_file, fails_at=fails_at, done=done), False
        with monkeypatch.context() as patch:
            patch.setattr(type(files), "pipe_file", lambda _, *a, **o: fail(*a, **o))
            try:
                held.add(names[-1], PEOPLE[names[-1]])
            except StorageError as error:
                refused = "no answer" in error.message
        assert refused == (not done or fails_at == 0)  # what is made once is looked for
        with reading(held.collection.engine) as connection:
            count = connection.execute(sa.select(sa.func.count()).select_from(isolates))
            assert count.scalar_one() == len(names) - refused
        assert wrong(held) == []
        if refused:
            held.add(names[-1], PEOPLE[names[-1]])
        assert wrong(held) == []
        assert rows(held) == expected
    found = objects(str(known.genotypes))
    unlike = [name for name, content in there.items() if found.get(name) != content]
    assert [name for name in unlike if "/4/" not in name and "/8/" not in name] == []


def undisturbed(
    folder: Path, names: Sequence[str]
) -> tuple[dict[str, list[str]], dict[str, bytes]]:
    """All rows, and the isolates' objects, where no request failed."""
    known = founded(folder / "undisturbed", f"memory://{folder}/undisturbed")
    with opened(known) as held:
        for name in names:
            held.add(name, PEOPLE[name])
        end = rows(held)
    found = objects(str(known.genotypes))
    return end, {
        n: content for n, content in found.items() if "/genotypes/" in n or "/profiles/" in n
    }


def test_a_damaged_object_is_named_and_never_read(url: str, few: None, tmp_path: Path) -> None:
    here = founded(tmp_path / "here", url)
    with opened(here) as held:
        for name in tuple(PEOPLE)[:6]:
            held.add(name, PEOPLE[name])
    store = open_objects(url)
    piece, single = "genotypes/{0}/4/000000000", "genotypes/{0}/1/000000004"
    profile = f"profiles/{profile_key('i02')[:2]}/{profile_key('i02')}.npz"
    for name in (
        piece.format(REFERENCE.digest[:16]),
        single.format(REFERENCE.digest[:16]),
        profile,
    ):
        path = f"{store.root}/{name}"
        whole = store.files.cat_file(path)
        for damaged in (whole[:-1], b"", whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:]):
            store.files.pipe_file(path, damaged)
            with opened(here) as held:
                assert [line for line in wrong(held) if f"{name}: is damaged" in line]
            if name != profile:
                with (
                    opened(another_machine(tmp_path / "there", here)) as held,
                    pytest.raises(StorageError, match=f"{name}: is damaged"),
                ):
                    held.shelf(REFERENCE).stored()
                rmtree(tmp_path / "there")
        store.files.pipe_file(path, whole)
    with opened(here) as held:
        assert wrong(held) == []


def profile_key(name: str) -> str:
    from hashlib import sha256

    return sha256(name.encode()).hexdigest()


def test_what_the_store_has_lost_is_told(url: str, tmp_path: Path) -> None:
    here = founded(tmp_path / "here", url)
    with opened(here) as held:
        for name in ("i00", "i01", "i02"):
            held.add(name, PEOPLE[name])
    store = open_objects(url)
    store.files.rm_file(f"{store.root}/genotypes/{REFERENCE.digest[:16]}/1/000000001")
    with opened(here) as held:
        assert wrong(held) == [f"{url}: holds 1 genotypes of 3"]
    rmtree(here.folder / "genotypes")
    with opened(here) as held, pytest.raises(StorageError, match="the database speaks of 3"):
        held.add("i03", PEOPLE["i03"])
    store.files.rm(store.root, recursive=True)
    with pytest.raises(StorageError, match="does not hold the collection"), opened(here):
        pass


def test_whoever_has_lost_the_lock_takes_nobodys_row(url: str, tmp_path: Path) -> None:
    """A machine whose database connection broke goes on writing after another one took its turn."""
    here = founded(tmp_path / "here", url)
    with opened(here) as first, opened(another_machine(tmp_path / "there", here)) as second:
        first.add("i00", PEOPLE["i00"])
        late, planes = second.shelf(REFERENCE).stored(), np.zeros((3, -(-LENGTH // 64)), np.uint64)
        first.add("i01", PEOPLE["i01"])
        before = objects(url)
        with pytest.raises(StorageError, match="by somebody else at the same moment"):
            second.collection.mirror.add(late, "late", planes)
        assert objects(url) == before
        assert second.shelf(REFERENCE).stored().names() == ("i00", "i01")
        assert wrong(second) == []


def test_a_folder_that_is_no_copy_of_the_store_is_not_continued(url: str, tmp_path: Path) -> None:
    here = founded(tmp_path / "here", url)
    with opened(here) as held:
        held.add("i00", PEOPLE["i00"])
    there = another_machine(tmp_path / "there", here)
    with open_collection(tmp_path / "own") as collection:
        own = Held(collection, there)
        own.add("i01", PEOPLE["i01"])
    (tmp_path / "own" / "genotypes").rename(there.folder / "genotypes")
    with opened(there) as held, pytest.raises(StorageError, match="is not a copy of what"):
        held.add("i02", PEOPLE["i02"])
    rmtree(there.folder / "genotypes")
    with opened(there) as held:
        held.add("i02", PEOPLE["i02"])
        assert wrong(held) == []


def test_founding_goes_on_and_never_takes_anothers_place(url: str, tmp_path: Path) -> None:
    known = founded(tmp_path / "here", url)
    (known.folder / charter.FILE).unlink()  # killed before the last file
    founded(tmp_path / "here", url)
    with pytest.raises(UsageError, match="holds a collection already"):
        joining.found(replace(known, folder=tmp_path / "other", min_comparable=0.9))
    with pytest.raises(UsageError, match="a file on another machine"):
        joining.join(tmp_path / "there", url)
    with pytest.raises(UsageError, match="no collection here"):
        joining.join(tmp_path / "there", url + "/elsewhere")


def test_a_store_that_replaces_what_is_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = fsspec.filesystem("memory")
    careless = type(files).pipe_file
    monkeypatch.setattr(
        type(files), "pipe_file", lambda self, path, value, mode="": careless(self, path, value)
    )
    with pytest.raises(UsageError, match="replaces what is there"):
        founded(tmp_path / "here", f"memory://{tmp_path}")
    assert not (tmp_path / "here" / charter.FILE).exists()


@pytest.mark.parametrize(
    "wrong_url",
    [
        "bucket/folder",
        "s3://key:secret@bucket",
        "simplecache::s3://bucket",
        "sftp://host/folder",
    ],
)
def test_what_is_no_object_stores_url_is_refused_and_no_password_shown(wrong_url: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_objects(wrong_url)
    assert "secret" not in caught.value.message + caught.value.hint
