"""Bad input: a message with file, row and remedy; the other samples go on; the exit code is right."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from abscope.formats import fasta
from worlds import World

OTHERS = {"iso_b", "iso_d", "iso_e"}


def outcome(world: World) -> dict[str, object]:
    """Run, expect exit 1 with the others finished, and return the JSON summary."""
    done = world.quick("--json")
    assert done.returncode == 1, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    assert (world.out / "report.html").is_file()
    return found


def left_out(world: World, name: str) -> tuple[str, str]:
    """The reason and the remedy told for `name`, all others being in the report."""
    found = outcome(world)
    assert set(found["isolates"]) >= OTHERS - {name}  # type: ignore[call-overload]
    [one] = [one for one in found["left_out"] if one["name"] == name]  # type: ignore[attr-defined]
    table = (world.out / "left_out.tsv").read_text()
    assert name in table
    assert one["hint"]
    return one["reason"], one["hint"]


def test_a_truncated_gzip_is_named_and_the_others_go_on(world: World) -> None:
    path = world.folder / "reads" / "iso_a_1.fastq.gz"
    path.write_bytes(path.read_bytes()[:-5000])
    reason, _ = left_out(world, "iso_a")
    assert "iso_a_1.fastq.gz" in reason


def test_mates_out_of_step_are_named_with_the_record(world: World) -> None:
    path = world.folder / "reads" / "iso_a_2.fastq.gz"
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    path.write_bytes(gzip.compress(b"".join(lines[:400] + lines[404:])))
    reason, _ = left_out(world, "iso_a")
    assert "iso_a_2.fastq.gz" in reason
    assert "101" in reason


def test_a_missing_mate_file_is_named_with_its_row(world: World) -> None:
    (world.folder / "reads" / "iso_a_2.fastq.gz").unlink()
    reason, _ = left_out(world, "iso_a")
    assert "iso_a_2.fastq.gz" in reason
    assert "row 2" in reason


def test_an_empty_file_is_named(world: World) -> None:
    (world.folder / "reads" / "iso_a_1.fastq.gz").write_bytes(b"")
    reason, _ = left_out(world, "iso_a")
    assert "iso_a_1.fastq.gz" in reason
    assert "empty" in reason


def test_fasta_named_fastq_is_recognised(world: World) -> None:
    (world.folder / "reads" / "iso_a_1.fastq.gz").write_bytes(gzip.compress(b">contig\nACGT\n"))
    reason, _ = left_out(world, "iso_a")
    assert "FASTA" in reason


def test_windows_line_ends_change_nothing(world: World) -> None:
    world.quick()
    before = (world.out / "pairs.tsv").read_bytes()
    for name in ("sheet.csv", "cases.csv"):
        path = world.folder / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    for path in (world.folder / "reads").glob("iso_a*.gz"):
        text = gzip.decompress(path.read_bytes()).replace(b"\n", b"\r\n")
        path.write_bytes(gzip.compress(text))
    again = world.folder / "again"
    done = world.quick(out=again)
    assert done.returncode == 0, done.stderr
    assert (again / "pairs.tsv").read_bytes() == before


def test_duplicate_sample_names_stop_the_run_and_name_both_rows(world: World) -> None:
    text = world.sheet.read_text().replace("iso_b,", "iso_a,")
    world.sheet.write_text(text)
    done = world.quick()
    assert done.returncode == 1
    assert "iso_a" in done.stderr
    assert "2" in done.stderr
    assert "3" in done.stderr
    assert "hint:" in done.stderr
    assert not (world.out / "report.html").exists()


def test_a_row_with_a_missing_file_is_left_out_and_the_rest_go_on(world: World) -> None:
    world.lines({"iso_d": "iso_d,reads/nowhere_1.fastq.gz,reads/nowhere_2.fastq.gz,"})
    reason, _ = left_out(world, "iso_d")
    assert "row 4" in reason
    assert "nowhere_1.fastq.gz" in reason


def test_another_species_is_left_out_with_its_identity(world: World) -> None:
    rng = np.random.default_rng(5)
    stranger = np.frombuffer(b"ACGT", np.uint8)[rng.integers(0, 4, 60_000)]
    fasta.write(world.folder / "reads" / "iso_e.fna", [("contig", stranger)])
    reason, _ = left_out(world, "iso_e")
    assert "species" in reason


def test_a_line_list_without_a_common_isolate_shows_names_of_both_sides(world: World) -> None:
    world.cases.write_text(world.cases.read_text().replace("iso_", "lab-"))
    done = world.quick()
    assert done.returncode == 1
    assert "lab-a" in done.stderr
    assert "iso_a" in done.stderr
    assert "hint:" in done.stderr


def test_impossible_dates_are_findings_with_row_and_remedy_and_the_case_stays(world: World) -> None:
    text = world.cases.read_text()
    text = text.replace("2022-06-01", "2022-02-30").replace("2022-03-02", "2021-12-31")
    world.cases.write_text(text)
    done = world.quick("--json")
    assert done.returncode == 0, done.stderr
    problems = (world.out / "problems.tsv").read_text()
    assert "2022-02-30" in problems
    assert "row 3" in problems
    assert "row 5" in problems
    cases = (world.out / "cases.tsv").read_text()
    assert all(f"\n{case}\t" in cases for case in "ABCDE")


@pytest.mark.parametrize("where", ["file", "read-only"])
def test_a_folder_that_cannot_be_written_is_explained_before_any_work(
    world: World, where: str
) -> None:
    if where == "file":
        world.out.write_text("in the way")
        out = world.out
    else:
        out = Path("/proc/abscope-cannot-write-here")
    done = world.quick(out=out)
    assert done.returncode == 1
    assert str(out) in done.stderr
    assert "--outdir" in done.stderr


FULL_DISK = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))
from abscope.cli import main
sys.argv = ["abscope", *sys.argv[1:]]
main()
"""


def test_a_full_disk_stops_the_run_and_nothing_saved_is_lost(world: World) -> None:
    """The limit on file size stands for the full disk: a write is refused half-way."""
    assert world.quick().returncode == 0
    kept = sorted(path.name for path in world.out.rglob("*.npz"))
    before = (world.out / "report.html").read_bytes()
    arguments = world.arguments("--title", "Other", "--no-tree", "--cpus", "1")
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "hint:" in done.stderr
    assert sorted(path.name for path in world.out.rglob("*.npz")) == kept
    assert (world.out / "report.html").read_bytes() == before
    assert not list(world.out.rglob(".*.part"))
    assert world.quick().returncode == 0


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--caller", "magic"], "caller"),
        (["--minfrac", "0.3"], "minfrac"),
        (["--snps", "-4"], "snps"),
        (["--engine", "steam"], "engine"),
    ],
)
def test_a_choice_that_does_not_exist_is_a_usage_error(
    world: World, arguments: list[str], word: str
) -> None:
    done = world.quick(*arguments)
    assert done.returncode == 2
    assert word in done.stderr
    assert "hint:" in done.stderr


def test_a_sheet_that_is_not_there_is_named(world: World) -> None:
    world.sheet.unlink()
    done = world.quick()
    assert done.returncode == 1
    assert "sheet.csv" in done.stderr
