"""abscope type, from a sheet to the files a laboratory and other programs read."""

import csv
import io
import json
import subprocess
from pathlib import Path

import pytest

import typing_worlds
from abscope.formats import fasta
from isolate import keygenes
from worlds import abscope

EXPECTED = {
    "wild": ("inducible", "susceptible"),
    "macrolide": ("resistant", "susceptible"),
    "amikacin": ("inducible", "resistant"),
}
# https://github.com/pha4ge/hAMRonization: the fields of a result that must not be empty.
HAMRONIZATION = {
    "input_file_name",
    "gene_symbol",
    "gene_name",
    "reference_database_name",
    "reference_database_version",
    "reference_accession",
    "analysis_software_name",
    "analysis_software_version",
    "genetic_variation_type",
}


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text()), delimiter="\t"))


def typed(world: Path, *more: str, out: str = "out") -> subprocess.CompletedProcess[str]:
    return abscope(
        "type", str(world / "sheet.csv"), "-o", str(world / out), "--organism",
        str(world / "organism"), "--cpus", "1", "--quiet", *more,
    )  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Typed once, with a scheme and MICs."""
    folder = typing_worlds.write(tmp_path_factory.mktemp("typing"))
    mics = (
        "isolate_id,drug,mic,day\nmacrolide_reads,clarithromycin,>16,3\nwild_reads,amikacin,64,\n"
    )
    (folder / "mics.csv").write_text(mics)
    scheme = typing_worlds.scheme(folder / "scheme")
    done = typed(folder, "--mlst", str(scheme), "--mics", str(folder / "mics.csv"), "--json")
    assert done.returncode == 0, done.stderr
    (folder / "stdout.json").write_text(done.stdout)
    return folder


def test_reads_and_assembly_of_a_strain_get_the_verdicts_its_letters_mean(world: Path) -> None:
    rows = {row["isolate_id"]: row for row in json.loads((world / "stdout.json").read_text())}
    assert len(rows) == 6
    for name, (macrolides, amikacin) in EXPECTED.items():
        for kind in ("reads", "assembly"):
            row = rows[f"{name}_{kind}"]
            assert (row["macrolides"], row["amikacin"]) == (macrolides, amikacin), row
            assert (row["species"], row["subspecies"], row["st"]) == (
                "Small species", "smallense", "1"
            )  # fmt: skip
            assert row["fluoroquinolones"] == "not assessed"
            assert row["quality"] == "good", row["warnings"]


def test_a_verdict_comes_with_the_letter_its_share_and_the_depth(world: Path) -> None:
    rows = table(world / "out" / "resistance.tsv")
    [row] = [r for r in rows if (r["isolate_id"], r["mechanism"]) == ("macrolide_reads", "rrl")]
    assert (row["rules"], row["grade"], row["finding"]) == ("rrl-2058", "A", "rrl:2270=G")
    assert float(row["allele_fraction"]) > 0.95
    assert int(row["depth"]) > 20
    [site] = [
        r
        for r in table(world / "out" / "key_sites.tsv")
        if (r["isolate_id"], r["locus"], r["first"]) == ("macrolide_reads", "rrl", "2270")
    ]
    assert site["depth"] == row["depth"]
    assert int(site["G"]) / int(site["depth"]) == pytest.approx(
        float(row["allele_fraction"]), abs=1e-3
    )


def test_a_resistant_minority_is_named_with_its_share_and_settles_nothing(tmp_path: Path) -> None:
    typing_worlds.organism(tmp_path)
    tube = [(typing_worlds.strain("wild"), 0.7), (typing_worlds.strain("macrolide"), 0.3)]
    keygenes.batches(tmp_path, tube, depth=60, seed=5)
    (tmp_path / "sheet.csv").write_text("sample,fastq_1,fastq_2\nt,5_1.fastq.gz,5_2.fastq.gz\n")
    (tmp_path / "mics.csv").write_text("isolate_id,drug,mic\nnobody,amikacin,4\n")
    done = typed(tmp_path, "--mics", str(tmp_path / "mics.csv"))
    assert done.returncode == 0, done.stderr
    assert "not on the sheet, not used: nobody" in done.stderr
    [row] = [r for r in table(tmp_path / "out" / "resistance.tsv") if r["mechanism"] == "rrl"]
    assert (row["verdict"], row["mechanism_verdict"]) == ("indeterminate", "indeterminate")
    assert row["minorities"].startswith("rrl:2270=G in ")
    assert "reads disagree at rrl:2270" in row["reason"]


def test_drugs_without_a_valid_rule_are_listed_as_such(world: Path) -> None:
    rows = [r for r in table(world / "out" / "resistance.tsv") if r["isolate_id"] == "wild_reads"]
    without = {r["drug"] for r in rows if r["reason"].startswith("no valid rule")}
    assert {"tobramycin", "cefoxitin", "imipenem", "linezolid"} <= without
    assert {r["verdict"] for r in rows if r["drug"] in without} == {"not assessed"}


def test_mics_stand_beside_the_genotype_and_discordance_is_named(world: Path) -> None:
    rows = {r["isolate_id"]: r for r in table(world / "out" / "phenotypes.tsv")}
    assert rows["macrolide_reads"]["agreement"] == "agree"
    assert (rows["wild_reads"]["reading"], rows["wild_reads"]["genotype"]) == ("R", "susceptible")
    assert rows["wild_reads"]["agreement"] == "genotype susceptible"


def test_hamronization_rows_have_every_mandatory_field(world: Path) -> None:
    rows = table(world / "out" / "hamronization.tsv")
    assert rows
    for row in rows:
        assert all(row[field] for field in HAMRONIZATION), row
    found = {
        (
            r["input_file_name"],
            r["gene_symbol"],
            r["nucleotide_mutation"],
            r["genetic_variation_type"],
        )
        for r in rows
    }
    assert found == {
        *(
            (file, "erm(41)", "", "gene_presence_detected")
            for name in ("wild", "amikacin", "macrolide")
            for file in (f"{name}_1.fastq.gz", f"{name}.fna")
        ),
        ("macrolide_1.fastq.gz", "rrl", "n.2270A>G", "nucleotide_variant_detected"),
        ("macrolide.fna", "rrl", "n.2270A>G", "nucleotide_variant_detected"),
        ("amikacin_1.fastq.gz", "rrs", "n.1375A>G", "nucleotide_variant_detected"),
        ("amikacin.fna", "rrs", "n.1375A>G", "nucleotide_variant_detected"),
    }


def test_multiqc_finds_a_table_with_a_row_an_isolate(world: Path) -> None:
    content = json.loads((world / "out" / "abscope_mqc.json").read_text())
    assert {"id", "section_name", "plot_type", "data"} <= content.keys()
    assert content["plot_type"] == "table"
    assert set(content["data"]) == {f"{n}_{k}" for n in EXPECTED for k in ("reads", "assembly")}
    assert content["data"]["macrolide_reads"]["macrolides"] == "resistant"
    assert all(
        not isinstance(v, dict | list) for row in content["data"].values() for v in row.values()
    )


def test_the_json_holds_the_evidence_behind_every_row(world: Path) -> None:
    document = json.loads((world / "out" / "types.json").read_text())
    one = next(one for one in document["isolates"] if one["isolate_id"] == "macrolide_reads")
    assert one["identity"]["candidates"][0]["ani"] > 0.99
    assert {site["locus"] for site in one["evidence"]["sites"]} == {"rrl", "rrs", "erm(41)", "gyrA"}


def test_typing_again_takes_the_calls_that_are_there_and_gives_the_same_bytes(world: Path) -> None:
    before = {p.name: p.read_bytes() for p in (world / "out").glob("types.*")}
    profiles = {p: p.stat().st_mtime_ns for p in (world / "out").rglob("*.npz")}
    more = ("--mlst", str(world / "scheme"), "--mics", str(world / "mics.csv"))
    assert typed(world, *more).returncode == 0
    assert {p.name: p.read_bytes() for p in (world / "out").glob("types.*")} == before
    assert {p: p.stat().st_mtime_ns for p in (world / "out").rglob("*.npz")} == profiles


def test_without_the_reference_of_the_key_genes_no_drug_is_assessed_and_the_remedy_is_named(
    tmp_path: Path,
) -> None:
    organism = typing_worlds.organism(tmp_path)
    text = (organism / "organism.toml").read_text()
    (organism / "organism.toml").write_text(
        "\n".join(line for line in text.splitlines() if not line.startswith("file ="))
    )
    other = typing_worlds.ancestor().sequence.copy()
    other[50_000] = ord("A") if other[50_000] != ord("A") else ord("C")
    fasta.write(tmp_path / "other.fna", [("x1", other)])
    fasta.write(tmp_path / "a.fna", [("contig", typing_worlds.strain("macrolide").letters)])
    done = abscope(
        "type", "--ctgs", str(tmp_path / "a.fna"), "-r", str(tmp_path / "other.fna"), "--organism",
        str(organism), "-o", str(tmp_path / "out"), "--cpus", "1",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "abscope reference get small" in done.stderr
    rows = table(tmp_path / "out" / "resistance.tsv")
    assert {row["verdict"] for row in rows} == {"not assessed"}
    macrolides = [row["reason"] for row in rows if row["drug"] == "macrolides"]
    assert all("AB000001.1 is not installed; run: abscope reference get" in r for r in macrolides)


def test_the_key_genes_are_read_on_a_reference_given_under_any_name(tmp_path: Path) -> None:
    organism = typing_worlds.organism(tmp_path)
    given = tmp_path / "mine.fna"
    extra = typing_worlds.foreign(5)[:3_000]
    fasta.write(given, [("plasmid", extra), ("c1", typing_worlds.ancestor().sequence)])
    text = (organism / "organism.toml").read_text()
    (organism / "organism.toml").write_text(
        "\n".join(line for line in text.splitlines() if not line.startswith("file ="))
    )
    fasta.write(tmp_path / "a.fna", [("contig", typing_worlds.strain("amikacin").letters)])
    done = abscope(
        "type", "--ctgs", str(tmp_path / "a.fna"), "-r", str(given), "--organism", str(organism),
        "-o", str(tmp_path / "out"), "--cpus", "1", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [row] = json.loads(done.stdout)
    assert (row["amikacin"], row["macrolides"]) == ("resistant", "inducible")


def test_another_species_is_left_out_with_the_reason_and_the_rest_go_on(tmp_path: Path) -> None:
    typing_worlds.organism(tmp_path)
    fasta.write(tmp_path / "a.fna", [("contig", typing_worlds.strain("wild").letters)])
    fasta.write(tmp_path / "b.fna", [("contig", typing_worlds.foreign())])
    (tmp_path / "broken.fna").write_text("not a genome\n")
    rows = ["sample,fastq_1,fastq_2,assembly", "a,,,a.fna", "b,,,b.fna", "c,,,broken.fna"]
    (tmp_path / "sheet.csv").write_text("\n".join(rows) + "\n")
    done = typed(tmp_path)
    assert done.returncode == 1
    assert [r["isolate_id"] for r in table(tmp_path / "out" / "types.tsv")] == ["a"]
    left = {r["name"]: r for r in table(tmp_path / "out" / "types_left_out.tsv")}
    assert left.keys() == {"b", "c"}
    assert "not Small species" in left["b"]["reason"]
    assert "check the culture" in left["b"]["hint"]


def test_neither_a_sheet_nor_files_is_a_usage_error(tmp_path: Path) -> None:
    done = abscope("type", "-o", str(tmp_path / "out"))
    assert done.returncode == 2
    assert "give a sample sheet" in done.stderr


def test_a_row_of_mics_that_cannot_be_read_is_named(world: Path) -> None:
    bad = "isolate,drug,mic\nwild_reads,penicillin,4\nwild_reads,amikacin,about 4\n"
    (world / "bad.csv").write_text(bad)
    done = typed(world, "--mics", str(world / "bad.csv"), out="bad")
    assert done.returncode == 1
    assert "row 2: 'penicillin' is not a drug" in done.stderr
    assert "row 3: 'about 4' is not a MIC" in done.stderr
