"""What a table is: named columns with a type, a meaning and a rule, checked at the edge."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from abscope.errors import TableError


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, type, meaning, and the rule its values keep."""

    name: str
    type: pl.DataType | type[pl.DataType]
    meaning: str
    required: bool = False
    one_of: tuple[str, ...] = ()
    between: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table's name, its columns, and the columns that together identify a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = field(default=())

    @property
    def schema(self) -> pl.Schema:
        """Column names and polars types, in order."""
        return pl.Schema({column.name: column.type for column in self.columns})

    def frame(self, rows: object = None) -> pl.DataFrame:
        """A frame of this table from rows (dicts or tuples), empty without."""
        return pl.DataFrame(rows or [], schema=self.schema, orient="row")  # type: ignore[arg-type]

    def check(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return `frame` with this table's columns in order.

        Raises TableError listing every problem: columns missing, types, values out of rule, keys repeated.
        """
        problems = list(self._problems(frame))
        if problems:
            raise TableError.collect(self.name, problems)
        return frame.select(self.schema.names())

    def _problems(self, frame: pl.DataFrame) -> Iterator[str]:
        for column in self.columns:
            if column.name not in frame.columns:
                yield f"{column.name}: column is missing"
            elif frame.schema[column.name] != column.type:
                yield f"{column.name}: is {frame.schema[column.name]}, must be {column.type}"
            else:
                yield from _value_problems(column, frame[column.name])
        if self.key and set(self.key) <= set(frame.columns):
            repeated = frame.filter(frame.select(self.key).is_duplicated()).select(self.key)
            if len(repeated):
                yield f"{'+'.join(self.key)}: repeated {repeated.unique().sort(self.key).rows()[:5]}"


def _value_problems(column: Column, values: pl.Series) -> Iterator[str]:
    if column.required and values.null_count():
        yield f"{column.name}: {values.null_count()} missing"
    known = values.drop_nulls()
    if column.one_of:
        other = known.filter(~known.is_in(list(column.one_of)))
        if len(other):
            yield f"{column.name}: {len(other)} not one of {', '.join(column.one_of)}, e.g. {other[0]!r}"
    if column.between is not None:
        low, high = column.between
        other = known.filter((known < low) | (known > high))
        if len(other):
            yield f"{column.name}: {len(other)} outside {low}-{high}, e.g. {other[0]!r}"
