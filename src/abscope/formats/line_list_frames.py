"""Rows of a line list that were read, as the tables of the vocabulary."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import polars as pl

from abscope import tables
from abscope.formats import exposure_answers
from abscope.formats.exposure_answers import YES, Answer, Said
from abscope.formats.line_list_row import CaseRow
from abscope.formats.line_list_tags import Tag

_NOT_ASKED = frozenset({"not asked", "not applicable"})


def cases(found: Sequence[CaseRow]) -> pl.DataFrame:
    """tables.CASES, one row each."""
    rows = [
        {"case_id": c.case_id, "isolate_ids": list(c.isolates), "row": c.row, **c.fields}
        for c in found
    ]
    return tables.CASES.check(tables.CASES.frame(rows))


def said(found: Sequence[CaseRow]) -> Iterator[Said]:
    """What every case says about exposures: by name, one by one, and whether it was asked."""
    cells = [(c, tag, text) for c in found for tag, text in c.answers if tag.is_exposure]
    plain = [cell for cell in cells if cell[1] == Tag(cell[1].name)]
    worded = {tag.name for _, tag, text in plain if not exposure_answers.is_coded(text)}
    named = {(case.case_id, tag.name) for case, tag, text in plain if text}
    told = {(case.case_id, tag.name) for case, tag, text in cells if tag.asked and text}
    for case, tag, text in plain:
        if not text and (case.case_id, tag.name) in told:
            continue  # the question beside it has the answer
        for value, answer in exposure_answers.cell(text, coded=tag.name not in worded):
            yield Said(case.case_id, tag.name, value, answer)
    for case, tag, text in cells:
        if tag.value:
            yield Said(case.case_id, tag.name, tag.value, _coded(text), complete=False)
        elif tag.asked and (case.case_id, tag.name) not in named:
            answer = _coded(text)
            yield Said(case.case_id, tag.name, YES if answer == "yes" else None, answer)


def _coded(text: str) -> Answer:
    return exposure_answers.answer(text) or "unknown"


def responses(found: Sequence[CaseRow]) -> pl.DataFrame:
    """tables.RESPONSES: of several columns about one question, the one that says most counts."""
    rows: dict[tuple[str, str], str] = {}
    for case in found:
        for tag, text in case.answers:
            key, response = (case.case_id, tag.name), _response(text)
            rows[key] = min(rows.get(key, response), response, key=_ORDER.index)
    return tables.RESPONSES.check(
        tables.RESPONSES.frame([(*key, value) for key, value in rows.items()])
    )


_ORDER = ("answered", "not answered", "not asked", "blank")


def _response(text: str) -> str:
    word = text.strip().casefold()
    if not word:
        return "blank"
    if word in _NOT_ASKED:
        return "not asked"
    return "answered" if exposure_answers.answer(text) != "unknown" else "not answered"


def episodes(found: Sequence[CaseRow]) -> pl.DataFrame:
    """tables.EPISODES: what one row names was one occasion of care; several values are kept joined."""
    rows = []
    for case in found:
        named = {tag.name: _names(text) for tag, text in case.answers if tag == Tag(tag.name)}
        known = {kind: named.get(kind) for kind in tables.EXPOSURE_KINDS if named.get(kind)}
        first = case.fields.get("date_exposure")
        last = case.fields.get("date_exposure_end") or first
        if known or first:
            row = {"case_id": case.case_id, "episode": 1, "date_first": first, "date_last": last}
            rows.append({**row, **known})
    return tables.EPISODES.check(tables.EPISODES.frame(rows))


def _names(text: str) -> str | None:
    """The values a cell names, without what only answers the question."""
    values = (value for value, answer in exposure_answers.cell(text) if answer == "yes")
    return "; ".join(value for value in values if value and value != YES) or None


def symptoms(found: Sequence[CaseRow]) -> pl.DataFrame:
    """tables.SYMPTOMS."""
    rows = [(*key, answer) for key, answer in _listed(found, "symptom").items()]
    return tables.SYMPTOMS.check(tables.SYMPTOMS.frame(rows))


def treatments(found: Sequence[CaseRow]) -> pl.DataFrame:
    """tables.TREATMENTS; the dates are those of the row."""
    days = {
        c.case_id: (c.fields.get("date_treatment"), c.fields.get("date_treatment_end"))
        for c in found
    }
    rows = [
        (case, name, answer, *(days[case] if answer == "yes" else (None, None)))
        for (case, name), answer in _listed(found, "treatment").items()
    ]
    return tables.TREATMENTS.check(tables.TREATMENTS.frame(rows))


def _listed(found: Sequence[CaseRow], name: str) -> dict[tuple[str, str], str]:
    """Case and symptom or treatment -> answer, from lists in one cell and from columns of their own."""
    answers: dict[tuple[str, str], str] = {}
    for case in found:
        for tag, text in case.answers:
            if tag.name != name:
                continue
            if tag.value:
                answers[case.case_id, tag.value] = _coded(text)
                continue
            for value, answer in exposure_answers.cell(text):
                if value and value != YES and answer == "yes":
                    answers.setdefault((case.case_id, value), answer)
    return answers


def specimens(found: Sequence[CaseRow]) -> list[dict[str, object]]:
    """Rows of tables.SPECIMENS that the line list itself holds, each under a name of its own."""
    rows = []
    taken: set[str] = set()
    for case in found:
        for number, one in enumerate(case.specimens, 1):
            isolate = case.isolates[number - 1] if number <= len(case.isolates) else None
            own = str(one["specimen_id"] or isolate or f"{case.case_id}-specimen-{number}")
            name = own if own not in taken else f"{own}#{case.row}"
            taken.add(name)
            rows.append(_specimen(case, one) | {"specimen_id": name, "isolate_id": isolate})
    return rows


def _specimen(case: CaseRow, one: Mapping[str, object]) -> dict[str, object]:
    known = dict(one)
    kept = str(known.get("retained") or "")
    day = case.fields.get("date_collection")
    site = next((_names(text) for tag, text in case.answers if tag == Tag("body_site")), None)
    return {
        **known,
        "kind": "patient",
        "case_id": case.case_id,
        "body_site": site,
        "retained": exposure_answers.answer(kept) if kept else None,
        "date_first": day if isinstance(day, date) else None,
        "date_last": day if isinstance(day, date) else None,
        "row": case.row,
    }
