"""What a document on paper is made of: a few blocks that every format can show."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Heading:
    """A section begins."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `small` for fine print."""

    text: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """A list, numbered where its order counts."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and their values, in `columns` pairs side by side."""

    rows: tuple[tuple[str, str], ...]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: headings, rows of text as wide as the headings, relative widths, and a caption."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    caption: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.heads) for row in (*self.rows, self.widths)):
            raise ValueError("every row and the widths must be as long as the headings")


@dataclass(frozen=True, slots=True)
class Box:
    """Paragraphs that stand out, each under a title of its own (may be empty)."""

    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture by its name, and what it shows."""

    name: str
    caption: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Lines to be filled in by hand, side by side."""

    labels: tuple[str, ...]


_ROWS_MOST = 14  # rows of tables that a page takes beside the rest of a letter
Block = Heading | Text | Points | Facts | Grid | Box | Figure | Signature


@dataclass(frozen=True, slots=True)
class Document:
    """A title and blocks in reading order.

    names: words set in italics (names of species). one_page: letters are made smaller until they fit.
    large: type for readers who do not read much.
    draft: a line that says a person has yet to edit it, empty once none is needed.
    """

    title: str
    language: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    names: tuple[str, ...] = ()
    one_page: bool = False
    large: bool = False
    draft: str = ""
    foot: str = ""

    def points(self) -> float:
        """Size of type for formats that cannot try what fits: a letter with long tables is set smaller."""
        if self.large:
            return 13.0
        if not self.one_page:
            return 10.0
        rows = sum(len(block.rows) for block in self.blocks if isinstance(block, Grid))
        return 8.2 if rows <= _ROWS_MOST else 7.2


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure drawn: as SVG, as PNG, and the data behind it as CSV; size in points."""

    name: str
    svg: bytes = field(repr=False)
    png: bytes = field(repr=False)
    data: bytes = field(repr=False)
    width: float
    height: float


def runs(text: str, names: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is a name set in italics."""
    known = sorted((name for name in names if name), key=len, reverse=True)
    if not known:
        yield text, False
        return
    pattern = "|".join(re.escape(name) for name in known)
    for k, piece in enumerate(re.split(rf"(?<!\w)({pattern})(?!\w)", text)):
        if piece:
            yield piece, k % 2 == 1
