"""The order in which isolates come changes names alone: python -m benchmarks.orders.

The same isolates are admitted in many random orders, with a few taken out and brought back on the way.
Distances, pairs and partitions must be those of the first order; and the numbers of clusters must be those
that reading the ledger from its first line gives.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import sqlalchemy as sa

from abscope.collection.database import reading
from abscope.collection.history import read_ledger
from abscope.collection.schema import memberships, near_pairs
from abscope.collection.store import Collection
from abscope.records import Entry
from benchmarks import collection_world as world
from benchmarks import facts
from benchmarks.collection import desk

Placed = dict[tuple[int, str], int]


def replayed(entries: list[Entry]) -> Placed:
    """Who is in which cluster at each level, told by the ledger alone."""
    placed: Placed = {}
    for entry in entries:
        if entry.verb == "merged":
            for key, cluster in placed.items():
                if key[0] == entry.level and cluster == entry.other:
                    placed[key] = entry.cluster
        for name in entry.isolates:
            match entry.verb:
                case "left":
                    del placed[entry.level, name]
                case "split":
                    placed[entry.level, name] = entry.other or 0
                case _:
                    placed[entry.level, name] = entry.cluster
    return placed


def outcome(collection: Collection) -> tuple[frozenset[object], frozenset[object], bool]:
    """Pairs, partition, and whether the ledger explains every number."""
    with reading(collection.engine) as connection:
        pairs = frozenset(tuple(row) for row in connection.execute(sa.select(near_pairs)))
        rows = connection.execute(sa.select(memberships)).all()
        told = replayed([entry for _, entry in read_ledger(connection)])
    placed = {(row.level, row.isolate_id): row.cluster for row in rows}
    groups: dict[tuple[int, int], set[str]] = {}
    for (level, name), cluster in placed.items():
        groups.setdefault((level, cluster), set()).add(name)
    parts = frozenset((level, frozenset(part)) for (level, _), part in groups.items())
    return pairs, parts, told == placed


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.orders", description=__doc__)
    parser.add_argument("--isolates", type=int, default=200)
    parser.add_argument("--orders", type=int, default=20)
    parser.add_argument("--sites", type=int, default=20_000)
    parser.add_argument("--out", type=Path, default=Path("build/benchmarks"))
    options = parser.parse_args()
    machine, count = facts.machine(), options.isolates
    planes = list(world.plan(count, sites=options.sites).planes(range(count)))
    rng = np.random.default_rng(1)
    seen = []
    for _ in range(options.orders):
        with TemporaryDirectory() as folder, desk(Path(folder) / "c", options.sites, None) as here:
            for place, number in enumerate(rng.permutation(count).tolist()):
                here.admit(number, planes[number])
                if place % 10 == 9:
                    here.remove(number)
                    here.admit(number, planes[number])  # known, and still removed
                    here.restore(number)
            seen.append(outcome(here.collection))
    row = {
        "isolates": count,
        "orders": options.orders,
        "pairs within 25": len(seen[0][0]),
        "clusters and single isolates at 10 and 25": len(seen[0][1]),
        "different sets of pairs": len({pairs for pairs, _, _ in seen}),
        "different partitions": len({parts for _, parts, _ in seen}),
        "orders whose ledger explains every number": sum(told for _, _, told in seen),
    }
    facts.publish(facts.Results("orders", machine, {"Orders of arrival": [row]}, {}), options.out)


if __name__ == "__main__":
    main()
