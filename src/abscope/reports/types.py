"""Everything `abscope type` publishes, as names and bytes."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from abscope import __version__
from abscope.isolate.characterised import IsolateType
from abscope.isolate.mlst import TypeCall
from abscope.knowledge.rows import Knowledge
from abscope.records import LeftOut
from abscope.reports.hamronization import MANDATORY, OPTIONAL, hamronized
from abscope.reports.resistance_rows import KEY_SITES, RESISTANCE, Row, key_sites, resistance

File = tuple[str, bytes]
TYPES = (
    "isolate_id", "species", "subspecies", "clone", "clone_confidence", "clone_reason", "st",
    "mlst_status", "alleles", "macrolides", "amikacin", "fluoroquinolones", "quality", "depth",
    "breadth", "called", "reference", "identity_reason", "warnings",
)  # fmt: skip
_CLASSES = ("macrolides", "amikacin", "fluoroquinolones")
_PHENOTYPES = (
    "isolate_id", "drug", "mic", "day", "reading", "genotype", "agreement", "phenotype_reason",
    "genotype_reason",
)  # fmt: skip


def type_row(one: IsolateType) -> Row:
    """One isolate in one row; columns are TYPES."""
    values = (
        one.isolate_id,
        one.identity.species,
        one.identity.subspecies or one.identity.subspecies_verdict,
        one.clone.clone or one.clone.outcome,
        one.clone.confidence,
        one.clone.reason,
        _st(one.mlst),
        one.mlst.status if one.mlst else None,
        "; ".join(f"{c.locus}={c.allele or c.status}" for c in one.mlst.loci) if one.mlst else None,
        *(one.verdict(name) for name in _CLASSES),
        one.quality.verdict,
        _rounded(one.quality.depth, 1),
        _rounded(one.quality.breadth, 4),
        _rounded(one.quality.called, 4),
        one.reference,
        one.identity.reason,
        "; ".join(one.warnings) or None,
    )
    return dict(zip(TYPES, values, strict=True))


def _st(call: TypeCall | None) -> str | None:
    if call is None:
        return None
    return call.st or call.status


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def contents(
    isolates: Sequence[IsolateType],
    left_out: Sequence[LeftOut],
    knowledge: Knowledge,
    *,
    organism: str,
    accession: str,
) -> Iterator[File]:
    """Yield each file's name within the output folder and its bytes."""
    rows = [type_row(one) for one in isolates]
    drugs = [row for one in isolates for row in resistance(one, knowledge)]
    sites = [row for one in isolates for row in key_sites(one)]
    shared = [
        row
        for one in isolates
        for row in hamronized(one, knowledge, organism=organism, accession=accession)
    ]
    yield "types.tsv", tsv(TYPES, rows)
    yield "resistance.tsv", tsv(RESISTANCE, drugs)
    yield "key_sites.tsv", tsv(KEY_SITES, sites)
    yield "hamronization.tsv", tsv((*MANDATORY, *OPTIONAL), shared)
    yield "phenotypes.tsv", tsv(_PHENOTYPES, [row for one in isolates for row in _phenotypes(one)])
    yield "types_left_out.tsv", tsv(("name", "reason", "hint"), [asdict(one) for one in left_out])
    yield "types.json", _json(_document(isolates, left_out, organism))
    yield "abscope_mqc.json", _json(multiqc(rows))


def _document(
    isolates: Sequence[IsolateType], left_out: Sequence[LeftOut], organism: str
) -> Mapping[str, object]:
    return {
        "schema": 1,
        "abscope": __version__,
        "organism": organism,
        "isolates": [asdict(one) for one in isolates],
        "left_out": [asdict(one) for one in left_out],
    }


def multiqc(rows: Sequence[Row]) -> Mapping[str, object]:
    """The table as MultiQC's custom content: one section, one row an isolate."""
    shown = [name for name in TYPES if name not in ("isolate_id", *_LONG)]
    return {
        "id": "abscope_types",
        "section_name": "abscope: what each isolate is",
        "description": "Species, clone, type, resistance by genotype, and quality.",
        "plot_type": "table",
        "pconfig": {"id": "abscope_types_table", "title": "abscope: isolates"},
        "data": {
            str(row["isolate_id"]): {n: row[n] for n in shown if row[n] is not None} for row in rows
        },
    }


_LONG = ("clone_reason", "identity_reason", "alleles", "warnings")


def _phenotypes(one: IsolateType) -> Iterator[Row]:
    for found in one.phenotypes:
        seen = found.phenotype
        values = (
            one.isolate_id, seen.drug, str(seen.mic), seen.day, seen.reading, found.genotype,
            found.agreement, seen.reason, found.reason,
        )  # fmt: skip
        yield dict(zip(_PHENOTYPES, values, strict=True))


def tsv(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Rows under their headings; what is unknown is empty, tabs and line ends become spaces."""
    lines = ["\t".join(columns)]
    lines += ["\t".join(_cell(row[name]) for name in columns) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()
