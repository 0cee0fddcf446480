"""MICs: what a laboratory writes, how an edition reads it, and whether the genotype agrees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope import organism
from abscope.isolate import mic
from abscope.knowledge.conditions import Observation
from abscope.knowledge.rows import Breakpoint
from abscope.knowledge.verdicts import DrugVerdict, decide

KNOWN = organism.read().knowledge()
AMIKACIN = next(row for row in KNOWN.breakpoints if row.drug == "amikacin")
DILUTIONS = [2.0**k for k in range(-4, 9)]


def verdict(drug: str, **changed: str) -> DrugVerdict:
    seen = {site.name: Observation({site.wild: 1.0}, 50) for site in KNOWN.sites}
    seen |= {f"rr{name[2]}:{name[3:]}": Observation({v: 1.0}, 50) for name, v in changed.items()}
    found = decide(KNOWN.rules, KNOWN.drugs, seen, KNOWN.limits)
    return next(one for one in found if one.drug == drug)


@pytest.mark.parametrize(
    ("written", "value", "sign"),
    [("16", 16, ""), ("≤8.0", 8, "≤"), ("<=0,25", 0.25, "≤"), (" > 64 ", 64, ">"), ("≥8/152", 8, "≥"),
     ("8/152", 8, ""), ("=2", 2, ""), (".5", 0.5, "")],
)  # fmt: skip
def test_mics_are_read_as_laboratories_write_them(written: str, value: float, sign: str) -> None:
    assert mic.parse(written) == mic.Mic(value, sign)


@pytest.mark.parametrize("written", ["", "R", "0", "16 mg", "1-2", "≤", "-4"])
def test_what_is_no_mic_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is not a MIC"):
        mic.parse(written)


@pytest.mark.parametrize(
    ("written", "reading"),
    [("16", "S"), ("32", "I"), ("64", "R"), (">64", "R"), (">32", "R"), ("≤8", "S"), ("≤32", None),
     ("≥32", None), (">16", None), ("<32", "S"), ("<64", None), ("≥64", "R")],
)  # fmt: skip
def test_a_censored_mic_is_read_only_where_it_can_be(written: str, reading: str | None) -> None:
    assert mic.interpret(mic.parse(written), AMIKACIN) == reading


@given(st.sampled_from(DILUTIONS), st.sampled_from(["≤", "<", "≥", ">", ""]))
def test_a_reading_never_contradicts_a_dilution_the_mic_allows(value: float, sign: str) -> None:
    found = mic.interpret(mic.Mic(value, sign), AMIKACIN)
    allowed = {
        "≤": [d for d in DILUTIONS if d <= value],
        "<": [d for d in DILUTIONS if d < value],
        "≥": [d for d in DILUTIONS if d >= value],
        ">": [d for d in DILUTIONS if d > value],
        "": [value],
    }[sign]
    readings = {mic.interpret(mic.Mic(one), AMIKACIN) for one in allowed}
    if found is not None:
        assert readings <= {found}


def test_clarithromycin_is_read_by_the_day_and_each_day_has_its_mechanisms() -> None:
    early = mic.read("clarithromycin", mic.parse("1"), KNOWN.breakpoints, day=3)
    late = mic.read("clarithromycin", mic.parse(">32"), KNOWN.breakpoints, day=14)
    assert (early.reading, late.reading) == ("S", "R")
    inducible = verdict("macrolides")
    assert mic.compare(early, inducible).genotype == "susceptible"
    assert mic.compare(early, inducible).agreement == "agree"
    assert mic.compare(late, inducible).genotype == "inducible"
    assert mic.compare(late, inducible).agreement == "agree"


@pytest.mark.parametrize("day", [None, 7])
def test_clarithromycin_without_its_day_is_not_read(day: int | None) -> None:
    found = mic.read("clarithromycin", mic.parse("16"), KNOWN.breakpoints, day=day)
    assert found.reading is None
    assert "3-5" in found.reason


def test_the_edition_decides_and_is_named() -> None:
    values = mic.parse("16")
    printed = mic.read("imipenem", values, KNOWN.breakpoints)
    revised = mic.read("imipenem", values, KNOWN.breakpoints, edition="CLSI RGM, revised")
    assert (printed.reading, revised.reading) == ("R", "I")
    assert "revised" in revised.reason


def test_a_drug_without_breakpoints_is_not_read() -> None:
    assert mic.read("tigecycline", mic.parse("8"), KNOWN.breakpoints).reason == "no breakpoint"


def test_discordance_is_flagged_in_both_directions() -> None:
    resistant = mic.read("amikacin", mic.parse(">64"), KNOWN.breakpoints)
    susceptible = mic.read("amikacin", mic.parse("8"), KNOWN.breakpoints)
    between = mic.read("amikacin", mic.parse("32"), KNOWN.breakpoints)
    wild, mutant = verdict("amikacin"), verdict("amikacin", rrs1375="G")
    assert mic.compare(resistant, wild).agreement == "genotype susceptible"
    assert mic.compare(susceptible, mutant).agreement == "genotype resistant"
    assert mic.compare(resistant, mutant).agreement == "agree"
    assert mic.compare(between, wild).agreement == "not compared"


@pytest.mark.parametrize("row", KNOWN.breakpoints, ids=lambda row: f"{row.drug} {row.edition}")
def test_no_breakpoint_is_that_of_another_species(row: Breakpoint) -> None:
    slow_growers = {("clarithromycin", 8.0, 32.0), ("amikacin", 64.0, 128.0)}
    assert (row.drug, row.susceptible, row.resistant) not in slow_growers
