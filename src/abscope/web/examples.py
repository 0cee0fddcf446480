"""An example of every answer, as OpenAPI shows it."""

from typing import Any, Final

ISOLATE: Final[dict[str, Any]] = {
    "isolate_id": "AZ-23-0417",
    "state": "present",
    "reference": "CIP108297",
    "jurisdiction": "AZ",
    "removed": None,
    "failure": None,
    "clusters": {"10": "3", "20": "2", "30": "1"},
}
ELSEWHERE: Final = {"jurisdiction": "CO", "contact": "State laboratory, +1 303 555 0100"}
ONE_ISOLATE: Final = {
    **ISOLATE,
    "quality": {"depth_mean": 71.2, "breadth": 0.98, "warnings": None},
    "elsewhere": [ELSEWHERE],
}
NEIGHBOUR: Final = {"isolate_id": "AZ-23-0398", "snps": 4, "comparable": 4_512_330}
PAIR: Final = {
    "isolate_1": "AZ-23-0398",
    "isolate_2": "AZ-23-0417",
    "reference": "CIP108297",
    "snps": 4,
    "comparable": 4_512_330,
    "verdict": "compared",
}
CLUSTER: Final = {
    "level": 10,
    "cluster": "3",
    "size": 2,
    "isolates": ["AZ-23-0398", "AZ-23-0417"],
}
LEDGER_ENTRY: Final = {
    "at": "2026-11-22T12:00:00",
    "level": 10,
    "verb": "joined",
    "cluster": 3,
    "other": None,
    "isolates": ["AZ-23-0417"],
    "sentence": "AZ-23-0417 joined cluster 3 at 10 SNPs",
}
LOG_ENTRY: Final = {
    "entry": 17,
    "at": "2026-11-22T12:00:00",
    "actor": "ana",
    "verb": "add",
    "subject": "AZ-23-0417",
    "detail": {"reference": "CIP108297", "near": 1},
}
STATUS: Final = {
    "title": "arizona",
    "version": "0.1.0",
    "held": ["collection"],
    "isolates": 212,
    "by_reference": {"ATCC19977": 131, "CIP108297": 81},
    "removed": 1,
    "failed": 2,
    "clusters": {"10": 190, "20": 181},
}
DASHBOARD: Final = {
    "title": "arizona",
    "shown": 150,
    "total": 212,
    "panels": ["summary", "worklist", "cases"],
    "found": ["2 isolates, 0 SNPs apart at most."],
    "limits": ["Nobody was asked twice."],
    "people": {
        "names": {"i0": "isolate AZ-23-0417", "c0": "case A"},
        "cases": [["c0", ["i0"], "confirmed", "yu"]],
        "exposures": [["clinic", "North"], ["product", "stem cells"]],
        "traits": [],
    },
}
ACKNOWLEDGEMENT: Final = {"at": "2026-11-22T14:10:00", "actor": "ana", "note": "Clinic called."}
ALERT: Final = {
    "alert": "0f3a9c5b7e21d4c8a6f0",
    "day": "2026-11-22",
    "rule": "new pair",
    "severity": "high",
    "subject": "AZ-23-0417",
    "title": "Two isolates closer than chance",
    "reason": "AZ-23-0417 is 4 SNPs from (an isolate of another jurisdiction).",
    "evidence": {"snps": 4},
    "jurisdiction": "AZ",
    "false_a_year": 0.3,
    "delivered": 1,
    "channels": 1,
    "answers": [ACKNOWLEDGEMENT],
}
_SOURCE: Final = {
    "exposure": ["lot", "CV-2203"],
    "group": 0,
    "cases_exposed": 3.0,
    "cases_known": 3.0,
    "comparison_exposed": 1,
    "comparison_known": 22,
    "bayes_factor": 310.5,
    "probability": 0.91,
    "tipping_point": None,
    "p_value": 0.002,
    "q_value": 0.01,
    "guarded": False,
}
SOURCES: Final = {
    "cluster": "M20-1",
    "ranking": {
        "sources": [_SOURCE],
        "groups": [{"members": [["lot", "CV-2203"]], "probability": 0.91}],
        "cases": [{"case_id": "A", "prior": 0.9, "posterior": 0.97}],
        "comparison": 22,
        "shown": True,
        "summary": ["Lot CV-2203 is the most likely source."],
        "notes": [],
        "left_out": [["D", "no answer"]],
    },
}
QUESTIONS: Final = {
    "cluster": "M20-1",
    "questions": [
        {
            "kind": "lot",
            "case_ids": ["B"],
            "ask": "facility",
            "whom": "North clinic",
            "sentence": "Ask North clinic which lot case B was given.",
            "gain": 0.41,
            "effort": 2.0,
            "outcomes": [["CV-2203", 0.7, ["lot", "CV-2203"]]],
        }
    ],
}
JOB: Final = {
    "job": "9f86d081884c7d65",
    "kind": "add isolate",
    "subject": "AZ-23-0418",
    "user": "ana",
    "state": "running",
    "made": "2026-11-22T12:00:00",
    "started": "2026-11-22T12:00:01",
    "ended": None,
    "progress": {"done": 0, "total": 1, "note": "profiling"},
    "message": None,
    "hint": None,
    "result": None,
}
REFUSAL: Final = {
    "type": "about:blank",
    "title": "Forbidden",
    "status": 403,
    "detail": "bo (viewer) may not see cases",
    "hint": "ask one of these: epidemiologist, administrator",
    "errors": [],
}
FILE: Final = {"name": "pairs.tsv", "size": 18_204}
HEALTH: Final = {"status": "ok", "version": "0.1.0"}
ROWS: Final[dict[str, dict[str, Any]]] = {
    "cases": {
        "case_id": "A",
        "patient_id": None,
        "isolate_ids": ["AZ-23-0417"],
        "status": "confirmed",
        "sex": "f",
        "age": 41.0,
        "date_birth": None,
        "residence_country": "United States",
        "residence_state": "Arizona",
        "date_exposure": "2022-10-03",
        "date_exposure_end": "2022-10-03",
        "date_onset": "2022-11-01",
        "date_collection": "2022-11-20",
        "date_report": None,
        "date_treatment": None,
        "date_treatment_end": None,
        "date_death": None,
        "match_set": None,
        "outcome": None,
        "row": 2,
    },
    "exposures": {"case_id": "A", "kind": "lot", "value": "CV-2203", "answer": "yes"},
    "links": {
        "isolate_1": "AZ-23-0398",
        "isolate_2": "AZ-23-0417",
        "snps": 4,
        "comparable": 4_512_330,
        "verdict": "linked",
        "linked": 0.97,
        "linked_low": 0.93,
        "linked_high": 0.99,
        "common_source": 0.95,
        "person_to_person": 0.02,
        "laboratory": 0.01,
        "chance": 0.02,
        "prior_common_source": 0.1,
        "prior_person_to_person": 0.01,
        "prior_laboratory": 0.01,
        "bayes_factor": 310.0,
        "source_within": 12,
        "stratum": "massiliense, no clone",
        "patients": 140,
        "chance_share": 0.001,
        "chance_upper": 0.004,
        "expected_matches": 0.1,
        "any_match": 0.1,
        "within": "10, 20, 30",
        "same_patient": None,
        "reason": "Linked: 4 SNPs, closer than unlinked patients of this clone are.",
        "would_change": None,
    },
}
