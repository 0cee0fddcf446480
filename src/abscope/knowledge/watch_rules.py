"""Watch rules: what raises an alert, in `watch.toml` of an organism folder; a collection adds its own.

[[rules]]
name = "facility silent 14 days"        # a name of your own
kind = "facility silent"                # which function looks; KINDS lists them and their settings
title = "A facility has not answered"   # sent without names
severity = "low"                        # low, medium, high, or off
days = 14
source = "where the figure comes from"

[[watched]]                             # what a collection looks out for
kind = "clinic"                         # an exposure kind with its value, or
value = "North Clinic"                  # kind = "cluster", value = 4, level = 10
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from abscope import tables
from abscope.errors import OrganismError
from abscope.knowledge.fields import source as sourced
from abscope.records import SEVERITIES, Problem, WatchedName, WatchRule

FILE = "watch.toml"
OFF = "off"
_WORDS: Mapping[str, tuple[str, ...]] = {
    "method": ("EARS C1", "EARS C2", "EARS C3", "CUSUM", "Farrington"),
    "clones": ("none", "any", "only"),
}

Range = tuple[float, float]
KINDS: Mapping[str, Mapping[str, Range | type]] = {
    "watched cluster": {},
    "watched name": {},
    "new pair": {
        "posterior": (0.01, 1),
        "across": bool,
        "clones": str,
        "unknown_within": (0, 1000),
    },
    "shared exposure": {"posterior": (0.01, 1), "kinds": list},
    "unsequenced case": {"kinds": list},
    "new marker": {"drugs": list, "within": (0, 1000)},
    "laboratory": {"within": (0, 100)},
    "facility silent": {"days": (1, 3650)},
    "patient silent": {"days": (1, 3650)},
    "concentration": {
        "least": (0.1, 1e6),
        "below": (0.1, 1e6),
        "cases": (2, 1000),
        "level": (0, 1000),
    },
    "exposure scan": {
        "kinds": list,
        "window": (1, 3650),
        "cases": (2, 1000),
        "recurrence": (1, 36500),
        "permutations": (99, 99999),
    },
    "counts": {"method": str, "a_year": (0.01, 52), "ratio": (1.01, 100), "years": (1, 20)},
}
"""Every kind with its settings: a range of numbers, true or false, a word, or words."""

_COMMON = frozenset({"name", "kind", "title", "severity", "source"})
_SEE = "docs/watch.md describes every entry"


def read(*paths: Path) -> tuple[WatchRule, ...]:
    """The rules of one file or several; of two by one name the later counts, and `off` takes it out.

    Raises OrganismError listing everything wrong.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for path in paths:
        data = _opened(path)
        for one in data.get("rules", []):
            found[one.get("name", "")] = {**found.get(one.get("name", ""), {}), **one}
        if faults := [*_faults(found.values()), *_watched_faults(data)]:
            raise OrganismError.collect(str(path), faults, hint=_SEE)
    return tuple(_rule(one) for one in found.values() if one["severity"] != OFF)


def watched(path: Path) -> tuple[WatchedName, ...]:
    """What a collection's file says to look out for. Raises OrganismError."""
    data = _opened(path)
    if faults := list(_watched_faults(data)):
        raise OrganismError.collect(str(path), faults, hint=_SEE)
    return tuple(
        WatchedName(one["kind"], str(one["value"]), one.get("level"))
        for one in data.get("watched", [])
    )


def problems(folder: Path) -> Iterator[Problem]:
    """Everything wrong with an organism folder's rules; a folder without any has none."""
    path = folder / FILE
    if not path.is_file():
        return
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        yield Problem(FILE, f"cannot be read: {error}", _SEE)
        return
    for fault in (*_faults(data.get("rules", [])), *_watched_faults(data)):
        yield Problem(FILE, fault, _SEE)


def _opened(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OrganismError(f"{path}: {error}", hint=_SEE) from error


def _rule(one: Mapping[str, Any]) -> WatchRule:
    settings = {name: value for name, value in one.items() if name not in _COMMON}
    return WatchRule(
        one["name"], one["kind"], one["title"], one["severity"], one["source"], settings
    )


def _faults(rules: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    names: set[object] = set()
    for index, one in enumerate(rules, 1):
        label = f"rules[{index}] {one.get('name', '')!r}"
        if one.get("name") in names:
            yield f"{label}: the name is used twice"
        names.add(one.get("name"))
        yield from (f"{label}: {fault}" for fault in _rule_faults(one))


def _rule_faults(one: Mapping[str, Any]) -> Iterator[str]:
    for name in ("name", "title"):
        if not isinstance(one.get(name), str) or not one[name]:
            yield f"{name}: is missing"
    if one.get("severity") not in (*SEVERITIES, OFF):
        yield f"severity: {one.get('severity')!r} is not one of {', '.join((*SEVERITIES, OFF))}"
    try:
        sourced(str(one.get("source", "")))
    except ValueError as error:
        yield f"source: {error}"
    kind = str(one.get("kind"))
    if kind not in KINDS:
        yield f"kind: {kind!r} is not one of {', '.join(KINDS)}"
        return
    yield from _setting_faults(one, KINDS[kind])


def _setting_faults(one: Mapping[str, Any], known: Mapping[str, Range | type]) -> Iterator[str]:
    for name in sorted(set(one) - _COMMON - set(known)):
        yield f"unknown setting {name!r}"
    for name, allowed in known.items():
        yield from _value_faults(name, one.get(name), allowed)
    for name, words in _WORDS.items():
        if isinstance(one.get(name), str) and one[name] not in words:
            yield f"{name}: {one[name]!r} is not one of {', '.join(words)}"
    for kind in one["kinds"] if isinstance(one.get("kinds"), list) else ():
        if kind not in tables.EXPOSURE_KINDS:
            yield f"kinds: {kind!r} is no kind of exposure"


def _value_faults(name: str, value: object, allowed: Range | type) -> Iterator[str]:
    if value is None:
        yield f"{name}: is missing"
    elif isinstance(allowed, type):
        if not isinstance(value, allowed):
            yield f"{name}: {value!r} is no {allowed.__name__}"
    elif isinstance(value, bool) or not isinstance(value, int | float):
        yield f"{name}: {value!r} is no number"
    elif not allowed[0] <= value <= allowed[1]:
        yield f"{name}: must lie between {allowed[0]:g} and {allowed[1]:g}, is {value!r}"


def _watched_faults(data: Mapping[str, Any]) -> Iterator[str]:
    for index, one in enumerate(data.get("watched", []), 1):
        kind, value = one.get("kind"), one.get("value")
        if kind == "cluster":
            if type(value) is not int or type(one.get("level")) is not int:
                yield f"watched[{index}]: a cluster is value = NUMBER, level = SNPS"
        elif kind not in tables.EXPOSURE_KINDS:
            yield f"watched[{index}].kind: {kind!r} is neither cluster nor a kind of exposure"
        elif not isinstance(value, str) or not value:
            yield f"watched[{index}].value: is missing"
