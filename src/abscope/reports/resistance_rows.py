"""Resistance as rows: what decided each drug, and the reads behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from abscope.isolate.characterised import IsolateType
from abscope.isolate.resistance import observations
from abscope.isolate.resistance import rows as site_rows
from abscope.knowledge.conditions import OTHERWISE, Observation, parse
from abscope.knowledge.rows import Knowledge, Rule, Site
from abscope.knowledge.verdicts import DrugVerdict, MechanismVerdict

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Finding:
    """A site, the value it shows, and its share (0-1) of how many reads; None: not counted, or not seen."""

    site: Site
    value: str
    share: float
    depth: int | None

    def __str__(self) -> str:
        return f"{self.site.name}={self.value}"


def resistance(one: IsolateType, knowledge: Knowledge) -> Iterator[Row]:
    """One row per drug and mechanism; one row for a drug without a rule."""
    for drug in one.drugs:
        about = {
            "isolate_id": one.isolate_id,
            "drug": drug.drug,
            "agents": "; ".join(drug.agents),
            "verdict": drug.verdict,
        }
        for part in drug.mechanisms:
            yield about | _mechanism(one, drug, part, knowledge=knowledge)
        if not drug.mechanisms:
            yield about | {**dict.fromkeys(_MECHANISM), "reason": drug.reason}


_MECHANISM = (
    "mechanism", "mechanism_verdict", "rules", "grade", "finding", "allele_fraction", "depth",
    "minorities", "reason",
)  # fmt: skip
RESISTANCE = ("isolate_id", "drug", "agents", "verdict", *_MECHANISM)


def _mechanism(
    one: IsolateType, drug: DrugVerdict, part: MechanismVerdict, *, knowledge: Knowledge
) -> Row:
    found = findings(one, drug.drug, part, knowledge)
    shares = [f.share for f in found]
    depths = [f.depth for f in found if f.depth is not None]
    looked = bool(one.evidence.sites or one.evidence.stretches)
    values = (
        part.mechanism,
        part.verdict,
        "; ".join(part.rules) or None,
        part.grade,
        "; ".join(map(str, found)) or None,
        round(min(shares), 4) if shares else None,
        min(depths) if depths else None,
        "; ".join(_minorities(drug, part, knowledge)) or None,
        part.reason if looked else drug.reason,
    )
    return dict(zip(_MECHANISM, values, strict=True))


def _minorities(drug: DrugVerdict, part: MechanismVerdict, knowledge: Knowledge) -> Iterator[str]:
    """Listed values that only some of the reads show, with their share."""
    rules = _rules(drug.drug, part, knowledge)
    sites = {site for rule in rules for site in _sites(rule)}
    for one in drug.minorities:
        if one.site in sites:
            yield f"{one.site}={one.value} in {one.share:.0%} of {one.depth or 'unknown'} reads"


def _rules(drug: str, part: MechanismVerdict, knowledge: Knowledge) -> list[Rule]:
    return [r for r in knowledge.rules if (r.drug, r.mechanism) == (drug, part.mechanism)]


def findings(
    one: IsolateType, drug: str, part: MechanismVerdict, knowledge: Knowledge
) -> tuple[Finding, ...]:
    """What the mechanism's deciding rules saw; of `otherwise` and of no rule, what every site shows."""
    rules = _rules(drug, part, knowledge)
    deciding = [r for r in rules if r.rule in part.rules and r.when != OTHERWISE]
    seen = observations(one.evidence, knowledge)
    sites = {site.name: site for site in knowledge.sites}
    names = dict.fromkeys(site for rule in deciding or rules for site in _sites(rule))
    return tuple(f for name in names for f in _commonest(sites[name], seen[name]))


def _sites(rule: Rule) -> list[str]:
    return [] if rule.when == OTHERWISE else [part.site for part in parse(rule.when)]


def _commonest(site: Site, seen: Observation) -> Iterator[Finding]:
    if seen.values:
        value = max(seen.values, key=lambda name: (seen.values[name], name))
        yield Finding(site, value, seen.values[value], seen.depth)


def key_sites(one: IsolateType) -> Iterator[Row]:
    """One row per base looked at, and one per stretch that may be deleted; positions 1-based."""
    for row in site_rows(one.evidence):
        shown = {name: row[name] for name in ("depth", "A", "C", "G", "T", "deleted", "letter")}
        number = row["number"]
        yield _site_row(one, {"locus": row["locus"], "first": number, "last": number} | shown)
    for stretch in one.evidence.stretches:
        shown = {"locus": stretch.locus, "first": stretch.first, "last": stretch.last}
        about = {"joined": stretch.joined, "crossing": stretch.crossing, "gap": stretch.gap}
        yield _site_row(one, shown | {"inside": stretch.inside, "beside": stretch.beside} | about)


KEY_SITES = (
    "isolate_id", "locus", "first", "last", "depth", "A", "C", "G", "T", "deleted", "letter",
    "inside", "beside", "joined", "crossing", "gap",
)  # fmt: skip


def _site_row(one: IsolateType, values: Mapping[str, object]) -> Row:
    return {**dict.fromkeys(KEY_SITES), "isolate_id": one.isolate_id, **values}
