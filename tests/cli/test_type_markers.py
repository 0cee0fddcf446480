"""abscope type with what a user brings: marker SNPs of clones and subspecies, sketches of other species."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

import typing_worlds
from abscope.formats import fasta, sketch_lines
from abscope.records import KnownGenome, Letters
from abscope.tools.sketches import sketch
from worlds import abscope

GROUPS = {"C1": 40, "C2": 40}
SUBSPECIES = {"smallense": 30, "subsp. otherense": 30}


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text()), delimiter="\t"))


def sites(groups: dict[str, int], seed: int) -> list[tuple[str, int, str]]:
    """Group, position and a letter that the ancestor does not have."""
    rng = np.random.default_rng(seed)
    ancestor = typing_worlds.ancestor().sequence
    places = np.sort(rng.choice(np.arange(25_000, 115_000), sum(groups.values()), replace=False))
    rng.shuffle(places)
    names = [name for name, number in groups.items() for _ in range(number)]
    letters = ["C" if ancestor[at] != ord("C") else "G" for at in places]
    return [(n, int(at), one) for n, at, one in zip(names, places, letters, strict=True)]


def carrying(*groups: str) -> Letters:
    """The wild type with the markers of these groups."""
    letters = typing_worlds.strain("wild").letters.copy()
    for name, at, letter in (*sites(GROUPS, 1), *sites(SUBSPECIES, 2)):
        if name in groups:
            letters[at] = ord(letter)
    return letters


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("markers")
    typing_worlds.organism(folder)
    lines = [f"{name}\t{at + 1}\t{letter}" for name, at, letter in sites(GROUPS, 1)]
    (folder / "clones.tsv").write_text("\n".join(["clone\tposition\tletter", *lines]) + "\n")
    rows = [f"c1\t{at}\t{at + 1}\t{name}\t{one}" for name, at, one in sites(SUBSPECIES, 2)]
    (folder / "barcode.bed").write_text("\n".join(rows) + "\n")
    isolates = {
        "one": carrying("C1", "smallense"),
        "neither": carrying("smallense"),
        "contradicted": carrying("C2", "subsp. otherense"),
    }
    for name, letters in isolates.items():
        fasta.write(folder / f"{name}.fna", [("contig", letters)])
    fasta.write(folder / "half.fna", [("a", isolates["one"]), ("b", typing_worlds.foreign())])
    fasta.write(folder / "foreign.fna", [("a", typing_worlds.foreign())])
    sheet = ["sample,fastq_1,fastq_2,assembly"]
    sheet += [f"{name},,,{name}.fna" for name in (*isolates, "half", "foreign")]
    (folder / "sheet.csv").write_text("\n".join(sheet) + "\n")
    other = KnownGenome("G1", "Another species", sketch([typing_worlds.foreign()]))
    sketch_lines.write([other], folder / "others.jsonl")
    done = abscope(
        "type", str(folder / "sheet.csv"), "-o", str(folder / "out"), "--cpus", "1", "--quiet",
        "--organism", str(folder / "organism"), "--markers", str(folder / "clones.tsv"),
        "--subspecies-markers", str(folder / "barcode.bed"),
        "--species", str(folder / "others.jsonl"),
    )  # fmt: skip
    assert done.returncode == 1, done.stderr  # one is left out
    return folder


def test_marker_snps_name_a_clone_and_dismiss_it(world: Path) -> None:
    rows = {row["isolate_id"]: row for row in table(world / "out" / "types.tsv")}
    assert rows["one"]["clone"] == "C1"
    assert "marker SNPs of C1" in rows["one"]["clone_reason"]
    assert rows["neither"]["clone"] == "none"


def test_a_subspecies_that_markers_contradict_is_remarked(world: Path) -> None:
    rows = {row["isolate_id"]: row for row in table(world / "out" / "types.tsv")}
    assert rows["one"]["subspecies_by_markers"] == "smallense"
    assert "identity says" not in rows["one"]["warnings"]
    found = rows["contradicted"]
    assert (found["subspecies"], found["subspecies_by_markers"][-9:]) == ("smallense", "otherense")
    assert "identity says smallense, marker SNPs say" in found["warnings"]
    assert found["quality"] == "doubtful"


def test_a_species_among_the_sketches_is_named_where_it_is(world: Path) -> None:
    rows = {row["isolate_id"]: row for row in table(world / "out" / "types.tsv")}
    assert "Another species" in rows["half"]["warnings"]
    [left] = table(world / "out" / "types_left_out.tsv")
    assert left["name"] == "foreign"
    assert "Another species" in left["reason"]


def test_the_json_names_what_each_marker_check_read(world: Path) -> None:
    document = json.loads((world / "out" / "types.json").read_text())
    one = next(one for one in document["isolates"] if one["isolate_id"] == "one")
    assert ["smallense", 30, 30] in one["markers"]["shares"]


def test_markers_that_cannot_be_read_stop_the_command_with_the_rows(tmp_path: Path) -> None:
    typing_worlds.organism(tmp_path)
    fasta.write(tmp_path / "a.fna", [("contig", typing_worlds.strain("wild").letters)])
    (tmp_path / "bad.tsv").write_text("clone\tposition\tletter\nC1\tten\tA\nC1\t7\tU\n")
    done = abscope(
        "type", "--ctgs", str(tmp_path / "a.fna"), "-o", str(tmp_path / "out"), "--organism",
        str(tmp_path / "organism"), "--markers", str(tmp_path / "bad.tsv"),
    )  # fmt: skip
    assert done.returncode == 1
    assert "line 2" in done.stderr
    assert "line 3" in done.stderr
