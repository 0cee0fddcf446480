"""Places on tile maps: known by their usual names, each on a square of its own."""

import pytest

import investigations
from abscope.reports.figures.tiles import maps
from abscope.reports.places import gazetteer, whereabouts
from abscope.reports.roster import roster


def test_no_two_places_of_a_map_share_a_square() -> None:
    squares = gazetteer().squares.values()
    for country in ("", "US/", "MX/"):
        own = [
            (s.column, s.row)
            for s in squares
            if s.key.startswith(country) and ("/" in s.key) == bool(country)
        ]
        assert len(own) == len(set(own)) > 30


@pytest.mark.parametrize(
    ("name", "within", "key"),
    [
        ("México", "", "MX"),
        ("UNITED STATES", "", "US"),
        ("nuevo leon", "MX", "MX/NLE"),
        ("CO", "US", "US/CO"),
        ("Tijuana", "city", "MX/BCN"),
        ("Atlantis", "", None),
        (None, "", None),
    ],
)
def test_a_place_is_known_by_any_spelling_of_its_name(
    name: str | None, within: str, key: str | None
) -> None:
    assert gazetteer().key(name, within) == key


def test_every_case_with_a_known_residence_is_on_the_map_once() -> None:
    investigation = investigations.realistic()
    found = whereabouts(investigation.findings)
    assert found.unplaced == {}
    assert len(found.living["US"]) == 15
    said = investigation.findings.linelist.exposures.filter(
        kind="country", value="Mexico", answer="yes"
    )
    assert set(found.exposed["MX"]) == set(said["case_id"])
    drawn = maps(found, roster(investigation))
    assert [one.name for one in drawn] == ["Countries", "States of the United States"]
    for one in drawn:
        assert all(0 <= t.x < one.width and 0 <= t.y < one.height for t in one.tiles)
