"""The mapping file: what the columns of somebody's line list hold. Columns are tagged, never renamed.

dates = "day first"            # or "month first": how 03/04/2022 is meant

[columns]
"Pat. Nr." = "case_id"
"Vanilla ice" = "other=vanilla ice cream"

[values."Ill"]
"Y" = "probable"
"""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from abscope.errors import FormatError
from abscope.formats import line_list_columns, line_list_tags
from abscope.formats.line_list_columns import Columns
from abscope.formats.line_list_headings import SINGLE
from abscope.formats.line_list_tags import Tag
from abscope.formats.written_dates import ORDERS, Order

_SEE = "docs/cases.md lists the tags"


@dataclass(frozen=True, slots=True)
class LineListMapping:
    """Heading as written -> tag; heading -> cell as written -> what it means; the order of dates."""

    columns: Mapping[str, Tag] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dates: Order | None = None

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a mapping file. Raises FormatError listing everything wrong with it."""
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise FormatError(f"{path}: no such file", hint="abscope cases map makes one") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise FormatError(f"{path.name}: {error}", hint="it must be valid TOML") from error
        if problems := list(_problems(data)):
            raise FormatError.collect(path.name, problems, hint=_SEE)
        tags = {word: line_list_tags.parse(tag) for word, tag in data.get("columns", {}).items()}
        return cls(tags, data.get("values", {}), data.get("dates"))

    def columns_of(self, words: Sequence[str], written: Sequence[str] = ()) -> Columns:
        """What each column holds: by this mapping where it names the heading, else by the heading.

        written: the headings as they stand in the file, where `words` were joined with those above.
        """
        guessed = line_list_columns.find(tuple(words))
        keys = numbered(written or words)
        tags = {
            place: tag for place, tag in guessed.tags.items() if keys[place] not in self.columns
        }
        told = {at: self.columns[key] for at, key in enumerate(keys) if key in self.columns}
        claimed = {str(tag) for tag in told.values()} & {*SINGLE}
        tags = {place: tag for place, tag in tags.items() if str(tag) not in claimed}
        recoded = {
            at: {cell.casefold(): meant for cell, meant in self.values[key].items()}
            for at, key in enumerate(keys)
            if key in self.values
        }
        return Columns(tuple(words), dict(sorted({**tags, **told}.items())), recoded)

    def orders(self, columns: Columns) -> dict[str, Order]:
        """Which of day and month each date column writes first, where the mapping says."""
        dates = (str(tag) for tag in columns.tags.values() if str(tag).startswith("date_"))
        return dict.fromkeys(dates, self.dates) if self.dates else {}


def numbered(words: Sequence[str]) -> list[str]:
    """Headings as keys: the second of a name has ` [2]` behind it."""
    seen: dict[str, int] = {}
    keys = []
    for word in words:
        seen[word] = seen.get(word, 0) + 1
        keys.append(word if seen[word] == 1 else f"{word} [{seen[word]}]")
    return keys


def text(mapping: LineListMapping, file: str, comments: Mapping[str, str]) -> str:
    """The mapping as TOML, one heading a line, with what there is to say behind it."""
    lines = [
        f"# What the columns of {file} hold, for abscope. Change the right-hand side; leave the headings.",
        f"# {line_list_tags.OPEN!r}: say what it is, or {line_list_tags.NOT_USED!r}. {_SEE}.",
    ]
    order = f'dates = "{mapping.dates}"' if mapping.dates else f'# dates = "{ORDERS[0]}"'
    lines += [f"{order}  # how 03/04/2022 is meant", "", "[columns]"]
    for word, tag in mapping.columns.items():
        said = f"  # {comments[word]}" if comments.get(word) else ""
        lines.append(f"{_quoted(word)} = {_quoted(str(tag))}{said}")
    for word, cells in mapping.values.items():
        lines += ["", f"[values.{_quoted(word)}]"]
        lines += [f"{_quoted(cell)} = {_quoted(meant)}" for cell, meant in cells.items()]
    return "\n".join(lines) + "\n"


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def _problems(data: Mapping[str, Any]) -> Iterator[str]:
    for other in sorted(set(data) - {"columns", "values", "dates"}):
        yield f"{other}: is no part of a mapping; parts: columns, values, dates"
    if data.get("dates") not in (None, *ORDERS):
        yield f"dates: {data['dates']!r} is neither {' nor '.join(map(repr, ORDERS))}"
    for word, tag in _table(data, "columns").items():
        try:
            line_list_tags.parse(str(tag))
        except ValueError as error:
            yield f"columns, {word}: {error}"
    yield from _repeated(_table(data, "columns"))
    for word, cells in _table(data, "values").items():
        if not isinstance(cells, dict) or not all(isinstance(v, str) for v in cells.values()):
            yield f'values, {word}: must be lines of the form "as written" = "meant"'


def _repeated(columns: Mapping[str, Any]) -> Iterator[str]:
    """Tags that only one column may have."""
    once = [tag for tag in columns.values() if tag in SINGLE]
    for tag in sorted({tag for tag in once if once.count(tag) > 1}):
        words = ", ".join(word for word, own in columns.items() if own == tag)
        yield f"columns: {tag} is said of several: {words}"


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name, {})
    return found if isinstance(found, dict) else {}
