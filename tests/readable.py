"""A small whole file of every kind abscope reads, and how it is read."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import openpyxl

from abscope import organism
from abscope.formats import (
    background_table,
    bed,
    called_genomes,
    case_file,
    case_weights,
    core_alignment,
    core_vcf,
    distance_table,
    exposure_list,
    fasta,
    fasta_stream,
    fastq,
    followup_list,
    line_list,
    line_list_mapping,
    markers,
    mics,
    mlst_scheme,
    pair_snps,
    recombination_gff,
    redcap,
    sample_sheet,
    sampled_isolates,
    sampling_dates,
    sketch_lines,
    specimen_list,
    spreadsheet,
    tree_file,
    vcf,
)
from abscope.records import Contig, Reference

TODAY = date(2026, 11, 22)
LETTERS = np.frombuffer(b"ACGTACGTACGTTTGACCAT", np.uint8)
REFERENCE = Reference("REF", (Contig("chr", 0, 14), Contig("plasmid", 14, 20)), LETTERS)
CASES = ("A", "B", "C")


@dataclass(frozen=True)
class Readable:
    """A kind of file: `whole` is one that can be read, `beside` lies in the same folder.

    needed: whether it is an error that it is not there.
    """

    kind: str
    file: str
    whole: bytes
    read: Callable[[Path], object]
    beside: dict[str, bytes] = field(default_factory=dict)
    needed: bool = True

    def lay(self, folder: Path, content: bytes) -> Path:
        """Write `content` in the place of the whole file, and what belongs beside it."""
        for name, there in self.beside.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(there)
        path = folder / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path


def _parent(read: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda path: read(path.parent)


def _all(read: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda path: list(read(path))  # type: ignore[call-overload]


def _pairs(path: Path) -> object:
    return list(fastq.pairs(path, path.with_name("mate.fastq")))


def _line_list(path: Path, *, dictionary: str | None = None) -> object:
    beside = line_list.Beside(dictionary=path.with_name(dictionary) if dictionary else None)
    return line_list.read(path, today=TODAY, beside=beside)


def _with_mapping(path: Path) -> object:
    beside = line_list.Beside(mapping=path)
    return line_list.read(path.with_name("cases.csv"), today=TODAY, beside=beside)


def _specimens(path: Path) -> object:
    return specimen_list.gathered([], specimen_list.sheets(path), CASES, today=TODAY)


def _workbook(text: str) -> bytes:
    book = openpyxl.Workbook()
    for line in text.splitlines():
        book.active.append(line.split(","))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


CASE_TABLE = """\
case_id,isolate_id,status,sex,age,date_exposure,date_onset,date_collection,clinic,product,symptoms
A,iso_a,confirmed,female,41,2022-10-03,2022-11-01,2022-11-20,North,cells; saline,fever
B,iso_b;iso_c,probable,male,7 months,12/04/2022,June 2022,2022-07-04,none,cells,
C,,suspect,,,2022,,,unknown,,"headache, fever"
"""
SHEET = "sample,fastq_1,fastq_2,assembly\na,a_1.fastq,a_2.fastq,\nb,,,b.fna\n"
READS = b"".join(b"@r%d %d\n%s\n+\n%s\n" % (n, 1, b"ACGTACGTACGTACGT", b"I" * 16) for n in range(6))
MATES = b"".join(b"@r%d %d\n%s\n+\n%s\n" % (n, 2, b"TTGACCATTTGACCAT", b"I" * 16) for n in range(6))
ALIGNMENT = b">iso_a\nACGTACGTNN\n>iso_b\nACGTACGAAC\n>iso_c\nACG-ACGAAC\n"
CORE_VCF = b"""\
##fileformat=VCFv4.2
##contig=<ID=chr,length=14>
##contig=<ID=plasmid,length=6>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tiso_a\tiso_b
chr\t2\t.\tC\tT\t.\tPASS\t.\tGT\t0\t1
chr\t5\t.\tAC\tGT,A\t.\t.\t.\tGT:FT\t1:PASS\t0/1
plasmid\t1\t.\tG\tA\t.\tPASS\t.\tGT\t./.\t1|1
"""
VCF = b"""\
##fileformat=VCFv4.3
##contig=<ID=chr,length=14>
##contig=<ID=plasmid,length=6>
##FILTER=<ID=PASS,Description="All filters passed">
##FILTER=<ID=mixed,Description="mixed">
##INFO=<ID=TYPE,Number=A,Type=String,Description="type">
##INFO=<ID=DP,Number=1,Type=Integer,Description="depth">
##INFO=<ID=SAF,Number=A,Type=Integer,Description="forward">
##INFO=<ID=SAR,Number=A,Type=Integer,Description="reverse">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tiso
chr\t2\t.\tC\tT\t221.5\tPASS\tTYPE=snp;DP=40;SAF=20;SAR=20\tGT\t1
chr\t5\t.\tAC\tA\t180\tmixed\tTYPE=del;DP=33;SAF=16;SAR=10\tGT\t1
"""
DICTIONARY = (
    b"Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"
    b'"Choices, Calculations, OR Slider Labels"\n'
    b'record_id,f,,text,id,\nsymptom,f,,checkbox,s,"1, fever | 2, headache"\n'
    b'status,f,,radio,status,"1, confirmed | 2, probable"\n'
)
REDCAP = (
    b"record_id,redcap_repeat_instrument,redcap_repeat_instance,status,symptom___1,symptom___2,"
    b"specimen_id,specimen_result\n7,,,1,1,0,,\n7,specimen,1,,,,s1,positive\n8,,,2,0,0,,\n"
)


def _of(kind: str, name: str) -> dict[str, str]:
    return {"reference": f"{kind}/{name}"}


FHIR = {
    "resourceType": "Bundle",
    "entry": [
        {"resource": one}
        for one in (
            {"resourceType": "Patient", "id": "a", "gender": "female", "birthDate": "1985-05-03",
             "identifier": [{"value": "CO-1"}], "address": [{"country": "USA", "state": "Colorado"}],
             "name": [{"given": ["X"], "family": "Y"}]},
            {"resourceType": "Condition", "id": "c", "subject": _of("Patient", "a"),
             "code": {"text": "Mycobacterium abscessus"}, "onsetDateTime": "2022-11-02",
             "verificationStatus": {"coding": [{"code": "confirmed"}]}, "recordedDate": "2022-12-09"},
            {"resourceType": "Location", "id": "l", "name": "Clinic North",
             "address": {"country": "Mexico", "city": "Tijuana"}},
            {"resourceType": "BiologicallyDerivedProduct", "id": "p", "identifier": [{"value": "L7"}],
             "productCode": {"text": "cells"}, "collection": {"source": {"display": "donor 12"}}},
            {"resourceType": "Procedure", "id": "x", "status": "completed",
             "subject": _of("Patient", "a"), "code": {"text": "injection"},
             "performedPeriod": {"start": "2022-10-14", "end": "2022-10-15"},
             "performer": [{"actor": _of("Practitioner", "q")}],
             "location": _of("Location", "l"), "bodySite": [{"coding": [{"display": "knee"}]}],
             "usedReference": [_of("BiologicallyDerivedProduct", "p")]},
            {"resourceType": "Medication", "id": "m", "code": {"text": "amikacin"},
             "batch": {"lotNumber": "77"}},
            {"resourceType": "MedicationAdministration", "id": "ma", "subject": _of("Patient", "a"),
             "medicationReference": _of("Medication", "m"), "effectiveDateTime": "2022-12-01"},
            {"resourceType": "Specimen", "id": "s1", "subject": _of("Patient", "a"),
             "type": {"text": "CSF"}, "collection": {"collectedDateTime": "2022-11-20"}},
            {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "culture"},
             "specimen": _of("Specimen", "s1"), "subject": _of("Patient", "a"),
             "valueCodeableConcept": {"text": "Mycobacterium abscessus"}},
        )
    ],
}  # fmt: skip
GODATA = [
    {"visualId": "A", "id": "u-1", "gender": "LNG_REFERENCE_DATA_CATEGORY_GENDER_FEMALE",
     "classification": "LNG_REFERENCE_DATA_CATEGORY_CASE_CLASSIFICATION_CONFIRMED",
     "dateOfOnset": "2022-11-01T00:00:00.000Z", "age": {"years": 41, "months": 0},
     "addresses": [{"city": "Denver", "country": "USA"}],
     "questionnaireAnswers": {"clinic": [{"value": "North"}], "product": [{"value": ["a", "b"]}]}},
    {"visualId": "B", "classification": None, "addresses": [], "questionnaireAnswers": {}},
]  # fmt: skip
MAPPING = b"""\
dates = "day first"
[columns]
"case_id" = "case_id"
"clinic" = "clinic"
[values."status"]
"x" = "confirmed"
"""
SKETCH = b'{"name": "g1", "species": "M. abscessus", "ksize": 31, "seed": 42, ' + (
    b'"max_hash": 18446744073709551, "hash": "murmur64", "mins": [1, 5, 77]}\n'
)
ORGANISM = b"""\
schema = 1
name = "Small species"
[species]
min_ani = 0.95
genome_length = [50_000, 70_000]
[clusters]
levels = [5, 25]
source = "made up for tests"
[[references]]
name = "REF"
subspecies = "smallense"
file = "references/REF.fna.gz"
"""
GFF = b"""\
##gff-version 3
SEQUENCE\tGUBBINS\tCDS\t3\t90\t0.000\t.\t0\tnode="n1->iso_a";taxa="iso_a";snp_count="7";
"""
CONTACT_LOG = b"facility,date,channel,language,reply\none,2023-03-01,email,Spanish,none\n"
BACKGROUND = b"stratum,snps,patients,pairs,share\nDCC1,0,40,780,0.001\nDCC1,1,40,780,0.002\n"
ISOLATES = b"isolate_id,patient,clone,country,date\na,p1,DCC1,USA,2012-05\nb,p2,none,,2014\n"
LISTED = b"isolate_1\tisolate_2\tsnps\na\tb\t3\na\tc\tNA\nb\tc\t11\n"
MATRIX = b"snp-dists 0.8\ta\tb\tc\na\t0\t3\t9\nb\t3\t0\t11\nc\t9\t11\t0\n"
NEXUS = b"#NEXUS\nbegin trees;\n translate 1 a, 2 b;\n tree t = (1:1,2:2);\nend;\n"
ALLELES = b">aaa_1\nACGTACGTAA\n>aaa_2\nACGTACGTAC\n"
SCHEME = {"scheme/bbb.tfa": b">bbb-1\nTTGTACGTAA\n", "scheme/aaa.tfa": ALLELES,
          "scheme/p.txt": b"ST\taaa\tbbb\n1\t1\t1\n2\t2\t1\n"}  # fmt: skip

READABLE = (
    Readable("FASTA", "g.fna", b">c1 x\nACGTNN\nAC\n>c2\nTTTT\n", fasta.read),
    Readable("FASTA, streamed", "g.fa", ALIGNMENT, _all(fasta_stream.entries)),
    Readable("reference", "r.fna", b">chr\nACGTAC\n>p\nACG\n",
             partial(fasta.read_reference, contigs=["chr"])),
    Readable("FASTQ", "r.fastq", READS, _all(fastq.single)),
    Readable("FASTQ, a mate", "r_1.fastq", READS, _pairs, {"mate.fastq": MATES}),
    Readable("VCF of one isolate", "v.vcf", VCF, vcf.read),
    Readable("VCF of many isolates", "core.vcf", CORE_VCF, core_vcf.read),
    Readable("called genomes", "core.full.aln", ALIGNMENT, lambda p: called_genomes.read([p])),
    Readable("alignment", "core.aln", ALIGNMENT, core_alignment.read),
    Readable("alignment, packed", "core.fa", ALIGNMENT, core_alignment.packed),
    Readable("BED", "m.bed", b"chr\t2\t5\trepeat\nplasmid\t0\t6\n", lambda p: bed.read(p, REFERENCE)),
    Readable("sample sheet", "sheet.csv", SHEET.encode(), sample_sheet.read,
             {"a_1.fastq": READS, "a_2.fastq": MATES, "b.fna": b">c\nACGT\n"}),
    Readable("spreadsheet", "t.csv", CASE_TABLE.encode(), spreadsheet.read),
    Readable("workbook", "t.xlsx", _workbook(CASE_TABLE), spreadsheet.read),
    Readable("line list", "cases.csv", CASE_TABLE.encode(), _line_list),
    Readable("line list, workbook", "cases.xlsx", _workbook(CASE_TABLE), _line_list),
    Readable("line list mapping", "map.toml", MAPPING, line_list_mapping.LineListMapping.read),
    Readable("line list by its mapping", "m.toml", MAPPING, _with_mapping,
             {"cases.csv": CASE_TABLE.encode()}),
    Readable("REDCap export", "redcap.csv", REDCAP, partial(_line_list, dictionary="d.csv"),
             {"d.csv": DICTIONARY}),
    Readable("REDCap dictionary", "d.csv", DICTIONARY, redcap.read_dictionary),
    Readable("FHIR bundle", "bundle.json", json.dumps(FHIR).encode(), _line_list),
    Readable("Go.Data export", "godata.json", json.dumps(GODATA).encode(), _line_list),
    Readable("file of cases", "c.csv", CASE_TABLE.encode(), case_file.read),
    Readable("case weights", "w.csv", b"case_id,weight\nA,0.98\nB,0\n",
             lambda p: case_weights.read(p, CASES)),
    Readable("exposures", "e.csv", b"case_id,kind,value,answer\nA,clinic,North,yes\nB,lot,,no\n",
             lambda p: exposure_list.read(p, CASES)),
    Readable("specimens", "s.csv",
             b"specimen_id,kind,case_id,lot,date,result\ns1,patient,A,,2022-01-02,positive\n"
             b"s2,product,,L7,Jan 2022,negative\n", _specimens),
    Readable("contact log", "log.csv", CONTACT_LOG, followup_list.contacts),
    Readable("monitoring", "tests.csv", b"case_id,test,date\nA,culture,2023-01-02\n",
             followup_list.monitoring),
    Readable("markers", "m.tsv", b"clone\tcontig\tposition\tletter\nDCC1\tchr\t2\tT\n",
             lambda p: markers.read(p, REFERENCE)),
    Readable("markers, BED", "b.tsv", b"chr\t4\t5\tsubsp. massiliense\tG\n",
             lambda p: markers.read(p, REFERENCE)),
    Readable("MICs", "mics.csv",
             b"isolate_id,drug,mic,day\na,amikacin,\xe2\x89\xa40.25,3\nb,amikacin,>64,\n",
             lambda p: mics.read_mics(p, ["amikacin"])),
    Readable("MLST profiles", "scheme/p.txt", SCHEME["scheme/p.txt"],
             _parent(mlst_scheme.read_scheme), SCHEME),
    Readable("MLST alleles", "scheme/aaa.tfa", ALLELES, _parent(mlst_scheme.read_scheme), SCHEME),
    Readable("sketches", "panel.json", SKETCH, sketch_lines.read),
    Readable("distance matrix", "d.tsv", MATRIX, distance_table.read),
    Readable("pairs, listed", "pairs.tsv", LISTED, pair_snps.read_pair_snps),
    Readable("pairs, a matrix", "pairs.csv", MATRIX, pair_snps.read_pair_snps),
    Readable("pairs, a tree", "t.nwk", b"((a:1,b:2)95:0.5,c:3);", pair_snps.read_pair_snps),
    Readable("tree, Newick", "t.nwk", b"((a:1,'b x':2)95:0.5,c:3)[note];\n", tree_file.read),
    Readable("tree, Nexus", "t.nex", NEXUS, tree_file.read),
    Readable("backgrounds", "b.csv", BACKGROUND, background_table.read_backgrounds),
    Readable("isolates, sampled", "i.csv", ISOLATES, sampled_isolates.read_isolates),
    Readable("sampling dates", "dates.csv", b"isolate_id,date\na,2014-03-05\nb,2014.178\nc,2014\n",
             sampling_dates.sampling_dates),
    Readable("recombination", "g.gff", GFF, recombination_gff.read),
    Readable("organism", "organism/organism.toml", ORGANISM,
             lambda p: organism.read(str(p.parent)),
             {"organism/references/REF.fna.gz": b">chr\nACGT\n"}),
)  # fmt: skip
