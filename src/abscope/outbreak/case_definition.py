"""Who is a case: a definition's criteria held against what is recorded, each verdict with its reason.

A criterion is true, false, or not known. What is not known never rules anybody out: the verdict then
stays open, or says what would raise it.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import polars as pl

from abscope import tables
from abscope.knowledge.case_definitions import CaseDefinition, Criterion, VerdictRule
from abscope.records import LineList

Truth = bool | None
Facts = Mapping[str, Sequence[Mapping[str, object]]]


def classify(linelist: LineList, definition: CaseDefinition) -> pl.DataFrame:
    """tables.CASE_VERDICTS: one row per case, nobody left out.

    status: the first verdict whose criteria hold; null where none holds and one still may. open: what is
    not known and could change it.
    """
    facts = _facts(linelist)
    rows = []
    for case in linelist.cases.iter_rows(named=True):
        truths = {
            name: holds(one, case, facts[case["case_id"]])
            for name, one in definition.criteria.items()
        }
        status, reason, unknown = _verdict(definition, truths)
        rows.append((case["case_id"], status, reason, unknown or None, case["status"]))
    return tables.CASE_VERDICTS.check(tables.CASE_VERDICTS.frame(rows))


def with_status(linelist: LineList, verdicts: pl.DataFrame) -> pl.DataFrame:
    """The cases with the definition's status in place of the written one."""
    ruled = verdicts.select("case_id", pl.col("status").alias("ruled"))
    joined = linelist.cases.join(ruled, on="case_id", how="left", maintain_order="left")
    return tables.CASES.check(joined.with_columns(pl.col("ruled").alias("status")))


def _facts(linelist: LineList) -> dict[str, Facts]:
    frames = {
        "exposures": linelist.exposures,
        "symptoms": linelist.symptoms,
        "treatments": linelist.treatments,
        "specimens": linelist.specimens,
    }
    names = linelist.cases["case_id"].to_list()
    found: dict[str, dict[str, list[Mapping[str, object]]]] = {
        name: {table: [] for table in frames} for name in names
    }
    for table, frame in frames.items():
        for row in frame.iter_rows(named=True):
            if row["case_id"] in found:
                found[row["case_id"]][table].append(row)
    return dict(found)


def _verdict(
    definition: CaseDefinition, truths: Mapping[str, Truth]
) -> tuple[str | None, str, str]:
    """Status, the criterion that decided it, and what is not known and could change it."""
    doubtful: list[VerdictRule] = []
    for rule in definition.verdicts:
        truth = _rule(rule, truths)
        if truth:
            return (
                rule.verdict,
                _reason(rule, definition, truths),
                _open(doubtful, definition, truths),
            )
        if truth is None:
            doubtful.append(rule)
    if doubtful:
        unknown = _open(doubtful, definition, truths)
        return None, f"cannot be told: not known: {unknown}", unknown
    missed = _failing(definition.verdicts[-1], truths)
    said = "; ".join(_sentence(definition.criteria[name], truths[name]) for name in missed)
    return "not a case", said, ""


def _rule(rule: VerdictRule, truths: Mapping[str, Truth]) -> Truth:
    parts = [truths[name] for name in rule.all]
    parts += [_not(truths[name]) for name in rule.none]
    if rule.any:
        parts.append(any_of(truths[name] for name in rule.any))
    return all_of(parts)


def all_of(truths: Iterable[Truth]) -> Truth:
    """One that fails settles it; else one that is not known leaves it open."""
    known = list(truths)
    return False if False in known else None if None in known else True


def any_of(truths: Iterable[Truth]) -> Truth:
    """One that holds settles it; else one that is not known leaves it open."""
    known = list(truths)
    return True if True in known else None if None in known else False


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _reason(rule: VerdictRule, definition: CaseDefinition, truths: Mapping[str, Truth]) -> str:
    names = [*rule.all, *(name for name in rule.any if truths[name]), *rule.none]
    return "; ".join(_sentence(definition.criteria[name], truths[name]) for name in names)


def _failing(rule: VerdictRule, truths: Mapping[str, Truth]) -> list[str]:
    failing = [name for name in rule.all if truths[name] is False]
    failing += [name for name in rule.none if truths[name]]
    return failing or list(rule.any)


def _open(
    rules: Iterable[VerdictRule], definition: CaseDefinition, truths: Mapping[str, Truth]
) -> str:
    names = {
        name: rule.verdict
        for rule in reversed(list(rules))
        for name in (*rule.all, *rule.any, *rule.none)
        if truths[name] is None
    }
    return "; ".join(
        f"{definition.criteria[name].says} ({verdict} if so)" for name, verdict in names.items()
    )


def _sentence(criterion: Criterion, truth: Truth) -> str:
    return criterion.says if truth else f"not so: {criterion.says}"


def holds(criterion: Criterion, case: Mapping[str, object], facts: Facts) -> Truth:
    """Whether a case meets a criterion; None where it is not known.

    facts: its rows of exposures, symptoms, treatments and specimens.
    """
    if criterion.what == "exposure":
        return _exposed(criterion, facts["exposures"])
    if criterion.what == "specimen":
        return _sampled(criterion, facts["specimens"])
    if criterion.what in ("symptom", "treatment"):
        name, answer = {"symptom": ("symptom", "present"), "treatment": ("treatment", "given")}[
            criterion.what
        ]
        return _listed(criterion.of, facts[f"{criterion.what}s"], name, answer)
    if criterion.what == "field":
        return _matches(case[criterion.of[0]], criterion.words)
    return _dated(criterion, case)


def _exposed(criterion: Criterion, rows: Sequence[Mapping[str, object]]) -> Truth:
    own = [row for row in rows if row["kind"] == criterion.of[0]]
    if not own:
        return None
    matching = [
        row for row in own if not criterion.words or _matches(row["value"], criterion.words)
    ]
    if not matching:  # nobody named it: it is no only if the case answered the question
        return None if any(row["answer"] == "unknown" for row in own) else False
    return any_of(_ANSWERED[str(row["answer"])] for row in matching)


_ANSWERED: Mapping[str, Truth] = {"yes": True, "no": False, "unknown": None}


def _listed(
    words: Sequence[str], rows: Sequence[Mapping[str, object]], name: str, answer: str
) -> Truth:
    """Symptoms and treatments: a list tells what there was, and rarely what there was not."""
    return any_of([_ANSWERED[str(r[answer])] for r in rows if _matches(r[name], words)] or [None])


def _sampled(criterion: Criterion, rows: Sequence[Mapping[str, object]]) -> Truth:
    """One specimen must match every column; with none recorded nothing is known."""
    return any_of(
        [
            all_of(_matches(row[column], words) for column, words in criterion.specimen.items())
            for row in rows
        ]
        or [None]
    )


def _matches(value: object, words: Sequence[str]) -> Truth:
    """Whether a text, or one of several, holds one of the words; None where nothing is recorded."""
    texts = value if isinstance(value, list) else [value]
    known = [_bare(str(text)) for text in texts if text is not None and text != "unknown"]
    if not known:
        return None
    return any(_bare(word) in text for word in words for text in known) if words else True


def _bare(text: str) -> str:
    """Lower case without accents, spaces kept."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


def _dated(criterion: Criterion, case: Mapping[str, object]) -> Truth:
    days = [case[name] for name in criterion.of]
    known = [day for day in days if isinstance(day, date)]
    if len(known) < len(days):
        return None
    if criterion.what == "date":
        first, last = criterion.first or known[0], criterion.last or known[0]
        return first <= known[0] <= last
    apart = (known[1] - known[0]).days
    least = criterion.least if criterion.least is not None else apart
    most = criterion.most if criterion.most is not None else apart
    return least <= apart <= most
