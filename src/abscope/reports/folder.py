"""Everything a run publishes, as names and bytes: report, tables, trees, matrices, isolates, manifest."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

import polars as pl

from abscope.formats import bed, distance_table, fasta, vcf
from abscope.isolate.consensus import consensus
from abscope.outbreak.link_table import link_table, star_table
from abscope.population.pairs import pairs_table, resolved
from abscope.population.sites import variable_sites
from abscope.records import (
    MIXED,
    Comparison,
    Findings,
    Investigation,
    LeftOut,
    Problem,
    Profile,
    Reference,
    Relatedness,
)
from abscope.records.situations import Situation
from abscope.reports.page import render
from abscope.tables import CLUSTER_MEMBERS, ISOLATES
from abscope.tables.written import tsv

File = tuple[str, bytes]


def contents(
    investigation: Investigation,
    profiles: Mapping[str, Profile],
    references: Sequence[Reference],
    *,
    situation: Situation | None = None,
    language: str = "en",
) -> Iterator[File]:
    """Yield each file's name within the output folder and its bytes; the report and the manifest last."""
    sequences = {reference.name: reference for reference in references}
    for name, one in sorted(profiles.items()):
        for ending, content in isolate_files(name, one, sequences[one.choice.reference]):
            yield f"isolates/{name}{ending}", content
    related = investigation.relatedness
    for comparison in related.comparisons:
        yield from _comparison(
            comparison,
            profiles,
            sequences[comparison.reference],
            min_comparable=related.min_comparable,
        )
    yield from _tables(investigation)
    yield from _rankings(investigation.findings)
    page = render(investigation, situation, language=language)
    yield "report.html", page.encode()
    yield "manifest.json", (json.dumps(investigation.manifest, indent=2) + "\n").encode()


def isolate_files(name: str, one: Profile, reference: Reference) -> Iterator[File]:
    """Yield one isolate's endings and bytes: changes, letter per position, and its own sequence."""
    calls, variants = one.called.calls, one.called.variants
    yield ".vcf", vcf.encode(variants, sample=name, reference=reference)
    parts = [(c.name, calls.bases[c.start : c.end]) for c in reference.contigs]
    yield ".aligned.fa.gz", fasta.encode(parts, gzipped=True)
    own = consensus(calls, variants, reference.contigs)
    yield ".consensus.fa.gz", fasta.encode(own, gzipped=True)


def _comparison(
    comparison: Comparison,
    profiles: Mapping[str, Profile],
    reference: Reference,
    *,
    min_comparable: float,
) -> Iterator[File]:
    name = comparison.reference
    usable = resolved(comparison, min_comparable=min_comparable)
    yield f"distances.{name}.tsv", distance_table.matrix(comparison.masked, usable).encode()
    yield f"distances_raw.{name}.tsv", distance_table.matrix(comparison.raw, usable).encode()
    yield f"mask.{name}.bed", bed.text(comparison.mask, reference).encode()
    calls = {isolate: profiles[isolate].called.calls for isolate in comparison.ids}
    sites = variable_sites(calls, comparison.mask)
    rows = zip(comparison.ids, sites.letters, strict=True)
    yield f"snps.{name}.fasta", fasta.encode(list(rows))
    if comparison.tree is not None:
        yield f"tree.{name}.nwk", (comparison.tree.newick.rstrip() + "\n").encode()


def _tables(investigation: Investigation) -> Iterator[File]:
    found, related = investigation.findings, investigation.relatedness
    tables = {
        "isolates": investigation.isolates,
        "pairs": pairs_table(related.comparisons, min_comparable=related.min_comparable),
        "clusters": clusters_table(related, found),
        "left_out": _rows(investigation.left_out, LeftOut),
        "problems": _rows((*investigation.problems, *(found.problems if found else ())), Problem),
    }
    if found is not None:
        tables |= {
            "cases": found.linelist.cases.with_columns(pl.col("isolate_ids").list.join(";")),
            "exposures": found.linelist.exposures,
            "shared_exposures": found.shared,
            "compatible_cases": found.compatible,
            "cases_without_isolate": found.linked.cases_only,
            "isolates_without_case": found.linked.isolates_only,
        }
    if found is not None:
        rows = [(one.concern, one.about, one.due, one.sentence) for one in found.tasks]
        schema = {"concern": pl.String, "about": pl.String, "due": pl.Date, "task": pl.String}
        tables["followup"] = pl.DataFrame(rows, schema=schema, orient="row")
    if found is not None and found.links is not None:
        tables["links"] = link_table(found.links)
        tables["linked_groups"] = star_table(found.links)
    for name, table in tables.items():
        yield f"{name}.tsv", tsv(table)


def _rankings(found: Findings | None) -> Iterator[File]:
    """Every cluster's sources and questions, whole."""
    if found is None:
        return
    whole = {
        "sources": {name: asdict(one) for name, one in found.sources.items()},
        "questions": {name: [asdict(q) for q in many] for name, many in found.questions.items()},
        "trace": {name: [asdict(one) for one in many] for name, many in found.reach.items()},
    }
    for name, values in whole.items():
        yield f"{name}.json", (json.dumps(values, indent=2, ensure_ascii=False) + "\n").encode()


def _rows(records: Sequence[LeftOut | Problem], kind: type[LeftOut | Problem]) -> pl.DataFrame:
    columns = list(kind.__dataclass_fields__)
    rows = [[getattr(record, column) for column in columns] for record in records]
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def clusters_table(relatedness: Relatedness, findings: Findings | None) -> pl.DataFrame:
    """tables.CLUSTER_MEMBERS: every compared isolate at every level, alone or not."""
    cases = dict(findings.linked.matched.select("isolate_id", "case_id").rows()) if findings else {}
    isolates = sorted(name for one in relatedness.comparisons for name in one.ids)
    rows = [
        (found.level, group.name if group else None, isolate, cases.get(isolate))
        for found in relatedness.clusters
        for isolate in isolates
        for group in [found.of(isolate)]
    ]
    return CLUSTER_MEMBERS.frame(rows)


def isolates_table(
    profiles: Mapping[str, Profile], references: Mapping[str, Reference]
) -> pl.DataFrame:
    """tables.ISOLATES: one row per profiled isolate, by name."""
    rows = [
        _row(name, one, references[one.choice.reference]) for name, one in sorted(profiles.items())
    ]
    return ISOLATES.frame(rows)


def _row(name: str, one: Profile, reference: Reference) -> dict[str, object]:
    calls, depth, reads = one.called.calls, one.called.depth, one.called.reads
    return {
        "isolate_id": name,
        "kind": one.kind,
        "reference": reference.name,
        "subspecies": reference.subspecies,
        "ani": min(dict(one.choice.ani)[reference.name], 1.0),
        "reads": reads.reads,
        "bases": reads.bases,
        "q30": reads.q30,
        "gc": reads.gc,
        "mapped": reads.mapped,
        "duplicates": reads.duplicates,
        "insert_median": reads.insert_median,
        "depth_mean": depth.mean,
        "breadth": depth.breadth,
        "called": calls.called_fraction,
        "mixed": int((calls.bases == MIXED).sum()),
        "snps": int((calls.called & (calls.bases != reference.sequence)).sum()),
        "warnings": "; ".join(one.warnings) or None,
    }
