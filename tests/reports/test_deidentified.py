"""De-identified exports: what identifies is gone, what is left fits together, who stands out is named."""

import re
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope import tables
from abscope.records import LineList
from abscope.reports import deidentified_rules as rules
from abscope.reports.deidentified import Deidentified, Terms, deidentified
from abscope.reports.small_cells import suppressed

HARBOR, LIMITED = Terms("safe-harbor", b"s" * 32), Terms("limited", b"s" * 32)
SECRETS = ("Jane", "Doe", "MRN-77", "Maricopa", "North Clinic", "Dr Who", "LOT-9", "Phoenix", "iso_Doe",
           "1931", "2022-10-14", "2022-10", "wife")  # fmt: skip


def case(name: str, **more: object) -> dict[str, object]:
    values = {
        "case_id": name, "patient_id": f"MRN-77-{name}", "isolate_ids": [f"iso_{name}"], "sex": "F",
        "age": 43.0, "date_birth": date(1931, 1, 2), "residence_country": "United States",
        "residence_state": "AZ",
        "date_exposure": date(2022, 10, 14), "match_set": "m1", "outcome": "told by his wife", "row": 3,
    }  # fmt: skip
    return values | more


def listed(*cases: dict[str, object]) -> LineList:
    said = [
        (str(one["case_id"]), kind, value, "yes")
        for one in cases
        for kind, value in (("clinic", "North Clinic"), ("clinician", "Dr Who"), ("lot", "LOT-9"),
                            ("city", "Phoenix"), ("procedure", "injection"), ("country", "Mexico"))
    ]  # fmt: skip
    episode = {
        "case_id": cases[0]["case_id"],
        "episode": 1,
        "date_first": date(2022, 10, 14),
        "clinic": "North Clinic",
    }
    specimen = {
        "specimen_id": "iso_Doe-s",
        "kind": "patient",
        "case_id": cases[0]["case_id"],
        "isolate_id": "iso_Jane Doe",
    }
    return LineList(
        tables.CASES.frame(list(cases)),
        tables.EXPOSURES.frame(said),
        episodes=tables.EPISODES.frame([episode]),
        specimens=tables.SPECIMENS.frame([specimen]),
    )


def text_of(made: Deidentified) -> str:
    frames = [*made.tables.values(), made.counts, made.alike]
    return "\n".join(str(frame.to_dicts()) for frame in frames)


def test_safe_harbor_leaves_no_name_number_place_below_a_state_or_day() -> None:
    made = deidentified(listed(case("Jane Doe", residence_state="Maricopa"), case("B")), HARBOR)
    told = text_of(made)
    assert [secret for secret in SECRETS if secret in told] == []
    assert "datetime.date" not in told
    row = made.tables["cases"].row(0, named=True)
    assert (row["sex"], row["age"], row["year_exposure"]) == ("female", "43", 2022)
    assert row["outcome"] == "other"


def test_codes_are_one_name_in_every_table_and_others_with_another_secret() -> None:
    given_list = listed(case("Jane Doe"), case("B"))
    isolates = pl.DataFrame({"isolate_id": ["iso_Jane Doe", "iso_B"], "warnings": ["Jane?", None]})
    made = deidentified(given_list, HARBOR, isolates=isolates)
    code = rules.code(HARBOR.secret, "case", "Jane Doe")
    for name in ("cases", "exposures", "episodes", "specimens"):
        assert code in made.tables[name]["case_id"].to_list()
    isolate = rules.code(HARBOR.secret, "isolate", "iso_Jane Doe")
    assert made.tables["specimens"]["isolate_id"].to_list() == [isolate]
    assert isolate in made.tables["isolates"]["isolate_id"].to_list()
    assert any(isolate in own for own in made.tables["cases"]["isolate_ids"])
    assert "warnings" not in made.tables["isolates"].columns
    other = deidentified(given_list, Terms("safe-harbor", b"o" * 32))
    assert code not in text_of(other)
    clinics = (
        made.tables["exposures"].filter(pl.col("kind") == "clinic")["value"].unique().to_list()
    )
    assert clinics == made.tables["episodes"]["clinic"].to_list()


def test_rows_lie_in_the_order_of_their_codes_and_not_in_the_files() -> None:
    made = deidentified(listed(*(case(name) for name in "ABCDEFGH")), HARBOR)
    codes = made.tables["cases"]["case_id"].to_list()
    assert codes == sorted(codes)
    assert codes != [rules.code(HARBOR.secret, "case", name) for name in "ABCDEFGH"]


def test_a_limited_data_set_keeps_days_cities_and_states_and_no_names() -> None:
    made = deidentified(listed(case("Jane Doe", residence_state="Maricopa"), case("B")), LIMITED)
    told = text_of(made)
    for gone in ("Jane", "MRN-77", "Dr Who", "wife"):
        assert gone not in told
    assert made.tables["cases"]["date_exposure"].to_list() == [date(2022, 10, 14)] * 2
    assert {"Phoenix", "North Clinic"} <= set(made.tables["exposures"]["value"])


@pytest.mark.parametrize(
    ("years", "told"),
    [(None, None), (0.4, "0"), (43.9, "43"), (89.0, "89"), (89.5, "90+"), (104.0, "90+")],
)
def test_ages_above_89_are_one_group(years: float | None, told: str | None) -> None:
    assert rules.age(years) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [("AZ", "Arizona"), (" new mexico ", "New Mexico"), ("85004", "850"), ("85004-1234", "850"),
     ("03601", "000"), ("89301", "000"), ("Maricopa County", None),
     ("Phoenix, AZ", None), ("8500", None), (None, None)],
)  # fmt: skip
def test_places_are_states_or_three_digits_of_a_zip_code_where_many_live(
    text: str | None, told: str | None
) -> None:
    assert rules.state(text) == told


def test_seventeen_zip_prefixes_stand_for_too_few_people() -> None:
    assert len(rules.SMALL_ZIP) == 17


def test_cases_like_nobody_else_are_named_and_can_be_left_out_with_all_that_is_theirs() -> None:
    crowd = [case(f"c{n}") for n in range(6)]
    alone = case("Jane Doe", sex="M")
    made = deidentified(listed(alone, *crowd), HARBOR)
    assert made.unique == 1
    odd = rules.code(HARBOR.secret, "case", "Jane Doe")
    assert made.alike.filter(pl.col("alike") == 1)["case_id"].to_list() == [odd]
    isolates = pl.DataFrame({"isolate_id": ["iso_Jane Doe", "iso_c0", "iso_nobody"]})
    left = deidentified(
        listed(alone, *crowd), Terms("safe-harbor", b"s" * 32, withhold=True), isolates=isolates
    )
    assert (left.withheld, left.unique) == (1, 0)
    assert odd not in text_of(left)
    assert left.tables["isolates"].height == 2
    assert left.tables["cases"].height == 6


def test_what_stays_as_somebody_wrote_it_is_listed_to_be_looked_through() -> None:
    made = deidentified(listed(case("A")), HARBOR)
    assert ("exposures", "value", "injection") in made.texts.rows()
    assert not any(re.search(r"-[0-9a-f]{10}$", text) for _, _, text in made.texts.rows())


def test_counts_of_few_are_hidden_with_the_cell_that_would_tell_them() -> None:
    counts = {"AZ": 12, "CO": 7, "NM": 2, "UT": 0}
    assert suppressed(counts) == {"AZ": "12", "CO": "hidden", "NM": "<5", "UT": "0"}
    assert suppressed({"all": 3}) == {"all": "<5"}
    assert suppressed({"a": 5, "b": 9}) == {"a": "5", "b": "9"}


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 30), max_size=8))
def test_no_small_count_can_be_worked_out_from_the_total(counts: dict[str, int]) -> None:
    told = suppressed(counts, least=5)
    hidden = [name for name, text in told.items() if not text.isdigit()]
    for name, count in counts.items():
        if 0 < count < 5:
            assert name in hidden
        if told[name].isdigit():
            assert int(told[name]) == count
    shown = [name for name, count in counts.items() if count > 0 and name not in hidden]
    if hidden and shown:
        assert len(hidden) >= 2
        assert sum(counts[name] for name in hidden) >= 5


def test_an_empty_line_list_gives_empty_tables() -> None:
    empty = LineList(tables.CASES.frame(), tables.EXPOSURES.frame())
    made = deidentified(empty, HARBOR)
    assert made.tables["cases"].height == made.unique == made.texts.height == 0
