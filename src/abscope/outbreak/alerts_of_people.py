"""Alerts on cases and facilities: isolates to rescue, watched names, and silence."""

from collections.abc import Iterator
from datetime import timedelta

import polars as pl

from abscope.outbreak.contacts import facility_states
from abscope.outbreak.followup import rescues, updates_due
from abscope.outbreak.plural import plural
from abscope.outbreak.watching import News, raised
from abscope.records import Alert, LineList, WatchRule


def _named(linelist: LineList) -> pl.DataFrame:
    """Exposures that cases are known to have had."""
    return linelist.exposures.filter((pl.col("answer") == "yes") & pl.col("value").is_not_null())


def watched_names(rule: WatchRule, news: News) -> Iterator[Alert]:
    """A case names a clinic, product, lot or the like that is on the watch list."""
    wanted = {(w.kind, w.value.casefold().strip()) for w in news.watch.watched}
    said = _named(news.today.linelist).select("case_id", "kind", "value")
    asked = news.today.linelist.exposures.filter(pl.col("answer") != "unknown")
    for case, kind, value in said.iter_rows():
        if (kind, value.casefold().strip()) not in wanted:
            continue
        same = (pl.col("kind") == kind) & (pl.col("value") == value)
        count = said.filter(same).height
        evidence = {"case": case, "kind": kind, "value": value, "cases": count,
                    "asked": asked.filter(pl.col("kind") == kind)["case_id"].n_unique()}  # fmt: skip
        naming = f"{plural(count, 'case')} {'names' if count == 1 else 'name'} it"
        reason = f"Case {case} names {kind} {value}, which is watched; {naming}."
        yield raised(
            rule,
            news,
            about=(f"{case}: {kind} {value.casefold().strip()}", reason),
            evidence=evidence,
            whose=news.jurisdiction(case),
        )


def unsequenced(rule: WatchRule, news: News) -> Iterator[Alert]:
    """A case that had an injection, a procedure or the like, and has no isolate sequenced yet."""
    linelist, kinds = news.today.linelist, list(rule.words("kinds"))
    named = _named(linelist).filter(pl.col("kind").is_in(kinds))
    had = {case: rows for case, *rows in _listed(named)}
    for task in rescues(linelist, news.day, sequenced=set(news.today.isolates)):
        if task.about not in had:
            continue
        what = ", ".join(f"{kind} {value}" for kind, value in had[task.about][0])
        until = f" Ask by {task.due}." if task.due else " Ask at once."
        reason = f"Case {task.about} ({what}) may be part of an outbreak. {task.sentence}{until}"
        evidence = {"case": task.about, "exposures": [list(one) for one in had[task.about][0]],
                    "ask_by": task.due.isoformat() if task.due else None}  # fmt: skip
        yield raised(
            rule,
            news,
            about=(f"{task.about}: {task.sentence}", reason),
            evidence=evidence,
            whose=news.jurisdiction(task.about),
        )


def _listed(named: pl.DataFrame) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for (case,), own in named.group_by(["case_id"], maintain_order=True):
        yield str(case), own.select("kind", "value").rows()


def silent_facilities(rule: WatchRule, news: News) -> Iterator[Alert]:
    """A facility was asked so many days ago, and nothing came back."""
    days = int(rule.number("days"))
    for state in facility_states(news.today.contacts):
        waited = (news.day - state.first).days
        if state.state != "silent" or waited < days:
            continue
        times = "once" if state.attempts == 1 else f"{state.attempts} times"
        step = f" Try {state.next_step}." if state.next_step else ""
        reason = (
            f"{state.facility} has not answered since {state.first} ({plural(waited, 'day')}, asked"
            f" {times}).{step} What it was asked counts as not known."
        )
        evidence = {"facility": state.facility, "since": state.first.isoformat(), "days": waited,
                    "attempts": state.attempts, "channels": list(state.channels)}  # fmt: skip
        for whose in _naming(news, state.facility):
            yield raised(
                rule,
                news,
                about=(f"{state.facility} since {state.first}", reason),
                evidence=evidence,
                whose=whose,
            )


def _naming(news: News, facility: str) -> tuple[str, ...]:
    """Jurisdictions of the cases that name a facility; where none does, it is everybody's."""
    said = _named(news.today.linelist)
    same = pl.col("value").str.strip_chars().str.to_lowercase() == facility.strip().lower()
    return tuple(news.by_jurisdiction(said.filter(same)["case_id"].unique().sort())) or ("",)


def silent_patients(rule: WatchRule, news: News) -> Iterator[Alert]:
    """Nothing was heard of a patient on treatment for so many days."""
    days = timedelta(days=int(rule.number("days")))
    for task in updates_due(news.today.linelist, news.today.monitoring, news.day, silent=days):
        since = (task.due - days).isoformat() if task.due else "the start"
        evidence = {"case": task.about, "heard": since if task.due else None}
        yield raised(
            rule,
            news,
            about=(f"{task.about} since {since}", f"{task.about}: {task.sentence}"),
            evidence=evidence,
            whose=news.jurisdiction(task.about),
        )
