"""A run is a collection of one afternoon: another collection takes it over as it is."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from abscope import pipeline, surveillance
from abscope.cli import collection_session
from abscope.collection import case_imports
from abscope.collection.history import Stamp
from abscope.errors import FormatError
from abscope.formats import run_folder, sample_sheet
from abscope.formats.line_list import Beside
from abscope.records import LeftOut
from abscope.settings import Inputs, Settings
from worlds import World, drafts

STAMP, TODAY = Stamp("2023-01-01T00:00:00", "tests"), date(2023, 1, 1)
SETTINGS = Settings(cpus=1, engine="serial", tree=False)


@pytest.fixture(scope="module")
def afternoon(tmp_path_factory: pytest.TempPathFactory) -> World:
    """An investigation of three isolates, two of them near each other, and its reads gone."""
    world = drafts(
        World(tmp_path_factory.mktemp("afternoon")), {"iso_a": 2, "iso_b": 3, "iso_d": 300}
    )
    inputs = Inputs(
        world.sheet, world.out, organism=str(world.folder / "organism"), linelist=world.cases
    )
    pipeline.run(inputs, SETTINGS, today=TODAY)
    held = founded(world, world.folder / "read")
    with surveillance.open_desk(held) as desk:
        samples = sample_sheet.read(world.sheet).samples
        surveillance.add(desk, samples, settings=SETTINGS, stamp=STAMP)
    shutil.rmtree(world.folder / "reads")
    return world


def founded(world: World, folder: Path) -> Path:
    organism = str(world.folder / "organism")
    surveillance.found(Inputs(Path(), folder, organism=organism), Settings())
    return folder


def profiles(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*.npz")}


def taken(held: Path, run: Path) -> surveillance.Added:
    with surveillance.open_desk(held) as desk:
        return surveillance.add_run(desk, run, run_folder.samples(run), stamp=STAMP)


def test_a_run_is_taken_over_without_its_reads_as_if_they_had_been_read(
    afternoon: World, tmp_path: Path
) -> None:
    held = founded(afternoon, tmp_path / "held")
    done = taken(held, afternoon.out)
    assert [one.isolate_id for one in done.admitted] == ["iso_a", "iso_b", "iso_d"]
    assert done.left_out == ()
    assert [near.isolate_id for near in done.admitted[1].near] == ["iso_a"]
    assert profiles(held / "profiles") == profiles(afternoon.folder / "read" / "profiles")
    with surveillance.open_desk(held) as desk:
        assert surveillance.status(desk)["isolates"] == 3
    again = taken(held, afternoon.out)
    assert [one.known_as for one in again.admitted] == ["iso_a", "iso_b", "iso_d"]


def test_what_was_called_from_other_files_or_by_other_rules_is_left_out(
    afternoon: World, tmp_path: Path
) -> None:
    held, run = founded(afternoon, tmp_path / "held"), tmp_path / "run"
    shutil.copytree(afternoon.out, run)
    manifest = json.loads((run / "manifest.json").read_text())
    manifest["samples"][0]["files"][0]["sha256"] = "0" * 64
    (run / "manifest.json").write_text(json.dumps(manifest))
    done = taken(held, run)
    assert [one.isolate_id for one in done.admitted] == ["iso_b", "iso_d"]
    (lost,) = done.left_out
    assert isinstance(lost, LeftOut)
    assert lost.name == "iso_a"
    assert "by this collection's references and rules" in lost.reason
    with surveillance.open_desk(held) as desk:
        assert surveillance.status(desk)["failed"] == 0


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"holds no manifest\.json"):
        tuple(run_folder.samples(tmp_path))
    (tmp_path / "manifest.json").write_text('{"samples": [{"isolate_id": "a", "files": []}]}')
    with pytest.raises(FormatError, match="samples without"):
        tuple(run_folder.samples(tmp_path))


def test_a_runs_cases_come_once_and_change_none_that_is_known(
    afternoon: World, tmp_path: Path
) -> None:
    held, own = founded(afternoon, tmp_path / "held"), tmp_path / "cases.csv"
    every = afternoon.cases.read_text().splitlines()
    own.write_text("\n".join([every[0], every[1].replace("North", "West")]) + "\n")
    case_imports.keep(held, own, Beside(), today=TODAY)
    new = case_imports.keep_run(held, afternoon.out, today=TODAY)
    assert new == tuple(line.split(",")[0] for line in every[2:])
    found = case_imports.current(held, today=TODAY)
    assert found is not None
    assert sorted(found.cases["case_id"]) == sorted(line.split(",")[0] for line in every[1:])
    said = found.exposures.filter(found.exposures["answer"] == "yes")
    answers = said.select("case_id", "kind", "value").rows()
    assert ("A", "clinic", "West") in answers
    assert ("A", "clinic", "North") not in answers
    assert ("B", "clinic", "South") in answers
    assert case_imports.keep_run(held, afternoon.out, today=TODAY) == ()
    assert len(case_imports.imports(held)) == 2


def test_from_the_command_line_a_run_stands_in_the_place_of_a_sheet(
    afternoon: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held, belongs = founded(afternoon, tmp_path / "held"), collection_session.Belongs("AZ", None)
    capsys.readouterr()
    code = collection_session.add(
        held, afternoon.out, SETTINGS, belongs=belongs, quiet=True, as_json=True
    )
    told = capsys.readouterr()
    assert code == 0
    assert [one["state"] for one in json.loads(told.out)["isolates"]] == ["added"] * 3
    assert "cases: 5 of" in told.err
