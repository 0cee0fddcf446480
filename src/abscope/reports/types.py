"""Everything `abscope type` publishes, as names and bytes."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from abscope import __version__
from abscope.isolate.characterised import IsolateType
from abscope.isolate.mlst import TypeCall
from abscope.knowledge.rows import Knowledge
from abscope.records import LeftOut, PanelCoverage, TypeTables
from abscope.records.cells import safe_cell
from abscope.reports.gene_rows import FACTS, GENES, PLASMIDS, fact_cells, genes, plasmids
from abscope.reports.hamronization import MANDATORY, OPTIONAL, hamronized
from abscope.reports.mixture_rows import MINOR_SOURCES, MIXTURE, minor_sources, mixture_cells
from abscope.reports.resistance_rows import KEY_SITES, RESISTANCE, Row, key_sites, resistance

File = tuple[str, bytes]
TYPES = (
    "isolate_id", "species", "subspecies", "clone", "clone_confidence", "clone_reason", "st",
    "mlst_status", "alleles", "macrolides", "amikacin", "fluoroquinolones", "quality", "depth",
    "breadth", "called", "reference", "identity_reason", "subspecies_by_markers", "panel_coverage",
    *FACTS, *MIXTURE, "warnings",
)  # fmt: skip
_CLASSES = ("macrolides", "amikacin", "fluoroquinolones")
_PHENOTYPES = (
    "isolate_id", "drug", "mic", "day", "reading", "genotype", "agreement", "phenotype_reason",
    "genotype_reason",
)  # fmt: skip


def type_row(one: IsolateType, coverage: Sequence[PanelCoverage] = ()) -> Row:
    """One isolate in one row; columns are TYPES. coverage: of the countries asked for."""
    row = dict.fromkeys(TYPES) | _own(one) | fact_cells(one) | mixture_cells(one)
    if one.clone.outcome in _NO_LISTED_CLONE:
        row["panel_coverage"] = "; ".join(c.sentence for c in coverage) or None
    return row


_NO_LISTED_CLONE = ("none", "novel clone", "cannot tell")


def _own(one: IsolateType) -> Row:
    """What is known of an isolate by its own letters."""
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
        _by_markers(one),
    )
    return {**dict(zip(TYPES, values, strict=False)), "warnings": "; ".join(one.warnings) or None}


def _by_markers(one: IsolateType) -> str | None:
    return None if one.markers is None else one.markers.subspecies or one.markers.verdict


def _st(call: TypeCall | None) -> str | None:
    if call is None:
        return None
    return call.st or call.status


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


@dataclass(frozen=True, slots=True)
class Held:
    """What isolates were held against: the organism's name, the key genes' accession, its rules.

    coverage: how much of the known clones comes from each country asked for. unseen: plasmids that
    were not looked for.
    """

    organism: str
    accession: str
    knowledge: Knowledge
    coverage: tuple[PanelCoverage, ...] = ()
    unseen: tuple[str, ...] = ()


def contents(
    isolates: Sequence[IsolateType], left_out: Sequence[LeftOut], held: Held
) -> Iterator[File]:
    """Yield each file's name within the output folder and its bytes."""
    knowledge = held.knowledge
    rows = [type_row(one, held.coverage) for one in isolates]
    drugs = [row for one in isolates for row in resistance(one, knowledge)]
    sites = [row for one in isolates for row in key_sites(one)]
    shared = [
        row
        for one in isolates
        for row in hamronized(one, knowledge, organism=held.organism, accession=held.accession)
    ]
    yield "types.tsv", tsv(TYPES, rows)
    yield "resistance.tsv", tsv(RESISTANCE, drugs)
    yield "key_sites.tsv", tsv(KEY_SITES, sites)
    yield "hamronization.tsv", tsv((*MANDATORY, *OPTIONAL), shared)
    yield "phenotypes.tsv", tsv(_PHENOTYPES, [row for one in isolates for row in _phenotypes(one)])
    yield "minor_sources.tsv", tsv(MINOR_SOURCES, _each(isolates, minor_sources))
    yield "genes.tsv", tsv(GENES, _each(isolates, genes))
    yield "plasmids.tsv", tsv(PLASMIDS, _each(isolates, plasmids))
    yield "types_left_out.tsv", tsv(("name", "reason", "hint"), [asdict(one) for one in left_out])
    yield "types.json", _json(_document(isolates, left_out, held))
    yield "abscope_mqc.json", _json(multiqc(rows))


def tables(isolates: Sequence[IsolateType], left_out: Sequence[LeftOut], held: Held) -> TypeTables:
    """The same, for a report."""
    notes = [one.sentence for one in held.coverage]
    if held.unseen:
        notes.append(f"plasmids not looked for, not installed: {', '.join(held.unseen)}")
    return TypeTables(
        types=tuple(type_row(one, held.coverage) for one in isolates),
        resistance=tuple(row for one in isolates for row in resistance(one, held.knowledge)),
        remarks=tuple((one.isolate_id, text) for one in isolates for text in one.warnings),
        left_out=tuple(left_out),
        notes=tuple(notes),
    )


def _each(
    isolates: Sequence[IsolateType], rows: Callable[[IsolateType], Iterator[Row]]
) -> list[Row]:
    return [row for one in isolates for row in rows(one)]


def _document(
    isolates: Sequence[IsolateType], left_out: Sequence[LeftOut], held: Held
) -> Mapping[str, object]:
    return {
        "schema": 1,
        "abscope": __version__,
        "organism": held.organism,
        "panel_coverage": [asdict(one) for one in held.coverage],
        "plasmids_not_at_hand": held.unseen,
        "isolates": [_evidence(one) for one in isolates],
        "left_out": [asdict(one) for one in left_out],
    }


def _evidence(one: IsolateType) -> Mapping[str, object]:
    """All of an isolate but the minor strain's letters, which the calls hold."""
    found = one.mixture
    lean = None if found is None else replace(found, strain=None)
    document = asdict(replace(one, mixture=lean))
    if document["mixture"] is not None:
        del document["mixture"]["strain"]
    return document


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


_LONG = (
    "clone_reason", "identity_reason", "alleles", "warnings", "mixture_reason", "panel_coverage",
    "detection_limit",
)  # fmt: skip


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
    return "" if value is None else safe_cell(" ".join(str(value).split()))


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()
