"""A document as PDF, by ReportLab; equal documents give equal bytes."""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from types import SimpleNamespace
from typing import Any
from xml.sax.saxutils import escape

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
from abscope.reports.documents.language import language
from abscope.reports.documents.optional import library

INK, SOFT, TINT, RULE = "#17212b", "#5b6670", "#eef3f7", "#b8c4ce"
SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
LARGE = 12.0
MARGIN = 46.0


@dataclass(frozen=True, slots=True)
class _Page:
    """What a block needs to become flowables."""

    size: float
    width: float
    names: tuple[str, ...]
    pictures: Mapping[str, Picture]
    lab: Any
    """ReportLab's modules: platypus, ParagraphStyle, colors."""


@cache
def _reportlab() -> Any:
    """ReportLab as one namespace. Raises ToolError where it is not installed."""
    platypus, colors, sizes, styles = (
        library(f"reportlab.{name}", "a PDF")
        for name in ("platypus", "lib.colors", "lib.pagesizes", "lib.styles")
    )
    return SimpleNamespace(
        platypus=platypus,
        colors=colors,
        letter=sizes.letter,
        style=styles.ParagraphStyle,
        wide=_wide_font(),
    )


def _wide_font() -> str:
    """A font for letters beyond Western Europe's, which Matplotlib brings."""
    fonts = f"{library('matplotlib', 'a PDF').get_data_path()}/fonts/ttf"
    made = library("reportlab.pdfbase.ttfonts", "a PDF").TTFont("DejaVu", f"{fonts}/DejaVuSans.ttf")
    library("reportlab.pdfbase.pdfmetrics", "a PDF").registerFont(made)
    return "DejaVu"


def pdf(document: Document, pictures: Iterable[Picture] = ()) -> bytes:
    """The document's bytes; a letter in the largest size at which it fits on one page."""
    drawn = {one.name: one for one in pictures}
    if not document.one_page:
        return _built(document, LARGE if document.large else SIZES[0], drawn)[0]
    for size in SIZES:
        content, pages = _built(document, size, drawn)
        if pages == 1:
            return content
    return _built(document, SIZES[-1], drawn, squeeze=True)[0]


def _built(
    document: Document, size: float, pictures: Mapping[str, Picture], *, squeeze: bool = False
) -> tuple[bytes, int]:
    """Bytes and number of pages at one size of type. squeeze: shrink the whole until it fits."""
    lab, out = _reportlab(), io.BytesIO()
    margin = MARGIN * (0.8 if document.one_page else 1.0)
    made = lab.platypus.SimpleDocTemplate(
        out, pagesize=lab.letter, title=document.title, author="", creator="abscope", invariant=1,
        lang=document.language, leftMargin=margin, rightMargin=margin, topMargin=margin,
        bottomMargin=margin,
    )  # fmt: skip
    page = _Page(size, made.width - 12, document.names, pictures, lab)
    flow = list(_flow(document, page))
    if squeeze:
        flow = [lab.platypus.KeepInFrame(made.width - 12, made.height - 12, flow, mode="shrink")]
    w = language(document.language)

    def foot(canvas: Any, doc: Any) -> None:
        canvas.setFont("Helvetica", 7)
        canvas.setFillColor(lab.colors.HexColor(SOFT))
        canvas.drawString(margin + 6, margin * 0.55, document.foot[:110])
        if not document.one_page:
            right = lab.letter[0] - margin - 6
            canvas.drawRightString(right, margin * 0.55, w("words.page_no", page=doc.page))

    made.build(flow, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue(), made.page


def _flow(document: Document, page: _Page) -> Iterator[Any]:
    if document.draft:
        yield _text(document.draft, page, color=SOFT, scale=0.9)
    if document.subtitle:
        yield _text(document.subtitle, page, color=SOFT)
    yield _text(document.title, page, scale=1.55, bold=True, after=0.6)
    for block in document.blocks:
        yield from _SHOWN[type(block)](block, page)


def markup(text: str, names: tuple[str, ...], wide: str | None = None) -> str:
    """Text as ReportLab's XML: names in italics, foreign letters in a font that has them."""
    parts = []
    for piece, italic in runs(text, names):
        safe = "".join(_glyphs(letter, wide) for letter in piece)
        parts.append(f"<i>{safe}</i>" if italic else safe)
    return "".join(parts)


def _glyphs(letter: str, wide: str | None) -> str:
    shown = escape(letter)
    if wide is None or letter.isascii():
        return shown
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return f'<font face="{wide}">{shown}</font>'
    return shown


def _text(
    text: str,
    page: _Page,
    *,
    scale: float = 1.0,
    color: str = INK,
    bold: bool = False,
    after: float = 0.25,
) -> Any:
    size = page.size * scale
    style = page.lab.style(
        "text", fontName="Helvetica-Bold" if bold else "Helvetica", fontSize=size,
        leading=size * 1.26, textColor=page.lab.colors.HexColor(color), spaceAfter=size * after,
        splitLongWords=1,
    )  # fmt: skip
    return page.lab.platypus.Paragraph(markup(text, page.names, page.lab.wide), style)


def _heading(block: Heading, page: _Page) -> Iterator[Any]:
    yield page.lab.platypus.CondPageBreak(page.size * 5)
    yield page.lab.platypus.Spacer(1, page.size * 0.55)
    yield _text(block.text, page, scale=1.15, bold=True, color="#0b4f79")


def _paragraph(block: Text, page: _Page) -> Iterator[Any]:
    if block.small:
        yield _text(block.text, page, scale=0.86, color=SOFT)
    else:
        yield _text(block.text, page)


def _points(block: Points, page: _Page) -> Iterator[Any]:
    for k, item in enumerate(block.items, 1):
        mark = f"{k}." if block.numbered else "•"
        cells = [[_text(mark, page, after=0), _text(item, page, after=0)]]
        yield _table(cells, (1.9 * page.size, page.width - 1.9 * page.size), page, pad=0.1)


def _facts(block: Facts, page: _Page) -> Iterator[Any]:
    pairs = [[_text(label, page, color=SOFT, after=0), _text(value, page, after=0)]
             for label, value in block.rows]  # fmt: skip
    step = block.columns
    pairs += [["", ""]] * (-len(pairs) % step)
    rows = [list(chain(*pairs[k : k + step])) for k in range(0, len(pairs), step)]
    label, whole = (0.32 if step == 1 else 0.3), page.width / step
    yield _table(rows, (label * whole, (1 - label) * whole) * step, page, pad=0.12)
    yield page.lab.platypus.Spacer(1, page.size * 0.2)


def _grid(block: Grid, page: _Page) -> Iterator[Any]:
    if block.caption:
        yield _text(block.caption, page, scale=0.9, color=SOFT)
    heads = [_text(head, page, scale=0.92, bold=True, after=0) for head in block.heads]
    rows = [[_text(cell, page, scale=0.95, after=0) for cell in row] for row in block.rows]
    unit = page.width / sum(block.widths)
    colors = page.lab.colors
    look = [
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.HexColor(INK)),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, colors.HexColor(RULE)),
    ]
    widths = [unit * width for width in block.widths]
    yield _table([heads, *rows], widths, page, look=look, heads=True)
    yield page.lab.platypus.Spacer(1, page.size * 0.5)


def _box(block: Box, page: _Page) -> Iterator[Any]:
    inside = []
    for title, text in block.parts:
        if title:
            inside.append(_text(title, page, bold=True, scale=1.05, color="#0b4f79"))
        inside.append(_text(text, page, scale=1.04))
    colors = page.lab.colors
    look = [
        ("BACKGROUND", (0, 0), (-1, -1), colors.HexColor(TINT)),
        ("LINEBEFORE", (0, 0), (0, -1), 3, colors.HexColor("#0b4f79")),
    ]
    yield page.lab.platypus.Spacer(1, page.size * 0.5)
    yield _table([[inside]], [page.width], page, look=look, pad=0.7)


def _figure(block: Figure, page: _Page) -> Iterator[Any]:
    picture = page.pictures[block.name]
    width = min(page.width, picture.width)
    height = width * picture.height / picture.width
    image = page.lab.platypus.Image(io.BytesIO(picture.png), width, height)
    caption = _text(block.caption, page, scale=0.86, color=SOFT, after=0.8)
    yield page.lab.platypus.KeepTogether([image, caption])


def _signature(block: Signature, page: _Page) -> Iterator[Any]:
    cells = [_text(label, page, scale=0.86, color=SOFT, after=0) for label in block.labels]
    gap = 14.0
    width = (page.width - gap * (len(cells) - 1)) / len(cells)
    row: list[Any] = []
    for cell in cells:
        row += [cell, ""]
    columns = [width, gap] * len(cells)
    colors = page.lab.colors
    look = [("LINEABOVE", (2 * k, 0), (2 * k, 0), 0.6, colors.HexColor(INK))
            for k in range(len(cells))]  # fmt: skip
    yield page.lab.platypus.Spacer(1, page.size * 2.4)
    yield _table([row[:-1]], columns[:-1], page, look=look, pad=0.2)


def _table(
    rows: list[Any],
    widths: Any,
    page: _Page,
    *,
    look: Any = (),
    pad: float = 0.26,
    heads: bool = False,
) -> Any:
    """heads: the first row is said again on every page the table goes on to."""
    padding = page.size * pad
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2 if pad < 0.6 else padding + 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), padding),
        ("BOTTOMPADDING", (0, 0), (-1, -1), padding),
        *look,
    ]
    again = 1 if heads and len(rows) > 1 else 0
    make = page.lab.platypus.Table
    return make(rows, colWidths=widths, style=style, repeatRows=again, hAlign="LEFT")


_SHOWN: Mapping[type[Block], Any] = {
    Heading: _heading, Text: _paragraph, Points: _points, Facts: _facts, Grid: _grid, Box: _box,
    Figure: _figure, Signature: _signature,
}  # fmt: skip
