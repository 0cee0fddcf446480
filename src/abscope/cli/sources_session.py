"""What sources, questions and trace share: who is linked, and how it is printed."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import typer

from abscope.cli.tabled import tabled
from abscope.errors import UsageError
from abscope.formats import case_weights
from abscope.outbreak.exposures import Panel
from abscope.outbreak.sources import panel_weights
from abscope.records import LineList
from abscope.records.sources import Exposure, Question, Source, SourceRanking


def weights_of(linelist: LineList, linked: str | None, weights: Path | None) -> dict[str, float]:
    """How likely each case is linked, from a table or from the names of those that are.

    With names, the other cases with an isolate are comparison patients, and cases without one are as
    likely linked as those with one turned out to be.
    """
    cases = linelist.cases["case_id"].to_list()
    if weights is not None:
        return case_weights.read(weights, cases)
    named = [name.strip() for name in (linked or "").split(",") if name.strip()]
    if not named:
        raise UsageError(
            "nobody is said to be linked",
            hint="--linked A,B names the cases; --weights FILE gives a chance for each",
        )
    if strange := [name for name in named if name not in cases]:
        raise UsageError(
            f"not in the line list: {', '.join(strange)}",
            hint=f"its cases are {', '.join(cases[:8])}{' ...' if len(cases) > 8 else ''}",
        )
    isolates = linelist.cases.select("case_id", "isolate_ids").iter_rows()
    others = {case for case, own in isolates if own and case not in named}
    return panel_weights(Panel("linked", frozenset(named), frozenset(others)), linelist)


def exposures_of(words: Sequence[str] | None, linelist: LineList) -> list[Exposure]:
    """Exposures written as kind=value; UsageError for those the line list does not know."""
    known = set(linelist.exposures.select("kind", "value").drop_nulls().iter_rows())
    found = []
    for word in words or ():
        kind, _, value = (part.strip() for part in word.partition("="))
        if (kind, value) not in known:
            near = sorted(v for k, v in known if k == kind)[:8]
            hint = (
                f"its values: {', '.join(near)}"
                if near
                else "write kind=value, such as lot=CV-2203"
            )
            raise UsageError(f"nobody was asked about {word!r}", hint=hint)
        found.append((kind, value))
    return found


def generator(seed: int) -> np.random.Generator:
    """The generator of the permutation test."""
    return np.random.default_rng(seed)


def ranking_text(ranking: SourceRanking, *, limit: int, as_json: bool) -> str:
    """A ranking: in sentences and a table, or as JSON with everything."""
    if as_json:
        return json.dumps(asdict(ranking), indent=2, ensure_ascii=False)
    rows = [_source(one) for one in ranking.sources[:limit]]
    reasons = dict.fromkeys(reason for _, reason in ranking.left_out)
    left = [
        f"{reason}: {', '.join(case for case, why in ranking.left_out if why == reason)}"
        for reason in reasons
    ]
    table = tabled(_without_empty(rows), as_json=False)
    return "\n".join([*ranking.summary, *ranking.notes, "", table, *_under("left out:", left)])


def _source(one: Source) -> dict[str, object]:
    return {
        "group": one.group + 1,
        "exposure": " ".join(one.exposure),
        "cases": f"{one.cases_exposed:.1f} of {one.cases_known:.1f}",
        "comparison": f"{one.comparison_exposed} of {one.comparison_known}",
        "bayes_factor": f"{one.bayes_factor:.3g}",
        "probability": _number(one.probability, ".1%"),
        "rarer_than": _number(one.tipping_point, ".0%"),
        "p": _number(one.p_value, ".3f"),
        "q": _number(one.q_value, ".3f"),
        "note": "found by it: no evidence" if one.guarded else None,
    }


def _number(value: float | None, how: str) -> str | None:
    return None if value is None else format(value, how)


def _without_empty(rows: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """The rows without the columns that nobody fills."""
    filled = [name for name in (rows[0] if rows else ()) if any(row[name] for row in rows)]
    return [{name: row[name] for name in filled} for row in rows]


def _under(title: str, lines: Collection[str]) -> list[str]:
    return ["", title, *(f"  {line}" for line in lines)] if lines else []


def questions_text(questions: Sequence[Question], *, as_json: bool) -> str:
    """Questions as tasks, the most telling per effort first, with what each answer would mean."""
    if as_json:
        rows = [{**asdict(one), "gain_per_effort": one.gain_per_effort} for one in questions]
        return json.dumps(rows, indent=2, ensure_ascii=False)
    lines = []
    for number, one in enumerate(questions, start=1):
        lines.append(f"{number}. {one.sentence}")
        lines.append(f"   {one.gain:.3f} bits for an effort of {one.effort:g}")
        lines += [
            f"   {answer} ({chance:.0%}): {' '.join(leads)} leads"
            for answer, chance, leads in one.outcomes
        ]
    return "\n".join(lines) or "No missing answer would tell more about the source."


def as_rows(records: Iterable[object], *, as_json: bool) -> str:
    """Flat records as a table, tuples in words."""
    rows = [{name: _flat(value) for name, value in _fields(one)} for one in records]
    return tabled(rows, as_json=as_json)


def _fields(record: object) -> Iterable[tuple[str, object]]:
    return asdict(record).items()  # type: ignore[call-overload,no-any-return]


def _flat(value: object) -> object:
    if isinstance(value, float):
        return round(value, 3)
    if not isinstance(value, tuple | list):
        return value if value is None or isinstance(value, int) else str(value)
    if any(isinstance(one, tuple | list) for one in value):
        return "; ".join(" ".join(one) for one in value)
    return " ".join(map(str, value))


def say_remarks(linelist: LineList) -> None:
    """Tell, on stderr, that the line list has doubts to look at."""
    if linelist.problems:
        number = len(linelist.problems)
        typer.echo(f"{number} remarks on the line list: abscope cases check tells them", err=True)
