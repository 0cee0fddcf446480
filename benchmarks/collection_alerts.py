"""What alerts on one more isolate cost, at any size, in a minute: python -m benchmarks.collection_alerts.

Rows of isolates, log, clusters and types are those of benchmarks.collection; genotypes are not written, and
near pairs only of those that arrive, by the reckoning of collection_world. Forty arrive one by one.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import sqlalchemy as sa

from abscope.collection import schema
from abscope.collection.database import writing
from abscope.collection.history import note
from benchmarks import collection_world as world
from benchmarks import facts
from benchmarks.collection import LATER, ONE_BY_ONE, Desk, desk, timed, told

SITES = 100_000


def measured(folder: Path, count: int) -> dict[str, object]:
    """One point of the curve."""
    isolates = world.plan(count + ONE_BY_ONE, sites=SITES)
    linked = world.linked(isolates, count + ONE_BY_ONE, world.LEVELS[-1])
    with desk(folder, SITES, None) as here:
        with writing(here.collection.engine) as connection:
            world.enter(connection, isolates, count)
        world.tell(folder, isolates, count)
        world.watch_largest(here.collection)
        here.notice()
        spent = []
        for number in range(count, count + ONE_BY_ONE):
            _arrive(here, isolates, number, int(linked[number]))
            spent.append(timed(here.notice))
        return {
            "isolates": count,
            **told("alerts of one, ms", spent),
            "largest, processor's ms": round(max(cpu for _, cpu in spent)),
            "alerts": here.alerts(),
        }


def _arrive(here: Desk, isolates: world.Plan, number: int, cluster: int) -> None:
    """Write an isolate's rows, its place at the widest level and its near pairs."""
    clone, own = isolates.clone, isolates.own
    apart = own[:number] + own[number]
    near = np.flatnonzero((clone[:number] == clone[number]) & (apart <= world.LEVELS[-1]))
    name = world.name(number)
    row = {
        "isolate_id": name, "serial": number + 1, "profile_key": f"{number:064x}", "reference": "R",
        "content": f"{number:064x}", "genotype": number, "jurisdiction": world.jurisdiction(number),
    }  # fmt: skip
    placed = {"level": world.LEVELS[-1], "isolate_id": name, "cluster": cluster}
    pairs = [
        {"isolate_1": world.name(k), "isolate_2": name, "snps": int(apart[k]), "comparable": SITES}
        for k in near.tolist()
    ]
    with writing(here.collection.engine) as connection:
        connection.execute(sa.insert(schema.isolates).values(row))
        connection.execute(sa.insert(schema.memberships).values(placed))
        if pairs:
            connection.execute(sa.insert(schema.near_pairs), pairs)
        note(connection, LATER, "add", name, {})


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.collection_alerts", description=__doc__
    )
    parser.add_argument("--isolates", nargs="+", type=int, default=[10_000, 30_000, 100_000])
    parser.add_argument("--out", type=Path, default=Path("build/benchmarks"))
    options = parser.parse_args()
    rows = []
    for count in options.isolates:
        with TemporaryDirectory() as folder:
            rows.append(measured(Path(folder) / "c", count))
        facts.say(str(rows[-1]))
    tables = {"Alerts of one more isolate, SQLite": rows}
    facts.publish(facts.Results("collection-alerts", facts.machine(), tables, {}), options.out)


if __name__ == "__main__":
    main()
