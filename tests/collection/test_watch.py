"""A watch over a collection: what came is looked at once, whoever looks, and told through every channel."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from abscope.collection import arrivals, case_imports
from abscope.collection.access import at_terminal
from abscope.collection.alerts import kept
from abscope.collection.arrivals import Arrival
from abscope.collection.charter import Charter
from abscope.collection.database import reading
from abscope.collection.history import Stamp
from abscope.collection.shelves import Shelf
from abscope.collection.store import open_collection
from abscope.collection.watch import Tower, deliver, look, notice
from abscope.errors import OrganismError
from abscope.formats.line_list import Beside
from abscope.population.packing import pack
from abscope.records import Alert, Calls, LeftOut
from abscope.settings import CallRules

LENGTH, LEVELS, DAY = 2_000, (10, 25), date(2026, 1, 2)
STAMP = Stamp("2026-01-02T03:04:05", "tests")
CHANNEL = '[[channels]]\nname = "log"\nkind = "file"\npath = "alerts.jsonl"\n'


@dataclass
class Post:
    """A watched collection."""

    tower: Tower
    shelf: Shelf

    def admit(self, name: str, *changed: int, whose: str = "") -> None:
        letters = np.frombuffer(b"ACGT" * (LENGTH // 4), dtype=np.uint8).copy()
        letters[list(changed)] = np.where(letters[list(changed)] == ord("A"), ord("C"), ord("A"))
        (planes,) = pack([Calls("R", letters)], isolates=1, length=LENGTH)[:1]
        arrival = Arrival(name, "k" * 64, f"files of {name}", "R", planes, whose)
        arrivals.admit(self.tower.collection, arrival, shelf=self.shelf, levels=LEVELS, stamp=STAMP)

    def look(self, **more: bool) -> tuple[Alert, ...]:
        return look(self.tower, day=DAY, stamp=STAMP, **more)

    def notice(self) -> tuple[Alert, ...]:
        return notice(self.tower, day=DAY, stamp=STAMP)

    def deliver(self, minutes: float = 0):
        return deliver(self.tower, clock=lambda: 1_800_000_000.0 + 60 * minutes)

    def say(self, name: str, text: str) -> None:
        (self.tower.knowing / name).write_text(text)

    @property
    def written(self) -> list[dict]:
        path = self.tower.knowing / "alerts.jsonl"
        return (
            [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []
        )


@pytest.fixture
def post(database: str | None, tmp_path: Path) -> Iterator[Post]:
    folder = tmp_path / "c"
    with open_collection(folder, database=database) as collection:
        charter = Charter(
            folder,
            "mycobacterium_abscessus",
            (0.95, (1, 2)),
            (),
            (),
            LEVELS,
            0.5,
            CallRules(),
            "fast",
        )
        made = Post(
            Tower(collection, charter, folder),
            Shelf(folder / "genotypes", "d", LENGTH, LENGTH // 2),
        )
        made.say("watch.toml", CHANNEL)
        yield made  # fmt: skip


def rules(found: tuple[Alert, ...]) -> list[tuple[str, str, str]]:
    return sorted((one.rule, one.subject, one.jurisdiction) for one in found)


def test_a_close_pair_of_two_jurisdictions_is_raised_once_and_written_once(post: Post) -> None:
    post.admit("one", whose="CO")
    assert post.look() == ()
    post.admit("two", 5, 9, whose="AZ")
    expected = [("new pair across jurisdictions", "two", whose) for whose in ("AZ", "CO")]
    assert rules(post.look()) == expected
    assert post.look() == ()
    assert len(post.deliver().done) == 2
    assert post.deliver(minutes=9999).done == ()
    assert sorted(one["jurisdiction"] for one in post.written) == ["AZ", "CO"]


def test_an_isolate_that_failed_at_first_is_looked_at_when_it_comes(post: Post) -> None:
    post.tower.collection.fail(LeftOut("late", "empty file", ""))
    post.admit("one")
    post.look()
    post.admit("late", 7)
    assert rules(post.look()) == [("new pair", "late", "")]


def test_many_watchers_at_once_raise_and_write_everything_once(post: Post) -> None:
    for number in range(6):
        post.admit(f"i{number}", number)
    with ThreadPoolExecutor(4) as pool:
        found = [one for raised in pool.map(lambda _: post.look(), range(4)) for one in raised]
        assert len(found) == len({one.key for one in found}) == 5
        list(pool.map(lambda _: post.deliver(), range(4)))
    keys = [one["alert"] for one in post.written]
    assert sorted(keys) == sorted(one.key for one in found)


def test_a_removed_isolate_makes_no_pair_and_a_restored_one_does(post: Post) -> None:
    post.admit("one")
    arrivals.remove(post.tower.collection, "one", reason="r", levels=LEVELS, stamp=STAMP)
    post.admit("two", 3)
    assert post.look() == ()
    arrivals.restore(post.tower.collection, "one", levels=LEVELS, stamp=STAMP)
    assert rules(post.look()) == [("new pair", "one", "")]


def test_cases_and_the_watch_list_raise_alerts_and_a_baseline_sends_none(
    post: Post, tmp_path: Path
) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text(
        "case_id,isolate_id,date_collection,clinic,product\nA,,2025-11-20,North,cells\n"
    )
    case_imports.keep(post.tower.collection.folder, cases, Beside(), today=DAY)
    assert [one.rule for one in post.look(silently=True)] == ["isolate to rescue"]
    assert post.deliver().done == ()
    post.say("watch.toml", CHANNEL + '[[watched]]\nkind = "clinic"\nvalue = "north"\n')
    assert [one.rule for one in post.look()] == ["watched clinic, product or lot"]
    assert len(post.deliver().done) == 1


def test_a_case_stays_its_isolates_jurisdictions_when_the_isolate_is_no_news(
    post: Post, tmp_path: Path
) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text("case_id,isolate_id,residence_state,clinic\nA,one,NV,North\n")
    case_imports.keep(post.tower.collection.folder, cases, Beside(), today=DAY)
    post.say("watch.toml", CHANNEL + '[[watched]]\nkind = "clinic"\nvalue = "north"\n')
    post.admit("one", whose="AZ")
    assert [one.jurisdiction for one in post.look()] == ["AZ"]
    assert post.look() == ()


def test_what_tables_tell_of_isolates_is_used(post: Post) -> None:
    head = "isolate_id\tclone\tsubspecies\n"
    post.say("types.tsv", head + "one\tDCC4\tabscessus\ntwo\tDCC4\tabscessus\n")
    post.admit("one", whose="CO")
    post.admit("two", *range(8), whose="AZ")
    assert post.look() == ()  # eight SNPs are nothing in that clone
    post.admit("three", 700)
    post.say("types.tsv", "isolate_id\tclone\trun\none\tnone\tM1\nthree\tnone\tM1\ntwo\tnone\tM2\n")
    assert ("laboratory contamination", "one three", "CO") in rules(post.look())


def test_silent_facilities_are_read_from_the_contact_log(post: Post) -> None:
    post.say("contacts.csv", "facility,date,reply\nNorth Clinic,2025-12-10,\n")
    assert [one.rule for one in post.look()] == ["facility silent 14 days"]


def test_a_channel_that_fails_is_tried_again_and_only_grave_alerts_go_where_asked(
    post: Post,
) -> None:
    mild = '[[channels]]\nname = "grave"\nkind = "file"\npath = "grave.jsonl"\nat_least = "high"\n'
    post.say("watch.toml", CHANNEL + mild)
    post.admit("one")
    post.admit("two", 3)
    (raised,) = post.look()
    (post.tower.knowing / "alerts.jsonl").mkdir()
    assert [reason for *_, reason in post.deliver().failed] != []
    assert post.deliver().done == post.deliver().failed == ()
    (post.tower.knowing / "alerts.jsonl").rmdir()
    assert post.deliver(minutes=1).done == ((raised.key, "log"),)
    with reading(post.tower.collection.engine) as connection:
        (one,) = kept(connection, at_terminal("ana"))
    assert (one.delivered, one.channels) == (1, 1)


def test_rules_of_the_collection_change_shipped_ones_and_faults_are_all_named(
    post: Post,
) -> None:
    post.admit("one")
    post.admit("two", 3)
    post.say("watch.toml", CHANNEL + '[[rules]]\nname = "new pair"\nseverity = "off"\n')
    assert post.look() == ()
    post.say("watch.toml", '[[rules]]\nname = "mine"\nkind = "omens"\nseverity = "huge"\n')
    with pytest.raises(OrganismError) as told:
        post.look()
    for fault in ("omens", "huge", "title: is missing", "source"):
        assert fault in told.value.message


def test_what_is_noticed_when_adding_is_kept_once_and_sent_by_the_next_look(post: Post) -> None:
    post.admit("one", whose="CO")
    post.admit("two", 5, 9, whose="AZ")
    expected = [("new pair across jurisdictions", "two", whose) for whose in ("AZ", "CO")]
    assert rules(post.notice()) == expected
    assert post.notice() == ()
    assert post.deliver().done == ()
    assert post.look() == ()
    assert len(post.deliver().done) == 2
    assert sorted(one["jurisdiction"] for one in post.written) == ["AZ", "CO"]


def test_a_look_sees_what_was_added_again_with_what_was_learnt_since(post: Post) -> None:
    post.admit("one")
    post.admit("two", 5)
    assert rules(post.notice()) == [("new pair", "two", "")]
    post.say(
        "types.tsv",
        "isolate_id\tclone\tsubspecies\trun\none\tnone\tabscessus\tM1\ntwo\tnone\tabscessus\tM1\n",
    )
    assert rules(post.look()) == [("laboratory contamination", "one two", "")]


def test_a_baseline_sends_nothing_of_what_was_noticed(post: Post) -> None:
    post.admit("one")
    post.admit("two", 5)
    assert len(post.notice()) == 1
    post.look(silently=True)
    assert post.deliver().done == ()
    assert post.written == []


def test_an_isolate_not_typed_yet_is_of_the_clone_of_the_typed_one_next_to_it(post: Post) -> None:
    post.say("types.tsv", "isolate_id\tclone\tsubspecies\none\tDCC4\tabscessus\n")
    post.admit("one", whose="CO")
    post.admit("two", *range(8), whose="AZ")
    assert post.notice() == ()  # eight SNPs are nothing in that clone
    post.admit("three", *range(1_000, 1_009), whose="CO")
    post.admit("four", *range(1_000, 1_008), *range(1_100, 1_120), whose="AZ")
    assert {one.subject for one in post.notice()} == set()


def test_a_channel_of_one_jurisdiction_names_no_isolate_of_another_and_keeps_the_key(
    post: Post,
) -> None:
    post.say("watch.toml", CHANNEL + 'jurisdictions = ["AZ"]\n')
    post.admit("co-secret.1", whose="CO")
    post.admit("az_2", 5, 9, whose="AZ")
    post.admit("co-secret.3", 5, 9, 11, whose="CO")
    raised = {one.key for one in post.look() if one.jurisdiction == "AZ"}
    assert len(raised) == 2
    assert len(post.deliver().done) == 2
    assert {one["alert"] for one in post.written} == raised
    assert "secret" not in json.dumps(post.written)
    assert "az_2" in json.dumps(post.written)
