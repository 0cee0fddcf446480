"""GraphML: isolates, cases and what the cases were exposed to as one graph, for Gephi, Cytoscape, networkx.

http://graphml.graphdrawing.org. Three kinds of edges: an isolate `from` its case, a case `exposed` to
something, two isolates `near` within the widest cluster level. An exposure carries the highest
probability any cluster gives it as its source.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from abscope.formats.isolate_facts import close_pairs, facts
from abscope.formats.xml_text import attribute, content
from abscope.records import Published

_KEYS = {
    "node": {
        "type": "string", "label": "string", "clone": "string", "subspecies": "string",
        "status": "string", "residence_state": "string", "date_collection": "string",
        "posterior": "double",
    },
    "edge": {"kind": "string", "snps": "int", "verdict": "string", "linked": "double"},
}  # fmt: skip
_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
"""

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Edge:
    source: str
    target: str
    values: Values


def encode(run: Published) -> bytes:
    """Every isolate, case and exposure that any case had; of the pairs the near ones."""
    lines = [
        f'  <key id="{of}_{name}" for="{of}" attr.name="{name}" attr.type="{kind}"/>\n'
        for of, keys in _KEYS.items()
        for name, kind in keys.items()
    ]
    nodes = (
        f"    <node id={attribute(name)}>{_data('node', values)}</node>\n"
        for name, values in _nodes(run)
    )
    edges = (
        f"    <edge source={attribute(edge.source)} target={attribute(edge.target)}>"
        f"{_data('edge', edge.values)}</edge>\n"
        for edge in _edges(run)
    )
    body = ['  <graph edgedefault="undirected">\n', *nodes, *edges, "  </graph>\n", "</graphml>\n"]
    return "".join((_HEAD, *lines, *body)).encode()


def _data(of: str, values: Values) -> str:
    return "".join(
        f'<data key="{of}_{name}">{content(str(value))}</data>'
        for name, value in values.items()
        if value is not None
    )


def _nodes(run: Published) -> Iterator[tuple[str, Values]]:
    for fact in facts(run):
        name = fact["isolate_id"]
        yield f"isolate:{name}", {"type": "isolate", "label": name} | _kept(fact)
    for case in run.cases.sort("case_id").to_dicts():
        yield f"case:{case['case_id']}", {"type": "case", "label": case["case_id"]} | _kept(case)
    likely = _posteriors(run)
    for kind, value in _had(run).select("kind", "value").unique().sort("kind", "value").rows():
        values = {"type": kind, "label": value, "posterior": likely.get((kind, value))}
        yield f"{kind}:{value}", values


def _kept(row: Values) -> dict[str, object]:
    names = ("clone", "subspecies", "status", "residence_state", "date_collection")
    return {name: row.get(name) for name in names}


def _posteriors(run: Published) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for ranking in run.sources.values():
        for source in ranking.get("sources", ()):
            kind, value = source["exposure"]
            if source["probability"] is not None:
                found[kind, value] = max(source["probability"], found.get((kind, value), 0.0))
    return found


def _had(run: Published) -> pl.DataFrame:
    """Exposures that were answered with yes, of cases on the line list."""
    listed = pl.col("case_id").is_in(run.cases["case_id"].to_list())
    return run.exposures.filter(listed & (pl.col("answer") == "yes")).drop_nulls("value")


def _edges(run: Published) -> Iterator[_Edge]:
    present = set(run.isolates["isolate_id"])
    for isolate, case in sorted(run.case_of().items()):
        if isolate in present:
            yield _Edge(f"isolate:{isolate}", f"case:{case}", {"kind": "from"})
    for case, kind, value in _had(run).select("case_id", "kind", "value").sort(pl.all()).rows():
        yield _Edge(f"case:{case}", f"{kind}:{value}", {"kind": "exposed"})
    judged = {
        (one, other): {"verdict": verdict, "linked": linked}
        for one, other, verdict, linked in run.links.select(
            "isolate_1", "isolate_2", "verdict", "linked"
        ).rows()
    }
    for one, other, snps in close_pairs(run).rows():
        values = {"kind": "near", "snps": snps} | judged.get((one, other), {})
        yield _Edge(f"isolate:{one}", f"isolate:{other}", values)
