"""Tile maps: a square a country or state, with how many cases live there and were exposed there."""

from collections.abc import Iterable
from dataclasses import dataclass

from abscope.reports.places import WITH_STATES, Square, Whereabouts, gazetteer
from abscope.reports.roster import Roster

_WIDE, _MOST, _LEAST = 940.0, 58.0, 24.0  # pixels: the drawing, the largest and smallest square
_MARGIN = 4  # squares shown around those with a case


@dataclass(frozen=True, slots=True)
class Tile:
    """A square; living, exposed: tokens of cases, separated by blanks."""

    square: Square
    x: float
    y: float
    living: str
    exposed: str
    level: int

    @property
    def counts(self) -> tuple[int, int]:
        """How many live there, and were exposed there."""
        return len(self.living.split()), len(self.exposed.split())

    @property
    def tokens(self) -> str:
        """Everybody of the square, each once."""
        return " ".join(dict.fromkeys(f"{self.living} {self.exposed}".split()))


@dataclass(frozen=True, slots=True)
class TileMap:
    """One grid: the world, or a country's states."""

    name: str
    size: float
    width: float
    height: float
    tiles: tuple[Tile, ...]

    @property
    def told(self) -> tuple[Tile, ...]:
        """Squares with a case, those with most exposures first."""
        own = [tile for tile in self.tiles if tile.tokens]
        return tuple(sorted(own, key=lambda t: (-t.counts[1], -t.counts[0], t.square.name)))


def maps(found: Whereabouts, roster: Roster) -> tuple[TileMap, ...]:
    """The world around the countries with a case, then the states of a country that has one."""
    squares = gazetteer().squares.values()
    made = [_map("Countries", [s for s in squares if "/" not in s.key], found, roster)]
    for country, name in WITH_STATES.items():
        states = [s for s in squares if s.key.startswith(f"{country}/")]
        made.append(_map(f"States of {_the(name)}", states, found, roster))
    return tuple(one for one in made if one is not None)


def _the(name: str) -> str:
    return f"the {name}" if name.endswith("States") else name


def _map(name: str, squares: list[Square], found: Whereabouts, roster: Roster) -> TileMap | None:
    told = [s for s in squares if s.key in found.living or s.key in found.exposed]
    if not told:
        return None
    if name == "Countries":
        squares = _around(squares, told)
    left, top = min(s.column for s in squares), min(s.row for s in squares)
    columns = max(s.column for s in squares) - left + 1
    rows = max(s.row for s in squares) - top + 1
    size = round(max(_LEAST, min(_MOST, _WIDE / columns)), 1)
    most = max(len(found.exposed.get(s.key, ())) for s in squares)
    tiles = tuple(
        Tile(
            square=s,
            x=round((s.column - left) * size, 1),
            y=round((s.row - top) * size, 1),
            living=_tokens(found.living.get(s.key, ()), roster),
            exposed=_tokens(found.exposed.get(s.key, ()), roster),
            level=_level(len(found.exposed.get(s.key, ())), most),
        )
        for s in squares
    )
    return TileMap(name, size, columns * size, rows * size, tiles)


def _around(squares: Iterable[Square], told: list[Square]) -> list[Square]:
    """The squares near those with a case."""
    left, right = min(s.column for s in told) - _MARGIN, max(s.column for s in told) + _MARGIN
    top, end = min(s.row for s in told) - _MARGIN, max(s.row for s in told) + _MARGIN
    return [s for s in squares if left <= s.column <= right and top <= s.row <= end]


def _tokens(cases: Iterable[str], roster: Roster) -> str:
    return " ".join(roster.case(case).token for case in cases)


def _level(number: int, most: int) -> int:
    """A shade: 0 where nobody was exposed, 4 where most were."""
    return 0 if not number else max(1, round(4 * number / most))
