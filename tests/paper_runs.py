"""Run folders for letters and documents: real verdicts on made-up isolates, and a line list of strangers."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from abscope import organism, tables
from abscope.isolate import mic
from abscope.isolate.characterised import DataQuality, IsolateType
from abscope.isolate.evidence import Evidence, SiteEvidence, StretchEvidence
from abscope.isolate.resistance import verdicts
from abscope.knowledge.rows import Knowledge
from abscope.outbreak.exposures import Panel
from abscope.outbreak.questions import rank_questions
from abscope.outbreak.sources import panel_weights, rank_sources
from abscope.records import Candidate, CloneCall, Identity, LineList, Mixture
from abscope.reports import types

SPECIES = "Mycobacterium abscessus"
WILD = {
    ("rrl", 2270): "A", ("rrl", 2271): "A", ("rrl", 2269): "A", ("rrl", 2281): "G",
    ("rrl", 2293): "A", ("rrs", 1375): "A", ("rrs", 1373): "T", ("rrs", 1376): "C",
    ("erm(41)", 28): "T", ("erm(41)", 19): "C", ("erm(41)", 64): "G", ("erm(41)", 65): "C",
    ("gyrA", 286): "G", ("gyrA", 287): "A", ("gyrA", 288): "C",
}  # fmt: skip


@cache
def knowledge() -> Knowledge:
    return organism.read().knowledge()


def evidence(
    changed: Mapping[tuple[str, int], str] | None = None, *, depth: int = 34, minor: float = 0.0
) -> Evidence:
    """Key sites of the wild type at one depth, some changed; minor: share of reads of the wild type."""
    sites = []
    for (locus, number), letter in WILD.items():
        counts = dict.fromkeys("ACGT", 0)
        new = (changed or {}).get((locus, number), letter)
        counts[new] += round(depth * (1 - minor))
        counts[letter] += depth - round(depth * (1 - minor))
        five = (counts["A"], counts["C"], counts["G"], counts["T"], 0)
        sites.append(SiteEvidence(locus, number, number, five))
    stretches = (
        StretchEvidence("erm(41)", 64, 65, True, depth, depth, gap=0.0),
        StretchEvidence("erm(41)", 159, 432, True, depth, depth, joined=0, crossing=depth),
    )
    return Evidence(tuple(sites), stretches)


def isolate(
    name: str,
    seen: Evidence | None = None,
    *,
    mics: Sequence[tuple[str, str, int | None]] = (),
    subspecies: str | None = "massiliense",
    quality: str = "good",
    mixed: bool = False,
) -> IsolateType:
    """One isolate judged by the built-in organism's own rules and breakpoints."""
    seen = evidence() if seen is None else seen
    drugs = verdicts(seen, knowledge())
    best = Candidate("CCUG_48898", SPECIES, subspecies, 0.9931, 0.0002, None, 0.9, 0.9)
    reasons = () if quality == "good" else ("mean depth 8 is low (under 20)", "7,311 mixed sites")
    return IsolateType(
        isolate_id=name,
        kind="paired",
        profile="9f" * 32,
        files=(f"{name}_1.fastq.gz",),
        reference="CCUG_48898",
        identity=Identity(True, SPECIES, "confident", subspecies, "confident", (best,), (), ""),
        clone=CloneCall("none", None, None, "DCC3", "3,100 SNPs from DCC3"),
        mlst=None,
        evidence=seen,
        drugs=drugs,
        quality=DataQuality(quality, reasons, 56.0, 0.99, 0.985),
        phenotypes=tuple(_read(drug, value, day, drugs) for drug, value, day in mics),
        mixture=Mixture("mixed", "", 56.0, 1, 9.0, 9, 9, (), 0.12, (0.1, 0.14), 400)
        if mixed
        else Mixture("pure", "", 56.0, 1, 0.0, 0, 0, ()),
    )


def _read(drug: str, value: str, day: int | None, drugs: Sequence[object]) -> mic.MicComparison:
    found = mic.read(drug, mic.parse(value), knowledge().breakpoints, day=day)
    verdict = next(one for one in drugs if drug in one.agents)
    return mic.compare(found, verdict)


def typed(folder: Path, isolates: Sequence[IsolateType]) -> Path:
    """The folder `abscope type` writes."""
    folder.mkdir(parents=True, exist_ok=True)
    held = types.Held(SPECIES, "CU458896.1", knowledge())
    for name, content in types.contents(isolates, (), held):
        (folder / name).write_bytes(content)
    return folder


def longest() -> IsolateType:
    """As much to say as one isolate ever gives: every drug measured, two days, mixed, doubtful."""
    drugs = [one.drug for one in knowledge().drugs]
    mics = [(drug, ">128", None) for drug in drugs if drug != "clarithromycin"]
    mics += [("clarithromycin", "≤0.25", 3), ("clarithromycin", "16", 14)]
    seen = evidence({("rrl", 2270): "G", ("rrs", 1375): "G"}, minor=0.45)
    name = "2026-NJ-0001234-BRONCHOALVEOLAR-LAVAGE-REPEAT-2"
    return isolate(name, seen, mics=mics, quality="doubtful", mixed=True)


CASES = ("KX-101", "KX-102", "KX-103", *(f"ZZ-{k}" for k in range(201, 213)))
ISOLATES = {case: f"iso{case[-3:]}" for case in CASES if case != "KX-103"}
"""Cases KX-101 and KX-102 are one cluster; KX-103 has no isolate and shares what they share."""


def line_list() -> LineList:
    """Strangers whose every identifier is unlike any word of a document."""
    cases, exposures = [], []
    for k, case in enumerate(CASES):
        inside = case.startswith("KX")
        start = date(2022, 4 if k == 1 else 10, 3 + k)
        cases.append(
            {
                "case_id": case,
                "patient_id": f"MRN{77000 + k}",
                "isolate_ids": [ISOLATES[case]] if case in ISOLATES else None,
                "status": "confirmed" if case in ISOLATES else "probable",
                "sex": "female" if k % 2 else "male",
                "age": 34.0 + 2 * k,
                "date_birth": date(1961, 2, 1) + timedelta(days=k),
                "residence_country": "United States",
                "residence_state": "Wyoming" if k else "Nebraska",
                "date_exposure": start,
                "date_onset": start + timedelta(days=37),
                "date_collection": start + timedelta(days=80),
                "row": k + 2,
            }
        )
        had = {
            "product": "Celuvita cells" if inside else "saline",
            "lot": "CV-2203" if case in CASES[:2] else None if inside else "S-1",
            "procedure": "stem cell injection" if inside else "joint washing",
            "clinic": f"Clinic {k % 5}",
            "clinician": f"Dr Quetzal{k}",
            "country": "Mexico",
        }
        for kind, value in had.items():
            known = {had["product"], "Celuvita cells", "saline"}
            options = known if kind == "product" else {value}
            for option in sorted(o for o in options if o):
                answer = "yes" if option == value else "no"
                row = {"case_id": case, "kind": kind, "value": option, "answer": answer}
                exposures.append(row)
    return LineList(tables.CASES.frame(cases), tables.EXPOSURES.frame(exposures))


@cache
def _ranked() -> tuple[dict[str, object], list[dict[str, object]]]:
    panel = Panel("c20-01", frozenset(CASES[:2]), frozenset(CASES[3:]))
    people = line_list()
    weights = panel_weights(panel, people)
    ranking = rank_sources(people, weights, rng=np.random.default_rng(1))
    return asdict(ranking), [asdict(one) for one in rank_questions(people, weights)]


def run(folder: Path) -> Path:
    """A run folder: two isolates of a cluster, twelve strangers, a case without an isolate."""
    first, *others = sorted(ISOLATES.values())
    measured = isolate(first, mics=[("clarithromycin", "16", 14), ("amikacin", "8", None)])
    typed(folder, [measured, *(isolate(name) for name in others)])
    ranking, questions = _ranked()
    people = line_list()
    cases = people.cases.with_columns(people.cases["isolate_ids"].list.join(";"))
    cases.write_csv(folder / "cases.tsv", separator="\t")
    people.exposures.write_csv(folder / "exposures.tsv", separator="\t")
    _json(folder / "sources.json", {"c20-01": ranking})
    _json(folder / "questions.json", {"c20-01": questions})
    manifest = {"organism": SPECIES, "versions": {"abscope": "0.1.0"}, "parameters": {"seed": 1}}
    _json(folder / "manifest.json", manifest)
    names = sorted(ISOLATES.values())
    owners = {isolate: case for case, isolate in ISOLATES.items()}
    members = [[20, "c20-01" if n in names[:2] else None, n, owners[n]] for n in names]
    _tsv(folder, "clusters", "level cluster isolate_id case_id", members)
    pairs = [
        [a, b, "CCUG_48898", 3 if (a, b) == tuple(names[:2]) else 9000 + i, 4_800_000, "compared"]
        for i, a in enumerate(names)
        for b in names[i + 1 :]
    ]
    _tsv(folder, "pairs", "isolate_1 isolate_2 reference snps comparable verdict", pairs)
    link = [[*names[:2], 3, 4_800_000, "linked", 0.93, 180]]
    _tsv(folder, "links", "isolate_1 isolate_2 snps comparable verdict linked patients", link)
    _tsv(folder, "cases_without_isolate", "case_id reason", [["KX-103", "no isolate is named"]])
    return folder


def _json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, default=str), encoding="utf-8")


def _tsv(folder: Path, name: str, heads: str, rows: Sequence[Sequence[object]]) -> None:
    with (folder / f"{name}.tsv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows([heads.split(), *rows])
