"""Where cases live and where they were exposed: countries, and states of the United States and Mexico."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from unicodedata import combining, normalize

import polars as pl

from abscope.records import Findings

WITH_STATES = {"US": "United States", "MX": "Mexico"}


@dataclass(frozen=True, slots=True)
class Square:
    """A country or state on its grid. key: MX, or MX/BCN for a state."""

    key: str
    name: str
    column: int
    row: int

    @property
    def code(self) -> str:
        """What is written in the square."""
        return self.key.split("/")[-1]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Squares by key, and the key of every name that is known."""

    squares: Mapping[str, Square]
    known: Mapping[str, str]

    def key(self, name: str | None, within: str = "") -> str | None:
        """The square of a name, in a country if one is given; None where it is not known."""
        return self.known.get(f"{within}|{plain(name)}") if name else None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Cases by square: who lives there, who was exposed there; names of places not on the map, with cases."""

    living: Mapping[str, tuple[str, ...]]
    exposed: Mapping[str, tuple[str, ...]]
    unplaced: Mapping[str, tuple[str, ...]]


def plain(name: str) -> str:
    """A name without case and accents, as it is looked up."""
    letters = normalize("NFKD", name.strip().casefold())
    return "".join(letter for letter in letters if not combining(letter))


@cache
def gazetteer() -> Gazetteer:
    """The places of places.toml."""
    text = files("abscope.reports").joinpath("places.toml").read_text(encoding="utf-8")
    said = tomllib.loads(text)
    squares = {key: Square(key, *spot) for key, spot in said["countries"].items()}
    for country, states in said["states"].items():
        squares |= {f"{country}/{s}": Square(f"{country}/{s}", *spot) for s, spot in states.items()}
    known: dict[str, str] = {}
    for key, square in squares.items():
        within = key.split("/")[0] if "/" in key else ""
        for name in (square.name, *said["also"].get(square.name, ()), *_codes(key)):
            known[f"{within}|{plain(name)}"] = key
    known |= {f"city|{plain(city)}": key for city, key in said["cities"].items()}
    return Gazetteer(squares, known)


def _codes(key: str) -> Iterable[str]:
    return (key.rsplit("/", 1)[-1],) if "/" in key else ()


def whereabouts(findings: Findings) -> Whereabouts:
    """Every case in the squares of its residence and of the places it said yes to."""
    places = gazetteer()
    living: dict[str, list[str]] = {}
    exposed: dict[str, list[str]] = {}
    unplaced: dict[str, list[str]] = {}
    rows = findings.linelist.cases.select("case_id", "residence_country", "residence_state")
    for case, country, state in rows.iter_rows():
        _put(living, unplaced, case, _residence(places, country, state))
    for case, kind, value in _visited(findings.linelist.exposures):
        found = places.key(value, "" if kind == "country" else "city")
        keys = {found, found.split("/")[0]} if found else set()
        _put(exposed, unplaced, case, [(key, value) for key in keys] or [(None, value)])
    return Whereabouts(*(_fixed(one) for one in (living, exposed, unplaced)))


def _residence(
    places: Gazetteer, country: str | None, state: str | None
) -> list[tuple[str | None, str]]:
    """Squares of a residence with the name that led there; a state says its country where it can."""
    found = []
    land = places.key(country)
    if country:
        found.append((land, country))
    if state:
        lands = [land] if land in WITH_STATES else [] if land else list(WITH_STATES)
        keys = [key for one in lands if (key := places.key(state, one))]
        found += [(key, state) for key in keys]
        if not land and keys:
            found.append((keys[0].split("/")[0], state))
        if lands and not keys:
            found.append((None, state))
    return found


def _visited(exposures: pl.DataFrame) -> Iterator[tuple[str, str, str]]:
    said = exposures.filter(
        pl.col("kind").is_in(["country", "city"])
        & (pl.col("answer") == "yes")
        & pl.col("value").is_not_null()
    )
    yield from said.select("case_id", "kind", "value").iter_rows()


def _put(
    there: dict[str, list[str]],
    unplaced: dict[str, list[str]],
    case: str,
    spots: Iterable[tuple[str | None, str]],
) -> None:
    for key, name in spots:
        many = unplaced.setdefault(name, []) if key is None else there.setdefault(key, [])
        if case not in many:
            many.append(case)


def _fixed(found: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(many) for key, many in sorted(found.items())}
