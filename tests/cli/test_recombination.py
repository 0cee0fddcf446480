"""abscope recombination: an alignment in, blocks and distances out."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from benchmarks.recombination_worlds import Recipe, World, world

from abscope.formats import distance_table, fasta, recombination_gff


def abscope(*arguments: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "abscope", "recombination", *arguments]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def made() -> World:
    return world(Recipe(8, 0.2, length=300_000), seed=3)


@pytest.fixture(scope="module")
def alignment(made: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clone") / "core.full.aln"
    fasta.write(path, ((name, one.bases) for name, one in made.calls.items()))
    return path


def test_the_folder_holds_what_gubbins_users_know(alignment: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = abscope(str(alignment), "--outdir", str(out), "--masked-alignment", "--json")
    assert done.returncode == 0, done.stderr
    assert {path.name for path in out.iterdir()} == {
        "recombination_blocks.tsv", "recombination_blocks.gff", "recombination_pairs.tsv",
        "distances.raw.tsv", "distances.tsv", "guide.nwk", "masked.aln",
    }  # fmt: skip
    blocks = json.loads(done.stdout)
    assert blocks
    assert len(recombination_gff.read(out / "recombination_blocks.gff")) == len(blocks)
    pairs = pl.read_csv(out / "recombination_pairs.tsv", separator="\t")
    raw = distance_table.read(out / "distances.raw.tsv")
    masked = distance_table.read(out / "distances.tsv")
    for row in pairs.to_dicts():
        pair = row["isolate_1"], row["isolate_2"]
        assert (raw[pair], masked[pair]) == (row["snps_raw"], row["snps"])
        assert row["snps_raw"] - row["removed"] == row["snps"]


def test_the_masked_alignment_differs_by_its_blocks_alone(
    alignment: Path, made: World, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = abscope(str(alignment), "--outdir", str(out), "--masked-alignment", "--json")
    hidden = dict(fasta.read(out / "masked.aln"))
    for block in json.loads(done.stdout):
        for name in block["descendants"].split(";"):
            assert (hidden[name][block["start"] : block["end"]] == ord("N")).all()
    for name, letters in hidden.items():
        kept = letters != ord("N")
        assert (letters[kept] == made.calls[name].bases[kept]).all()


def test_a_masked_stretch_holds_no_block(alignment: Path, tmp_path: Path) -> None:
    first = json.loads(abscope(str(alignment), "--json").stdout)[0]
    bed = tmp_path / "mask.bed"
    bed.write_text(f"chromosome\t{first['start']}\t{first['end']}\ttest\n")
    done = abscope(str(alignment), "--json", "--mask", str(bed))
    assert done.returncode == 0, done.stderr
    assert all(
        block["start"] not in range(first["start"], first["end"])
        for block in json.loads(done.stdout)
    )


def test_an_unknown_method_is_a_usage_error(alignment: Path) -> None:
    done = abscope(str(alignment), "--method", "magic")
    assert done.returncode == 2
    assert "built-in, gubbins" in done.stderr


def test_a_vcf_is_refused_since_density_needs_every_position(tmp_path: Path) -> None:
    rows = ("#CHROM POS ID REF ALT QUAL FILTER INFO FORMAT a b", "chr 5 . A G . . . GT 0 1")
    lines = ["##fileformat=VCFv4.2", *("\t".join(row.split()) for row in rows)]
    (tmp_path / "core.vcf").write_text("\n".join(lines))
    done = abscope(str(tmp_path / "core.vcf"), "-q")
    assert (done.returncode, done.stdout) == (1, "")
    assert "hint: give snippy-core's .full.aln, or snippy's folders" in done.stderr


def test_a_masked_alignment_needs_a_folder(alignment: Path) -> None:
    done = abscope(str(alignment), "--masked-alignment")
    assert done.returncode == 2
    assert "--outdir" in done.stderr
