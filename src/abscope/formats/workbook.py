"""A workbook of coloured grids (.xlsx), by the standard library alone; the same grids give the same bytes.

ECMA-376, Office Open XML: strings stand inline, as text, so that nothing in a cell is run as a formula.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from abscope.formats.xml_text import attribute, content

MOST_COLUMNS, LONGEST_NAME = 16_384, 31
PLAIN, BOLD, UPRIGHT = 0, 1, 2
"""Styles every workbook has; fills follow from 3, in the order they are given."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DAWN = (1980, 1, 1, 0, 0, 0)
_BAD = re.compile(r"[\[\]:*?/\\]")

Cell = tuple[str | int | float | None, int]  # what stands in it, and its style


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. frozen: rows and columns that stay in sight; widths: of the first columns, characters."""

    name: str
    rows: Sequence[Sequence[Cell]]
    frozen: tuple[int, int] = (0, 0)
    widths: Sequence[float] = ()
    narrow: float | None = None


def encode(grids: Sequence[Grid], fills: Sequence[str] = ()) -> bytes:
    """All grids in one workbook. fills: background colours, RRGGBB, of styles 3 and on."""
    names = _names([grid.name for grid in grids])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in _parts(names, fills):
            archive.writestr(_entry(path), _XML + text)
        for number, grid in enumerate(grids, 1):
            archive.writestr(_entry(f"xl/worksheets/sheet{number}.xml"), _XML + _grid(grid))
    return out.getvalue()


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _DAWN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _names(wanted: Sequence[str]) -> list[str]:
    """Names a spreadsheet takes: no more than 31 characters, some not allowed, no two alike."""
    names: list[str] = []
    for name in wanted:
        short = _BAD.sub("_", name)[:LONGEST_NAME] or "sheet"
        number = 2
        while short.casefold() in {one.casefold() for one in names}:
            short = f"{_BAD.sub('_', name)[: LONGEST_NAME - 4]}_{number}"
            number += 1
        names.append(short)
    return names


def _parts(names: Sequence[str], fills: Sequence[str]) -> Iterator[tuple[str, str]]:
    sheets = range(1, len(names) + 1)
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_SHEET}.worksheet+xml"/>'
        for n in sheets
    )
    yield (
        "[Content_Types].xml",
        (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET}.styles+xml"/>{kinds}</Types>'
        ),
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    listed = "".join(
        f'<sheet name={attribute(name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(sheets, names, strict=True)
    )
    yield (
        "xl/workbook.xml",
        (f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{listed}</sheets></workbook>'),
    )
    targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in sheets]
    yield "xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")])
    yield "xl/styles.xml", _styles(fills)


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{_REL}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _styles(fills: Sequence[str]) -> str:
    painted = "".join(
        f'<fill><patternFill patternType="solid"><fgColor rgb="FF{colour}"/></patternFill></fill>'
        for colour in fills
    )
    cells = "".join(
        f'<xf fillId="{n}" applyFill="1" applyAlignment="1"><alignment horizontal="center"/></xf>'
        for n in range(2, len(fills) + 2)
    )
    upright = '<alignment textRotation="90" horizontal="center"/>'
    return (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="10"/><name val="Calibri"/>'
        '</font><font><b/><sz val="10"/><name val="Calibri"/></font></fonts>'
        f'<fills count="{len(fills) + 2}"><fill><patternFill patternType="none"/></fill>'
        f'<fill><patternFill patternType="gray125"/></fill>{painted}</fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        f'<cellXfs count="{len(fills) + 3}"><xf/><xf fontId="1" applyFont="1"/>'
        f'<xf fontId="1" applyFont="1" applyAlignment="1">{upright}</xf>{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )


def _grid(grid: Grid) -> str:
    lines = "".join(_line(number, row) for number, row in enumerate(grid.rows, 1))
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        f"{_pane(grid.frozen)}</sheetView></sheetViews>{_widths(grid)}"
        f"<sheetData>{lines}</sheetData></worksheet>"
    )


def _pane(frozen: tuple[int, int]) -> str:
    rows, columns = frozen
    if not rows and not columns:
        return ""
    sides = (f' xSplit="{columns}"' if columns else "") + (f' ySplit="{rows}"' if rows else "")
    pane = "bottomRight" if rows and columns else "bottomLeft" if rows else "topRight"
    corner = f"{letters(columns)}{rows + 1}"
    return f'<pane{sides} topLeftCell="{corner}" activePane="{pane}" state="frozen"/>'


def _widths(grid: Grid) -> str:
    cols = [
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(grid.widths, 1)
    ]
    if grid.narrow is not None:
        first = len(grid.widths) + 1
        cols.append(
            f'<col min="{first}" max="{MOST_COLUMNS}" width="{grid.narrow}" customWidth="1"/>'
        )
    return f"<cols>{''.join(cols)}</cols>" if cols else ""


def _line(number: int, row: Sequence[Cell]) -> str:
    cells = "".join(_cell(f"{letters(n)}{number}", *cell) for n, cell in enumerate(row))
    return f'<row r="{number}">{cells}</row>'


def _cell(place: str, value: str | int | float | None, style: int) -> str:
    shape = f' s="{style}"' if style else ""
    if value is None:
        return f'<c r="{place}"{shape}/>' if style else ""
    if isinstance(value, str):
        text = content(value)
        return (
            f'<c r="{place}"{shape} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        )
    return f'<c r="{place}"{shape}><v>{value!r}</v></c>'


def letters(column: int) -> str:
    """A column, counted from 0, as spreadsheets letter it."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
