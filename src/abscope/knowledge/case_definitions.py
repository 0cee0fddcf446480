"""Case definitions: rules anyone can edit, in `case_definitions/*.toml` of an organism folder.

    [criteria.culture]                      # a name of your own
    says = "culture grew M. abscessus"      # the sentence a verdict is explained with
    specimen = { result = ["positive"], organism = ["abscessus"] }

    [[verdicts]]                            # the first whose criteria hold is given
    verdict = "confirmed"
    all = ["procedure", "culture"]

A criterion asks for one thing: an exposure, a date, the days between two dates, a column of the case, a
symptom, a treatment, or a specimen. Words match any text that holds them, whatever the case or accents.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from abscope import tables
from abscope.errors import OrganismError
from abscope.knowledge.fields import source as sourced
from abscope.records import Problem

FOLDER = "case_definitions"
ASKS = ("exposure", "date", "days", "field", "symptom", "treatment", "specimen")
_WITH: Mapping[str, frozenset[str]] = {
    "exposure": frozenset({"is"}),
    "date": frozenset({"from", "to"}),
    "days": frozenset({"least", "most"}),
    "field": frozenset({"is"}),
    "symptom": frozenset(),
    "treatment": frozenset(),
    "specimen": frozenset(),
}
_DATES = frozenset(c.name for c in tables.CASES.columns if c.name.startswith("date_"))
_CASE = frozenset(tables.CASES.schema) - _DATES - {"row", "status"}
_SPECIMEN = frozenset(tables.SPECIMENS.schema) - {"row", "case_id", "date_first", "date_last"}
_TOP = frozenset({"schema", "name", "source", "as_printed", "note", "criteria", "verdicts"})


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing to be true of a case. what: an entry of ASKS; of: the kind, column or words it asks for.

    least and most: days. specimen: column -> words, of which a specimen must match each.
    """

    name: str
    says: str
    what: str
    of: tuple[str, ...]
    words: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    least: int | None = None
    most: int | None = None
    specimen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VerdictRule:
    """When a verdict is given: all of these, at least one of those, none of the others."""

    verdict: str
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseDefinition:
    """Criteria by name, and verdicts from the surest down; a case none fits is not a case."""

    key: str
    name: str
    source: str
    as_printed: str
    note: str
    criteria: Mapping[str, Criterion]
    verdicts: tuple[VerdictRule, ...]

    def exposures(self) -> frozenset[str]:
        """Kinds of exposure that make somebody a case, and so prove nothing about the source."""
        used = {name for rule in self.verdicts for name in (*rule.all, *rule.any)}
        return frozenset(
            self.criteria[name].of[0] for name in used if self.criteria[name].what == "exposure"
        )


def read(path: Path) -> CaseDefinition:
    """Read one definition. Raises OrganismError listing everything wrong with it."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OrganismError(
            f"{path}: no such file", hint="abscope cases define lists them"
        ) from None
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OrganismError(f"{path.name}: {error}", hint="it must be valid TOML") from error
    if faults := list(_faults(data)):
        raise OrganismError.collect(path.name, faults, hint=_SEE)
    criteria = {name: _criterion(name, one) for name, one in data["criteria"].items()}
    rules = tuple(
        VerdictRule(one["verdict"], *(tuple(one.get(part, ())) for part in ("all", "any", "none")))
        for one in data["verdicts"]
    )
    return CaseDefinition(
        key=path.stem,
        name=data["name"],
        source=data["source"],
        as_printed=data.get("as_printed", ""),
        note=data.get("note", ""),
        criteria=criteria,
        verdicts=rules,
    )


def available(folder: Path) -> dict[str, Path]:
    """Name -> file of the definitions of an organism folder."""
    return {path.stem: path for path in sorted((folder / FOLDER).glob("*.toml"))}


def problems(folder: Path) -> Iterator[Problem]:
    """Everything wrong with the definitions of an organism folder."""
    for path in available(folder).values():
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            yield Problem(f"{FOLDER}/{path.name}", f"cannot be read: {error}", _SEE)
            continue
        yield from (Problem(f"{FOLDER}/{path.name}", fault, _SEE) for fault in _faults(data))


_SEE = "docs/cases.md describes case definitions"


def _criterion(name: str, one: Mapping[str, Any]) -> Criterion:
    what = next(ask for ask in ASKS if ask in one)
    given = one[what]
    specimen = (
        {column: tuple(words) for column, words in given.items()} if what == "specimen" else {}
    )
    of = () if specimen else tuple(given) if isinstance(given, list) else (given,)
    return Criterion(
        name,
        one["says"],
        what,
        of,
        tuple(one.get("is", ())),
        one.get("from"),
        one.get("to"),
        one.get("least"),
        one.get("most"),
        specimen,
    )


def _faults(data: Mapping[str, Any]) -> Iterator[str]:
    if data.get("schema") != 1:
        yield f"schema: must be 1, is {data.get('schema')!r}"
    for part in ("name", "source"):
        if not isinstance(data.get(part), str):
            yield f"{part}: is missing"
    try:
        sourced(str(data.get("source", "")))
    except ValueError as error:
        yield f"source: {error}"
    if other := set(data) - _TOP:
        yield f"unknown entries {', '.join(sorted(other))}"
    criteria = data.get("criteria")
    if not isinstance(criteria, dict) or not criteria:
        yield "criteria: at least one is needed, as [criteria.NAME]"
        return
    for name, one in criteria.items():
        yield from (f"criteria.{name}: {fault}" for fault in _criterion_faults(one))
    yield from _verdict_faults(data.get("verdicts"), criteria)


def _criterion_faults(one: object) -> Iterator[str]:
    if not isinstance(one, dict) or not one.get("says"):
        yield "says: every criterion is a sentence too"
        return
    asked = [ask for ask in ASKS if ask in one]
    if len(asked) != 1:
        yield f"asks for {' and '.join(asked) or 'nothing'}; must ask for one of {', '.join(ASKS)}"
        return
    (what,) = asked
    if other := set(one) - {"says", what} - _WITH[what]:
        yield f"unknown entries {', '.join(sorted(other))}"
    yield from _asked_faults(what, one)


def _asked_faults(what: str, one: Mapping[str, Any]) -> Iterator[str]:
    given = one[what]
    if what == "specimen":
        yield from _specimen_faults(given)
        return
    names = given if isinstance(given, list) else [given]
    known = {
        "exposure": frozenset(tables.EXPOSURE_KINDS),
        "field": _CASE,
        "date": _DATES,
        "days": _DATES,
    }.get(what)
    for name in names:
        if known is not None and name not in known:
            yield f"{what}: {name!r} is none of {', '.join(sorted(known))}"
    if what == "days" and len(names) != 2:
        yield "days: must name two dates, the earlier first"
    if what in ("exposure", "date", "field") and len(names) != 1:
        yield f"{what}: must name one"
    for part in ("from", "to"):
        if part in one and not isinstance(one[part], date):
            yield f"{part}: must be a date, written 2022-10-14 without quotes"
    if "is" in one and not isinstance(one["is"], list):
        yield 'is: must be a list of words, ["one", "two"]'


def _specimen_faults(given: object) -> Iterator[str]:
    if not isinstance(given, dict) or not given:
        yield 'specimen: must be a table, { result = ["positive"] }'
        return
    for column, words in given.items():
        if column not in _SPECIMEN:
            yield f"specimen.{column}: is none of {', '.join(sorted(_SPECIMEN))}"
        elif not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            yield f"specimen.{column}: must be a list of words"


def _verdict_faults(rules: object, criteria: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(rules, list) or not rules:
        yield "verdicts: at least one is needed, as [[verdicts]]"
        return
    for number, rule in enumerate(rules, 1):
        where = f"verdicts[{number}]"
        if rule.get("verdict") not in tables.STATUSES:
            yield f"{where}.verdict: is none of {', '.join(tables.STATUSES)}"
        if not {"all", "any", "none"} & set(rule):
            yield f"{where}: names no criterion"
        for part in ("all", "any", "none"):
            for name in rule.get(part, ()):
                if name not in criteria:
                    yield f"{where}.{part}: there is no criterion {name!r}"
