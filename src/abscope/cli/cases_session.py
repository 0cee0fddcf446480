"""What the commands of `abscope cases` do between parsing and printing."""

import json
import sys
from datetime import datetime
from pathlib import Path

import typer

from abscope.cli import options as o
from abscope.collection import case_imports
from abscope.errors import DataError
from abscope.formats import (
    case_file,
    line_list,
    line_list_mapping,
    line_list_tags,
    mapping_proposal,
)
from abscope.formats.line_list import Beside
from abscope.formats.line_list_tags import NOT_USED, Tag
from abscope.formats.mapping_proposal import Proposal
from abscope.records import LineList
from abscope.running.storage import write_whole


def opened(file: Path, beside: Beside, day: datetime | None) -> LineList:
    """The line list of a file, or what a collection's imports say together."""
    today = o.day_or_today(day)
    if not file.is_dir():
        return line_list.read(file, beside=beside, today=today)
    found = case_imports.current(file, today=today)
    if found is None:
        raise DataError(f"{file}: no cases were imported", hint="abscope cases import FILE -C HERE")
    return found


def problem_lines(found: LineList, *, as_json: bool) -> str:
    """Every problem with its remedy."""
    if as_json:
        rows = [{"where": p.where, "what": p.what, "remedy": p.hint} for p in found.problems]
        return json.dumps(rows, indent=2, ensure_ascii=False)
    return "\n".join(
        f"{one.where}: {one.what}" + (f"\n    {one.hint}" if one.hint else "")
        for one in found.problems
    )


def mapping_proposed(
    file: Path, dictionary: Path | None, *, ask: bool, out: Path | None
) -> tuple[str, int]:
    """The mapping as text, and how many columns are still open; written to `out` if given."""
    proposal = mapping_proposal.propose(case_file.read(file, dictionary=dictionary).sheet)
    if ask and sys.stdin.isatty() and sys.stderr.isatty():
        proposal = _asked(proposal)
    text = line_list_mapping.text(proposal.mapping, file.name, proposal.comments)
    if out is not None:
        write_whole(out, text.encode())
    return text, len(proposal.open)


def _asked(proposal: Proposal) -> Proposal:
    typer.echo(f"tags: {', '.join(line_list_tags.NAMES)}; KIND=NAME for a yes/no column", err=True)
    answers: dict[str, Tag] = {}
    for word, known in mapping_proposal.questions(proposal):
        said = typer.prompt(
            f"{word} ({known})" if known else word, default=NOT_USED, err=True, value_proc=_tag
        )
        answers[word] = said
    return mapping_proposal.answered(proposal, answers)


def _tag(text: str | Tag) -> Tag:
    try:
        return text if isinstance(text, Tag) else line_list_tags.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def imported(
    file: Path, beside: Beside, collection: Path, day: datetime | None, *, as_json: bool
) -> str:
    """Import, and say in words or JSON what changed."""
    today = o.day_or_today(day)
    one, found, changes = case_imports.keep(collection, file, beside, today=today)
    parts = {name: list(getattr(changes, name)) for name in ("new", "changed", "same", "untouched")}
    if as_json:
        summary = {"import": one.number, "day": one.day.isoformat(), **parts}
        return json.dumps({**summary, "remarks": len(found.problems)}, indent=2)
    lines = [f"import {one.number} of {one.day}: {file.name}"]
    lines += [f"  {name}: {len(ids)}{_some(ids)}" for name, ids in parts.items()]
    lines.append(f"  {len(found.problems)} remarks: abscope cases check {collection}")
    return "\n".join([*lines, f"to take it back: abscope cases undo {collection}"])


def _some(ids: list[str]) -> str:
    return f" ({', '.join(ids[:5])}{' ...' if len(ids) > 5 else ''})" if ids else ""


def import_rows(collection: Path) -> list[dict[str, object]]:
    """One row per import."""
    return [
        {
            "import": one.number,
            "day": one.day.isoformat(),
            "file": one.cases.name,
            "state": "undone" if one.undone else "stands",
        }
        for one in case_imports.imports(collection)
    ]
