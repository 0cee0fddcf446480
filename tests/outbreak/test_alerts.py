"""Alerts: what each rule says, what it does not, and that nothing is said twice."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from abscope.knowledge.watch_rules import KINDS
from abscope.outbreak.alerts import LOOKS
from abscope.outbreak.watching import followed
from abscope.records import Entry, Picture, WatchedName
from abscope.tables.followup import CONTACTS
from linked import DCC3, NO_CLONE, sampled
from watches import RULES, TODAY, altered, before, case_list, picture, seen, told, treated, watch

ACROSS = "new pair across jurisdictions"


def two_states(snps: int, stratum: str | None = NO_CLONE, *, whose: str = "AZ") -> Picture:
    of = [sampled(n, stratum, collected=d) for n, d in (("iA", "2022-11-20"), ("iB", "2023-03-20"))]
    first, second = seen("iA", 1, whose="CO", of=of[0]), seen("iB", 2, whose=whose, of=of[1])
    return picture(
        first, second, near=[("iA", "iB", snps)], known={stratum: 200}, a_year={stratum: 50.0}
    )


def test_every_kind_of_rule_has_its_function_and_every_shipped_rule_its_kind() -> None:
    assert set(LOOKS) == set(KINDS) == {rule.kind for rule in RULES.values()}


def test_a_close_pair_of_no_clone_across_jurisdictions_tells_both_of_them_why() -> None:
    today = two_states(2)
    found = told(before(today, "iB"), today, watch(ACROSS))
    assert {one.jurisdiction for one in found} == {"CO", "AZ"}
    assert len({one.key for one in found}) == 2
    one = found[0]
    assert one.subject == "iB"
    assert "2 SNPs from iA of CO" in one.reason
    assert one.evidence["pairs"][0]["linked"] >= 0.5
    assert one.false_a_year is not None
    assert 0 <= one.false_a_year < 10


def test_the_same_distance_within_a_dominant_clone_is_no_alert() -> None:
    today = two_states(8, DCC3)
    every = ("new pair", "new clone pair across jurisdictions", ACROSS)
    assert told(before(today, "iB"), today, watch(*every)) == []


def test_a_pair_of_one_jurisdiction_or_one_patient_is_no_alert_across() -> None:
    today = two_states(2, whose="CO")
    assert told(before(today, "iB"), today, watch(ACROSS)) == []
    assert [one.rule for one in told(before(today, "iB"), today, watch("new pair"))] == ["new pair"]
    own = {
        n: replace(s, sampled=replace(s.sampled, patient="P")) for n, s in today.isolates.items()
    }
    same = replace(today, isolates=own)
    assert told(before(same, "iB"), same, watch("new pair")) == []


def test_an_isolate_of_unknown_clone_is_told_of_within_ten_snps_and_said_to_be_unsure() -> None:
    for snps, expected in ((10, 2), (11, 0)):
        today = two_states(snps, None)
        found = told(before(today, "iB"), today, watch(ACROSS))
        assert len(found) == expected
        assert all("its clone is not known" in one.reason for one in found)
        assert all(one.false_a_year is None for one in found)


def test_what_was_known_yesterday_is_not_news() -> None:
    today = two_states(2)
    assert told(today, today, watch(ACROSS)) == []


def test_more_known_patients_mean_more_alerts_by_chance() -> None:
    today = two_states(2)
    alone = told(before(today, "iB"), today, watch(ACROSS))[0].false_a_year
    crowd = replace(today, known={NO_CLONE: 2000})
    assert told(before(crowd, "iB"), crowd, watch(ACROSS))[0].false_a_year == pytest.approx(
        10 * alone
    )


def test_an_isolate_that_joins_a_watched_cluster_is_told_of_even_after_the_cluster_was_merged() -> (
    None
):
    one, two = seen("i1", 1, clusters={10: 4}), seen("i2", 2, whose="CO", clusters={10: 4})
    today = picture(one, two, near=[("i1", "i2", 7)])
    listed = followed([WatchedName("cluster", "9", 10)], [Entry(10, "merged", 4, 9)])
    assert listed == (WatchedName("cluster", "4", 10),)
    how = watch("new member of a watched cluster", watched=listed)
    (found,) = told(before(today, "i2"), today, how)
    assert found.evidence["nearest"]["snps"] == 7
    assert found.jurisdiction == "CO"
    assert told(before(today, "i2"), today, watch("new member of a watched cluster")) == []


def test_a_cluster_that_splits_is_watched_in_both_parts() -> None:
    listed = followed(
        [WatchedName("cluster", "4", 10)],
        [Entry(10, "split", 4, 11, ("x",)), Entry(5, "split", 4, 2)],
    )
    assert {one.value for one in listed} == {"4", "11"}


def test_two_tubes_of_one_run_next_to_identical_and_without_a_common_exposure_are_suspect() -> None:
    tubes = [
        seen(n, k, of=sampled(n, run="M7", patient=p))
        for k, (n, p) in enumerate((("t1", "A"), ("t2", "B")))
    ]
    today = picture(*tubes, near=[("t1", "t2", 0)])
    how = watch("laboratory contamination")
    (found,) = told(before(today, "t2"), today, how)
    assert "run M7" in found.reason
    shared = case_list({"case_id": "A", "isolate_ids": ["t1"]}, {"case_id": "B", "isolate_ids": ["t2"]},
                       exposures=[(c, "clinic", "North", "yes") for c in "AB"])  # fmt: skip
    assert told(before(today, "t2"), replace(today, linelist=shared), how) == []
    far = picture(*tubes, near=[("t1", "t2", 3)])
    assert told(before(far, "t2"), far, how) == []


def test_a_case_after_an_injection_without_an_isolate_is_to_be_rescued() -> None:
    told_of = [
        ("C", "product", "cells", "yes"),
        ("D", "product", "cells", "yes"),
        ("E", "clinic", "North", "yes"),
    ]
    linelist = case_list({"case_id": "C"}, {"case_id": "D", "isolate_ids": ["iD"]}, {"case_id": "E"},
                         {"case_id": "F", "status": "not a case"}, exposures=told_of)  # fmt: skip
    found = told(picture(), picture(linelist=linelist), watch("isolate to rescue"))
    assert [one.evidence["case"] for one in found] == ["C"]
    assert "product cells" in found[0].reason


def test_a_case_that_names_a_watched_clinic_is_told_of_however_it_is_written() -> None:
    said = [("A", "clinic", "Clinica NORTE ", "yes"), ("B", "clinic", "Clinica NORTE ", "no")]
    linelist = case_list(
        {"case_id": "A", "residence_state": "AZ"}, {"case_id": "B"}, exposures=said
    )
    how = watch("watched clinic, product or lot", watched=[WatchedName("clinic", "clinica norte")])
    (found,) = told(picture(), picture(linelist=linelist), how)
    assert (found.evidence["case"], found.jurisdiction) == ("A", "AZ")
    assert found.reason.endswith("which is watched; 1 case names it.")


def test_a_silent_facility_is_told_of_after_14_days_and_after_30_and_never_twice() -> None:
    asked = date(2024, 1, 1)
    log = CONTACTS.frame([{"facility": "North", "date": asked, "reply": "none"}])
    today = picture(contacts=log)
    how = watch("facility silent 14 days", "facility silent 30 days")
    keys: list[set[str]] = []
    for days in (13, 14, 29, 30, 60):
        keys.append({one.key for one in told(today, today, how, asked + timedelta(days))})
    assert [len(one) for one in keys] == [0, 1, 1, 2, 2]
    assert keys[1] == keys[2] < keys[3] == keys[4]


def test_a_facility_that_answered_or_refused_is_not_silent() -> None:
    for reply in ("answered", "partial", "refused"):
        rows = [
            {"facility": "N", "date": date(2023, 1, d), "reply": r}
            for d, r in ((1, "none"), (9, reply))
        ]
        today = picture(contacts=CONTACTS.frame(rows))
        assert told(today, today, watch("facility silent 30 days")) == []


def test_a_patient_on_treatment_of_whom_nothing_was_heard_is_told_of_once() -> None:
    linelist = treated(case_list({"case_id": "A"}), "A", "amikacin", TODAY - timedelta(40))
    today, how = picture(linelist=linelist), watch("patient silent 30 days")
    first, later = (told(today, today, how, TODAY + timedelta(d)) for d in (0, 20))
    assert [one.key for one in first] == [one.key for one in later]
    assert len(first) == 1
    assert told(today, today, how, TODAY - timedelta(20)) == []


@pytest.mark.parametrize(
    ("before_", "after", "snps", "alerts"),
    [
        (set(), {("amikacin", "rrs A1408G")}, 3, 1),
        (set(), {("amikacin", "rrs A1408G")}, 40, 0),
        (None, {("amikacin", "rrs A1408G")}, 3, 0),
        ({("amikacin", "rrs A1408G")}, {("amikacin", "rrs A1408G")}, 3, 0),
        (set(), {("moxifloxacin", "gyrA D96N")}, 3, 0),
    ],
    ids=["new", "another strain", "not assessed before", "there before", "another drug"],
)
def test_new_resistance_is_what_the_same_strain_did_not_have_when_last_assessed(
    before_: set | None, after: set, snps: int, alerts: int
) -> None:
    days = {"p1": "2023-01-05", "p2": "2023-09-05"}
    old, new = (
        seen(name, k, of=sampled(name, patient="P", collected=days[name]), markers=markers)
        for k, (name, markers) in enumerate((("p1", before_), ("p2", after)))
    )
    today = picture(old, new, near=[("p1", "p2", snps)])
    found = told(before(today, "p2"), today, watch("new resistance"))
    assert len(found) == alerts
    assert all("rrs A1408G" in one.reason for one in found)


def cluster_of(here: int, elsewhere: int) -> Picture:
    places = ["CO"] * here + ["AZ"] * elsewhere
    isolates = [
        seen(f"i{k}", k, whose=place, clusters={10: 4}) for k, place in enumerate(places, 1)
    ]
    return picture(*isolates, totals={"CO": 30, "AZ": 270})


def test_concentration_is_medium_from_5_and_high_from_10_and_not_both() -> None:
    how = watch("concentration", "high concentration")
    levels = [
        [one.rule for one in told(before(today, "i1"), today, how)]
        for today in (cluster_of(2, 0), cluster_of(3, 0), cluster_of(6, 1))
    ]
    assert levels == [[], ["concentration"], ["high concentration"]]


def test_a_cluster_spread_as_everybody_is_or_that_did_not_grow_is_not_concentrated() -> None:
    how = watch("concentration", "high concentration")
    spread, grown = cluster_of(3, 27), cluster_of(6, 1)
    assert told(before(spread, "i1"), spread, how) == []
    assert told(grown, grown, how) == []


def clinic_cases(recent: int, *, spread: int = 60) -> Picture:
    """Cases over two years in ten clinics, then some of one clinic within a month."""
    rows, said = [], []
    for k in range(spread):
        rows.append({"case_id": f"b{k}", "date_onset": TODAY - timedelta(days=12 * k + 3)})
        said.append((f"b{k}", "clinic", f"clinic {k % 10}", "yes"))
    for k in range(recent):
        rows.append({"case_id": f"n{k}", "date_onset": TODAY - timedelta(days=3 * k + 1)})
        said.append((f"n{k}", "clinic", "clinic 3", "yes"))
    return picture(linelist=case_list(*rows, exposures=said))


def test_a_clinic_with_many_recent_cases_is_found_and_what_a_year_brings_anyway_is_not() -> None:
    how = watch("exposure scan")
    (found,) = told(picture(), clinic_cases(9), how)
    assert (found.evidence["kind"], found.evidence["value"]) == ("clinic", "clinic 3")
    assert found.evidence["recurrence_days"] >= 365
    assert {f"n{k}" for k in range(8)} <= set(found.evidence["cases"])
    assert told(picture(), clinic_cases(0), how) == []


def test_nobody_is_told_of_another_jurisdictions_case_by_name() -> None:
    here = clinic_cases(9)
    states = pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.lit("AZ")).otherwise(pl.lit("CO"))
    cases = here.linelist.cases.with_columns(states.alias("residence_state"))
    found = told(
        picture(),
        replace(here, linelist=replace(here.linelist, cases=cases)),
        watch("exposure scan"),
    )
    state = dict(cases.select("case_id", "residence_state").iter_rows())
    assert [one.jurisdiction for one in found] == ["AZ", "CO"]
    for one in found:
        assert {state[case] for case in one.evidence["cases"]} == {one.jurisdiction}
    assert len({one.subject for one in found}) == 1


def test_a_silent_facility_is_told_of_to_those_whose_cases_name_it() -> None:
    log = CONTACTS.frame([{"facility": "North", "date": date(2024, 1, 1), "reply": "none"}])
    rows = [
        {"case_id": case, "residence_state": state} for case, state in (("A", "AZ"), ("B", "CO"))
    ]
    said = [("A", "clinic", " north", "yes"), ("B", "clinic", "South", "yes")]
    today = picture(contacts=log, linelist=case_list(*rows, exposures=said))
    (found,) = told(today, today, watch("facility silent 30 days"))
    assert found.jurisdiction == "AZ"


def weekly_cases(extra: int) -> Picture:
    """A case a week for three years, and more in the last one."""
    days = [TODAY - timedelta(days=7 * k + 6) for k in range(156)]
    days += [TODAY - timedelta(days=7 + k % 3) for k in range(extra)]
    rows = [{"case_id": f"c{k}", "date_onset": day} for k, day in enumerate(days)]
    return picture(linelist=case_list(*rows))


@pytest.mark.parametrize("method", ["EARS C1", "EARS C2", "EARS C3", "CUSUM", "Farrington"])
def test_every_method_sees_a_sudden_rise_and_is_quiet_without_one(method: str) -> None:
    how = watch("more cases than expected")
    how = replace(how, rules=[altered("more cases than expected", method=method)])
    assert told(picture(), weekly_cases(0), how) == []
    (found,) = told(picture(), weekly_cases(14), how)
    assert found.evidence["method"] == method
    assert found.false_a_year is not None
    assert found.false_a_year <= 0.5


def test_the_gravest_alert_comes_first_and_rules_do_not_depend_on_each_other() -> None:
    today = two_states(2)
    together = told(before(today, "iB"), today, watch())
    alone = [one for name in RULES for one in told(before(today, "iB"), today, watch(name))]
    assert {one.key for one in together} == {one.key for one in alone}
    assert together[0].severity == "high"


def dcc3_pair(*, same: bool, others: int) -> Picture:
    """Two patients of a dominant clone six SNPs apart, one clinic or two, among others of many clinics."""
    today = two_states(6, DCC3)
    cases = [{"case_id": c, "isolate_ids": [i]} for c, i in (("A", "iA"), ("B", "iB"))]
    cases += [{"case_id": f"o{k}"} for k in range(others)]
    said = [("A", "clinic", "North", "yes"), ("B", "clinic", "North" if same else "South", "yes")]
    said += [(f"o{k}", "clinic", f"clinic {k % 40}", "yes") for k in range(others)]
    return replace(today, linelist=case_list(*cases, exposures=said))


def test_a_pair_of_a_dominant_clone_is_told_of_where_both_name_a_clinic_few_others_do() -> None:
    how = watch("near and the same exposure")
    today = dcc3_pair(same=True, others=80)
    found = told(before(today, "iB"), today, how)
    assert {one.jurisdiction for one in found} == {"CO", "AZ"}
    assert found[0].evidence["linked"] >= 0.5 > found[0].evidence["linked_by_genomes"]
    assert "North" in found[0].reason
    for other in (dcc3_pair(same=False, others=80), dcc3_pair(same=True, others=1)):
        assert told(before(other, "iB"), other, how) == []
