"""Texts of documents in the reader's language, and numbers, lists and months as it writes them."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from abscope.errors import UsageError

LANGUAGES = ("en", "es")
UNKNOWN = "–"
Entry = str | Sequence[str] | Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One language's sentences by name (`letter.title`), and its words for those of the data."""

    code: str
    texts: Mapping[str, Entry]
    terms: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """A sentence with its places filled; `n` chooses between one and many."""
        entry = self.texts[key]
        if isinstance(entry, Mapping):
            entry = entry["one" if values.get("n") in (1, "1") else "many"]
        if not isinstance(entry, str):
            raise KeyError(f"{key} is a list: ask for many of it")
        return entry.format_map(values)

    def many(self, key: str) -> tuple[str, ...]:
        """The sentences of a list."""
        return tuple(self.texts[key])

    def term(self, word: str | None) -> str:
        """A word of the data in this language; names and what is not known to it stay as they are."""
        if word is None:
            return UNKNOWN
        return self.terms.get(word, word.replace("_", " ") if "_" in word else word)

    def listed(self, words: Iterable[str], most: int = 8) -> str:
        """`A, B and C`; a long list says how many more there are."""
        names = list(words)
        if len(names) > most:
            more = self("words.more", n=len(names) - most + 1)
            return f"{', '.join(names[: most - 1])} {more}"
        ends = [part for part in (", ".join(names[:-1]), *names[-1:]) if part]
        return f" {self('words.and')} ".join(ends)

    def month(self, day: date | None) -> str:
        """October 2022."""
        if day is None:
            return UNKNOWN
        name = self("words.months").split()[day.month - 1]
        return self("words.month_year", month=name, year=day.year)

    def span(self, first: date, last: date) -> str:
        """The months from one day to another, once where it is one month."""
        one, other = self.month(first), self.month(last)
        return one if one == other else self("words.from_to", first=one, last=other)

    def share(self, fraction: float | None, digits: int = 0) -> str:
        """0.97 as `97%`; never as certain or impossible."""
        if fraction is None:
            return UNKNOWN
        edge = 10 ** -(digits + 2)
        shown = f"{100 * min(max(fraction, edge), 1 - edge):.{digits}f}%"
        return f"< {shown}" if fraction < edge else f"> {shown}" if fraction > 1 - edge else shown


@cache
def language(code: str) -> Language:
    """The texts of one language. Raises UsageError for one there are no texts in."""
    if code not in LANGUAGES:
        raise UsageError(f"no texts in {code!r}", hint=f"--language {' or '.join(LANGUAGES)}")
    path = files("abscope.reports") / "documents" / "texts" / f"{code}.toml"
    sections = tomllib.loads(path.read_text(encoding="utf-8"))
    terms = sections.pop("terms", {})
    flat = {f"{part}.{key}": text for part, many in sections.items() for key, text in many.items()}
    return Language(code, flat, terms)


def count(number: float | None) -> str:
    """4812345 as 4,812,345."""
    return UNKNOWN if number is None else f"{number:,.0f}"
