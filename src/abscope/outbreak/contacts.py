"""Facilities that were asked: who answered, who is silent, and how to approach them next."""

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

from abscope.outbreak.plural import plural
from abscope.records.followup import FacilityState, Task

LADDER = (
    ("email", 14),
    ("telephone", 14),
    ("letter", 30),
    ("health authority", 30),
    ("embassy", 30),
)
"""How to approach a facility, and the days to wait for its answer before the next step.

Judgement: 14 and 30 days are the marks at which an unanswered facility is looked at.
"""


def facility_states(contacts: pl.DataFrame) -> Iterator[FacilityState]:
    """Every facility with its attempts, how far it answered, and the next step with its date.

    contacts: tables.followup.CONTACTS; by name. A facility that answered needs no more; one that gave part,
    or refused, or is silent is approached by the first channel not tried yet, and then by the last again.
    """
    for (facility,), tried in contacts.sort("date").group_by(["facility"], maintain_order=True):
        replies = tried["reply"].to_list()
        state = next(
            (word for word in ("answered", "refused", "partial") if word in replies), "silent"
        )
        last = tried["date"].to_list()[-1]
        channels = tuple(dict.fromkeys(tried["channel"].drop_nulls().to_list()))
        step = None if state == "answered" else _next(channels)
        wait = dict(LADDER).get(channels[-1] if channels else "", 14)
        yield FacilityState(
            facility=str(facility),
            state=state,  # type: ignore[arg-type]
            attempts=len(tried),
            channels=channels,
            languages=tuple(dict.fromkeys(tried["language"].drop_nulls().to_list())),
            first=tried["date"].to_list()[0],
            last=last,
            next_step=step,
            due=last + timedelta(wait) if step else None,
        )


def contacts_due(contacts: pl.DataFrame, today: date) -> Iterator[Task]:
    """The facilities to approach again by today."""
    for one in sorted(facility_states(contacts), key=lambda one: one.facility):
        if one.due is not None and one.due <= today:
            yield Task("facility", one.facility, one.due, _sentence(one, today))


def _next(tried: tuple[str, ...]) -> str:
    return next((channel for channel, _ in LADDER if channel not in tried), LADDER[-1][0])


def _sentence(one: FacilityState, today: date) -> str:
    said = {
        "silent": "has not answered",
        "partial": "has answered in part",
        "refused": "has refused",
    }
    tongue = f" in {' and '.join(one.languages)}" if one.languages else ""
    waited = plural((today - one.first).days, "day")
    times = "once" if one.attempts == 1 else f"{one.attempts} times"
    return (
        f"{one.facility} {said[one.state]} since {one.first} ({waited}; asked {times}"
        f"{tongue}): try {one.next_step}. What it was asked counts as not known."
    )
