"""An organism folder's tables, read into values and held against each other."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from abscope.errors import OrganismError
from abscope.knowledge import (
    between_tables,
    case_definitions,
    coverage,
    examples,
    maskfile,
    numbers,
    typing_limits,
    watch_rules,
)
from abscope.knowledge.conditions import Limits
from abscope.knowledge.fields import Sheet, read_sheet
from abscope.knowledge.rows import (
    BackgroundShare,
    Breakpoint,
    Clock,
    Clone,
    Drug,
    Example,
    Knowledge,
    Locus,
    Plasmid,
    Rule,
    Site,
    Trait,
)
from abscope.knowledge.schema import TABLES
from abscope.records import Problem

R = TypeVar("R")
_LIMITS = "resistance"


def read(folder: Path) -> Knowledge:
    """Read a folder's tables. Raises OrganismError listing everything wrong with them."""
    knowledge, problems = load(folder)
    if problems:
        lines = [f"{one.where}: {one.what}" for one in problems]
        raise OrganismError.collect(str(folder), lines, hint="run: abscope organism check FOLDER")
    return knowledge


def load(folder: Path) -> tuple[Knowledge, tuple[Problem, ...]]:
    """The folder's tables as far as they can be read, and every fault in them.

    Examples are not run; `check` does. A row with a fault is left out.
    """
    sheets = {name: _sheet(folder / name) for name in TABLES}
    limits, faults = _limits(folder)
    knowledge = _knowledge(sheets, limits)
    problems = [problem for sheet in sheets.values() for problem in sheet.problems]
    problems += faults
    problems += _unknown_files(folder)
    lines = {name: [row.line for row in sheet.rows] for name, sheet in sheets.items()}
    problems += numbers.problems(knowledge, lines, _references(folder))
    problems += between_tables.problems(knowledge, lines, _references(folder))
    return knowledge, tuple(problems)


def check(folder: Path) -> tuple[Problem, ...]:
    """Everything wrong with the folder's tables: rows, links between them, and examples that fail."""
    knowledge, problems = load(folder)
    mask = maskfile.problems(folder, _references(folder), _table(folder, "mask"))
    others = (
        module.problems(folder)
        for module in (typing_limits, coverage, case_definitions, watch_rules)
    )
    found = (problem for each in others for problem in each)
    return (*problems, *mask, *found, *examples.problems(knowledge))


def _sheet(path: Path) -> Sheet:
    return read_sheet(path, TABLES[path.name].fields) if path.is_file() else Sheet()


def _knowledge(sheets: Mapping[str, Sheet], limits: Limits) -> Knowledge:
    def made(name: str, kind: type[R]) -> tuple[R, ...]:
        return tuple(kind(**row.values) for row in sheets[name].rows)

    return Knowledge(
        made("loci.tsv", Locus),
        made("sites.tsv", Site),
        made("drugs.tsv", Drug),
        made("resistance.tsv", Rule),
        made("breakpoints.tsv", Breakpoint),
        made("clones.tsv", Clone),
        made("clock.tsv", Clock),
        made("backgrounds.tsv", BackgroundShare),
        made("examples.tsv", Example),
        made("traits.tsv", Trait),
        made("plasmids.tsv", Plasmid),
        limits,
    )


def _toml(folder: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads((folder / "organism.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}  # organism.py says what is wrong with it


def _table(folder: Path, name: str) -> Mapping[str, Any]:
    found = _toml(folder).get(name, {})
    return found if isinstance(found, dict) else {}


def _references(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    entries = _toml(folder).get("references", [])
    known = [entry for entry in entries if isinstance(entry, dict)]
    return {entry["name"]: entry for entry in known if isinstance(entry.get("name"), str)}


def _limits(folder: Path) -> tuple[Limits, list[Problem]]:
    """The shares and depths of `[resistance]`, the defaults where they are not given or not sound."""
    given = dict(_table(folder, _LIMITS))
    where = f"organism.toml [{_LIMITS}]"
    if not given:
        return Limits(), []
    if not given.pop("source", None):
        return Limits(), [Problem(where, "source: every threshold names where it comes from")]
    try:
        return Limits(**given), []
    except (TypeError, ValueError) as error:
        return Limits(), [Problem(where, str(error), "docs/organism-folder.md lists the entries")]


def _unknown_files(folder: Path) -> list[Problem]:
    other = sorted(path.name for path in folder.glob("*.tsv") if path.name not in TABLES)
    hint = f"tables are called {', '.join(TABLES)}"
    return [Problem(name, "is not a table of an organism folder", hint) for name in other]
