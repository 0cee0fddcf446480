"""abscope organism, as a user would type it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from abscope import organism


def typed(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "abscope", "organism", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_built_in_organisms_are_listed() -> None:
    done = typed("list")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "mycobacterium_abscessus\tMycobacterium abscessus",
        "phage_lambda\tBacteriophage lambda",
    ]


def test_what_an_organism_knows_is_shown_as_json() -> None:
    shown = json.loads(typed("show", "--json").stdout)
    assert {one["subspecies"] for one in shown["references"]} >= {"massiliense"}
    assert shown["tables"]["clones.tsv"] == 9


def test_a_sound_folder_passes_and_a_faulty_one_fails_with_every_fault(tmp_path: Path) -> None:
    assert typed("check", "mycobacterium_abscessus").returncode == 0
    folder = shutil.copytree(organism.folder_of("phage_lambda"), tmp_path / "lambda")
    loci = folder / "loci.tsv"
    loci.write_text(
        loci.read_text().replace("37226\t37940", "37940\t37226").replace("\t+\t", "\t*\t", 1)
    )
    done = typed("check", str(folder))
    assert done.returncode == 1
    assert "cI: start 37940 is not before end 37226" in done.stdout
    assert "'*' is not one of +, -" in done.stdout
    assert "2 problems" in done.stderr


def test_a_folder_that_is_not_there_is_an_error_with_a_hint(tmp_path: Path) -> None:
    done = typed("check", str(tmp_path / "no"))
    assert done.returncode == 1
    assert "neither a built-in organism nor a folder" in done.stderr
    assert "hint:" in done.stderr
