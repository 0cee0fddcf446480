"""A document as Word, by python-docx; equal documents give equal bytes."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

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
from abscope.reports.documents.optional import library

_NO_DAY = (1980, 1, 1, 0, 0, 0)  # the first a zip archive can hold
_INCH = 914_400
_POINT = 12_700
_ILLEGAL = dict.fromkeys(k for k in range(32) if k not in (9, 10, 13))
_LINE = "_" * 24
_FONT = "Arial"
_RULES = """<w:tblBorders xmlns:w="{w}">
<w:top w:val="single" w:sz="8" w:color="17212B"/><w:bottom w:val="single" w:sz="4" w:color="B8C4CE"/>
<w:insideH w:val="single" w:sz="4" w:color="B8C4CE"/></w:tblBorders>"""
_TINT = """<w:shd xmlns:w="{w}" w:val="clear" w:color="auto" w:fill="EEF3F7"/>"""
_AGAIN = """<w:tblHeader xmlns:w="{w}"/>"""  # the row is said again on every page
_LATER = ("w:tblLayout", "w:tblCellMar", "w:tblLook", "w:noWrap", "w:tcMar", "w:vAlign")
_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True, slots=True)
class _Paper:
    """The Word document being written, the size of its type in points, and what goes into it."""

    word: Any
    size: float
    names: tuple[str, ...]
    pictures: Mapping[str, Picture]


def docx(document: Document, pictures: Iterable[Picture] = ()) -> bytes:
    """The document's bytes, to be edited in Word. Raises ToolError where python-docx is missing."""
    word = library("docx", "a Word file").Document()
    size = document.points() + (0.5 if document.one_page else 0.0)
    drawn = {one.name: one for one in pictures}
    paper = _Paper(word, size, document.names, drawn)
    _set_up(paper, document)
    for block in document.blocks:
        _SHOWN[type(block)](block, paper)
    out = io.BytesIO()
    paper.word.save(out)
    return settled(out.getvalue())


def settled(archive: bytes) -> bytes:
    """A zip archive with the same files, and no day in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _NO_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name), compresslevel=6)
    return out.getvalue()


def _set_up(paper: _Paper, document: Document) -> None:
    word = paper.word
    normal = word.styles["Normal"]
    normal.font.name = _FONT
    normal.font.size = _points_of(paper.size)
    normal.paragraph_format.space_after = _points_of(paper.size * 0.3)
    for section in word.sections:
        section.page_width, section.page_height = int(8.5 * _INCH), 11 * _INCH
        edge = int((0.5 if document.one_page else 0.8) * _INCH)
        section.left_margin = section.right_margin = edge
        section.top_margin = section.bottom_margin = edge
    about = word.core_properties
    about.title, about.author, about.comments = _legal(document.title), "", ""
    about.language = document.language
    about.created = about.modified = datetime(*_NO_DAY)
    for line, scale in ((document.draft, 0.9), (document.subtitle, 1.0)):
        if line:
            _say(word.add_paragraph(), line, paper, scale=scale)
    title = word.add_paragraph()
    _say(title, document.title, paper, scale=1.6, bold=True)


def _docx(module: str) -> Any:
    return library(f"docx.{module}", "a Word file")


def _mark(properties: Any, xml: str) -> None:
    """Give a table or a cell a property that python-docx has no word for, where Word expects it."""
    made = _docx("oxml").parse_xml(xml.format(w=_SPACE))
    properties.insert_element_before(made, *_LATER)


def _points_of(size: float) -> int:
    return int(size * _POINT)


def _legal(text: str) -> str:
    """Text without the control characters that XML has no place for."""
    return text.translate(_ILLEGAL)


def _say(
    paragraph: Any, text: str, paper: _Paper, *, scale: float = 1.0, bold: bool = False
) -> Any:
    for piece, italic in runs(_legal(text), paper.names):
        run = paragraph.add_run(piece)
        run.italic, run.bold = italic or None, bold or None
        run.font.size = _points_of(paper.size * scale)
    return paragraph


def _heading(block: Heading, paper: _Paper) -> None:
    made = paper.word.add_heading("", level=2)
    made.paragraph_format.space_before = _points_of(paper.size * 0.7)
    _say(made, block.text, paper, scale=1.2, bold=True)
    for run in made.runs:
        run.font.name = _FONT
        run.font.color.rgb = _docx("shared").RGBColor(0x0B, 0x4F, 0x79)


def _text(block: Text, paper: _Paper) -> None:
    _say(paper.word.add_paragraph(), block.text, paper, scale=0.88 if block.small else 1.0)


def _points(block: Points, paper: _Paper) -> None:
    """Numbers are written out: Word would go on counting from the list before."""
    for k, item in enumerate(block.items, 1):
        if block.numbered:
            made = paper.word.add_paragraph()
            made.paragraph_format.left_indent = _points_of(paper.size * 1.8)
            made.paragraph_format.first_line_indent = -_points_of(paper.size * 1.8)
            _say(made, f"{k}.  {item}", paper)
        else:
            made = _say(paper.word.add_paragraph(style="List Bullet"), item, paper)
        made.paragraph_format.space_after = _points_of(paper.size * 0.1)


def _facts(block: Facts, paper: _Paper) -> None:
    step = block.columns
    pairs = [*block.rows, *[("", "")] * (-len(block.rows) % step)]
    rows = [tuple(chain(*pairs[k : k + step])) for k in range(0, len(pairs), step)]
    _table(rows, (1.0, 2.3) * step, paper)


def _grid(block: Grid, paper: _Paper) -> None:
    if block.caption:
        _text(Text(block.caption, small=True), paper)
    _table([block.heads, *block.rows], block.widths, paper, ruled=True)
    paper.word.add_paragraph().paragraph_format.space_after = 0


def _box(block: Box, paper: _Paper) -> None:
    cell = paper.word.add_table(1, 1).cell(0, 0)
    _mark(cell._tc.get_or_add_tcPr(), _TINT)
    lines = [(title, True) for title, _ in block.parts]
    said = [pair for k, (_, text) in enumerate(block.parts) for pair in (lines[k], (text, False))]
    for k, (line, bold) in enumerate(pair for pair in said if pair[0]):
        _say(cell.paragraphs[0] if k == 0 else cell.add_paragraph(), line, paper, bold=bold)


def _figure(block: Figure, paper: _Paper) -> None:
    picture = paper.pictures[block.name]
    width = min(picture.width, 6.8 * 72)
    paper.word.add_picture(io.BytesIO(picture.png), width=_points_of(width))
    _name(paper.word.inline_shapes[-1], block)
    _text(Text(block.caption, small=True), paper)


def _name(shape: Any, block: Figure) -> None:
    """A text for those who cannot see the picture."""
    shape._inline.docPr.set("descr", _legal(block.caption))


def _signature(block: Signature, paper: _Paper) -> None:
    paper.word.add_paragraph()
    _table([(_LINE,) * len(block.labels), block.labels], (1.0,) * len(block.labels), paper)


def _table(
    rows: Sequence[tuple[str, ...]],
    widths: tuple[float, ...],
    paper: _Paper,
    *,
    ruled: bool = False,
) -> None:
    """Rows of text. ruled: the first is a heading, and lines part them."""
    made = paper.word.add_table(0, len(widths))
    made.autofit = False
    if ruled:
        _mark(made._tbl.tblPr, _RULES)
    section = paper.word.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    sizes = [int(room * width / sum(widths)) for width in widths]
    for column, size in zip(made.columns, sizes, strict=True):
        column.width = size
    for number, row in enumerate(rows):
        line = made.add_row()
        cells = line.cells
        if ruled and number == 0:
            line._tr.get_or_add_trPr().append(_docx("oxml").parse_xml(_AGAIN.format(w=_SPACE)))
        for cell, text, size in zip(cells, row, sizes, strict=True):
            cell.width = size
            line = cell.paragraphs[0]
            line.paragraph_format.space_after = 0
            _say(line, text, paper, scale=0.95, bold=ruled and number == 0)


_SHOWN: Mapping[type[Block], Any] = {
    Heading: _heading, Text: _text, Points: _points, Facts: _facts, Grid: _grid, Box: _box,
    Figure: _figure, Signature: _signature,
}  # fmt: skip
