"""abscope background on what other pipelines write, as a user types it."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from abscope.cli import app
from abscope.errors import AbscopeError
from populations import population

TABLE = "isolate_id\tpatient\tclone\tsubspecies\tcountry\tyear\thousehold\n"


def run(*args: object) -> tuple[str, str]:
    done = CliRunner().invoke(app, ["background", *map(str, args)])
    if isinstance(done.exception, AbscopeError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout, done.stderr


@pytest.fixture
def molten(tmp_path: Path) -> Path:
    """Distances of 40 isolates, a line a pair, as snp-dists -m writes them."""
    snps = population("constant", 40, np.random.default_rng(3)).astype(int)
    lines = [f"i{a}\ti{b}\t{snps[a, b]}\n" for a in range(40) for b in range(40)]
    path = tmp_path / "dists.tsv"
    path.write_text("".join(lines))
    return path


@pytest.fixture
def isolates(tmp_path: Path) -> Path:
    rows = [f"i{k}\tp{k // 2}\tDCC1\t\tUK\t{2000 + k}\t\n" for k in range(20)]
    rows += [f"i{k}\tp{k}\tnone\tabscessus\tNP\tunknown\t\n" for k in range(20, 36)]
    rows += [f"i{k}\tp{k}\tnone\tabscessus\tItaly\t\thouse\n" for k in range(36, 39)]
    path = tmp_path / "isolates.tsv"
    path.write_text(TABLE + "".join(rows))
    return path


def test_each_clone_is_a_row_and_who_was_left_out_is_said(molten: Path, isolates: Path) -> None:
    out, said = run(molten, "--isolates", isolates, "--country", "Mexico")
    lines = out.splitlines()
    assert [line.split("  ")[0] for line in lines[1:]] == ["DCC1", "not a clone (abscessus)"]
    assert "UK 10" in lines[1]
    assert "0 of 10 patients from Mexico" in lines[1]
    assert "0 of 17 patients from Mexico (the country of 16 is not known)" in lines[2]
    assert "left out: 10 isolates, another isolate of the patient is kept" in said
    assert "left out: 2 isolates, a patient linked to this one is kept" in said
    assert "left out: 1 isolates, whose it is, is not known" in said


def test_tables_and_drawings_are_the_same_bytes_every_time(
    molten: Path, isolates: Path, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        outputs = ("--table", tmp_path / f"{name}.tsv", "--figure", tmp_path / f"{name}.svg")
        run(molten, "-i", isolates, *outputs, "--limit", 30)
    assert (tmp_path / "a.tsv").read_bytes() == (tmp_path / "b.tsv").read_bytes()
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    heading, *rows = (tmp_path / "a.tsv").read_text().splitlines()
    assert heading.split("\t")[:2] == ["stratum", "snps"]
    assert len(rows) == 2 * 31
    assert (tmp_path / "a.svg").read_text().count("<polygon") == 2


def test_json_holds_every_distance_and_everyone_left_out(molten: Path, isolates: Path) -> None:
    found = json.loads(run(molten, "-i", isolates, "--json", "--limit", 30)[0])
    assert [len(one["share"]) for one in found["strata"]] == [31, 31]
    assert found["strata"][0]["share"][0] > 0
    assert len(found["left_out"]) == 13


def test_a_core_alignment_stands_alone_and_what_is_supposed_is_said(tmp_path: Path) -> None:
    letters = ["ACGTACGTAC", "ACGTACGTAA", "ACGTACGTTT", "NNNNNNNNAC"]
    path = tmp_path / "core.aln"
    path.write_text("".join(f">i{k}\n{one}\n" for k, one in enumerate(letters)))
    out, said = run(path, "--json")
    (stratum,) = json.loads(out)["strata"]
    assert (stratum["patients"], stratum["pairs"], stratum["untold"]) == (4, 3, 3)
    assert stratum["within"][:4] == [0, 1, 3, 3]
    assert "supposed to be another patient's" in said


def test_several_trees_are_several_clones(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.nwk").write_text(f"(({name}a:3,{name}b:4):10,{name}c:20);")
    out, _ = run(tmp_path / "one.nwk", tmp_path / "two.nwk", "--json")
    assert [(one["stratum"], one["closest"]) for one in json.loads(out)["strata"]] == [
        ("one", 7),
        ("two", 7),
    ]


def test_known_links_may_be_listed(molten: Path, tmp_path: Path) -> None:
    links = tmp_path / "links.csv"
    links.write_text("i0,i1\ni1,i2\n")
    out, said = run(molten, "--links", links, "--json")
    assert json.loads(out)["strata"][0]["patients"] == 38
    assert "left out: 2 isolates, a patient linked to this one is kept" in said


def test_a_file_of_no_known_kind_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "what.tsv").write_text("a\tb\tfive\na\tc\t7\n")
    with pytest.raises(AbscopeError, match=r"what\.tsv"):
        run(tmp_path / "what.tsv")


def test_without_a_file_it_tells_what_is_published_and_how_far_to_trust_it(tmp_path: Path) -> None:
    rows = {row["stratum"]: row for row in json.loads(run("--json")[0])}
    assert rows["DCC1"]["counted"] == "patients"
    assert rows["DCC6"]["counted"] == "genomes"
    assert rows["DCC6"]["within_20"] == "7.9 % (0-14)"
    assert "repeats and outbreaks" in rows["DCC6"]["use"]
    run("--figure", tmp_path / "a.svg", "--table", tmp_path / "a.tsv", "--limit", 30)
    assert len((tmp_path / "a.tsv").read_text().splitlines()) == 1 + 31 * len(rows)
    with pytest.raises(AbscopeError, match="knows no background"):
        run("--organism", "phage_lambda")


def test_snippys_reference_is_nobodys_isolate(tmp_path: Path) -> None:
    letters = {"Reference": "ACGTACGTAC", "a": "ACGTACGTAA", "b": "ACGTACGTTT"}
    path = tmp_path / "core.full.aln"
    path.write_text("".join(f">{name}\n{one}\n" for name, one in letters.items()))
    out, said = run(path, "--json")
    assert json.loads(out)["strata"][0]["patients"] == 2
    assert "left out: 1 isolates, whose it is, is not known" in said


def test_links_of_unknown_patients_are_named_and_half_a_pair_is_refused(
    molten: Path, tmp_path: Path
) -> None:
    links = tmp_path / "links.csv"
    links.write_text("i0,i1\n\nI2,i3\n")
    assert "--links: no isolate of 1 patients: I2" in run(molten, "--links", links, "--json")[1]
    links.write_text("i0,i1\n\ni2,\ni3,\n")
    with pytest.raises(AbscopeError, match="rows 3, 4 hold fewer than two patients"):
        run(molten, "--links", links)


def test_without_a_pair_no_share_is_shown(tmp_path: Path) -> None:
    path, isolates = tmp_path / "core.aln", tmp_path / "isolates.tsv"
    path.write_text(">a\nACGT\n>b\nACGA\n")
    isolates.write_text("isolate_id\tpatient\tclone\na\tp1\tX\nb\tp1\tX\n")
    heading, row = run(path, "-i", isolates)[0].splitlines()
    shares = dict(zip(heading.split(), row.split(), strict=True))
    assert (shares["pairs"], shares["within_5"], shares["within_25"]) == ("0", "-", "-")
