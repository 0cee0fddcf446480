"""The pages: each shows what its twin under /api/v1 answers, to whom may see it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from abscope import __version__
from abscope.collection.paged import Window
from abscope.web import answers, from_collection, lists, published, rendering, uploads
from abscope.web import dashboard as dashboards
from abscope.web.api import HeldHere, List, Listing
from abscope.web.asking import (
    CaseName,
    ClusterName,
    InState,
    IsolateName,
    JobName,
    Level,
    Since,
    Text,
    Within,
    address,
    day,
)
from abscope.web.held import Asked, Held
from abscope.web.jobs import ENDED
from abscope.web.rendering import page
from abscope.web.security import DRAWING_POLICY
from abscope.web.uploads import Assembly, ExposureFile, Jurisdiction, LineListFile, Name, board_of
from abscope.web.who import FormChanger, Known, Reader

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=2_000)]


@dataclass(frozen=True, slots=True)
class Noun:
    """A list's page. wishes: (parameter, what it is called, type of its field). shown: columns, or all."""

    title: str
    model: type[BaseModel]
    wishes: tuple[tuple[str, str, str], ...] = ()
    template: str = "list.html.j2"
    needs_cases: bool = False
    shown: tuple[str, ...] = ()


_LINK = "isolate_1 isolate_2 snps comparable verdict linked within reason would_change"
_NAME, _WITHIN = ("text", "Name contains", "search"), ("within", "SNPs at most", "number")
_SINCE = ("since", "Since", "date")
NOUNS: Mapping[str, Noun] = {
    "isolates": Noun("Isolates", answers.Isolate, (_NAME,)),
    "pairs": Noun("Pairs", answers.Pair, (_WITHIN,)),
    "clusters": Noun("Clusters", answers.Cluster, (("level", "SNP level", "number"),)),
    "ledger": Noun("Ledger of clusters", answers.LedgerEntry, (_SINCE,)),
    "log": Noun("Log", answers.LogEntry, (_SINCE,)),
    "alerts": Noun("Alerts", answers.Alert, (_SINCE,), "alerts.html.j2"),
    "cases": Noun("Cases", answers.Case, (_NAME,), needs_cases=True),
    "links": Noun("Links", answers.Link, (_WITHIN,), needs_cases=True, shown=tuple(_LINK.split())),
    "sources": Noun("Sources", answers.ClusterSources, (), "sources.html.j2", needs_cases=True),
    "questions": Noun(
        "Questions", answers.ClusterQuestions, (), "questions.html.j2", needs_cases=True
    ),
}


def _list_page(noun: str) -> Any:
    """The page of a noun; parameters that it has no use for are ignored."""

    def shown(
        asked: List,
        text: Text = "",
        within: Within = None,
        level: Level = None,
        state: InState = None,
        since: Since = None,
    ) -> Response:
        wishes = {"text": text, "within": within, "level": level, "state": state}
        found = asked.page(noun, **wishes, since=day(since))
        return _listed(asked, NOUNS[noun], found, noun)

    return shown


for _noun in NOUNS:
    router.add_api_route(f"/{_noun}", _list_page(_noun), methods=["GET"], name=f"page of {_noun}")


@router.get("/")
def first(held: HeldHere, who: Reader) -> Response:
    """The dashboard of a collection that holds something; the report of a run."""
    if held.desk is None:
        return RedirectResponse("/report", 303)
    filled = lists.status(held, who, __version__).isolates
    return RedirectResponse("/dashboard" if filled else "/status", 303)


@router.get("/dashboard")
def dashboard(held: HeldHere, who: Reader, cluster: ClusterName = "") -> Response:
    """The report's own panels, of what the collection holds of the viewer's."""
    told = dashboards.dashboard(held, who, cluster)
    menu = tuple(_menu(held, who))
    content = rendering.dashboard(**told, viewer=who.viewer, word=who.word, menu=menu)
    return HTMLResponse(content, headers={"Content-Security-Policy": DRAWING_POLICY})


@router.get("/status")
def status(request: Request, held: HeldHere, who: Reader) -> Response:
    """The dashboard: how much there is, and what there is to look at."""
    few = Asked(Window(10))
    shown = {
        noun: lists.rows(held, noun, who, few).rows
        for noun in ("alerts", "clusters")
        if lists.reader(held, noun)
    }
    return _page("status.html.j2", held, who, status=lists.status(held, who, __version__), **shown)


@router.get("/isolates/{isolate_id}")
def isolate(asked: List, isolate_id: IsolateName, within: Within = None) -> Response:
    """One isolate and who is near."""
    one = lists.isolate(asked.held, asked.who, isolate_id)
    wanted = Asked(asked.window, within=within)
    near, _ = lists.neighbours(asked.held, asked.who, isolate_id, wanted)
    return _page("isolate.html.j2", asked.held, asked.who, one=one, near=near)


@router.post("/isolates")
def add_isolate(
    request: Request,
    who: FormChanger,
    isolate_id: Name,
    assembly: Assembly,
    jurisdiction: Jurisdiction = "",
) -> Response:
    """Take an assembly, and show the job."""
    job = uploads.take_isolate(board_of(request), who, (isolate_id, jurisdiction), assembly)
    return RedirectResponse(f"/jobs/{job.job}", 303)


@router.post("/cases")
def import_cases(
    request: Request, who: FormChanger, linelist: LineListFile, exposures: ExposureFile = None
) -> Response:
    """Take a line list, and show the job."""
    given = exposures if exposures and exposures.size else None
    job = uploads.take_cases(board_of(request), who, linelist, given)
    return RedirectResponse(f"/jobs/{job.job}", 303)


@router.post("/alerts")
def answer(held: HeldHere, who: FormChanger, alert: Field = "", note: Field = "") -> Response:
    """Take an alert on."""
    from_collection.answer(held, who, alert, note.replace("\0", "") or "taken on")
    return RedirectResponse("/alerts", 303)


@router.get("/cases/{case_id:path}")
def case(held: HeldHere, who: Reader, case_id: CaseName) -> Response:
    """One case and what it was exposed to."""
    return _page("case.html.j2", held, who, one=lists.case(held, who, case_id))


@router.get("/jobs")
def jobs(request: Request, asked: List) -> Response:
    """The viewer's jobs."""
    return _listed(asked, Noun("Jobs", answers.Job), uploads.jobs(request, asked), "jobs")


@router.get("/jobs/{job}")
def job(request: Request, held: HeldHere, who: Reader, job: JobName) -> Response:
    """One job; the page looks again until it has ended."""
    one = uploads.job_of(board_of(request), who, job)
    return _page("job.html.j2", held, who, one=one, ended=one.state in ENDED)


@router.get("/files")
def files(asked: List) -> Response:
    """The run's files."""
    noun = Noun("Files", answers.PublishedFile)
    found = published.listed(asked.held, asked.who, asked.window)
    told = {"items": found.rows, "total": found.total}
    return _listed(asked, noun, told, "files")


@router.get("/files/{name:path}")
def file(held: HeldHere, who: Reader, name: str) -> Response:
    """One of the run's files, to keep; never to be run by the browser."""
    path = published.path_of(held, who, name)
    return FileResponse(path, filename=path.name, media_type="application/octet-stream")


@router.get("/report")
def report(held: HeldHere, who: Reader) -> Response:
    """The run's report as it is, under its own policy: it loads nothing and asks nobody."""
    content = published.path_of(held, who, "report.html").read_text("utf-8")
    return HTMLResponse(content, headers={"Content-Security-Policy": policy_of(content)})


def policy_of(report: str) -> str:
    """The policy a report states, made stricter; one that lets nothing run where it states none."""
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', report[:200_000])
    stated = found[1].replace("&#39;", "'") if found else "default-src 'none'"
    return f"{stated}; connect-src 'none'; frame-ancestors 'none'"


def _listed(asked: Listing, noun: Noun, found: Mapping[str, Any], path: str) -> Response:
    request, window = asked.request, asked.window
    before, after = max(window.offset - window.limit, 0), window.offset + window.limit
    rows = [one.model_dump() for one in found["items"]]
    return _page(
        noun.template,
        asked.held,
        asked.who,
        noun=noun,
        path=path,
        rows=rows,
        columns=_columns(noun, rows),
        total=found["total"],
        offset=window.offset,
        given=dict(request.query_params),
        twin=f"/api/v1{address(request)}",
        before=address(request, offset=before) if window.offset else None,
        after=address(request, offset=after) if after < found["total"] else None,
    )


def _columns(noun: Noun, rows: Sequence[Mapping[str, object]]) -> list[str]:
    """The columns in which any row says something, and the first."""
    first, *others = noun.shown or noun.model.model_fields
    return [first, *(name for name in others if any(row[name] not in _NOTHING for row in rows))]


_NOTHING: tuple[object, ...] = (None, [], {})


def _page(template: str, held: Held, who: Known, **context: Any) -> Response:
    menu = tuple(_menu(held, who))
    told = {"title": held.title, "viewer": who.viewer, "word": who.word, "menu": menu}
    return HTMLResponse(page(template, **told, has_collection=held.desk is not None, **context))


def _menu(held: Held, who: Known) -> Iterator[tuple[str, str]]:
    """Addresses and titles of the pages that the viewer may see."""
    run = held.run is not None and who.viewer.sees_all and who.viewer.may("see cases")
    if held.desk is not None:
        yield "/dashboard", "Dashboard"
    yield "/status", "Overview"
    if run:
        yield "/report", "Report"
    for path, noun in NOUNS.items():
        of_run = path in ("links", "sources", "questions")
        allowed = who.viewer.may("see cases") or not noun.needs_cases
        if lists.reader(held, path) and allowed and (run or not of_run):
            yield f"/{path}", noun.title
    if held.desk is not None:
        yield "/jobs", "Jobs"
    if run:
        yield "/files", "Files"
