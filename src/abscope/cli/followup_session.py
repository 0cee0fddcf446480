"""What `abscope followup` does between parsing and printing."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import typer

from abscope.cli import options as o
from abscope.cli.sources_session import as_rows
from abscope.formats import followup_list
from abscope.outbreak import followup
from abscope.outbreak.contacts import facility_states
from abscope.records import LineList
from abscope.records.followup import CultureCourse, FacilityState, Task
from abscope.tables.followup import CONTACTS, MONITORING


@dataclass(frozen=True, slots=True)
class Due:
    """What is due, and how facilities and cultures stand."""

    tasks: tuple[Task, ...]
    facilities: tuple[FacilityState, ...]
    cultures: tuple[CultureCourse, ...]


def due(
    linelist: LineList, contacts: Path | None, monitoring: Path | None, *, day: datetime | None
) -> Due:
    """Read the logs, say on stderr what could not be used, and gather what is due."""
    log, odd = followup_list.contacts(contacts) if contacts else (CONTACTS.frame(), [])
    tests, strange = (
        followup_list.monitoring(monitoring) if monitoring else (MONITORING.frame(), [])
    )
    for problem in (*odd, *strange):
        typer.echo(f"{problem.where}: {problem.what}; {problem.hint}", err=True)
    today = o.day_or_today(day)
    return Due(
        followup.tasks(linelist, log, tests, today=today),
        tuple(facility_states(log)),
        tuple(followup.culture_courses(linelist.specimens)),
    )


def text(found: Due, *, as_json: bool) -> str:
    """Tables for people, everything for programs."""
    if as_json:
        return json.dumps(asdict(found), indent=2, default=str, ensure_ascii=False)
    parts = [as_rows(found.tasks, as_json=False) or "Nothing is due."]
    parts += ["", as_rows(found.facilities, as_json=False)] if found.facilities else []
    parts += ["", as_rows(found.cultures, as_json=False)] if found.cultures else []
    return "\n".join(parts)
