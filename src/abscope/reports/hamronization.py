"""Resistance findings in hAMRonization's columns, for programs that read many tools' results.

https://github.com/pha4ge/hAMRonization: one row per gene or mutation found that makes a drug fail; an isolate
without any has no row.
"""

from collections.abc import Iterator

from abscope import __version__
from abscope.isolate.characterised import IsolateType
from abscope.knowledge.rows import Knowledge
from abscope.knowledge.verdicts import DrugVerdict, MechanismVerdict
from abscope.reports.resistance_rows import Finding, Row, findings

MANDATORY = (
    "input_file_name", "gene_symbol", "gene_name", "reference_database_name",
    "reference_database_version", "reference_accession", "analysis_software_name",
    "analysis_software_version", "genetic_variation_type",
)  # fmt: skip
OPTIONAL = (
    "antimicrobial_agent", "drug_class", "nucleotide_mutation", "amino_acid_mutation",
    "predicted_phenotype", "predicted_phenotype_confidence_level", "coverage_depth",
)  # fmt: skip
_KINDS = {
    "base": "nucleotide_variant_detected",
    "codon": "protein_variant_detected",
    "deletion": "gene_presence_detected",
}


def hamronized(
    one: IsolateType, knowledge: Knowledge, *, organism: str, accession: str
) -> Iterator[Row]:
    """Rows of one isolate. accession: of the sequence that key genes are numbered on."""
    about = {
        "input_file_name": one.files[0],
        "reference_database_name": f"abscope rules of {organism}",
        "reference_database_version": __version__,
        "reference_accession": accession,
        "analysis_software_name": "abscope",
        "analysis_software_version": __version__,
    }
    for drug in one.drugs:
        for part in drug.mechanisms:
            if part.verdict in ("resistant", "inducible"):
                found = _changed(findings(one, drug.drug, part, knowledge))
                for finding in found:
                    yield _ordered(about | _row(drug, part, finding, knowledge=knowledge))


def _changed(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The mutations; where all is wild type the gene itself does it, and one row says so."""
    changed = tuple(f for f in found if f.value != f.site.wild)
    whole = [f for f in found if f.site.kind == "deletion"]
    return changed or tuple(whole[-1:]) or found[:1]


def _row(
    drug: DrugVerdict, part: MechanismVerdict, finding: Finding, *, knowledge: Knowledge
) -> Row:
    site = finding.site
    products = {one.locus: one.product for one in knowledge.loci}
    classes = [one.drug_class for one in knowledge.drugs if one.predicted_as == drug.drug]
    mutation = f"{site.wild}>{finding.value}" if site.kind == "base" else None
    return {
        "gene_symbol": site.locus,
        "gene_name": products[site.locus],
        "genetic_variation_type": _KINDS[site.kind],
        "antimicrobial_agent": "; ".join(drug.agents),
        "drug_class": "; ".join(dict.fromkeys(classes)),
        "nucleotide_mutation": f"n.{site.site}{mutation}" if mutation else None,
        "amino_acid_mutation": (
            f"p.{site.wild}{site.site[1:]}{finding.value}" if site.kind == "codon" else None
        ),
        "predicted_phenotype": part.verdict,
        "predicted_phenotype_confidence_level": part.grade,
        "coverage_depth": finding.depth,
    }


def _ordered(row: Row) -> Row:
    return {name: row[name] for name in (*MANDATORY, *OPTIONAL)}
