"""abscope type on tubes that hold two strains, on novel clones, plasmids and lost genes."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

import typing_worlds
from abscope.formats import fasta
from abscope.records import Letters
from abscope.simulate.genomes import Genome, from_reference
from abscope.simulate.mutation import Change, descended
from isolate import keygenes
from worlds import abscope

LISTED = (
    "clone\tpart_of\tsubspecies\tstrain\taccession\tsequence_types\talso_types\tother_names\t"
    "expansion_year\tnote\tsource\n"
    "C1\t\tsmallense\tsmall\tAB000001.1\t\t\t\t\t\tmade up\n"
)
LIMITS = '[clones]\nsame = 100\nother = 300\nsource = "made up for tests"\n'
PLASMIDS = "plasmid\taccession\tlength\tsource\nunseen\tAB000009.1\t\tmade up\n"
COUNTRIES = "country\talso\tgenomes\ttotal\tsource\n*\t\t0\t500\tmade up\n"


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text()), delimiter="\t"))


def plasmid() -> Letters:
    return np.random.default_rng(77).choice(np.frombuffer(b"ACGT", np.uint8), 5_000)


def with_plasmid(genome: Genome) -> Genome:
    letters = np.concatenate([genome.letters, plasmid()])
    return from_reference(keygenes.reference_of(letters))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two related strains of no listed clone, one of the clone, and a tube of two strains."""
    folder = tmp_path_factory.mktemp("tubes")
    made = typing_worlds.organism(folder)
    (made / "clones.tsv").write_text(LISTED)
    (made / "plasmids.tsv").write_text(PLASMIDS)
    (made / "panel").mkdir()
    (made / "panel" / "countries.tsv").write_text(COUNTRIES)
    with (made / "organism.toml").open("a") as file:
        file.write(LIMITS)
    rng = np.random.default_rng(11)
    member = descended(typing_worlds.strain("wild"), Change(30), rng)
    stranger = descended(typing_worlds.strain("wild"), Change(900), rng)
    kin = descended(stranger, Change(20), rng)
    tubes = {
        "member": [(with_plasmid(member), 1.0)],
        "stranger": [(stranger, 1.0)],
        "kin": [(kin, 1.0)],
        "tube": [(member, 0.75), (stranger, 0.25)],
    }
    rows = ["sample,fastq_1,fastq_2"]
    for seed, (name, tube) in enumerate(tubes.items(), 1):
        list(keygenes.batches(folder, tube, depth=60, seed=seed))
        rows.append(f"{name},{seed}_1.fastq.gz,{seed}_2.fastq.gz")
    (folder / "sheet.csv").write_text("\n".join(rows) + "\n")
    fasta.write(folder / "plasmids.fna", [("p5", plasmid())])
    done = abscope(
        "type", str(folder / "sheet.csv"), "-o", str(folder / "out"), "--organism", str(made),
        "--cpus", "1", "--plasmids", str(folder / "plasmids.fna"), "--country", "Freedonia",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (folder / "stderr.txt").write_text(done.stderr)
    return folder


@pytest.fixture
def rows(world: Path) -> dict[str, dict[str, str]]:
    return {row["isolate_id"]: row for row in table(world / "out" / "types.tsv")}


def test_a_tube_of_two_strains_is_called_mixed_with_the_share_of_each(
    rows: dict[str, dict[str, str]],
) -> None:
    tube = rows["tube"]
    assert tube["mixture"] == "mixed"
    assert float(tube["minor_share"]) == pytest.approx(0.25, abs=0.04)
    assert float(tube["minor_share_low"]) <= 0.25 <= float(tube["minor_share_high"])
    assert float(tube["major_share"]) + float(tube["minor_share"]) == pytest.approx(1)
    assert float(tube["mixture_log10_ratio"]) > 3
    assert tube["quality"] == "doubtful"
    assert {rows[name]["mixture"] for name in ("member", "stranger", "kin")} == {"pure"}
    assert all("50 SNPs" in row["detection_limit"] for row in rows.values())


def test_the_isolate_that_spilled_over_is_named_as_the_source(
    world: Path, rows: dict[str, dict[str, str]]
) -> None:
    named = rows["tube"]["minor_source"].split("; ")
    assert named[0] == "stranger"
    assert "member" not in named
    assert "bases of stranger: cross-contamination" in rows["tube"]["warnings"]
    held = {row["source"]: row["verdict"] for row in table(world / "out" / "minor_sources.tsv")}
    assert (held["stranger"], held["member"]) == ("carries it", "does not")


def test_a_mixed_tube_is_given_no_clone(rows: dict[str, dict[str, str]]) -> None:
    assert (rows["member"]["clone"], rows["tube"]["clone"]) == ("C1", "mixed")
    assert "most reads fit C1" in rows["tube"]["clone_reason"]


def test_kin_of_no_listed_clone_form_a_novel_one_and_the_panel_is_judged(
    world: Path, rows: dict[str, dict[str, str]]
) -> None:
    assert {rows[name]["clone"] for name in ("stranger", "kin")} == {"novel clone"}
    assert "0 of 500 genomes of known clones come from Freedonia" in rows["kin"]["panel_coverage"]
    assert rows["member"]["panel_coverage"] == ""
    assert "Freedonia: 0 of 500" in (world / "stderr.txt").read_text()


def test_a_plasmid_is_found_where_it_is_and_one_not_at_hand_is_named(
    world: Path, rows: dict[str, dict[str, str]]
) -> None:
    assert [name for name in rows if rows[name]["plasmids"] == "p5"] == ["member"]
    assert {r["plasmid"] for r in table(world / "out" / "plasmids.tsv")} == {"p5"}
    said = (world / "stderr.txt").read_text()
    assert "plasmids not looked for: unseen (AB000009.1) not installed" in said


def test_the_json_holds_the_mixture_without_the_minor_strains_letters(world: Path) -> None:
    document = json.loads((world / "out" / "types.json").read_text())
    found = {one["isolate_id"]: one for one in document["isolates"]}
    assert found["tube"]["mixture"]["verdict"] == "mixed"
    assert "strain" not in found["tube"]["mixture"]
    assert document["panel_coverage"][0]["country"] == "Freedonia"
    assert document["plasmids_not_at_hand"] == ["unseen (AB000009.1)"]
