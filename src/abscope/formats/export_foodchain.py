"""FoodChain-Lab JSON: who supplied whom, and whom that reached, for tracing products back and forward.

https://foodrisklabs.bfr.bund.de, exchange format 1.0: stations, deliveries between them, and which delivery
went on as which. Here a station is a supplier, a place of care or a case; a delivery is a product (with its
lot) that a supplier sent to the place of care, or that a case received there. Columns are the ones the
program reads (ID, Name, from, to, Lot ID). A case is an outbreak station, weight 1.

Exposures on a line list stand beside one another, not in order of who gave what. So supplier and lot go with
a product only where a case names one product; otherwise the supplier is `not recorded`.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from abscope.records import Published

UNKNOWN = "not recorded"
_KINDS = ("clinic", "product", "supplier", "lot", "country", "city")


@dataclass(frozen=True, slots=True, order=True)
class _Chain:
    """One product on its way to one case."""

    supplier: str
    clinic: str
    product: str
    lot: str
    case: str

    @property
    def sent(self) -> str:
        """Identifier of the delivery to the place of care."""
        return f"D:{self.supplier}|{self.clinic}|{self.product}|{self.lot}"

    @property
    def received(self) -> str:
        """Identifier of the delivery to the case."""
        return f"{self.sent}|{self.case}"


def encode(run: Published) -> bytes:
    """All cases that were given a product somewhere; the others are stations without a delivery."""
    named = _named(run)
    chains = sorted({chain for case, had in named.items() for chain in _chains(case, had)})
    stations = {f"S:{c.supplier}": ("supplier", c.supplier) for c in chains}
    stations |= {f"C:{c.clinic}": ("place of care", c.clinic) for c in chains}
    cases = sorted(run.cases["case_id"])
    stations |= {f"P:{case}": ("case", case) for case in cases}
    sent = {c.sent: (f"S:{c.supplier}", f"C:{c.clinic}", c) for c in chains}
    received = {c.received: (f"C:{c.clinic}", f"P:{c.case}", c) for c in chains}
    data = {
        "version": "1.0.0",
        "data": {
            "version": "1.0.0",
            "stations": _table(
                {"ID": key, "Name": name, "typeOfBusiness": kind}
                for key, (kind, name) in stations.items()
            ),
            "deliveries": _table(
                {"ID": key, "Name": c.product, "from": source, "to": target, "Lot ID": _lot(c)}
                for key, (source, target, c) in (sent | received).items()
            ),
            "deliveryRelations": _table({"from": c.sent, "to": c.received} for c in chains),
        },
        "tracing": {"version": "1.0.0", "nodes": [_case(name) for name in cases], "deliveries": []},
    }
    return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()


def _named(run: Published) -> dict[str, dict[str, list[str]]]:
    """What each case on the line list had, by kind."""
    found: dict[str, dict[str, list[str]]] = {
        case: defaultdict(list) for case in run.cases["case_id"]
    }
    had = run.exposures.filter((pl.col("answer") == "yes") & pl.col("kind").is_in(_KINDS))
    for case, kind, value in (
        had.select("case_id", "kind", "value").drop_nulls().sort(pl.all()).rows()
    ):
        if case in found:
            found[case][kind].append(value)
    return found


def _chains(case: str, had: Mapping[str, list[str]]) -> Iterable[_Chain]:
    products = had.get("product", [])
    alone = len(products) == 1
    supplier = _only(had.get("supplier", [])) if alone else UNKNOWN
    lot = _only(had.get("lot", [])) if alone else UNKNOWN
    clinic = _only(had.get("clinic", []))
    return [_Chain(supplier, clinic, product, lot, case) for product in products]


def _only(values: list[str]) -> str:
    return values[0] if len(values) == 1 else UNKNOWN


def _lot(chain: _Chain) -> str:
    """A lot is one supplier's one product; without its number it is not the same as another."""
    return f"{chain.product}|{chain.lot}" if chain.lot != UNKNOWN else ""


def _case(name: str) -> dict[str, object]:
    return {
        "id": f"P:{name}", "weight": 1, "crossContamination": False, "killContamination": False,
        "observed": False,
    }  # fmt: skip


def _table(rows: Iterable[Mapping[str, str]]) -> dict[str, object]:
    kept = list(rows)
    names = list(dict.fromkeys(name for row in kept for name in row))
    return {
        "columnProperties": [{"id": name, "type": "string"} for name in names],
        "data": [[{"id": name, "value": value} for name, value in row.items()] for row in kept],
    }
