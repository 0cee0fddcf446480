"""A Microreact project: table, trees, timeline and the network of close pairs in one .microreact file.

https://docs.microreact.org: `schema` v1; files travel inside as data URLs, nothing is uploaded.
"""

import base64
import json
from collections.abc import Iterator
from typing import Any

import polars as pl

from abscope.formats.isolate_facts import Facts, close_pairs, facts, frame, known_columns
from abscope.records import Published
from abscope.tables import written

_KINDS = {"text/csv": "data", "text/x-nh": "tree", "text/vnd.graphviz": "network"}


def encode(run: Published) -> bytes:
    """All isolates; every tree in a pane of its own."""
    table = frame([_row(fact) for fact in facts(run)])
    table = table.select(known_columns(table.to_dicts()))
    trees = [(f"tree-{n}", name) for n, name in enumerate(run.trees, 1)]
    files = [_file("data-file-1", "isolates.csv", "text/csv", written.csv(table))]
    files += [
        _file(f"{key}-file", f"{name}.nwk", "text/x-nh", f"{run.trees[name]}\n".encode())
        for key, name in trees
    ]
    files += [_file("network-file-1", "close_pairs.dot", "text/vnd.graphviz", _close_pairs(run))]
    project: dict[str, Any] = {
        "schema": "https://microreact.org/schema/v1.json",
        "version": 1,
        "meta": {"name": f"{run.organism}", "description": f"exported by abscope {run.version}"},
        "files": {one["id"]: one for one in files},
        "datasets": {"dataset-1": {"id": "dataset-1", "file": "data-file-1", "idFieldName": "id"}},
        "tables": {"table-1": _table(table)},
        "trees": {
            key: {"title": f"Tree, {name}", "file": f"{key}-file", "labelField": "id", "type": "rc"}
            for key, name in trees
        },
        "timelines": {"timeline-1": _TIMELINE} if "year" in table.columns else {},
        "networks": {
            "network-1": {"title": "Close pairs", "file": "network-file-1", "nodeField": "id"}
        },
        "maps": {},
        "charts": {},
    }
    return (json.dumps(project, indent=1, ensure_ascii=False) + "\n").encode()


_TIMELINE = {
    "title": "Specimens", "dataType": "year-month-day", "yearField": "year", "monthField": "month",
    "dayField": "day",
}  # fmt: skip


def _row(fact: Facts) -> dict[str, object]:
    parts = str(fact["date_collection"]).split("-") if fact["date_collection"] else []
    days = dict(zip(("year", "month", "day"), (*parts, None, None, None), strict=False))
    rest = {key: value for key, value in fact.items() if key != "isolate_id"}
    return {"id": fact["isolate_id"], **rest, **days}


def _table(table: pl.DataFrame) -> dict[str, Any]:
    columns = [{"field": name} for name in table.columns]
    return {"title": "Isolates", "dataset": "dataset-1", "file": "data-file-1", "columns": columns}


def _file(key: str, name: str, kind: str, content: bytes) -> dict[str, Any]:
    blob = f"data:{kind};base64,{base64.b64encode(content).decode()}"
    return {
        "id": key, "name": name, "format": kind, "type": _KINDS[kind], "size": len(content),
        "blob": blob,
    }  # fmt: skip


def _close_pairs(run: Published) -> bytes:
    """An undirected Graphviz graph."""
    return ("\n".join(_lines(run)) + "\n").encode()


def _lines(run: Published) -> Iterator[str]:
    yield "graph close_pairs {"
    for name in run.isolates["isolate_id"].sort():
        yield f"  {_quoted(name)};"
    for one, other, snps in close_pairs(run).iter_rows():
        yield f'  {_quoted(one)} -- {_quoted(other)} [label="{snps}"];'
    yield "}"


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
