"""An organism folder tests itself: what the check finds, and that it finds all of it at once."""

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from abscope import organism
from abscope.errors import OrganismError
from abscope.knowledge.schema import TABLES

Change = Callable[[str], str]


def swap(old: str, new: str) -> Change:
    def change(content: str) -> str:
        assert old in content, f"the fault cannot be planted: {old!r}"
        return content.replace(old, new, 1)

    return change


def without_line(start: str) -> Change:
    def change(content: str) -> str:
        lines = content.splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(start)]
        assert len(kept) < len(lines), f"the fault cannot be planted: {start!r}"
        return "".join(kept)

    return change


def append(line: str) -> Change:
    return lambda content: content + line + "\n"


# file, how the fault is planted, words of the problem that must be found
FAULTS: list[tuple[str, Change, str]] = [
    ("organism.toml", swap("schema = 1", "schema = 7"), "schema: must be 1"),
    ("organism.toml", swap("min_ani = 0.95", "min_ani = 95.0"), "min_ani"),
    ("organism.toml", swap("present = 0.9", "present = 0.4"), "absent must lie below 0.5"),
    ("organism.toml", swap('accession = "NZ_AP018436.1"', ""), "needs an accession or a file"),
    ("loci.tsv", swap("1464207\t1467319", "1467319\t1464207"), "start 1467319 is not before"),
    ("loci.tsv", swap("3915754\t3919270", "3915754\t9919270"), "beyond ATCC_19977"),
    ("loci.tsv", swap("ATCC_19977\tgyrB", "ATCC_19978\tgyrB"), "no reference ATCC_19978"),
    ("loci.tsv", append("ATCC_19977\tarr\t\tCU458896.1\t5\t9\t+\tagain\tmade up"), "on line"),
    ("sites.tsv", swap("p96", "96"), "'96' does not name a codon"),
    ("sites.tsv", swap("rrs\t1458", "rrs\t14580"), "rrs has 1504 bases"),
    ("drugs.tsv", swap("linezolid\toxazolidinones\t\t", "linezolid\toxazolidinones\trrl\t"), "rrl"),
    ("resistance.tsv", swap("rrl:2271=C/G/T", "rrl:2271=A/G/T"), "A is the wild type"),
    ("resistance.tsv", swap("rrs:1373=A", "rrs:1374=A"), "sites.tsv has no rrs:1374"),
    ("resistance.tsv", swap("rrl:2281=A/C/T", "rrl 2281 A"), "is not locus:site=value"),
    ("resistance.tsv", swap("inducible\term(41):28=T", "resistent\term(41):28=T"), "'resistent'"),
    ("breakpoints.tsv", swap("mg/L\t16\t64", "mg/L\t64\t16"), "susceptible up to 64"),
    ("clones.tsv", swap("DCC3b\tDCC3", "DCC3b\tDCC33"), "part_of DCC33"),
    ("clock.tsv", swap("1.59e-7\t8.80e-8", "1.59e-7\t2.80e-7"), "lies outside"),
    ("examples.tsv", swap("amikacin=resistant", "amikacin=susceptible"), "expected susceptible"),
    ("examples.tsv", without_line("D96N\t"), "gyrA-D96N: no example reaches this rule"),
]


def copied(tmp_path: Path) -> Path:
    return shutil.copytree(organism.folder_of(organism.DEFAULT), tmp_path / "organism")


def plant(folder: Path, fault: tuple[str, Change, str]) -> None:
    path = folder / fault[0]
    path.write_text(fault[1](path.read_text("utf-8")), "utf-8")


def found_in(folder: Path) -> list[str]:
    return [f"{problem.where}: {problem.what}" for problem in organism.check(folder)]


@pytest.mark.parametrize("name", organism.built_in())
def test_every_built_in_folder_is_without_a_fault(name: str) -> None:
    assert organism.check(name) == ()


def test_each_of_twenty_faults_planted_in_one_folder_is_found_at_once(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    for fault in FAULTS:
        plant(folder, fault)
    problems = found_in(folder)
    missed = [fault[2] for fault in FAULTS if not any(fault[2] in one for one in problems)]
    assert len(FAULTS) == 20
    assert not missed


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault[2])
def test_each_fault_is_found_alone_and_named_with_its_file(
    tmp_path: Path, fault: tuple[str, Change, str]
) -> None:
    folder = copied(tmp_path)
    plant(folder, fault)
    named = [one for one in found_in(folder) if fault[2] in one]
    assert named
    file = "resistance.tsv" if "no example reaches" in fault[2] else fault[0]
    assert any(one.startswith(file) for one in named)


@pytest.mark.parametrize(
    ("file", "change", "words"),
    [
        ("loci.tsv", swap("reference\tlocus", "reference\tname"), "column locus is missing"),
        ("loci.tsv", append("ATCC_19977\tx"), "holds 2 cells, the header 9"),
        ("loci.tsv", swap("\t18388\t", "\t18,388\t"), "'18,388' is not a whole number"),
        ("sites.tsv", swap("rrl\t2270\tbase\tA", "rrl\t2270\tbase\tU"), "'U' is not a base"),
        ("clones.tsv", swap("\tGCF_017189395.1\t9", "\tGCF_017189395.1\t5"), "ST 5 is DCC1's"),
        ("clones.tsv", swap("GCF_017189395.1", "GCF_000069185.1"), "is DCC1's reference already"),
        ("clock.tsv", swap("DCC2", "DCC9"), "clones.tsv has no DCC9"),
        ("clock.tsv", swap("1.60e-7", "fast"), "'fast' is not a number"),
        ("backgrounds.tsv", swap("DCC6\tgenomes", "DCC99\tgenomes"), "clones.tsv has no DCC99"),
        ("backgrounds.tsv", swap("\t280\t3000\t69\t0.5\t", "\t280\t3000\t69\t1.5\t"), "no share"),
        ("backgrounds.tsv", swap("\t20\t0.079\t0\t", "\t20\t0\t0\t"), "must be above 0"),
        ("backgrounds.tsv", swap("\t20\t0.079\t", "\t20\t0.6\t"), "lie in 0-0.142"),
        ("backgrounds.tsv", swap("3000\t69\t0.5", "3000\t69\t0.05"), "rise from row to row"),
        ("backgrounds.tsv", swap("280\t3000\t69", "281\t3000\t69"), "one set of genomes"),
        ("backgrounds.tsv", swap("113\t6328\t7", "113\t6329\t7"), "make 6328 pairs"),
        ("breakpoints.tsv", swap("rrl; erm(41)", "rrl; erm(42)"), "no mechanism 'erm(42)'"),
        ("breakpoints.tsv", swap("\t3\t5\t", "\t5\t3\t"), "read from day 5 to day 3"),
        ("resistance.tsv", swap("10.1128/aac.01051-24", "?"), "names no source"),
        ("resistance.tsv", swap("gyrA:p96=N", "gyrA:p96=B"), "cannot be seen at a codon"),
        ("examples.tsv", swap("rrl:2269=G", "rrl:1=G"), "sites.tsv has no rrl:1"),
        ("examples.tsv", swap("amikacin=resistant", "amikacine=resistant"), "not drug=verdict"),
        ("organism.toml", append("[clones]\nsame = 100"), "[clones]: source"),
        ("organism.toml", append("[identity]\nlead = 5\nsource='x'"), "lead must lie between"),
        ("organism.toml", append("[identity]\nled = 0.1\nsource = 'x'"), "'led'"),
        ("organism.toml", append("[clones]\nsame = 2000\nsource = 'x'"), "same must lie below"),
        ("panel/countries.tsv", swap("\t1834\t5001", "\t1834\t50"), "USA: 1834 of 50 genomes"),
        ("traits.tsv", swap("\tgap\t", "\tgab\t"), "loci.tsv has no gab"),
        ("traits.tsv", append("rough morphotype\tmps1\tmade up"), "mps1: is on line"),
        ("plasmids.tsv", swap("\t23319\t", "\t0\t"), "pMAB23: length 0"),
        ("plasmids.tsv", swap("CU458745.1", ""), "accession"),
        ("organism.toml", swap("most = 0.05", "most = 5"), "most: must lie between 0 and 1"),
        ("organism.toml", swap("min_depth = 10", "min_reads = 10"), "min_reads"),
        ("organism.toml", swap("schema = 1", "schema = = 1"), "cannot be read"),
    ],
)
def test_other_faults_are_named_where_they_are(
    tmp_path: Path, file: str, change: Change, words: str
) -> None:
    folder = copied(tmp_path)
    plant(folder, (file, change, words))
    assert [one for one in found_in(folder) if words in one]


def test_a_mask_that_hides_much_of_a_reference_is_refused(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "mask.bed").write_text("CU458896.1\t0\t1977476\tbarcode design\nCU1\t5\t9\tx\n4\t3\n")
    problems = found_in(folder)
    for words in ("hides 39% of ATCC_19977", "no reference has contig CU1", "line 3"):
        assert any(words in one for one in problems)


def test_a_table_with_a_name_of_its_own_is_not_silently_ignored(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "resistence.tsv").write_text("rule\n")
    assert any(one.startswith("resistence.tsv: is not a table") for one in found_in(folder))


def test_a_faulty_folder_is_not_read(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    plant(folder, FAULTS[5])
    with pytest.raises(OrganismError, match="beyond ATCC_19977"):
        organism.read(folder).knowledge()


def test_every_column_of_every_table_is_documented() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "organism-folder.md").read_text("utf-8")
    for name, table in TABLES.items():
        assert f"### {name}" in manual
        section = manual.split(f"### {name}")[1].split("###")[0]
        for field in table.fields:
            assert f"| {field.name} |" in section, (name, field.name)


def test_every_gene_stands_where_the_annotation_has_it(shared_data: Path) -> None:
    genes = {}
    annotation = shared_data / "mabs_reference" / "GCA_000069185.1_ATCC19977.gff3.gz"
    for line in gzip.decompress(annotation.read_bytes()).decode().splitlines():
        cells = line.split("\t")
        if len(cells) == 9 and cells[2] == "gene" and "locus_tag=" in cells[8]:
            tag = cells[8].split("locus_tag=")[1].split(";")[0]
            genes[tag] = (int(cells[3]) - 1, int(cells[4]), cells[6])
    for locus in organism.read().knowledge().loci:
        start, end, strand = genes[locus.tag]
        if locus.locus.startswith("MLST_"):
            assert start <= locus.start < locus.end <= end
        else:
            assert (locus.start, locus.end, locus.strand) == (start, end, strand), locus.locus
