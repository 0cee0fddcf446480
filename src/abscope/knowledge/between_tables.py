"""Faults between tables: what one names and another does not hold."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from abscope.knowledge.conditions import OTHERWISE, Part, parse
from abscope.knowledge.numbers import Lines, References
from abscope.knowledge.rows import (
    AMINO_ACIDS,
    DELETED,
    BackgroundShare,
    Knowledge,
    Rule,
    Site,
)
from abscope.records import Problem, stratum_of


def problems(knowledge: Knowledge, lines: Lines, references: References) -> Iterator[Problem]:
    """Every name that leads nowhere, and every rule that contradicts its site."""
    yield from _loci(knowledge, lines, references)
    yield from _sites(knowledge, lines)
    yield from _drugs(knowledge, lines)
    yield from _rules(knowledge, lines)
    yield from _mechanisms(knowledge)
    yield from _breakpoints(knowledge, lines)
    yield from _clones(knowledge, lines)
    yield from _backgrounds(knowledge, lines["backgrounds.tsv"], references)
    yield from _traits(knowledge, lines)


def _loci(knowledge: Knowledge, lines: Lines, references: References) -> Iterator[Problem]:
    for row, line in zip(knowledge.loci, lines["loci.tsv"], strict=True):
        where = f"loci.tsv line {line}"
        entry = references.get(row.reference)
        if entry is None:
            yield Problem(where, f"{row.locus}: organism.toml has no reference {row.reference}")
        elif row.contig not in (entry.get("contigs") or [row.contig]):
            yield Problem(where, f"{row.locus}: {row.reference} has no contig {row.contig}")


def _sites(knowledge: Knowledge, lines: Lines) -> Iterator[Problem]:
    lengths = {row.locus: row.end - row.start for row in knowledge.loci}
    for row, line in zip(knowledge.sites, lines["sites.tsv"], strict=True):
        where = f"sites.tsv line {line}"
        if row.locus not in lengths:
            yield Problem(where, f"{row.name}: loci.tsv has no {row.locus}")
            continue
        end = _end(row)
        if end is not None and end > lengths[row.locus] > 0:
            yield Problem(where, f"{row.name}: {row.locus} has {lengths[row.locus]} bases")


def _traits(knowledge: Knowledge, lines: Lines) -> Iterator[Problem]:
    known = {row.locus for row in knowledge.loci}
    for row, line in zip(knowledge.traits, lines["traits.tsv"], strict=True):
        if row.locus not in known:
            yield Problem(f"traits.tsv line {line}", f"{row.trait}: loci.tsv has no {row.locus}")


def _end(site: Site) -> int | None:
    try:
        return site.span[1]
    except ValueError:
        return None  # told by the table itself


def _drugs(knowledge: Knowledge, lines: Lines) -> Iterator[Problem]:
    predicted = {rule.drug for rule in knowledge.rules}
    for row, line in zip(knowledge.drugs, lines["drugs.tsv"], strict=True):
        if row.predicted_as is not None and row.predicted_as not in predicted:
            what = f"{row.drug}: resistance.tsv has no rule for {row.predicted_as}"
            yield Problem(f"drugs.tsv line {line}", what)
    covered = {row.predicted_as for row in knowledge.drugs}
    for drug in sorted(predicted - covered):
        what = f"{drug} stands for no drug of drugs.tsv"
        yield Problem("resistance.tsv", what, "give a drug's row predicted_as = " + drug)


def _rules(knowledge: Knowledge, lines: Lines) -> Iterator[Problem]:
    sites = {site.name: site for site in knowledge.sites}
    for rule, line in zip(knowledge.rules, lines["resistance.tsv"], strict=True):
        for fault in _rule(rule, sites):
            yield Problem(f"resistance.tsv line {line}", f"{rule.rule}: {fault}")


def _rule(rule: Rule, sites: Mapping[str, Site]) -> Iterator[str]:
    for part in parts_of(rule):
        site = sites.get(part.site)
        if site is None:
            yield f"sites.tsv has no {part.site}"
            continue
        if other := sorted(part.values - _allowed(site)):
            yield f"{part.site}: {', '.join(other)} cannot be seen at a {site.kind}"
        if rule.verdict == "resistant" and not part.negated and site.wild in part.values:
            yield f"{part.site}: {site.wild} is the wild type, yet the verdict is resistant"


def parts_of(rule: Rule) -> tuple[Part, ...]:
    """A rule's comparisons, none for `otherwise` or where they cannot be read."""
    try:
        return () if rule.when == OTHERWISE else parse(rule.when)
    except ValueError:
        return ()


def _allowed(site: Site) -> frozenset[str]:
    letters = {"base": frozenset("ACGT"), "codon": frozenset(AMINO_ACIDS)}
    return letters.get(site.kind, frozenset((DELETED,)))


def _mechanisms(knowledge: Knowledge) -> Iterator[Problem]:
    together: dict[tuple[str, str], list[Rule]] = {}
    for rule in knowledge.rules:
        together.setdefault((rule.drug, rule.mechanism), []).append(rule)
    for (drug, mechanism), rules in together.items():
        if sum(rule.when == OTHERWISE for rule in rules) > 1:
            yield Problem("resistance.tsv", f"{drug}, {mechanism}: otherwise is there twice")
    runs = [drug for drug, _ in groupby(knowledge.rules, key=lambda rule: rule.drug)]
    for drug in sorted({drug for drug in runs if runs.count(drug) > 1}):
        yield Problem("resistance.tsv", f"{drug}: its rules must stand together")


def _breakpoints(knowledge: Knowledge, lines: Lines) -> Iterator[Problem]:
    drugs = {row.drug: row.predicted_as for row in knowledge.drugs}
    mechanisms = {(rule.drug, rule.mechanism) for rule in knowledge.rules}
    for row, line in zip(knowledge.breakpoints, lines["breakpoints.tsv"], strict=True):
        where = f"breakpoints.tsv line {line}"
        if row.drug not in drugs:
            yield Problem(where, f"drugs.tsv has no {row.drug}")
            continue
        for name in row.mechanisms:
            if (drugs[row.drug], name) not in mechanisms:
                yield Problem(where, f"{row.drug}: resistance.tsv has no mechanism {name!r}")


def _clones(knowledge: Knowledge, lines: Lines) -> Iterator[Problem]:
    names = {row.clone for row in knowledge.clones}
    owners: dict[str, str] = {}
    for row, line in zip(knowledge.clones, lines["clones.tsv"], strict=True):
        where = f"clones.tsv line {line}"
        if row.part_of is not None and row.part_of not in names - {row.clone}:
            yield Problem(where, f"{row.clone}: part_of {row.part_of} is no other clone here")
        for sequence_type in row.sequence_types:
            if owners.setdefault(sequence_type, row.clone) != row.clone:
                what = f"ST {sequence_type} is {owners[sequence_type]}'s already"
                yield Problem(where, f"{row.clone}: {what}")
    yield from _accessions(knowledge, lines["clones.tsv"])
    for clock, line in zip(knowledge.clock, lines["clock.tsv"], strict=True):
        if clock.clone not in (*names, "*"):
            yield Problem(f"clock.tsv line {line}", f"clones.tsv has no {clock.clone}")


def _backgrounds(
    knowledge: Knowledge, lines: Sequence[int], references: References
) -> Iterator[Problem]:
    """Strata nobody can be of, and shares that fall where more SNPs are allowed."""
    known = {row.clone for row in knowledge.clones}
    known |= {str(stratum_of("none", one.get("subspecies"))) for one in references.values()}
    before: dict[str, BackgroundShare] = {}
    for row, line in zip(knowledge.backgrounds, lines, strict=True):
        where = f"backgrounds.tsv line {line}"
        if row.stratum not in known:
            yield Problem(where, f"clones.tsv has no {row.stratum}")
        last = before.get(row.stratum)
        if last and (last.snps > row.snps or _falls(last, row)):
            what = f"{row.stratum}: SNPs and shares must rise from row to row"
            yield Problem(where, what)
        if last and (last.patients, last.counted) != (row.patients, row.counted):
            yield Problem(where, f"{row.stratum}: all its rows are of one set of {last.counted}")
        before[row.stratum] = row


def _falls(last: BackgroundShare, row: BackgroundShare) -> bool:
    return last.share > row.share or last.low > row.low or last.high > row.high


def _accessions(knowledge: Knowledge, lines: Sequence[int]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for row, line in zip(knowledge.clones, lines, strict=True):
        if row.accession is None:
            continue
        if owners.setdefault(row.accession, row.clone) != row.clone:
            what = f"{row.clone}: {row.accession} is {owners[row.accession]}'s reference already"
            yield Problem(f"clones.tsv line {line}", what)
