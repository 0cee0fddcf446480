"""Print rows: columns for people, JSON for programs."""

import json
from collections.abc import Mapping, Sequence


def tabled(rows: Sequence[Mapping[str, object]], *, as_json: bool) -> str:
    """All rows as JSON, or as aligned columns under their headings; what is unknown is a dash."""
    if as_json:
        return json.dumps(rows, indent=2)
    if not rows:
        return ""
    lines = [list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = (
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )
    return "\n".join(line.rstrip() for line in padded)


def _cell(value: object) -> str:
    return "-" if value in {None, ""} else str(value)
