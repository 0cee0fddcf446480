"""Watch rules as data: shipped ones hold, and every fault of one's own is named."""

from pathlib import Path

import pytest

from abscope.errors import OrganismError
from abscope.knowledge import watch_rules
from abscope.organism import BUILT_IN, DEFAULT
from abscope.records import WatchedName

GOOD = """
[[rules]]
name = "ours"
kind = "facility silent"
title = "Silent"
severity = "low"
days = 14
source = "judgement of ours"
"""


def test_shipped_rules_hold_and_each_names_its_source() -> None:
    folder = BUILT_IN / DEFAULT
    assert list(watch_rules.problems(folder)) == []
    rules = watch_rules.read(folder / watch_rules.FILE)
    assert {rule.kind for rule in rules} == set(watch_rules.KINDS)
    assert all(len(rule.source) > 8 for rule in rules)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("days = 14", "days = 0"), "days: must lie between 1 and 3650"),
        (("days = 14", 'days = "many"'), "is no number"),
        (("days = 14", ""), "days: is missing"),
        (("days = 14", "days = 14\nhours = 3"), "unknown setting 'hours'"),
        (('"low"', '"dire"'), "severity: 'dire'"),
        (('"facility silent"', '"omens"'), "kind: 'omens'"),
        (("judgement of ours", "?"), "names no source"),
        (('title = "Silent"', ""), "title: is missing"),
        (("", '[[watched]]\nkind = "cluster"\nvalue = "4"\n'), "a cluster is value"),
        (("", '[[watched]]\nkind = "moon"\nvalue = "4"\n'), "moon"),
    ],
    ids=[
        "range",
        "type",
        "missing",
        "unknown",
        "severity",
        "kind",
        "source",
        "title",
        "cluster",
        "watched",
    ],
)
def test_every_fault_of_a_rule_is_named(
    tmp_path: Path, change: tuple[str, str], fault: str
) -> None:
    path = tmp_path / "watch.toml"
    path.write_text(GOOD.replace(*change, 1))
    assert any(fault in problem.what for problem in watch_rules.problems(tmp_path))
    with pytest.raises(OrganismError):
        watch_rules.read(path)


def test_a_later_file_changes_a_rule_by_name_or_takes_it_out(tmp_path: Path) -> None:
    base, own = tmp_path / "base.toml", tmp_path / "own.toml"
    base.write_text(GOOD)
    own.write_text('[[rules]]\nname = "ours"\ndays = 3\n[[watched]]\nkind = "lot"\nvalue = "L1"\n')
    (rule,) = watch_rules.read(base, own)
    assert (rule.number("days"), rule.title) == (3, "Silent")
    assert watch_rules.watched(own) == (WatchedName("lot", "L1"),)
    own.write_text('[[rules]]\nname = "ours"\nseverity = "off"\n')
    assert watch_rules.read(base, own) == ()
