"""Scenarios: what a world holds, as frozen values; `build` makes the world.

world = build(SCENARIOS["colorado_arizona"], seed=1)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from abscope.errors import UsageError
from abscope.simulate.ancestor import LENGTH
from abscope.simulate.linelist import Degradation
from abscope.simulate.outbreak import Model
from abscope.simulate.patients import Delays, Setting
from abscope.simulate.pedigree import Clock
from abscope.simulate.places import COLORADO_ARIZONA_CASES, SETTINGS
from abscope.simulate.population import Clone


@dataclass(frozen=True, slots=True)
class Case:
    """A case of an outbreak: its exposure, its isolate (None: it has none), what is set of its row.

    Dates that `row` does not set are drawn; `setting` names the place where it was treated.
    """

    case_id: str
    exposed: date
    isolate: str | None
    row: Mapping[str, str | None] = field(default_factory=dict)
    kind: Literal["reads", "assembly"] = "reads"


@dataclass(frozen=True, slots=True)
class Outbreak:
    """An outbreak to simulate. within: the clone its founder belongs to; None: a strain of its own."""

    name: str
    subspecies: str
    model: Model
    start: date
    cases: tuple[Case, ...]
    size: float = 1.0
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Contamination:
    """A sample whose reads carry a share of another isolate's."""

    isolate: str
    by: str
    share: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """All that a world is made from, beside a seed.

    length: of the built-in genome, bases. sporadic: strains of their own per subspecies. unsequenced:
    comparison patients without an isolate; every background isolate has a comparison patient, too,
    but for `unlisted` of them.
    """

    name: str
    summary: str
    outbreaks: tuple[Outbreak, ...]
    clones: tuple[Clone, ...] = ()
    sporadic: Mapping[str, int] = field(default_factory=dict)
    contaminations: tuple[Contamination, ...] = ()
    background: Literal["reads", "assembly"] = "assembly"
    unsequenced: int = 6
    unlisted: int = 0
    length: int = LENGTH
    depth: float = 60.0
    clock: Clock = field(default_factory=Clock)
    delays: Delays = field(default_factory=Delays)
    settings: tuple[tuple[Setting, float], ...] = SETTINGS
    degradation: Degradation = field(default_factory=Degradation)


def _cases(prefix: str, count: int, first: date, *, apart: int) -> tuple[Case, ...]:
    """Cases `apart` days after one another; every fourth without an isolate."""
    days = [date.fromordinal(first.toordinal() + apart * k) for k in range(count)]
    return tuple(
        Case(f"{prefix}{k + 1:02d}", day, None if k % 4 == 3 else f"{prefix}{k + 1:02d}-1")
        for k, day in enumerate(days)
    )


_CA = COLORADO_ARIZONA_CASES
COLORADO_ARIZONA = Scenario(
    name="colorado_arizona",
    summary="three patients, three clinics, one product; two isolates, 20 assemblies around them",
    outbreaks=(
        Outbreak(
            "source",
            "massiliense",
            "continuous",
            date(2022, 1, 15),
            (
                Case("A", date(2022, 10, 11), "A-1", _CA["A"]),
                Case("B", date(2022, 4, 19), "B-1", _CA["B"]),
                Case("C", date(2022, 10, 18), None, _CA["C"]),
            ),
        ),
    ),
    clones=(
        Clone("DCC-A1", "abscessus", 5),
        Clone("DCC-A2", "abscessus", 4),
        Clone("DCC-M1", "massiliense", 5),
    ),
    sporadic={"abscessus": 2, "massiliense": 3, "bolletii": 1},
    unsequenced=8,
    unlisted=4,
)

POINT = Scenario(
    name="small_point",
    summary="a point source on a short genome: six cases, a clone, two sporadic strains",
    outbreaks=(
        Outbreak(
            "source", "massiliense", "point", date(2021, 1, 4),
            _cases("K", 6, date(2021, 3, 1), apart=12),
        ),
    ),
    clones=(Clone("DCC-M1", "massiliense", 4),),
    sporadic={"massiliense": 1, "abscessus": 1},
    length=120_000,
    depth=30.0,
    unsequenced=4,
)  # fmt: skip

FROZEN = Scenario(
    name="small_frozen",
    summary="a frozen product used over two years, on a short genome",
    outbreaks=(
        Outbreak(
            "vial", "abscessus", "frozen", date(2020, 1, 10),
            _cases("F", 5, date(2020, 2, 1), apart=170),
        ),
    ),
    clones=(Clone("DCC-A1", "abscessus", 3),),
    length=120_000,
    depth=30.0,
    unsequenced=3,
)  # fmt: skip

CHAIN = Scenario(
    name="small_chain",
    summary="person to person inside a circulating clone, on a short genome",
    outbreaks=(
        Outbreak(
            "ward", "abscessus", "chain", date(2018, 5, 1),
            _cases("W", 5, date(2018, 6, 1), apart=200), within="DCC-A1",
        ),
    ),
    clones=(Clone("DCC-A1", "abscessus", 5),),
    sporadic={"abscessus": 1},
    length=120_000,
    depth=30.0,
    unsequenced=3,
)  # fmt: skip

CONTAMINATED = Scenario(
    name="small_contaminated",
    summary="a sample contaminated in the laboratory, and a mixture of two strains, short genome",
    outbreaks=(
        Outbreak(
            "tank", "massiliense", "continuous", date(2019, 1, 1),
            _cases("T", 4, date(2020, 5, 1), apart=60), size=2.0,
        ),
    ),
    clones=(Clone("DCC-M1", "massiliense", 3),),
    sporadic={"massiliense": 2},
    contaminations=(Contamination("N001", "T01-1", 0.08), Contamination("N002", "N004", 0.4)),
    background="reads",
    length=120_000,
    depth=30.0,
    unsequenced=2,
)  # fmt: skip

SCENARIOS: Mapping[str, Scenario] = {
    s.name: s for s in (COLORADO_ARIZONA, POINT, FROZEN, CHAIN, CONTAMINATED)
}
"""Every scenario by its name."""


def find(name: str) -> Scenario:
    """Return a scenario by its name; UsageError names those there are."""
    if name not in SCENARIOS:
        raise UsageError(f"no scenario called {name!r}", hint=f"one of {', '.join(SCENARIOS)}")
    return SCENARIOS[name]
