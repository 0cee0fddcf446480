"""Clusters of a collection are those of single linkage, whoever comes, goes and comes back."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from abscope.collection import placing
from abscope.collection.database import connect, writing
from abscope.collection.placing import NearPair
from abscope.collection.schema import isolates, memberships
from abscope.population.ledger import parts_of

LEVELS = (5, 25)


def partition(connection: sa.Connection, level: int) -> set[frozenset[str]]:
    groups: dict[int, set[str]] = {}
    for row in connection.execute(sa.select(memberships).where(memberships.c.level == level)):
        groups.setdefault(row.cluster, set()).add(row.isolate_id)
    return {frozenset(group) for group in groups.values()}


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_after_any_removals_and_returns_clusters_are_those_of_single_linkage(
    seed: int, tmp_path: Path
) -> None:
    rng = np.random.default_rng(seed)
    names = [f"i{n:02}" for n in range(16)]
    snps = {pair: int(rng.integers(0, 90)) for pair in combinations(names, 2)}
    engine = connect(tmp_path / "collection.db")
    with writing(engine) as connection:
        for serial, name in enumerate(names):
            row = {"isolate_id": name, "serial": serial, "profile_key": "k"}
            connection.execute(sa.insert(isolates).values(row))
            near = tuple(
                NearPair(other, snps[other, name], 100)
                for other in names[:serial]
                if snps[other, name] <= LEVELS[-1]
            )
            placing.keep_pairs(connection, name, near)
            placing.place(connection, name, near, LEVELS)
        here = set(names)
        for name in rng.choice(names, 40).tolist():
            if name in here:
                for level in LEVELS:
                    placing.withdraw(connection, name, level)
            else:
                placing.place(connection, name, placing.pairs_of(connection, name), LEVELS)
            here ^= {name}
            for level in LEVELS:
                pairs = [pair for pair, apart in snps.items() if apart <= level]
                expected = parts_of([one for one in names if one in here], pairs)
                assert partition(connection, level) == {frozenset(part) for part in expected}
    engine.dispose()
