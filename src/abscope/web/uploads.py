"""Line lists and small assemblies come in, and become jobs; jobs and how far they are."""

import re
import shutil
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import Response

from abscope.collection.paged import part
from abscope.errors import AccessError
from abscope.running.storage import make_folder, storing
from abscope.web.answers import Job as JobAnswer
from abscope.web.answers import Page
from abscope.web.api import REFUSALS, List
from abscope.web.asking import JobName, page_of
from abscope.web.held import SERVE_COLLECTION, Ask, NotHeldError
from abscope.web.jobs import Board, Job, Kind, clock
from abscope.web.who import Changer, Known, Reader

router = APIRouter(prefix="/api/v1", responses=REFUSALS)
_TAKEN: dict[int | str, dict[str, Any]] = {
    202: {
        "description": "queued: the job says how it goes",
        "headers": {"Location": {"schema": {"type": "string"}, "description": "the job"}},
    },
    413: {**REFUSALS[422], "description": "larger than the server takes"},
}
Name = Annotated[
    str,
    Form(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
        description="the isolate's name",
        examples=["AZ-23-0418"],
    ),
]
Jurisdiction = Annotated[
    str,
    Form(
        max_length=64,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="whose it is; one of yours",
        examples=["AZ"],
    ),
]
Assembly = Annotated[UploadFile, File(description="FASTA, plain or gzipped")]
LineListFile = Annotated[UploadFile, File(description="CSV, TSV or Excel, a row a case")]
ExposureFile = Annotated[UploadFile | None, File(description="a row per case, kind and value")]


def board_of(request: Request) -> Board:
    """The jobs. Raises NotHeldError where no collection is served."""
    board: Board | None = request.app.state.board
    if board is None:
        raise NotHeldError("a run has no jobs", hint=SERVE_COLLECTION)
    return board


@router.post(
    "/isolates", status_code=202, response_model=JobAnswer, responses=_TAKEN, tags=["isolates"]
)
def add_isolate(
    request: Request,
    response: Response,
    who: Changer,
    isolate_id: Name,
    assembly: Assembly,
    jurisdiction: Jurisdiction = "",
) -> Any:
    """Add an isolate from an assembly: profiled, compared with all others, and admitted."""
    job = take_isolate(board_of(request), who, (isolate_id, jurisdiction), assembly)
    return _accepted(response, job)


@router.post(
    "/cases/imports", status_code=202, response_model=JobAnswer, responses=_TAKEN, tags=["cases"]
)
def import_cases(
    request: Request,
    response: Response,
    who: Changer,
    linelist: LineListFile,
    exposures: ExposureFile = None,
) -> Any:
    """Import a line list: cases it names take the place of those known, all others stay."""
    return _accepted(response, take_cases(board_of(request), who, linelist, exposures))


@router.get("/jobs", response_model=Page[JobAnswer], tags=["jobs"])
def jobs(request: Request, asked: List) -> Any:
    """Your jobs, newest first; an administrator of all sees everybody's."""
    found = jobs_of(board_of(request), asked.who)
    return page_of(request, asked.window, part(found, asked.window))


@router.get("/jobs/{job}", response_model=JobAnswer, tags=["jobs"])
def job(request: Request, who: Reader, job: JobName) -> Any:
    """One of your jobs, and how far it is."""
    return job_of(board_of(request), who, job)


def jobs_of(board: Board, who: Ask) -> list[JobAnswer]:
    """The viewer's jobs, newest first."""
    return [answered(one) for one in board.table.all() if one.is_of(who.viewer)]


def job_of(board: Board, who: Ask, name: str) -> JobAnswer:
    """One of the viewer's jobs. Raises NotHeldError."""
    found = board.table.get(name)
    if found is None or not found.is_of(who.viewer):
        raise NotHeldError(f"{name}: no such job", hint="the list of jobs has yours")
    return answered(found)


def answered(one: Job) -> JobAnswer:
    """A job as the API answers it."""
    return JobAnswer.model_validate(one, from_attributes=True)


def take_isolate(board: Board, who: Known, named: tuple[str, str], assembly: UploadFile) -> Job:
    """Queue an assembly under (isolate, jurisdiction). Raises AccessError."""
    isolate_id, jurisdiction = named
    who.viewer.must("change isolates")
    who.viewer.must_own(jurisdiction)
    job = board.draft()
    ending = ".fna.gz" if _starts(assembly) == b"\x1f\x8b" else ".fna"
    _kept(assembly, board.table.uploads(job) / "assembly" / f"{isolate_id}{ending}")
    return _queued(board, who, (job, "add isolate", isolate_id), {"jurisdiction": jurisdiction})


def take_cases(board: Board, who: Known, linelist: UploadFile, exposures: UploadFile | None) -> Job:
    """Queue a line list. Raises AccessError."""
    who.viewer.must("see cases")
    if not who.viewer.sees_all:
        raise AccessError(
            f"{who.viewer.user} may not import cases", hint="a line list is of every jurisdiction"
        )
    job = board.draft()
    for role, given in (("cases", linelist), ("exposures", exposures)):
        if given is not None:
            _kept(given, board.table.uploads(job) / role / _file_name(given))
    return _queued(board, who, (job, "import cases", _file_name(linelist)), {})


def _queued(board: Board, who: Known, named: tuple[str, Kind, str], wanted: dict[str, str]) -> Job:
    name, kind, subject = named
    return board.submit(Job(name, kind, subject, who.viewer.user, wanted, clock()))


def _accepted(response: Response, job: Job) -> JobAnswer:
    response.headers["Location"] = f"/api/v1/jobs/{job.job}"
    return answered(job)


def _kept(given: UploadFile, path: Path) -> None:
    make_folder(path.parent)
    with storing(path), path.open("wb") as handle:
        shutil.copyfileobj(given.file, handle)


def _file_name(given: UploadFile) -> str:
    """A name that is safe in a folder, with the ending that the content has."""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", Path(given.filename or "").stem).strip("_")[:80]
    return f"{stem or 'line_list'}{'.xlsx' if _starts(given) == b'PK' else '.csv'}"


def _starts(given: UploadFile) -> bytes:
    start = given.file.read(2)
    given.file.seek(0)
    return start
