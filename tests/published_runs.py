"""A run's output folder, small enough to be read.

Two isolates alike, one apart, one of another reference; one case without an isolate.
"""

import gzip
import json
from pathlib import Path

GENOME = "ACGTACGTACGTACGTACGTACGTACGTACGTACGTACGT"
CHANGES = {"iso_a": {4: "G", 9: "T"}, "iso_b": {4: "G", 20: "C"}, "iso_d": {9: "T", 30: "N"}}
NEWICK = "((iso_a:1.000,'iso_b':1.000)98:1.500,iso_d:2.000);"
FORMULA = "=HYPERLINK(evil)"

TABLES = {
    "isolates": """\
isolate_id kind reference subspecies reads q30 depth_mean breadth called mixed snps
iso_a paired REF massiliense 1000 0.93 56.1 0.99 0.99 1 2
iso_b single REF massiliense 900 0.9 40.2 0.98 0.98 0 2
iso_d assembly REF massiliense 3 - - 0.97 0.97 0 1
iso_e paired OTHER abscessus 800 0.91 30.5 0.95 0.94 0 7
""",
    "types": """\
isolate_id species subspecies clone st macrolides amikacin fluoroquinolones quality
iso_a Mycobacterium_abscessus massiliense DCC3 ST_23 resistant susceptible - good
iso_b Mycobacterium_abscessus massiliense DCC3 - not_assessed susceptible - good
iso_d Mycobacterium_abscessus massiliense cannot_tell - - - - acceptable
iso_e Mycobacterium_abscessus abscessus - - - - - good
""",
    "pairs": """\
isolate_1 isolate_2 reference snps comparable snps_raw comparable_raw verdict
iso_a iso_b REF 2 38 2 40 compared
iso_a iso_d REF 1 37 1 39 compared
iso_a iso_e - - - - - different_reference
iso_b iso_d REF - 3 - 3 unresolved
""",
    "clusters": """\
level cluster isolate_id case_id
1 - iso_a A
1 - iso_b B
1 - iso_d -
5 c5-01 iso_a A
5 c5-01 iso_b B
5 - iso_d -
""",
    "cases": """\
case_id patient_id isolate_ids status sex age date_birth residence_country residence_state \
date_exposure date_onset date_collection date_report date_death outcome
A MRN-77 iso_a confirmed female 34.0 1988-05-06 United_States Colorado \
2022-10-11 2022-11-01 2022-11-15 2022-12-01 - in_treatment
B MRN-78 iso_b probable male 93.0 1929-01-02 United_States Arizona 2022-04-19 - 2023-03-14 - 2023-05-06 died
C MRN-79 - suspect male 66.0 - United_States Colorado 2022-10-18 2022-12-05 - - - -
""",
    "exposures": """\
case_id kind value answer
A clinic Clinica_Norte yes
A clinician Dr_Luna yes
A lot L-1 yes
A procedure stem_cell_injection yes
A product stem_cells yes
A supplier Cell_Labs yes
B clinic Clinica_Sur yes
B donor D-17 yes
B lot L-1 yes
B product stem_cells yes
B supplier Cell_Labs yes
C product stem_cells yes
C product saline yes
C supplier Cell_Labs yes
C clinic Clinica_Norte no
""",
    "links": """\
isolate_1 isolate_2 snps verdict linked reason
iso_a iso_b 2 linked 0.97 Linked.
""",
    "hamronization": """\
input_file_name gene_symbol gene_name reference_database_name reference_database_version \
reference_accession analysis_software_name analysis_software_version genetic_variation_type \
antimicrobial_agent coverage_depth
iso_a_1.fastq.gz rrl 23S_rRNA rules 0.1.0 CU458896.1 \
abscope 0.1.0 nucleotide_variant_detected clarithromycin 56
""",
}  # fmt: skip
SOURCES = {
    "c5-01": {
        "sources": [
            {"exposure": ["product", "stem cells"], "probability": 0.6},
            {"exposure": ["clinician", "Dr Luna"], "probability": 0.1},
        ],
        "comparison": 16,
        "cases": [{"case_id": "C", "posterior": 0.4}],
    }
}


def published(folder: Path) -> Path:
    """Write the folder and return it."""
    (folder / "isolates").mkdir(parents=True)
    for name, text in TABLES.items():
        (folder / f"{name}.tsv").write_text(_tabbed(text))
    files = {"iso_a": ["a_1.fastq.gz", "a_2.fastq.gz"], "iso_b": ["b.fastq.gz"]}
    manifest = {
        "organism": "Mycobacterium abscessus",
        "versions": {"abscope": "0.1.0"},
        "samples": [
            {"isolate_id": name, "files": [{"file": file} for file in many]}
            for name, many in files.items()
        ],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "sources.json").write_text(json.dumps(SOURCES))
    (folder / "tree.REF.nwk").write_text(f"{NEWICK}\n")
    (folder / "mask.REF.bed").write_text("chr\t8\t10\trepeat\n")
    for name, changes in CHANGES.items():
        _genome(folder / "isolates", name, changes)
    return folder


def _tabbed(text: str) -> str:
    """Blanks are tabs, _ a blank within a cell (not in names of columns and isolates), - nothing."""
    head, *rows = text.strip().split("\n")
    cells = [[_cell(cell) for cell in row.split(" ")] for row in rows]
    return "\n".join(["\t".join(head.split(" ")), *("\t".join(row) for row in cells)]) + "\n"


def _cell(cell: str) -> str:
    if cell == "-":
        return ""
    return cell if cell.startswith("iso_") or cell.endswith("_detected") else cell.replace("_", " ")


def _genome(folder: Path, name: str, changes: dict[int, str]) -> None:
    letters = "".join(changes.get(place, letter) for place, letter in enumerate(GENOME))
    content = f">chr\n{letters}\n".encode()
    (folder / f"{name}.aligned.fa.gz").write_bytes(gzip.compress(content, mtime=0))
    lines = ["##fileformat=VCFv4.3", f"##contig=<ID=chr,length={len(GENOME)}>"]
    lines.append('##FILTER=<ID=PASS,Description="All filters passed">')
    lines.append("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO")
    lines += [
        f"chr\t{place + 1}\t.\t{GENOME[place]}\t{letter}\t60\tPASS\t."
        for place, letter in changes.items()
        if letter != "N"
    ]
    (folder / f"{name}.vcf").write_text("\n".join(lines) + "\n")
