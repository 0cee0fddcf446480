"""A mapping proposed from a line list's headings and cells; what cannot be told is left open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from abscope.errors import TableError
from abscope.formats import heading_rows, headings, written_dates
from abscope.formats.exposure_answers import answer, is_known
from abscope.formats.line_list_headings import KINDS, SINGLE
from abscope.formats.line_list_mapping import LineListMapping, numbered
from abscope.formats.line_list_tags import NOT_USED, OPEN, Tag
from abscope.formats.spreadsheet import Row, Sheet
from abscope.formats.written_dates import Order

_ILL = frozenset({"ill", "sick", "case", "iscase", "illness", "caseornot"})
_NO_ANSWER = frozenset({"9", "99", "8", "88", "-9", "-99"})  # usual codes for "not known"
_MEANT = {"yes": "probable", "no": "not a case"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """The mapping, and what there is to say of each heading."""

    mapping: LineListMapping
    comments: dict[str, str]

    @property
    def open(self) -> tuple[str, ...]:
        """Headings of which nobody has said yet what they hold."""
        return tuple(word for word, tag in self.mapping.columns.items() if tag == Tag(OPEN))


def propose(sheet: Sheet) -> Proposal:
    """What each column of a sheet probably holds.

    By its heading; a column of yes and no under any other heading is taken as an exposure; an empty one
    is not used. Raises TableError where the sheet has no rows below its first.
    """
    head, rows, words = _head(sheet)
    columns = LineListMapping().columns_of(words, head.cells)
    tags, comments, values = {}, {}, {}
    for place, key in enumerate(numbered(head.cells)):
        if not key:
            continue
        cells = [text for row in rows if is_known(text := row.cell(place))]
        tag, comments[key] = _tag(columns.tags.get(place), words[place], cells)
        tags[key] = tag
        if tag.name == "status" and (meant := _statuses(cells)):
            values[key] = meant
            comments[key] = "yes and no are read as below"
        elif tag.value and (codes := sorted({cell for cell in cells if not answer(cell)})):
            values[key] = dict.fromkeys(codes, "unknown")
    keys = numbered(head.cells)
    dates = [at for at, key in enumerate(keys) if key and tags[key].name.startswith("date_")]
    return Proposal(LineListMapping(tags, values, _order(rows, dates)), comments)


def _head(sheet: Sheet) -> tuple[Row, list[Row], tuple[str, ...]]:
    """The row of headings: where any is known, that one, else the first of the sheet."""
    try:
        columns, rows, _ = heading_rows.below(sheet, LineListMapping())
    except TableError:
        first, *others = sheet.rows
        if not others:
            raise
        return first, others, first.cells
    head = [row for row in sheet.rows if row.number < rows[0].number][-1]
    return head, rows, columns.words


def _tag(guessed: Tag | None, word: str, cells: Sequence[str]) -> tuple[Tag, str]:
    if guessed is not None:
        return guessed, ""
    if headings.plain(word) in _ILL:
        return Tag("status"), ""
    near = headings.resembling(word, [*SINGLE, *KINDS])
    return (Tag(OPEN), f"perhaps {near}") if near else _by_cells(word, cells)


def _by_cells(word: str, cells: Sequence[str]) -> tuple[Tag, str]:
    """What a column under a heading nobody knows may be, by what stands in it."""
    if not cells:
        return Tag(NOT_USED), "empty"
    if len(set(cells)) == 1 and len(cells) > 1:
        return Tag(NOT_USED), "the same in every row"
    others = {cell for cell in cells if not answer(cell)}
    if not others and len(set(cells)) <= 4:
        return Tag("other", _words(word)), "yes and no: taken as an exposure"
    if others <= _NO_ANSWER and {answer(cell) for cell in cells} >= {"yes", "no"}:
        return Tag(
            "other", _words(word)
        ), f"an exposure, with {', '.join(sorted(others))} as unknown"
    if all(written_dates.read(cell).day for cell in cells[:20]):
        return Tag(OPEN), "dates"
    return Tag(OPEN), f"for example {_example(cells)}"


def _example(cells: Sequence[str]) -> str:
    return ", ".join(" ".join(cell.split())[:24] for cell in list(dict.fromkeys(cells))[:3])


def _words(heading: str) -> str:
    return " ".join(heading.replace(".", " ").replace("_", " ").split()).lower()


def _statuses(cells: Sequence[str]) -> dict[str, str]:
    found = {cell: given for cell in dict.fromkeys(cells) if (given := answer(cell)) in _MEANT}
    return {cell: _MEANT[given] for cell, given in found.items() if given}


def _order(rows: Sequence[Row], places: Sequence[int]) -> Order | None:
    """Day or month first, where dates of this file that can be read one way only agree."""
    cells = [row.cell(place) for row in rows for place in places]
    doubtful = any(map(written_dates.has_two_readings, cells))
    return written_dates.order_of(cells) if doubtful else None


def questions(proposal: Proposal) -> Iterator[tuple[str, str]]:
    """What to ask the line list's owner: heading, and what is known of it."""
    return ((word, proposal.comments.get(word, "")) for word in proposal.open)


def answered(proposal: Proposal, answers: dict[str, Tag]) -> Proposal:
    """The proposal with its owner's answers in it."""
    old = proposal.mapping
    tags = {word: answers.get(word, tag) for word, tag in old.columns.items()}
    return Proposal(LineListMapping(tags, old.values, old.dates), proposal.comments)
