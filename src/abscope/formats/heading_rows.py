"""Where a line list's headings stand: below a title, under merged headings, in the first ten rows."""

from abscope.errors import TableError
from abscope.formats import headings, line_list_columns
from abscope.formats.line_list_columns import Columns
from abscope.formats.line_list_mapping import LineListMapping
from abscope.formats.spreadsheet import Row, Sheet
from abscope.records import Problem

_TITLE_ROWS = 10  # the headings may stand below a title, but not further down than this


def below(sheet: Sheet, mapping: LineListMapping) -> tuple[Columns, list[Row], list[Problem]]:
    """The columns, the rows below them, and a remark where text stands above them.

    The headings are the row of the first ten that names most columns. A heading under a merged one is
    read with it, where alone it says nothing: `Date of` above `onset`. Raises TableError where no
    heading is known or nothing stands below.
    """
    top = [row for row in sheet.rows[:_TITLE_ROWS] if not row.cells[0].startswith("#")]
    known = {row.number: len(mapping.columns_of(row.cells).used) for row in top}
    if not any(known.values()):
        raise TableError.collect(
            sheet.name,
            [f"row {r.number}: no heading is known: {', '.join(r.cells)[:120]}" for r in top[:1]],
            hint="the first row holds headings such as case_id, isolate_id, date_onset, clinic, "
            "product; or say what its columns hold: abscope cases map FILE",
        )
    head = max(top, key=lambda row: (known[row.number], -row.number))
    rows = [row for row in sheet.rows if row.number > head.number]
    if not rows:
        raise TableError.collect(
            sheet.name, ["there are headings, but no cases below"], hint="add one row per case"
        )
    above = [row for row in top if row.number < head.number]
    words, merged = _joined(above[-1] if above else None, head)
    remarks = [*_above(sheet, head, above), *_merged(sheet, head, merged)]
    return mapping.columns_of(words, head.cells), rows, remarks


def _joined(above: Row | None, head: Row) -> tuple[tuple[str, ...], list[str]]:
    """The headings, each one that means nothing alone with the merged heading above it."""
    if above is None:
        return head.cells, []
    group, words, merged = "", list(head.cells), []
    alone = line_list_columns.find(head.cells)
    for place, word in enumerate(head.cells):
        group = above.cell(place) or group
        dated = "date" in headings.plain(group)  # `specimen` alone is its number, not its day
        if not group or not word or (place in alone.used and not dated):
            continue
        for together in (f"{group} {word}", f"{word} {group}"):
            if line_list_columns.find((together,)).used:
                words[place] = together
                merged.append(together)
                break
    return tuple(words), merged


def _above(sheet: Sheet, head: Row, above: list[Row]) -> list[Problem]:
    if not above:
        return []
    numbers = ", ".join(str(row.number) for row in above)
    what = f"the headings are in row {head.number}; row {numbers} above was not read"
    return [Problem(sheet.name, what, "nothing to do, unless a case stands there")]


def _merged(sheet: Sheet, head: Row, merged: list[str]) -> list[Problem]:
    if not merged:
        return []
    return [
        Problem(
            f"{sheet.name}, row {head.number}",
            f"headings were read with the merged ones above them: {', '.join(merged)}",
            "write one heading per column, each in full",
        )
    ]
