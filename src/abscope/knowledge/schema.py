"""Every table an organism folder may hold: file, columns, key."""

from collections.abc import Mapping
from dataclasses import dataclass

from abscope.knowledge import rows
from abscope.knowledge.fields import Field, number, one_of, several, share, source, text, whole

_SOURCE = Field("source", source, "where the row comes from: paper, DOI or named public source")


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table of the folder: what one row becomes, its columns, and those that identify a row."""

    row: type
    fields: tuple[Field, ...]
    key: tuple[str, ...]


TABLES: Mapping[str, TableFile] = {
    "loci.tsv": TableFile(
        rows.Locus,
        (
            Field("reference", text, "name of a [[references]] entry"),
            Field("locus", text, "the gene's usual name"),
            Field("tag", text, "locus tag of the annotation", required=False),
            Field("contig", text, "sequence of the reference it lies on"),
            Field("start", whole, "first base, 0-based"),
            Field("end", whole, "base after the last, 0-based"),
            Field("strand", one_of("+", "-"), "strand that is read"),
            Field("product", text, "what it makes or does"),
            _SOURCE,
        ),
        ("reference", "locus"),
    ),
    "sites.tsv": TableFile(
        rows.Site,
        (
            Field("locus", text, "a locus of loci.tsv"),
            Field("site", text, "the gene's own numbering, 1-based: 2270, p96 or 159-432"),
            Field("kind", one_of(*rows.SITE_KINDS), "what is looked at"),
            Field("wild", text, "base or amino acid of a susceptible isolate; present"),
            Field("elsewhere", text, "the same site in another numbering", required=False),
            _SOURCE,
        ),
        ("locus", "site"),
    ),
    "drugs.tsv": TableFile(
        rows.Drug,
        (
            Field("drug", text, "the agent"),
            Field("drug_class", text, "its class"),
            Field("predicted_as", text, "drug of resistance.tsv that covers it", required=False),
            Field("reason", text, "why no rule is valid, where none is", required=False),
            _SOURCE,
        ),
        ("drug",),
    ),
    "resistance.tsv": TableFile(
        rows.Rule,
        (
            Field("rule", text, "name of the rule"),
            Field("drug", text, "what is predicted: a drug or a class"),
            Field("mechanism", text, "rules of one mechanism are read together"),
            Field("verdict", one_of(*rows.VERDICTS), "what follows"),
            Field("when", text, "condition on sites, or otherwise"),
            Field("grade", one_of(*rows.GRADES), "evidence: A, B or C"),
            Field("explanation", text, "the sentence a report prints"),
            _SOURCE,
        ),
        ("rule",),
    ),
    "breakpoints.tsv": TableFile(
        rows.Breakpoint,
        (
            Field("drug", text, "a drug of drugs.tsv"),
            Field("edition", text, "who reads a MIC so"),
            Field("unit", one_of("mg/L"), "mg/L is the same as µg/mL"),
            Field("susceptible", number, "susceptible up to this MIC"),
            Field("resistant", number, "resistant from this MIC"),
            Field("first_day", whole, "first day the MIC may be read", required=False),
            Field("last_day", whole, "last day", required=False),
            Field("mechanisms", several, "mechanisms that show on that day", required=False),
            Field("status", one_of("printed", "inferred", "not reported"), "how sure the row is"),
            _SOURCE,
        ),
        ("drug", "edition", "first_day"),
    ),
    "clones.tsv": TableFile(
        rows.Clone,
        (
            Field("clone", text, "name used in reports"),
            Field("part_of", text, "the clone it is a branch of", required=False),
            Field("subspecies", text, "subspecies of the references", required=False),
            Field("strain", text, "strain of the reference genome", required=False),
            Field("accession", text, "its accession", required=False),
            Field("sequence_types", several, "sequence types of the clone", required=False),
            Field("also_types", several, "types reported for it less surely", required=False),
            Field("other_names", several, "scheme=name in other naming schemes", required=False),
            Field("expansion_year", whole, "median year the clone began to expand", required=False),
            Field("note", text, "what a reader must know", required=False),
            _SOURCE,
        ),
        ("clone",),
    ),
    "clock.tsv": TableFile(
        rows.Clock,
        (
            Field("clone", text, "a clone of clones.tsv, or * for any other"),
            Field("rate", number, "substitutions per site and year"),
            Field("low", number, "lower end of the interval"),
            Field("high", number, "upper end"),
            Field("interval", text, "what the interval is"),
            _SOURCE,
        ),
        ("clone",),
    ),
    "traits.tsv": TableFile(
        rows.Trait,
        (
            Field("trait", text, "what is to be expected"),
            Field("locus", text, "where this gene of loci.tsv is lost"),
            _SOURCE,
        ),
        ("trait", "locus"),
    ),
    "plasmids.tsv": TableFile(
        rows.Plasmid,
        (
            Field("plasmid", text, "name used in reports"),
            Field("accession", text, "its sequence"),
            Field("length", whole, "bases", required=False),
            _SOURCE,
        ),
        ("plasmid",),
    ),
    "backgrounds.tsv": TableFile(
        rows.BackgroundShare,
        (
            Field("stratum", text, "a clone of clones.tsv, or not a clone (subspecies)"),
            Field("counted", one_of(*rows.COUNTED), "patients: one isolate of each; or genomes"),
            Field("patients", whole, "how many patients, or genomes"),
            Field("pairs", whole, "of them that were compared"),
            Field("snps", whole, "pairs at most so many SNPs apart are counted"),
            Field("share", share, "share of pairs, above 0"),
            Field("low", share, "lower end of its 95 % interval"),
            Field("high", share, "upper end"),
            Field("use", text, "what the row can and cannot be used for"),
            _SOURCE,
        ),
        ("stratum", "snps"),
    ),
    "examples.tsv": TableFile(
        rows.Example,
        (
            Field("example", text, "name of the example"),
            Field("findings", several, "what differs from the wild type", required=False),
            Field("verdicts", several, "drug=verdict or drug/mechanism=verdict"),
            _SOURCE,
        ),
        ("example",),
    ),
}
