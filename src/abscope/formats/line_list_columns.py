"""The columns of a line list: which holds what, by its heading or by what its owner says."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from abscope.formats import headings
from abscope.formats.line_list_headings import ISOLATES, KINDS, LISTS, SINGLE, SPECIMEN
from abscope.formats.line_list_tags import NOT_USED, OPEN, Tag
from abscope.formats.spreadsheet import Row
from abscope.records import Problem

_SPECIMEN_TAGS = {f"specimen.{field}": words for field, words in SPECIMEN.items()}


@dataclass(frozen=True, slots=True)
class Columns:
    """The headings as written, and the tag of each column (0-based) that has one.

    recoded: what cells of a column stand for, as the owner says: written, in lower case, -> meant.
    """

    words: tuple[str, ...]
    tags: Mapping[int, Tag]
    recoded: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    def places(self, name: str) -> tuple[int, ...]:
        """Columns that hold `name` itself, from left to right."""
        wanted = Tag(name)
        return tuple(p for p, tag in self.tags.items() if tag.name == name and tag == wanted)

    def place(self, name: str) -> int | None:
        """The first column that holds `name`."""
        return next(iter(self.places(name)), None)

    def label(self, name: str) -> str:
        """The heading of that column as written."""
        place = self.place(name)
        return name if place is None else self.words[place]

    def text(self, row: Row, place: int | None) -> str:
        """A cell, recoded."""
        cell = row.cell(place)
        return self.recoded.get(place, {}).get(cell.casefold(), cell) if place is not None else ""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of exposure that a column names."""
        return tuple(kind for kind in KINDS if self.places(kind))

    @property
    def asked(self) -> Iterator[tuple[int, Tag]]:
        """Columns that ask about one value, or whether a question was asked."""
        return ((place, tag) for place, tag in self.tags.items() if tag.value or tag.asked)

    @property
    def used(self) -> frozenset[int]:
        """Columns that are read."""
        return frozenset(p for p, tag in self.tags.items() if tag.name not in (NOT_USED, OPEN))


def find(words: tuple[str, ...]) -> Columns:
    """Which column holds what, by the headings alone."""
    bare = [re.sub(r"[\s_.-]*\d+$", "", word) for word in words]
    tags: dict[int, Tag] = {}
    for name, places in headings.match(words, {**SINGLE, **_SPECIMEN_TAGS}).items():
        tags.setdefault(places[0], Tag(name))
    several = {"isolate_id": ISOLATES["isolate_ids"], **KINDS, **LISTS}
    for name, places in headings.match(bare, several).items():
        for place in places:
            tags.setdefault(place, Tag(name))
    for place, word in enumerate(words):
        if place not in tags and (tag := _one_by_one(word)):
            tags[place] = tag
    return Columns(words, dict(sorted(tags.items())))


def _one_by_one(word: str) -> Tag | None:
    """`symptom_fever` asks for one symptom; `product_asked` whether products were asked about."""
    one = re.fullmatch(r"(symptom|treatment)[\s_.:-]+(.+)", word.strip(), re.IGNORECASE)
    if one:
        return Tag(one[1].lower(), one[2].strip())
    asked = re.fullmatch(r"(?:exposure[\s_])?(.+?)[\s_](?:asked|known)\??", word.strip().lower())
    kind = asked[1].replace(" ", "_") if asked else None
    return Tag(kind, asked=True) if kind in KINDS else None


def remarks(columns: Columns, where: str) -> Iterator[Problem]:
    """Columns that are not read, and columns that are missed."""
    specimens = (f"specimen_{name}" for name in ("material", "result"))
    meant = [*SINGLE, "isolate_id", *KINDS, *(words[0] for words in KINDS.values()), *specimens]
    unread = []
    for place, word in enumerate(columns.words):
        if place in columns.tags or not word:
            continue
        odd = _odd_heading(word, columns, meant)
        if odd:
            yield Problem(f"{where}, column {word}", *odd)
        else:
            unread.append(word)
    if unread:
        yield Problem(
            where,
            f"columns not read: {', '.join(unread)}",
            "nothing to do, unless one of them holds a date or an exposure",
        )
    yield from _open(columns, where)
    if not columns.places("case_id"):
        yield Problem(
            where,
            "there is no column case_id; cases are named after their rows",
            "add a column case_id",
        )
    if not columns.places("isolate_id"):
        yield Problem(
            where,
            "there is no column isolate_id, so no case has an isolate",
            "add a column isolate_id with the names of the sample sheet",
        )


def _odd_heading(word: str, columns: Columns, meant: list[str]) -> tuple[str, str] | None:
    near = headings.resembling(word, meant)
    if word in (columns.words[at] for at in columns.used):
        return (
            "the heading is used twice; the first was read",
            "give each column a heading of its own",
        )
    if headings.plain(word) in ("country", "city"):
        return (
            "residence or exposure? It was not read",
            f"write exposure_{headings.plain(word)}, or residence_country",
        )
    if near:
        return "the heading is not known, so it was not read", f"{near!r} is meant?"
    return None


def _open(columns: Columns, where: str) -> Iterator[Problem]:
    words = [columns.words[place] for place in columns.places(OPEN)]
    if words:
        yield Problem(
            where,
            f"the mapping does not say what these columns hold: {', '.join(words)}",
            f"write a tag, or {NOT_USED!r}, in place of {OPEN!r}",
        )
