"""A simulated folder is complete, agrees with itself, and is the same every time."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from isal import igzip

from abscope import organism
from abscope.errors import StorageError
from abscope.formats import fasta, simulation_folder
from abscope.simulate import ancestor
from abscope.simulate.build import build
from abscope.simulate.scenarios import SCENARIOS
from abscope.simulate.world import World

SHORT = replace(SCENARIOS["small_contaminated"], length=60_000, depth=12.0)


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def world() -> World:
    return build(SHORT, 5)


@pytest.fixture(scope="module")
def folder(world, tmp_path_factory) -> Path:
    where = tmp_path_factory.mktemp("simulated")
    simulation_folder.write(world, where)
    return where


def tsv(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, separator="\t", infer_schema_length=None)


def test_the_same_world_gives_the_same_bytes_on_any_number_of_processors(folder, tmp_path):
    simulation_folder.write(build(SHORT, 5), tmp_path, cpus=2)
    assert contents(tmp_path) == contents(folder)


def test_every_file_of_the_sheet_is_there_and_every_isolate_in_it(world, folder):
    sheet = pl.read_csv(folder / "samples.csv")
    assert sheet.columns == ["sample", "fastq_1", "fastq_2", "assembly"]
    assert sheet["sample"].to_list() == [one.name for one in world.isolates]
    for column in sheet.columns[1:]:
        assert all((folder / name).is_file() for name in sheet[column].drop_nulls())


def test_the_organism_folder_is_one_abscope_reads(world, folder):
    found = organism.read(folder / "organism")
    assert [entry.subspecies for entry in found.references] == [
        "abscessus", "massiliense", "bolletii",
    ]  # fmt: skip
    for entry in found.references:
        assert entry.file is not None
        text = fasta.read_reference(entry.file).sequence.tobytes()
        assert text == world.reference(entry.name).letters.tobytes()


def test_snps_in_the_truth_hold_the_references_letters(world, folder):
    for isolate in world.isolates:
        (_, letters), *_ = fasta.read(folder / f"organism/references/{isolate.reference}.fna.gz")
        found = tsv(folder / f"truth/snps/{isolate.name}.tsv")
        text = letters[found["position"].to_numpy() - 1].tobytes().decode()
        assert text == "".join(found["ref"])
        assert (found["ref"] != found["alt"]).all()


def test_the_isolates_table_counts_what_the_other_tables_hold(folder):
    isolates = tsv(folder / "truth/isolates.tsv")
    indels = tsv(folder / "truth/indels.tsv")
    for row in isolates.iter_rows(named=True):
        assert len(tsv(folder / f"truth/snps/{row['isolate']}.tsv")) == row["snps"]
        own = indels.filter(pl.col("isolate") == row["isolate"])
        assert own.filter(pl.col("kind") == "deletion")["length"].sum() == row["deleted"]
        assert len(own.filter(pl.col("kind") == "insertion")) == row["insertions"]


def test_a_genome_can_be_written_from_reference_snps_and_indels(world, folder):
    isolate = world.isolates[0]
    (_, letters), *_ = fasta.read(folder / f"organism/references/{isolate.reference}.fna.gz")
    pieces = [chr(letter) for letter in letters]
    snps = tsv(folder / f"truth/snps/{isolate.name}.tsv")
    for position, alt in zip(snps["position"], snps["alt"], strict=True):
        pieces[position - 1] = alt
    indels = tsv(folder / "truth/indels.tsv").filter(pl.col("isolate") == isolate.name)
    pieces.append("")
    for row in indels.sort("kind").iter_rows(named=True):
        at = row["position"] - 1
        if row["kind"] == "deletion":
            pieces[at : at + row["length"]] = [""] * row["length"]
        else:
            pieces[at] = row["letters"] + pieces[at]
    assert "".join(pieces) == world.genome(isolate).letters.tobytes().decode()


def test_contaminated_reads_carry_the_share_asked(world, folder):
    row = tsv(folder / "truth/isolates.tsv").filter(pl.col("isolate") == "N002").row(0, named=True)
    assert (row["contaminant"], row["contaminant_share"]) == ("N004", 0.4)
    text = igzip.decompress((folder / "reads/N002_R1.fastq.gz").read_bytes()).split(b"\n")[1::4]
    own, other = (world.genome(world.isolate(name)).letters for name in ("N002", "N004"))
    words = [{g[k : k + 31].tobytes() for k in range(len(g) - 30)} for g in (own, other)]
    flip = bytes.maketrans(b"ACGT", b"TGCA")
    seen = [0, 0]
    for read in text:
        for part in (read[:31], read[:31].translate(flip)[::-1]):
            for k in (0, 1):
                seen[k] += part in words[k] and part not in words[1 - k]
    assert seen[1] / sum(seen) == pytest.approx(0.4, abs=0.08)


def test_the_truth_names_every_transmission_change_and_exposure(world, folder):
    record = tsv(folder / "truth/transmissions.tsv")
    assert record["case"].to_list() == ["T01", "T02", "T03", "T04"]
    assert len(tsv(folder / "truth/changes.tsv")) == len(world.linelist.changes)
    assert set(tsv(folder / "truth/exposures.tsv")["case_id"]) == set(world.cases["case_id"])
    assert (folder / "truth/tree.nwk").read_text().endswith("ancestor;\n")
    assert (folder / "truth/repeats/SIM_abscessus.bed").is_file()


def test_reads_of_one_genome_are_written_for_tests_and_benchmarks(tmp_path):
    genome = ancestor.genome(50_000)
    paths = [tmp_path / name for name in ("a_R1.fq.gz", "a_R2.fq.gz", "b_R1.fq.gz", "b_R2.fq.gz")]
    simulation_folder.write_reads(paths[0], paths[1], genome, depth=5, seed=3)
    simulation_folder.write_reads(paths[2], paths[3], genome, depth=5, seed=3)
    assert paths[0].read_bytes() == paths[2].read_bytes()
    bases = [len(igzip.decompress(path.read_bytes()).split(b"\n")) // 4 * 150 for path in paths[:2]]
    assert sum(bases) == pytest.approx(5 * 50_000, rel=0.01)


def test_a_folder_that_cannot_be_written_is_named(world, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(StorageError, match="file: cannot be written") as caught:
        simulation_folder.write(world, blocked)
    assert caught.value.hint


def test_another_depth_than_the_scenarios_can_be_asked(world, tmp_path):
    simulation_folder.write(world, tmp_path, depth=3.0)
    raw = igzip.decompress((tmp_path / "reads/T01-1_R1.fastq.gz").read_bytes())
    pairs = raw.count(b"\n") // 4
    length = len(world.genome(world.isolate("T01-1")))
    assert pairs * 300 / length == pytest.approx(3.0, rel=0.01)


def test_seeds_of_isolates_do_not_depend_on_their_order(world):
    one = world.generator("reads", "N001").random()
    assert one == world.generator("reads", "N001").random()
    assert one != world.generator("reads", "N002").random()
    assert np.isfinite(one)
