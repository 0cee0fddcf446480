"""What an investigation found, beside what is true of the simulated world it was given."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from abscope.records import Clusters, Comparison, Findings, Investigation
from abscope.simulate import genomes, world
from abscope.simulate.world import Isolate, World


@dataclass(frozen=True, slots=True)
class Verdict:
    """One question put to an investigation, the true answer and the one found."""

    question: str
    true: str
    found: str

    @property
    def right(self) -> bool:
        """Whether truth was found."""
        return self.true == self.found


def verdicts(made: World, investigation: Investigation) -> tuple[Verdict, ...]:
    """Ask of every outbreak who belongs to it, how far apart, who is not in it, and who is unsequenced.

    Clusters are those at the widest level. Distances are compared outside the masks that were used.
    """
    clusters = investigation.relatedness.clusters[-1]
    outbreaks = sorted({one.outbreak for one in made.isolates if one.outbreak})
    found = [v for name in outbreaks for v in _outbreak(made, investigation, clusters, name)]
    return tuple(found) + _clones(made, clusters)


def _outbreak(
    made: World, investigation: Investigation, clusters: Clusters, name: str
) -> Iterator[Verdict]:
    members = [one for one in made.isolates if one.outbreak == name]
    names = sorted(one.name for one in members)
    group = clusters.of(names[0])
    together = group.members if group else (names[0],)
    yield Verdict(
        f"isolates of outbreak {name} (within {clusters.level} SNPs, and nobody else)",
        ", ".join(names), ", ".join(together),
    )  # fmt: skip
    yield _reads_as(made, investigation, members)
    if investigation.findings is not None:
        cluster = group.name if group else ""
        yield _unsequenced(made, investigation.findings, name, cluster)
        yield from _linked(investigation.findings, names)
        yield from _product(made, investigation.findings, name, cluster)


def _linked(findings: Findings, names: list[str]) -> Iterator[Verdict]:
    """Whether the closest pair is said to be linked, where pairs were weighed."""
    if findings.links is None or len(names) < 2:
        return
    judged = [link for link in findings.links.links if {*link.pair} <= {*names}]
    found = judged[0].verdict if judged else "not judged"
    yield Verdict(
        f"what joins {' and '.join(judged[0].pair if judged else names)}", "linked", found
    )


def _product(made: World, findings: Findings, name: str, cluster: str) -> Iterator[Verdict]:
    """Whether the product all were given is among the exposures that lead, where all had one."""
    given = made.cases.filter(pl.col("case_id").is_in(sorted(_cases_of(made, name))))
    products = set(given["product"].to_list()) if "product" in given.columns else set()
    ranking = findings.sources.get(cluster)
    if len(products) != 1 or None in products or ranking is None:
        return
    leading = {value for kind, value in ranking.groups[0].members if kind == "product"}
    yield Verdict(
        "the product, among the sources that lead",
        str(next(iter(products))), ", ".join(sorted(leading)) or "none",
    )  # fmt: skip


def _reads_as(made: World, investigation: Investigation, members: list[Isolate]) -> Verdict:
    comparison = next(c for c in investigation.relatedness.comparisons if members[0].name in c.ids)
    names = [one.name for one in members if one.name in comparison.ids]
    true = _true_snps(made, members, comparison)
    row = {name: comparison.ids.index(name) for name in names}
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    return Verdict(
        "SNPs between them",
        _distances({pair: true[pair] for pair in pairs}),
        _distances({(a, b): int(comparison.masked.snps[row[a], row[b]]) for a, b in pairs}),
    )


def _true_snps(
    made: World, members: list[Isolate], comparison: Comparison
) -> Mapping[tuple[str, str], int]:
    reference = made.reference(comparison.reference)
    truths = {one.name: genomes.truth(made.genome(one), reference) for one in members}
    true = world.distances(truths, reference, comparison.mask.intervals)
    return {
        (a, b): int(true.snps[i, j]) for i, a in enumerate(true.ids) for j, b in enumerate(true.ids)
    }


def _distances(pairs: Mapping[tuple[str, str], int]) -> str:
    return ", ".join(f"{a} and {b}: {snps}" for (a, b), snps in pairs.items()) or "one isolate only"


def _unsequenced(made: World, findings: Findings, name: str, cluster: str) -> Verdict:
    sequenced = made.cases.filter(pl.col("isolate_id").is_not_null())["case_id"].to_list()
    true = sorted(_cases_of(made, name) - set(sequenced))
    pointed = findings.compatible.filter(pl.col("cluster") == cluster)["case_id"].to_list()
    kept = [case for case in true if case in set(pointed)]
    return Verdict(
        "their patients without an isolate, kept and pointed at",
        ", ".join(true) or "none", ", ".join(kept) or "none",
    )  # fmt: skip


def _cases_of(made: World, outbreak: str) -> set[str]:
    """Everybody infected by the outbreak's source, or by somebody who was."""
    infected: set[str] = set()
    for one in sorted(made.transmissions, key=lambda one: one.date):
        if one.source == outbreak or one.source in infected:
            infected.add(one.case)
    return infected


def _clones(made: World, clusters: Clusters) -> tuple[Verdict, ...]:
    """Whether any cluster joins an outbreak of its own with a circulating clone."""
    clone = {one.name: one.clone for one in made.isolates}
    outbreak = {one.name: one.outbreak for one in made.isolates}
    strangers = [
        group.name
        for group in clusters.groups
        for kinds in [{(clone[m], outbreak[m] if not clone[m] else None) for m in group.members}]
        if len(kinds) > 1
    ]
    return (Verdict("clusters that mix strains that have nothing to do with one another",
                    "none", ", ".join(strangers) or "none"),)  # fmt: skip
