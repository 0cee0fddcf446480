"""abscope run, from the sheet to the report, as a user sees it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl

from worlds import World, abscope


def files(folder: Path) -> dict[str, bytes]:
    """Everything published, name by name; the collection is not part of it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "collection" not in path.relative_to(folder).parts
    }


def test_the_outbreak_pair_is_found_and_the_third_patient_is_not_lost(world: World) -> None:
    done = world.run("--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [c["isolates"] for c in found["clusters"] if c["level"] == 5] == [["iso_a", "iso_b"]]
    assert found["cases_without_isolate"] == ["C"]
    assert [(c["case_id"], c["shares"]) for c in found["compatible_cases"]] == [
        ("C", "product=cells")
    ]
    pairs = pl.read_csv(world.out / "pairs.tsv", separator="\t")
    [pair] = pairs.filter(isolate_1="iso_a", isolate_2="iso_b").to_dicts()
    assert pair["snps"] == 3
    assert pair["comparable"] > 50_000
    report = (world.out / "report.html").read_text()
    assert all(name in report for name in ("iso_a", "iso_b", "iso_d", "iso_e"))


def test_a_run_on_one_processor_or_serially_gives_the_same_bytes(world: World) -> None:
    outputs = []
    for number, flags in enumerate((["--cpus", "2"], ["--cpus", "1"], ["--engine", "serial"])):
        out = world.folder / f"out{number}"
        assert world.run(*flags, out=out).returncode == 0
        outputs.append(files(out))
    assert outputs[0].keys() == outputs[1].keys() == outputs[2].keys()
    for name, content in outputs[0].items():
        assert content == outputs[1][name] == outputs[2][name], name


def test_a_killed_run_goes_on_and_ends_with_the_same_bytes(world: World) -> None:
    undisturbed = world.folder / "undisturbed"
    assert world.run(out=undisturbed).returncode == 0
    command = [sys.executable, "-m", "abscope", *world.arguments("--cpus", "1")]
    running = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + 120
    while not list(world.out.rglob("*.npz")) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    assert not (world.out / "report.html").exists()
    kept = {path: path.stat().st_mtime_ns for path in world.out.rglob("*.npz")}
    assert kept
    assert world.run().returncode == 0
    assert all(path.stat().st_mtime_ns == then for path, then in kept.items())
    assert files(world.out) == files(undisturbed)


def test_a_second_run_makes_no_profile_again(world: World) -> None:
    assert world.run().returncode == 0
    before = {path: path.stat().st_mtime_ns for path in world.out.rglob("*.npz")}
    first = files(world.out)
    assert world.run().returncode == 0
    assert {path: path.stat().st_mtime_ns for path in world.out.rglob("*.npz")} == before
    assert files(world.out) == first


def test_other_rules_make_other_profiles_and_the_old_ones_stay(world: World) -> None:
    assert world.quick().returncode == 0
    before = set(world.out.rglob("*.npz"))
    assert world.quick("--mincov", "5").returncode == 0
    assert set(world.out.rglob("*.npz")) > before


def test_an_isolate_taken_off_the_sheet_leaves_the_report_and_moves_no_other_pair(
    world: World,
) -> None:
    assert world.quick().returncode == 0
    before = pl.read_csv(world.out / "pairs.tsv", separator="\t")
    world.lines({"iso_d": ""})
    assert world.quick().returncode == 0
    after = pl.read_csv(world.out / "pairs.tsv", separator="\t")
    kept = before.filter(pl.col("isolate_1") != "iso_d", pl.col("isolate_2") != "iso_d")
    assert after.equals(kept)
    assert not list(world.out.glob("isolates/iso_d*"))


def test_a_run_without_a_line_list_reports_the_genomes_alone(world: World) -> None:
    done = abscope(
        *(part for part in world.arguments() if part not in {"--linelist", str(world.cases)})
    )
    assert done.returncode == 0, done.stderr
    assert (world.out / "report.html").is_file()
    assert not (world.out / "cases.tsv").exists()


def test_the_manifest_names_every_input_by_checksum_and_no_place(world: World) -> None:
    assert world.quick().returncode == 0
    text = (world.out / "manifest.json").read_text()
    manifest = json.loads(text)
    assert {s["isolate_id"] for s in manifest["samples"]} == {"iso_a", "iso_b", "iso_d", "iso_e"}
    assert all(len(f["sha256"]) == 64 for s in manifest["samples"] for f in s["files"])
    assert str(world.folder) not in text
    assert manifest["references"][0]["name"] == "REF"


def test_profile_calls_one_isolate_as_snippy_users_expect(world: World) -> None:
    reads = world.folder / "reads"
    done = abscope(
        "profile", "--R1", str(reads / "iso_a_1.fastq.gz"), "--R2", str(reads / "iso_a_2.fastq.gz"),
        "--ref", str(world.folder / "organism" / "references" / "REF.fna.gz"),
        "--outdir", str(world.out), "--prefix", "snps", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {path.name for path in world.out.iterdir()} == {
        "snps.vcf",
        "snps.aligned.fa.gz",
        "snps.consensus.fa.gz",
    }
    assert json.loads(done.stdout)["called"] > 0.9


def test_help_and_version_answer_without_loading_the_science() -> None:
    loaded = "import sys, abscope.cli; print('numba' in sys.modules, 'polars' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]
    assert "abscope" in abscope("--version").stdout
    assert "--linelist" in abscope("run", "--help").stdout


def test_a_run_says_what_joins_pairs_what_the_source_may_be_and_what_is_due(world: World) -> None:
    (world.folder / "contacts.csv").write_text(
        "facility,date,channel,language,reply\nClinic one,2022-01-03,letter,es,none\n"
    )
    done = world.run("--contacts", str(world.folder / "contacts.csv"), "--found-by", "city=Nowhere")
    assert done.returncode == 0, done.stderr
    links = pl.read_csv(world.out / "links.tsv", separator="\t")
    [pair] = links.filter(isolate_1="iso_a", isolate_2="iso_b").to_dicts()
    assert pair["verdict"] == "cannot tell"  # nobody knows how close unlinked patients are here
    assert "clone" in pair["would_change"] or "background" in pair["would_change"]
    sources = json.loads((world.out / "sources.json").read_text())
    [ranking] = sources.values()
    assert {tuple(one["exposure"]) for one in ranking["sources"]} >= {("product", "cells")}
    assert set(json.loads((world.out / "trace.json").read_text())) == set(sources)
    due = pl.read_csv(world.out / "followup.tsv", separator="\t")
    assert "C" in due.filter(concern="isolate")["about"].to_list()
    assert "Clinic one" in due.filter(concern="facility")["about"].to_list()
