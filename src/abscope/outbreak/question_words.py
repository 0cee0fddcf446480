"""Whom to ask, and in what words."""

from typing import Literal

from abscope.outbreak.exposure_graph import ExposureGraph
from abscope.outbreak.source_words import listed
from abscope.records import LineList
from abscope.records.sources import Exposure, Question

Ask = Literal["patient", "facility", "laboratory"]

_FACILITY = (
    "lot",
    "supplier",
    "donor",
    "product",
    "diluent",
    "reagent",
    "device",
    "water",
    "clinician",
)
_EFFORT = {"patient": 1.0, "facility": 2.0, "laboratory": 4.0}
"""Judgement: a call; letters and calls to a place that may not answer; a request, shipping, sequencing."""

_WORDS = {
    "lot": "which lot number", "supplier": "which supplier", "donor": "which donor number",
    "product": "which product", "diluent": "which diluent (and from which vial or lot)",
    "reagent": "which reagent or skin preparation", "device": "which device", "water": "which water",
    "clinician": "which clinician", "country": "in which country", "city": "in which city",
    "clinic": "in which clinic", "procedure": "which procedure", "body_site": "which part of the body",
    "route": "by which route",
}  # fmt: skip


def question(
    kind: str,
    cases: tuple[str, ...],
    graph: ExposureGraph,
    *,
    linelist: LineList,
    gain: float,
    outcomes: tuple[tuple[str, float, Exposure], ...],
) -> Question:
    """A question with its respondent and its sentence."""
    ask: Ask = "laboratory" if kind == "isolate" else "facility" if kind in _FACILITY else "patient"
    clinics = list(dict.fromkeys(c for case in cases for c in graph.named_by(case, "clinic")))
    if ask == "facility" and not clinics:
        ask = "patient"
    whom = {"facility": listed(clinics) if clinics else None, "patient": listed(cases)}.get(ask)
    effort = _EFFORT[ask] * len(cases)
    text = _sentence(kind, cases, graph, ask=ask, whom=whom, linelist=linelist)
    return Question(kind, cases, ask, whom, text, gain, effort, outcomes)


def order(one: Question) -> tuple[object, ...]:
    """Between questions equally worth asking: what facilities know best first, then by name."""
    rank = _FACILITY.index(one.kind) if one.kind in _FACILITY else len(_FACILITY)
    return rank, one.kind, one.case_ids


def _sentence(
    kind: str,
    cases: tuple[str, ...],
    graph: ExposureGraph,
    *,
    ask: Ask,
    whom: str | None,
    linelist: LineList,
) -> str:
    patients = f"patient {cases[0]}" if len(cases) == 1 else f"patients {listed(cases)}"
    if kind == "isolate":
        return (
            f"Ask the laboratory that cultured {patients}: is the isolate still there? Please keep it, and "
            "send it for sequencing before it is discarded."
        )
    what = _WORDS.get(kind, f"which {kind.replace('_', ' ')}")
    product = [p for case in cases for p in graph.named_by(case, "product")]
    of = f" of {listed(dict.fromkeys(product))}" if product and kind in _FACILITY[:3] else ""
    if ask == "facility":
        verb = "see" if kind == "clinician" else "receive"
        return f"Ask {whom}: {what}{of} did {patients} {verb}{_when(cases, linelist)}?"
    verb = "were you treated" if kind in ("country", "city", "clinic", "route") else "did you have"
    if kind == "body_site":
        verb = "was treated"
    return f"Ask {patients}: {what}{of} {verb}{_when(cases, linelist)}?"


def _when(cases: tuple[str, ...], linelist: LineList) -> str:
    dates = dict(linelist.cases.select("case_id", "date_exposure").iter_rows())
    known = [dates[case].isoformat() for case in cases if dates.get(case)]
    return f" on {listed(known)}" if known else ""
