"""Auspice v2 JSON: a tree and what is known of its tips, for auspice and nextstrain.org.

Schema: https://nextstrain.org/schemas/dataset/v2. Branch lengths are SNPs, added up from the root; support
of a split is a branch label.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from abscope.formats.export_tree import chosen, tree
from abscope.formats.isolate_facts import Facts, cluster_columns, facts
from abscope.population.phylogeny import Phylogeny
from abscope.records import Published

Node = dict[str, Any]

_TITLES = {
    "clone": "Clone", "st": "Sequence type", "macrolides": "Macrolides", "amikacin": "Amikacin",
    "fluoroquinolones": "Fluoroquinolones", "quality": "Data quality", "residence_country": "Country",
    "residence_state": "State", "date_collection": "Specimen taken", "status": "Case definition",
    "sex": "Sex", "age": "Age", "outcome": "Outcome", "case_id": "Case", "subspecies": "Subspecies",
}  # fmt: skip


def encode(run: Published, *, reference: str | None, day: date) -> bytes:
    """One reference's tree. day: of the export, as the schema asks.

    Raises UsageError where there is no tree, or none was chosen of several.
    """
    drawn, name = tree(run, reference), chosen(run, reference)
    known = {str(fact["isolate_id"]): fact for fact in facts(run)}
    titles = {c: f"Cluster within {c.split('_')[1]} SNPs" for c in cluster_columns(run)} | _TITLES
    shown = [key for key in titles if any(known[tip].get(key) is not None for tip in drawn.leaves)]
    dataset = {
        "version": "v2",
        "meta": _meta(run, name, shown=shown, titles=titles, day=day),
        "tree": _nodes(drawn, {tip: _traits(known[tip], shown) for tip in drawn.leaves}),
    }
    return (json.dumps(dataset, indent=1, ensure_ascii=False) + "\n").encode()


def _meta(
    run: Published, name: str, *, shown: list[str], titles: Mapping[str, str], day: date
) -> Node:
    first = next((key for key in shown if key.startswith("cluster_")), shown[0] if shown else None)
    return {
        "title": f"{run.organism}: isolates called against {name}",
        "updated": day.isoformat(),
        "panels": ["tree"],
        "data_provenance": [{"name": f"abscope {run.version}".strip()}],
        "colorings": [
            {"key": key, "title": titles[key], "type": "categorical"} for key in shown
        ],
        "filters": shown,
        "display_defaults": {"distance_measure": "div"} | ({"color_by": first} if first else {}),
    }  # fmt: skip


def _traits(fact: Facts, shown: list[str]) -> Node:
    return {key: {"value": _text(fact[key])} for key in shown if fact.get(key) is not None}


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _nodes(drawn: Phylogeny, traits: Mapping[str, Node]) -> Node:
    """The tree as nested nodes; parents come before children in a Phylogeny, so one pass each way."""
    made: list[Node] = []
    for node, above in enumerate(drawn.parents):
        div = drawn.lengths[node] + (made[above]["node_attrs"]["div"] if node else 0.0)
        made.append({"name": _name(drawn, node), "node_attrs": {"div": round(div, 3)}})
        made[node] |= dict(_branch(drawn, node))
    for tip, node in drawn.leaves.items():
        made[node]["node_attrs"] |= traits[tip]
    for node, below in enumerate(drawn.children):
        if below:
            made[node]["children"] = [made[child] for child in below]
    return made[0]


def _name(drawn: Phylogeny, node: int) -> str:
    """Unique, without spaces, as Auspice asks."""
    name = drawn.names[node]
    return name.replace(" ", "_") if name and name in drawn.leaves else f"NODE_{node:07}"


def _branch(drawn: Phylogeny, node: int) -> Iterator[tuple[str, Node]]:
    support = drawn.support[node]
    if support is not None:
        yield "branch_attrs", {"labels": {"support": f"{support:.0f}"}}
