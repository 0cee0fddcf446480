"""The JSON twin of every page."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from abscope import __version__
from abscope.collection.paged import Window
from abscope.web import dashboard as dashboards
from abscope.web import from_collection, lists
from abscope.web import published as published_files
from abscope.web.answers import (
    Alert,
    Case,
    Cluster,
    ClusterQuestions,
    ClusterSources,
    Dashboard,
    Isolate,
    LedgerEntry,
    Link,
    LogEntry,
    Neighbours,
    Note,
    OneCase,
    OneIsolate,
    Page,
    Pair,
    PublishedFile,
    Refusal,
    Status,
)
from abscope.web.asking import (
    AlertName,
    CaseName,
    ClusterName,
    InState,
    IsolateName,
    Least,
    Level,
    Limit,
    Offset,
    Since,
    Text,
    Within,
    day,
    page_of,
)
from abscope.web.held import Asked, Held
from abscope.web.who import Changer, Reader

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Refusal, "description": told}
    for status, told in {
        400: "the server is not called so, or the body is none",
        401: "whoever asks is not known",
        403: "the role or jurisdiction does not allow it",
        404: "there is none, or not for whoever asks",
        422: "what was asked for cannot be understood or used",
        503: "the store cannot be read or written at present",
    }.items()
}
router = APIRouter(prefix="/api/v1", responses=REFUSALS)


def held_of(request: Request) -> Held:
    """What is served."""
    held: Held = request.app.state.held
    return held


HeldHere = Annotated[Held, Depends(held_of)]


class Listing:
    """Everything a list's address has in common: what is served, who asks, which part."""

    def __init__(
        self, request: Request, held: HeldHere, who: Reader, limit: Limit = 100, offset: Offset = 0
    ) -> None:
        self.request, self.held, self.who, self.window = request, held, who, Window(limit, offset)

    def page(self, noun: str, **wishes: Any) -> dict[str, Any]:
        """A part of the list of a noun."""
        found = lists.rows(self.held, noun, self.who, Asked(self.window, **wishes))
        return page_of(self.request, self.window, found)


List = Annotated[Listing, Depends()]


@router.get("/status", response_model=Status, tags=["collection"])
def status(held: HeldHere, who: Reader) -> Any:
    """What is held, as far as it is yours."""
    return lists.status(held, who, __version__)


@router.get("/dashboard", response_model=Dashboard, tags=["collection"])
def dashboard(held: HeldHere, who: Reader, cluster: ClusterName = "") -> Any:
    """What the dashboard shows of what is yours; its lists are at their own addresses."""
    return dashboards.twin(held, who, cluster)


@router.get("/isolates", response_model=Page[Isolate], tags=["isolates"])
def isolates(asked: List, text: Text = "", state: InState = None) -> Any:
    """Your isolates, in the order they came."""
    return asked.page("isolates", text=text, state=state)


@router.get("/isolates/{isolate_id}", response_model=OneIsolate, tags=["isolates"])
def isolate(held: HeldHere, who: Reader, isolate_id: IsolateName) -> Any:
    """One of your isolates, and whom to call about near matches elsewhere."""
    return lists.isolate(held, who, isolate_id)


@router.get("/isolates/{isolate_id}/neighbours", response_model=Neighbours, tags=["isolates"])
def neighbours(asked: List, isolate_id: IsolateName, within: Within = None) -> Any:
    """Who is near an isolate, nearest first."""
    wanted = Asked(asked.window, within=within)
    found, elsewhere = lists.neighbours(asked.held, asked.who, isolate_id, wanted)
    return {**page_of(asked.request, asked.window, found), "elsewhere": elsewhere}


@router.get("/pairs", response_model=Page[Pair], tags=["isolates"])
def pairs(asked: List, within: Within = None) -> Any:
    """Pairs of isolates, closest first."""
    return asked.page("pairs", within=within)


@router.get("/clusters", response_model=Page[Cluster], tags=["clusters"])
def clusters(asked: List, level: Level = None, least: Least = 2) -> Any:
    """Clusters, widest level first, then the largest."""
    return asked.page("clusters", level=level, least=least)


@router.get("/ledger", response_model=Page[LedgerEntry], tags=["clusters"])
def ledger(asked: List, since: Since = None) -> Any:
    """What became of clusters, oldest first."""
    return asked.page("ledger", since=day(since))


@router.get("/log", response_model=Page[LogEntry], tags=["collection"])
def log(asked: List, since: Since = None) -> Any:
    """What was done to isolates, oldest first."""
    return asked.page("log", since=day(since))


@router.get("/alerts", response_model=Page[Alert], tags=["watching"])
def alerts(asked: List, since: Since = None) -> Any:
    """What a person should know, newest first."""
    return asked.page("alerts", since=day(since))


@router.post("/alerts/{alert}/answers", status_code=204, tags=["watching"])
def answer(held: HeldHere, who: Changer, alert: AlertName, note: Note) -> None:
    """Take an alert on; answers are added, and never overwritten."""
    from_collection.answer(held, who, alert, note.note)


@router.get("/cases", response_model=Page[Case], tags=["cases"])  # type: ignore[valid-type]
def cases(asked: List, text: Text = "") -> Any:
    """Cases; that they were read is written into the audit log."""
    return asked.page("cases", text=text)


@router.get("/cases/{case_id:path}", response_model=OneCase, tags=["cases"])
def case(held: HeldHere, who: Reader, case_id: CaseName) -> Any:
    """One case and what it was exposed to."""
    return lists.case(held, who, case_id)


@router.get("/links", response_model=Page[Link], tags=["investigation"])  # type: ignore[valid-type]
def links(asked: List, within: Within = None) -> Any:
    """How every two isolates of the run hang together, closest first."""
    return asked.page("links", within=within)


@router.get("/sources", response_model=Page[ClusterSources], tags=["investigation"])
def sources(asked: List) -> Any:
    """Where each cluster's infection may have come from."""
    return asked.page("sources")


@router.get("/questions", response_model=Page[ClusterQuestions], tags=["investigation"])
def questions(asked: List) -> Any:
    """Whom to ask what next, by cluster."""
    return asked.page("questions")


@router.get("/files", response_model=Page[PublishedFile], tags=["investigation"])
def files(asked: List) -> Any:
    """The files of the run; /files/NAME gives one."""
    found = published_files.listed(asked.held, asked.who, asked.window)
    return page_of(asked.request, asked.window, found)
