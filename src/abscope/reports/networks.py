"""How cases hang together by what they were exposed to: cases, clinics, products, suppliers and lots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from abscope.records import Findings
from abscope.records.sources import Exposure, SourceRanking
from abscope.reports.roster import Pick, Roster

LAYERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Clinic", ("clinic",)),
    ("Product", ("product",)),
    ("Supplier", ("supplier",)),
    ("Donor and lot", ("donor", "lot")),
)
CASES_MOST, NODES_MOST = 14, 8
_LIKELY = 0.05  # chance of being linked from which a case is drawn
UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Node:
    """A case (exposure None), an exposure, or what some cases do not know of a layer.

    probability: of being the source, None where none is shown. cases: drawn cases that have it.
    """

    layer: int
    name: str
    kind: str
    probability: float | None
    cases: tuple[str, ...]
    pick: Pick | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """Two nodes (their places in Network.nodes) that the same cases have; weight: 0 to 1."""

    one: int
    other: int
    cases: tuple[str, ...]
    weight: float
    unknown: bool


@dataclass(frozen=True, slots=True)
class Network:
    """One cluster's network. shown: widths are probabilities; otherwise shares of cases.

    comparison: patients they are held against.
    """

    cluster: str
    layers: tuple[str, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    shown: bool
    comparison: int
    more_cases: int


def networks(findings: Findings | None, roster: Roster) -> tuple[Network, ...]:
    """One for every cluster whose sources were ranked and whose cases name any of the layers."""
    if findings is None:
        return ()
    answers = _answers(findings)
    found = (_network(name, one, answers, roster) for name, one in findings.sources.items())
    return tuple(one for one in found if one.edges)


def _answers(findings: Findings) -> Mapping[str, Mapping[Exposure, str]]:
    found: dict[str, dict[Exposure, str]] = {}
    rows = findings.linelist.exposures.select("case_id", "kind", "value", "answer").iter_rows()
    for case, kind, value, answer in rows:
        found.setdefault(case, {})[kind, value] = answer
    return found


def _network(
    cluster: str,
    ranking: SourceRanking,
    answers: Mapping[str, Mapping[Exposure, str]],
    roster: Roster,
) -> Network:
    weighed = sorted(
        ranking.cases, key=lambda one: (-_chance(one.posterior, one.prior), one.case_id)
    )
    likely = [one.case_id for one in weighed if _chance(one.posterior, one.prior) >= _LIKELY]
    cases = [case for case in likely if case in roster.cases][:CASES_MOST]
    nodes = [Node(0, case, "case", None, (case,), roster.case(case)) for case in cases]
    for layer, (_, kinds) in enumerate(LAYERS, 1):
        nodes += _layer(layer, kinds, cases, answers, ranking=ranking)
    used = sorted({node.layer for node in nodes})
    place = {layer: k for k, layer in enumerate(used)}
    names = ("Case", *(name for name, _ in LAYERS))
    return Network(
        cluster=cluster,
        layers=tuple(names[layer] for layer in used),
        nodes=tuple(_moved(node, place[node.layer]) for node in nodes),
        edges=_edges(nodes, cases),
        shown=ranking.shown,
        comparison=ranking.comparison,
        more_cases=len(likely) - len(cases),
    )


def _chance(posterior: float | None, prior: float) -> float:
    return prior if posterior is None else posterior


def _moved(node: Node, layer: int) -> Node:
    return Node(layer, node.name, node.kind, node.probability, node.cases, node.pick)


def _layer(
    layer: int,
    kinds: Sequence[str],
    cases: Sequence[str],
    answers: Mapping[str, Mapping[Exposure, str]],
    *,
    ranking: SourceRanking,
) -> list[Node]:
    """What the cases have of these kinds, the likeliest source first, and what they do not know."""
    having: dict[Exposure, list[str]] = {}
    lost: list[str] = []
    for case in cases:
        own = {e: a for e, a in answers.get(case, {}).items() if e[0] in kinds}
        for exposure in (e for e, a in own.items() if a == "yes"):
            having.setdefault(exposure, []).append(case)
        if "unknown" in own.values() and "yes" not in own.values():
            lost.append(case)
    found = []
    for exposure, exposed in having.items():
        source = ranking.of(exposure)
        chance = source.probability if source is not None and ranking.shown else None
        found.append(Node(layer, exposure[1] or UNKNOWN, exposure[0], chance, tuple(exposed)))
    found.sort(key=lambda n: (-(n.probability or 0.0), -len(n.cases), n.kind, n.name))
    rest = [Node(layer, UNKNOWN, kinds[-1], None, tuple(lost))] if lost else []
    return [*found[:NODES_MOST], *rest]


def _edges(nodes: Sequence[Node], cases: Sequence[str]) -> tuple[Edge, ...]:
    """For each case, every two nodes of neighbouring layers; a layer it has nothing of is skipped."""
    joined: dict[tuple[int, int], list[str]] = {}
    for case in cases:
        by_layer: dict[int, list[int]] = {}
        for k, node in enumerate(nodes):
            if case in node.cases:
                by_layer.setdefault(node.layer, []).append(k)
        steps = [by_layer[layer] for layer in sorted(by_layer)]
        for ones, others in pairwise(steps):
            for pair in ((a, b) for a in ones for b in others):
                joined.setdefault(pair, []).append(case)
    return tuple(
        Edge(
            a,
            b,
            tuple(own),
            _weight(nodes[b], len(cases)),
            UNKNOWN in (nodes[a].name, nodes[b].name),
        )
        for (a, b), own in sorted(joined.items())
    )


def _weight(target: Node, cases: int) -> float:
    """How likely the farther end is the source; without probabilities, the share of cases that have it."""
    if target.probability is not None:
        return target.probability
    return len(target.cases) / max(cases, 1) if target.name != UNKNOWN else 0.0
