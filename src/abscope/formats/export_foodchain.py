"""FoodChain-Lab JSON: who supplied whom, and whom that reached, for tracing products back and forward.

https://foodrisklabs.bfr.bund.de, exchange format 1.0: stations, deliveries between them, and which delivery
went on as which. Here a station is a supplier, a place of care or a case; a delivery is a product (with its
lot) that a supplier sent to the place of care, or that a case received there. Columns are the ones the
program reads (ID, Name, from, to, Lot ID). A case is an outbreak station, weight 1.

Exposures on a line list stand beside one another, not in order of who gave what. So supplier and lot go with
a product only where a case names one product, and a place of care only where it names one. What is not
recorded is never shared: an unknown supplier is no station, an unknown place or lot is the case's own, so
that tracing finds nothing in common that nobody said.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from abscope.records import Published

_KINDS = ("clinic", "product", "supplier", "lot")


@dataclass(frozen=True, slots=True)
class _Chain:
    """One product on its way to one case; None: not recorded, or not to be told which."""

    case: str
    product: str
    clinic: str | None
    supplier: str | None
    lot: str | None

    @property
    def at(self) -> str:
        """Station at which the case got it."""
        return f"C:{self.clinic}" if self.clinic else f"C:not recorded, {self.case}"

    @property
    def sent(self) -> str:
        """Delivery to that station; of one lot the same for all, of an unknown lot the case's own."""
        what = f"lot {self.lot}" if self.lot else self.case
        return f"D:{self.supplier}|{self.at}|{self.product}|{what}"

    @property
    def received(self) -> str:
        """Delivery to the case."""
        return f"D:{self.at}|{self.product}|{self.lot or ''}|{self.case}"


def encode(run: Published) -> bytes:
    """All cases that were given a product; the others are stations without a delivery."""
    chains = [chain for case, had in _named(run).items() for chain in _chains(case, had)]
    data = {
        "version": "1.0.0",
        "data": {
            "version": "1.0.0",
            "stations": _table(_stations(run, chains)),
            "deliveries": _table(_deliveries(chains)),
            "deliveryRelations": _table(
                {"from": one.sent, "to": one.received} for one in chains if one.supplier
            ),
        },
        "tracing": {
            "version": "1.0.0",
            "nodes": [_case(name) for name in sorted(run.cases["case_id"])],
            "deliveries": [],
        },
    }
    return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()


def _stations(run: Published, chains: Iterable[_Chain]) -> list[dict[str, str]]:
    stations: dict[str, tuple[str, str]] = {}
    for one in chains:
        if one.supplier:
            stations[f"S:{one.supplier}"] = (one.supplier, "supplier")
        stations[one.at] = (one.clinic or one.at.removeprefix("C:"), "place of care")
    stations |= {f"P:{case}": (case, "case") for case in run.cases["case_id"]}
    return [
        {"ID": key, "Name": name, "typeOfBusiness": kind}
        for key, (name, kind) in sorted(stations.items())
    ]


def _deliveries(chains: Iterable[_Chain]) -> list[dict[str, str]]:
    made: dict[str, tuple[str, str, _Chain]] = {}
    for one in chains:
        if one.supplier:
            made[one.sent] = (f"S:{one.supplier}", one.at, one)
        made[one.received] = (one.at, f"P:{one.case}", one)
    return [
        {"ID": key, "Name": one.product, "from": source, "to": target}
        | ({"Lot ID": f"{one.product}|{one.lot}"} if one.lot else {})
        for key, (source, target, one) in sorted(made.items())
    ]


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
    supplier = _only(had.get("supplier", [])) if alone else None
    lot = _only(had.get("lot", [])) if alone else None
    clinic = _only(had.get("clinic", []))
    return [_Chain(case, product, clinic, supplier, lot) for product in products]


def _only(values: list[str]) -> str | None:
    return values[0] if len(values) == 1 else None


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
