"""A collection watched from the command line: told once, stopped cleanly, and nothing lost when killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from abscope.organism import BUILT_IN, DEFAULT
from worlds import World, abscope

RULES = BUILT_IN / DEFAULT / "watch.toml"
CHANNEL = '\n[[channels]]\nname = "log"\nkind = "file"\npath = "alerts.jsonl"\n'


@pytest.fixture
def held(world: World) -> Path:
    """A collection with the shipped rules, that writes its alerts to a file; nothing in it yet."""
    folder = world.folder / "held"
    done = abscope("init", str(folder), "--organism", str(world.folder / "organism"))
    assert done.returncode == 0, done.stderr
    (folder / "watch.toml").write_text(RULES.read_text() + CHANNEL)
    return folder


def add(world: World, held: Path, *names: str, jurisdiction: str) -> str:
    """Add isolates; what stderr said."""
    head, *rows = world.sheet.read_text().splitlines()
    chosen = [row for row in rows if row.split(",")[0] in names]
    sheet = world.folder / f"{jurisdiction}.csv"
    sheet.write_text("\n".join([head, *chosen]) + "\n")
    done = abscope("add", str(held), str(sheet), "--quiet", "--jurisdiction", jurisdiction)
    assert done.returncode == 0, done.stderr
    return done.stderr


def watch(held: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return abscope("watch", str(held), "--date", "2023-01-01", *words)


def told(held: Path) -> list[dict]:
    path = held / "alerts.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def kept(held: Path, *words: str) -> list[dict]:
    done = abscope("alerts", str(held), "--json", *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_pair_across_jurisdictions_is_told_to_both_once_and_answered(
    world: World, held: Path
) -> None:
    add(world, held, "iso_a", jurisdiction="CO")
    said = add(world, held, "iso_b", jurisdiction="AZ")
    assert "alerts: 2 x new pair across jurisdictions" in said
    assert [(one["delivered"], one["jurisdiction"]) for one in kept(held)] == [(0, "AZ"), (0, "CO")]
    assert told(held) == []
    done = watch(held)
    assert (done.returncode, done.stdout) == (0, "")
    assert {(one["rule"], one["subject"], one["jurisdiction"]) for one in told(held)} == {
        ("new pair across jurisdictions", "iso_b", "AZ"),
        ("new pair across jurisdictions", "iso_b", "CO"),
    }
    first, second = kept(held)
    assert (first["delivered"], first["channels"]) == (1, 1)
    done = abscope("alerts", str(held), "-a", first["alert"][:8], "--note", "called Phoenix")
    assert done.returncode == 0, done.stderr
    assert [one["alert"] for one in kept(held, "--open")] == [second["alert"]]
    (answer,) = next(one for one in kept(held) if one["alert"] == first["alert"])[
        "acknowledgements"
    ]
    assert answer["note"] == "called Phoenix"
    *came, last = json.loads(abscope("audit", "show", str(held), "--json").stdout)
    assert {(one["action"], one["subject"]) for one in came} == {
        ("add isolate", "iso_a"),
        ("add isolate", "iso_b"),
    }
    assert (last["action"], last["subject"]) == ("acknowledge", first["alert"])


def start(held: Path, drop: Path, *, settle: str = "0") -> subprocess.Popen[str]:
    words = ["watch", str(held), "--follow", "--drop", str(drop), "--every", "0.2", "--settle", settle,
             "--date", "2023-01-01", "--cpus", "1"]  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "abscope", *words], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
        text=True, start_new_session=True,
    )  # fmt: skip


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not true():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


def status(held: Path) -> int:
    done = abscope("status", str(held), "--json")
    return int(json.loads(done.stdout)["isolates"])


def test_a_service_adds_what_appears_tells_of_it_and_stops_when_asked(
    world: World, held: Path
) -> None:
    drop = world.folder / "drop"
    drop.mkdir()
    service = start(held, drop)
    shutil.copytree(world.folder / "reads", drop / "run1" / "reads")
    head, *rows = world.sheet.read_text().splitlines()
    (drop / "run1" / "sheet.csv").write_text("\n".join([head, *rows[:2]]) + "\n")
    until(lambda: len(told(held)) == 1)
    service.send_signal(signal.SIGTERM)
    _, talk = service.communicate(timeout=60)
    assert service.returncode == 0, talk
    assert status(held) == 2
    assert [one["rule"] for one in told(held)] == ["new pair"]


@pytest.mark.slow
def test_a_service_killed_at_any_moment_loses_and_repeats_nothing(world: World, held: Path) -> None:
    drop = world.folder / "drop"
    shutil.copytree(world.folder / "reads", drop / "reads")
    shutil.copy(world.sheet, drop / "sheet.csv")
    for seconds in (1.5, 3.0, 4.5):
        service = start(held, drop)
        time.sleep(seconds)
        os.killpg(service.pid, signal.SIGKILL)
        service.communicate(timeout=60)
    service = start(held, drop)
    until(lambda: status(held) == 4 and any((held / "taken").glob("*")))
    service.send_signal(signal.SIGTERM)
    _, talk = service.communicate(timeout=60)
    assert service.returncode == 0, talk
    assert watch(held).returncode == 0
    keys = [one["alert"] for one in told(held)]
    assert len(keys) == len(set(keys)) == 1
    assert abscope("verify", str(held)).returncode == 0
