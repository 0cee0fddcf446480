"""What a job does, in a process of its own: isolates and line lists come into the collection."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from abscope import surveillance
from abscope.collection import audit, case_imports
from abscope.collection.database import writing
from abscope.collection.history import Stamp
from abscope.errors import AbscopeError, DataError
from abscope.formats.line_list import Beside
from abscope.records import Sample
from abscope.settings import Settings
from abscope.surveillance import Desk
from abscope.web.jobs import Job, Progress, Table, clock


def work(folder: Path, name: str) -> None:
    """Do a job of the collection whose jobs lie in `folder`; its file says how it goes."""
    table = Table(folder)
    job = table.get(name)
    if job is None:
        return
    job = table.put(replace(job, state="running", started=clock(), progress=_STEP[job.kind]))
    try:
        message, result = _DOES[job.kind](table, job)
    except AbscopeError as error:
        table.settle(name, "failed", error.message, error.hint)
        return
    except Exception as error:
        table.settle(name, "failed", f"abscope failed on it: {type(error).__name__}", _DEFECT)
        raise
    table.clear(name)
    whole = Progress(1, 1, "done")
    table.put(
        replace(job, state="done", ended=clock(), progress=whole, message=message, result=result)
    )


def _add(table: Table, job: Job) -> tuple[str, Mapping[str, Any]]:
    """Profile an assembly and admit it."""
    [path] = table.uploads(job.job).glob("assembly/*")
    with surveillance.open_desk(table.folder.parent) as desk:
        stamp = _noted(desk, job)
        done = surveillance.add(
            desk,
            [Sample(job.subject, assembly=path)],
            settings=Settings(cpus=1, engine="serial"),
            stamp=stamp,
            jurisdiction=job.wanted["jurisdiction"],
        )
        for lost in done.left_out:
            raise DataError(f"{lost.name}: {lost.reason}", hint=lost.hint)
        [one] = done.admitted
    if one.known_as:
        return f"the file is {one.known_as} already", {"known_as": one.known_as}
    told = {"address": one.address, "changes": [entry.sentence for entry in one.entries]}
    return f"{one.isolate_id} was added; its address is {one.address}", told


def _import(table: Table, job: Job) -> tuple[str, Mapping[str, Any]]:
    """Read a line list and keep it."""
    files = {path.parent.name: path for path in table.uploads(job.job).glob("*/*")}
    collection = table.folder.parent
    beside = Beside(exposures=files.get("exposures"))
    today = datetime.now(UTC).date()
    with surveillance.open_desk(collection) as desk:
        _noted(desk, job)
    kept, linelist, changes = case_imports.keep(collection, files["cases"], beside, today=today)
    told = {name: len(cases) for name, cases in asdict(changes).items()}
    problems = [f"{one.where}: {one.what}; {one.hint}" for one in linelist.problems]
    message = f"import {kept.number}: cases new: {told['new']}, changed: {told['changed']}"
    return message, {**told, "import": kept.number, "problems": problems}


def _noted(desk: Desk, job: Job) -> Stamp:
    """Write into the audit log what is about to be done, for whom."""
    stamp = Stamp(clock(), job.user)
    with writing(desk.collection.engine) as connection:
        audit.append(connection, stamp, job.kind, job.subject, {"job": job.job})
    return stamp


_DEFECT = "this is a defect of abscope; please report it"
_STEP = {
    "add isolate": Progress(0, 1, "profiling and comparing"),
    "import cases": Progress(0, 1, "reading the line list"),
}
_DOES: Mapping[str, Callable[[Table, Job], tuple[str, Mapping[str, Any]]]] = {
    "add isolate": _add,
    "import cases": _import,
}
