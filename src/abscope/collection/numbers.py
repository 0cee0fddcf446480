"""Numbers that are given once: to isolates in the order they come, and to clusters."""

import sqlalchemy as sa

from abscope.collection.schema import counters


def next_number(connection: sa.Connection, name: str, *, take: int = 1) -> int:
    """The first of `take` fresh numbers (from 1) of the kind `name`; never given again."""
    mine = counters.c.name == name
    number = connection.execute(sa.select(counters.c.next).where(mine)).scalar()
    if number is None:
        connection.execute(sa.insert(counters).values(name=name, next=1 + take))
        return 1
    connection.execute(sa.update(counters).where(mine).values(next=number + take))
    return int(number)
