"""Small investigations to test with."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from abscope.formats import line_list
from abscope.records import LineList
from abscope.simulate.build import build
from abscope.simulate.scenarios import COLORADO_ARIZONA
from linelists import make_linelist


@pytest.fixture(scope="session")
def founding() -> LineList:
    """The three patients of 2022 (MMWR 2024;73:420), A and B sequenced, and four other patients."""
    said: dict[str, dict[str, str | None]] = {
        "A": {"city": "Tijuana", "clinic": "one", "procedure": "stem cells", "product": "P", "route": "it"},
        "B": {"city": "Mexicali", "clinic": "two", "procedure": "stem cells", "product": "P", "route": "ia"},
        "C": {"city": "Guadalajara", "clinic": "three", "procedure": "stem cells", "product": "P"},
        "D": {"city": "Tijuana", "clinic": "four", "procedure": "liposuction", "product": None},
        "E": {"city": "Cancun", "clinic": "five", "procedure": "liposuction", "product": "Q"},
        "F": {"city": "Lima", "clinic": "six", "procedure": "implant", "product": "Q"},
        "G": {"city": None, "clinic": None, "procedure": "stem cells", "product": "R"},
    }  # fmt: skip
    values = {
        kind: {own.get(kind) for own in said.values()} - {None}
        for kind in ("city", "clinic", "procedure", "product", "route")
    }
    exposures = [
        (case, kind, value, _answer(own, kind, value))
        for case, own in said.items()
        for kind, named in values.items()
        for value in sorted(filter(None, named))
    ]
    isolates = {case: [f"i{case}"] for case in "ABDEFG"} | {"C": []}
    return make_linelist({case: isolates[case] for case in "ABCDEFG"}, exposures)


def _answer(own: Mapping[str, str | None], kind: str, value: str | None) -> str:
    if own.get(kind) is None:
        return "unknown"
    return "yes" if own[kind] == value else "no"


@pytest.fixture(scope="session")
def oswego(shared_data: Path) -> pl.DataFrame:
    """The church supper of 1940, one row per person."""
    return pl.read_csv(shared_data / "linelists" / "oswego" / "oswego2.csv", infer_schema=False)


@pytest.fixture(scope="session", params=[1, 2, 3])
def founding_case(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[LineList, list[str]]:
    """The built-in simulation with thirty and more comparison patients who have isolates."""
    sporadic = {"abscessus": 10, "massiliense": 9, "bolletii": 3}
    wanted = replace(COLORADO_ARIZONA, length=20_000, unlisted=0, sporadic=sporadic)
    world = build(wanted, request.param)
    path = tmp_path_factory.mktemp("founding") / "cases.csv"
    world.linelist.cases.write_csv(path)
    return line_list.read(path), [one.name for one in world.isolates]
