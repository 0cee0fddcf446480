"""Who is in the investigation: isolates, cases, and who belongs with whom.

Everybody gets a token (`i0`, `c3`) that the page's panels share, so that names, which may hold
anything, never become identifiers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import polars as pl

from abscope.records import Cluster, Clusters, Comparison, Findings, Investigation


@dataclass(frozen=True, slots=True)
class Pick:
    """A name to select: its own token, and the tokens of all that is highlighted with it."""

    name: str
    token: str
    tokens: str


@dataclass(frozen=True, slots=True)
class Roster:
    """Isolates and cases in report order, with the links between them."""

    isolates: tuple[str, ...]
    cases: tuple[str, ...]
    isolates_of: Mapping[str, tuple[str, ...]]
    cases_of: Mapping[str, tuple[str, ...]]
    clusters: Clusters
    cluster_of: Mapping[str, Cluster]
    numbers: Mapping[str, Mapping[str, int]]

    def isolate(self, name: str) -> Pick:
        """The pick of an isolate: itself and its cases."""
        own = self._token("i", name)
        return Pick(name, own, " ".join([own, *self._tokens("c", self.cases_of.get(name, ()))]))

    def case(self, name: str) -> Pick:
        """The pick of a case: itself and its isolates."""
        own = self._token("c", name)
        others = self._tokens("i", self.isolates_of.get(name, ()))
        return Pick(name, own, " ".join([own, *others]))

    def cluster(self, group: Cluster) -> Pick:
        """The pick of a cluster: its isolates and their cases."""
        tokens = [*self._tokens("i", group.members), *self._tokens("c", self.cases_in(group))]
        return Pick(group.name, "", " ".join(tokens))

    def cases_in(self, group: Cluster) -> tuple[str, ...]:
        """The cases that a cluster's isolates come from, each once."""
        found = (case for member in group.members for case in self.cases_of.get(member, ()))
        return tuple(dict.fromkeys(found))

    def clusters_of_case(self, case: str) -> tuple[Cluster, ...]:
        """The clusters that a case's isolates belong to, at the report's level."""
        groups = (self.cluster_of.get(isolate) for isolate in self.isolates_of.get(case, ()))
        return tuple(dict.fromkeys(group for group in groups if group is not None))

    def unsequenced(self, case: str) -> bool:
        """Whether no isolate of this case could be compared."""
        return not self.isolates_of.get(case)

    @property
    def labels(self) -> dict[str, str]:
        """Token to spoken name, for the selection's announcement."""
        isolates = {self._token("i", name): f"isolate {name}" for name in self.isolates}
        return isolates | {self._token("c", name): f"case {name}" for name in self.cases}

    def _token(self, kind: str, name: str) -> str:
        return f"{kind}{self.numbers[kind][name]}"

    def _tokens(self, kind: str, names: Iterable[str]) -> list[str]:
        return [self._token(kind, name) for name in names]


def roster(investigation: Investigation) -> Roster:
    """Number everybody and link isolates to cases, both ways."""
    findings = investigation.findings
    isolates = _isolates(investigation)
    cases = tuple(findings.linelist.cases["case_id"]) if findings else ()
    pairs = _links(findings)
    cases_of = _grouped((isolate, case) for case, isolate in pairs)
    clusters = _by_interest(headline(investigation), findings, cases_of)
    return Roster(
        isolates=isolates,
        cases=cases,
        isolates_of=_grouped((case, isolate) for case, isolate in pairs),
        cases_of=cases_of,
        clusters=clusters,
        cluster_of={member: group for group in clusters.groups for member in group.members},
        numbers={
            "i": {name: i for i, name in enumerate(isolates)},
            "c": {name: i for i, name in enumerate(cases)},
        },
    )


def headline(investigation: Investigation) -> Clusters:
    """The clusters that the report speaks of first.

    Those at the findings' level; without findings, the tightest level with a cluster.
    """
    levels = investigation.relatedness.clusters
    if investigation.findings is not None:
        level = investigation.findings.level
        return next((c for c in levels if c.level == level), Clusters(level, ()))
    return next((c for c in levels if c.groups), levels[0] if levels else Clusters(0, ()))


def _by_interest(
    clusters: Clusters, findings: Findings | None, cases_of: Mapping[str, tuple[str, ...]]
) -> Clusters:
    """Clusters with cases first, and among them those whose cases share what others do not have."""

    def place(group: Cluster) -> tuple[bool, float, str]:
        caseless = not any(cases_of.get(member) for member in group.members)
        return caseless, _least_p(findings, group.name), group.name

    return replace(clusters, groups=tuple(sorted(clusters.groups, key=place)))


def _least_p(findings: Findings | None, cluster: str) -> float:
    """The smallest p of what two or more cases of a cluster share, 1 where there is none."""
    if findings is None:
        return 1.0
    own = (pl.col("cluster") == cluster) & (pl.col("members_exposed") >= 2)
    found = findings.shared.filter(own)["p_value"].drop_nulls().to_list()
    return min(found, default=1.0)


def comparison_of(comparisons: Iterable[Comparison], isolate: str) -> Comparison | None:
    """The comparison that an isolate takes part in."""
    return next((c for c in comparisons if isolate in c.ids), None)


def _isolates(investigation: Investigation) -> tuple[str, ...]:
    named = list(investigation.isolates["isolate_id"])
    named += [name for c in investigation.relatedness.comparisons for name in c.ids]
    if investigation.findings is not None:
        named += list(investigation.findings.linked.matched["isolate_id"])
    return tuple(dict.fromkeys(named))


def _links(findings: Findings | None) -> list[tuple[str, str]]:
    if findings is None:
        return []
    return list(findings.linked.matched.select("case_id", "isolate_id").iter_rows())


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(dict.fromkeys(values)) for key, values in found.items()}
