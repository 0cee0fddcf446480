"""A document as HTML that prints, and as Markdown to be edited."""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from markupsafe import Markup

from abscope.reports.documents.blocks import (
    Block,
    Box,
    Document,
    Facts,
    Figure,
    Grid,
    Heading,
    Picture,
    Points,
    Signature,
    Text,
    runs,
)

_SPECIAL = re.compile(r"([\\`*_<>|#]|(?<=\])\()")


def html(document: Document, pictures: Iterable[Picture] = ()) -> bytes:
    """One file that opens offline, with its pictures inside, and prints on paper."""
    from abscope.reports.page import environment

    made = environment().get_template("letters/document.html.j2")
    drawn = {one.name: base64.b64encode(one.png).decode() for one in pictures}
    blocks = [(type(block).__name__.lower(), block) for block in document.blocks]

    def styled(text: str) -> Markup:
        parts = runs(text, document.names)
        tags = (Markup("<i>{}</i>").format(p) if i else Markup("{}").format(p) for p, i in parts)
        return Markup("").join(tags)

    return made.render(document=document, blocks=blocks, pictures=drawn, styled=styled).encode()


def markdown(document: Document) -> bytes:
    """Plain text with headings and tables, as any editor opens it."""
    lines = [f"# {_line(document.title, document)}", ""]
    if document.draft:
        lines += [f"> {_line(document.draft, document)}", ""]
    if document.subtitle:
        lines += [_line(document.subtitle, document), ""]
    for block in document.blocks:
        lines += [*_SHOWN[type(block)](block, document), ""]
    return ("\n".join(lines).rstrip() + "\n").encode()


def _line(text: str, document: Document) -> str:
    """One line, what Markdown would read as its own escaped; names in italics."""
    pieces = runs(" ".join(text.split()), document.names)
    safe = ((_SPECIAL.sub(r"\\\1", piece), italic) for piece, italic in pieces)
    return "".join(f"*{piece}*" if italic else piece for piece, italic in safe)


def _heading(block: Heading, document: Document) -> Iterator[str]:
    yield f"## {_line(block.text, document)}"


def _text(block: Text, document: Document) -> Iterator[str]:
    yield _line(block.text, document)


def _points(block: Points, document: Document) -> Iterator[str]:
    for k, item in enumerate(block.items, 1):
        yield f"{f'{k}.' if block.numbered else '-'} {_line(item, document)}"


def _facts(block: Facts, document: Document) -> Iterator[str]:
    for label, value in block.rows:
        yield f"- {_line(label, document)}: {_line(value, document)}"


def _grid(block: Grid, document: Document) -> Iterator[str]:
    if block.caption:
        yield from (_line(block.caption, document), "")
    for number, row in enumerate((block.heads, *block.rows)):
        yield f"| {' | '.join(_line(cell, document) for cell in row)} |"
        if number == 0:
            yield f"|{'---|' * len(row)}"


def _box(block: Box, document: Document) -> Iterator[str]:
    for title, text in block.parts:
        if title:
            yield f"> **{_line(title, document)}**  "
        yield f"> {_line(text, document)}"
        yield ">"


def _figure(block: Figure, document: Document) -> Iterator[str]:
    caption = _line(block.caption, document)
    yield f"![{caption}](figures/{block.name}.svg)"
    yield ""
    yield caption


def _signature(block: Signature, document: Document) -> Iterator[str]:
    for label in block.labels:
        yield f"- {_line(label, document)}: ____________________"


_SHOWN: Mapping[type[Block], Any] = {
    Heading: _heading, Text: _text, Points: _points, Facts: _facts, Grid: _grid, Box: _box,
    Figure: _figure, Signature: _signature,
}  # fmt: skip
