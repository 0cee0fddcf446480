"""How much of what is known of the clones comes from a country: panel/countries.tsv of an organism folder."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from abscope.errors import OrganismError
from abscope.knowledge.fields import Field, read_sheet, several, source, text, whole
from abscope.records import PanelCoverage, Problem

_FILE = Path("panel") / "countries.tsv"
_OTHER = "*"
_FIELDS = (
    Field("country", text, "country, or * for every other"),
    Field("also", several, "other names of it", required=False),
    Field("genomes", whole, "genomes of known clones from there"),
    Field("total", whole, "genomes whose country is known"),
    Field("source", source, "where the row comes from"),
)


@dataclass(frozen=True, slots=True)
class CountryRow:
    """Genomes of known clones from one country, of all whose country is known."""

    country: str
    also: tuple[str, ...]
    genomes: int
    total: int
    source: str

    def __post_init__(self) -> None:
        if not 0 <= self.genomes <= self.total or self.total == 0:
            raise ValueError(f"{self.country}: {self.genomes} of {self.total} genomes")


def read(folder: Path) -> tuple[CountryRow, ...]:
    """The rows of an organism's panel/countries.tsv, none where it has none.

    Raises OrganismError listing everything wrong with it.
    """
    rows, faults = _load(folder / _FILE)
    if faults:
        lines = [f"{one.where}: {one.what}" for one in faults]
        raise OrganismError.collect(str(folder / _FILE), lines, hint="docs/organism-folder.md")
    return rows


def problems(folder: Path) -> tuple[Problem, ...]:
    """Everything wrong with an organism's panel/countries.tsv."""
    return _load(folder / _FILE)[1]


def _load(path: Path) -> tuple[tuple[CountryRow, ...], tuple[Problem, ...]]:
    if not path.is_file():
        return (), ()
    sheet = read_sheet(path, _FIELDS)
    faults, rows = list(sheet.problems), []
    for row in sheet.rows:
        try:
            rows.append(CountryRow(**row.values))  # type: ignore[arg-type]
        except ValueError as error:
            faults.append(Problem(f"{_FILE} line {row.line}", str(error)))
    return tuple(rows), tuple(faults)


def panel_coverage(rows: tuple[CountryRow, ...], country: str) -> PanelCoverage | None:
    """How many genomes of known clones come from `country`; None where nothing was counted.

    "Of no known clone" says little of a country from which no genome is known.
    """
    wanted = _plain(country)
    named = {_plain(name): row for row in rows for name in (row.country, *row.also)}
    row = named.get(wanted) or named.get(_OTHER)
    if row is None:
        return None
    counted = f"{row.genomes:,} of {row.total:,} genomes of known clones come from {country}"
    weak = (
        "; a strain of no known clone may be common there" if row.genomes * 100 < row.total else ""
    )
    return PanelCoverage(country, row.genomes, row.total, counted + weak, row.source)


def _plain(name: str) -> str:
    if name.strip() == _OTHER:
        return _OTHER
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())
