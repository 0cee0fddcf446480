"""What the API answers: one model per noun, each with an example. Unknown is null."""

from functools import cache
from typing import Annotated, Any, Generic, Literal, TypeVar

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, create_model

from abscope.records.sources import Question, SourceRanking
from abscope.tables import CASES, EXPOSURES, Table
from abscope.tables.links import LINKS
from abscope.web import examples

T = TypeVar("T")


def _like(example: object) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})  # type: ignore[list-item]


class Page(BaseModel, Generic[T]):
    """Items of a list. total: how many it has in all. next: address of the next page, null at its end."""

    items: list[T]
    total: int = Field(ge=0)
    limit: int
    offset: int
    next: str | None = None


class Isolate(BaseModel):
    """One isolate. clusters: its cluster at every level; jurisdiction: null where nobody is named."""

    model_config = _like(examples.ISOLATE)
    isolate_id: str
    state: Literal["present", "removed", "failed"]
    reference: str | None
    jurisdiction: str | None
    removed: str | None = Field(description="when it was taken out")
    failure: str | None = Field(description="why it could not be profiled")
    clusters: dict[str, str]


class Elsewhere(BaseModel):
    """A near match in another jurisdiction: all that is told of it is whom to call."""

    model_config = _like(examples.ELSEWHERE)
    jurisdiction: str
    contact: str | None


class OneIsolate(Isolate):
    """An isolate, its quality where a run measured it, and who else holds a near match."""

    model_config = _like(examples.ONE_ISOLATE)
    quality: dict[str, int | float | str | None] | None
    elsewhere: list[Elsewhere]


class Neighbour(BaseModel):
    """An isolate near another: SNPs, of so many comparable sites."""

    model_config = _like(examples.NEIGHBOUR)
    isolate_id: str
    snps: int
    comparable: int


class Neighbours(Page[Neighbour]):
    """Isolates near one, and who else holds a near match."""

    elsewhere: list[Elsewhere]


class Pair(BaseModel):
    """Two isolates. snps: null where they cannot be compared, which `verdict` says."""

    model_config = _like(examples.PAIR)
    isolate_1: str
    isolate_2: str
    reference: str | None
    snps: int | None
    comparable: int | None
    verdict: Literal["compared", "unresolved", "different reference"]


class Cluster(BaseModel):
    """Isolates that hang together within `level` SNPs; those of other jurisdictions are not told."""

    model_config = _like(examples.CLUSTER)
    level: int
    cluster: str
    size: int
    isolates: list[str]


class LedgerEntry(BaseModel):
    """What became of a cluster."""

    model_config = _like(examples.LEDGER_ENTRY)
    at: str
    level: int
    verb: Literal["founded", "joined", "merged", "split", "left", "ended"]
    cluster: int
    other: int | None
    isolates: list[str]
    sentence: str


class LogEntry(BaseModel):
    """What was done to an isolate."""

    model_config = _like(examples.LOG_ENTRY)
    entry: int
    at: str
    actor: str
    verb: str
    subject: str
    detail: dict[str, Any]


class Status(BaseModel):
    """What is held, as far as it is the viewer's. clusters: groups and single isolates by level."""

    model_config = _like(examples.STATUS)
    title: str
    version: str
    held: list[Literal["collection", "run"]]
    isolates: int
    by_reference: dict[str, int]
    removed: int
    failed: int
    clusters: dict[str, int]


class Dashboard(BaseModel):
    """What the dashboard shows.

    people: names by the token that panels know them by; cases with their isolates, status and answers, a
    letter an exposure (y, n, u: not known, -: not recorded); traits to colour by.
    """

    model_config = _like(examples.DASHBOARD)
    title: str
    shown: int
    total: int
    panels: list[str]
    found: list[str]
    limits: list[str]
    people: dict[str, Any]


class Acknowledgement(BaseModel):
    """Who has taken an alert on, in what words."""

    model_config = _like(examples.ACKNOWLEDGEMENT)
    at: str
    actor: str
    note: str


class Alert(BaseModel):
    """Something a person should know, without the names of other jurisdictions' isolates.

    false_a_year: how often such an alert is expected to come of nothing. delivered: by how many channels.
    """

    model_config = _like(examples.ALERT)
    alert: str
    day: str
    rule: str
    severity: str
    subject: str
    title: str
    reason: str
    evidence: dict[str, Any]
    jurisdiction: str | None
    false_a_year: float | None
    delivered: int
    channels: int
    answers: list[Acknowledgement]


class Note(BaseModel):
    """What is answered to an alert."""

    model_config = _like({"note": "Called the clinic; waiting for its list."})
    note: str = Field(
        min_length=1, max_length=2_000, pattern=r"^[^\x00]+$", description="what is done about it"
    )


class ClusterSources(BaseModel):
    """Where a cluster's infection may have come from. No infinity in JSON: 1.8e308 stands for it."""

    model_config = _like(examples.SOURCES)
    cluster: str
    ranking: SourceRanking


class ClusterQuestions(BaseModel):
    """Whom to ask what next about a cluster, the most telling answer per effort first."""

    model_config = _like(examples.QUESTIONS)
    cluster: str
    questions: list[Question]


class Progress(BaseModel):
    """How far a job is."""

    done: int
    total: int
    note: str


class Job(BaseModel):
    """Long work. state: interrupted where the server ended before the job; nothing of it is kept."""

    model_config = _like(examples.JOB)
    job: str
    kind: Literal["add isolate", "import cases"]
    subject: str
    user: str
    state: Literal["queued", "running", "done", "failed", "interrupted"]
    made: str
    started: str | None
    ended: str | None
    progress: Progress
    message: str | None = Field(description="what came of it, or why it failed")
    hint: str | None = Field(description="what to do where it failed")
    result: dict[str, Any] | None


class Refusal(BaseModel):
    """Why it was not done, and what to do: an RFC 9457 problem with our hint."""

    model_config = _like(examples.REFUSAL)
    type: str = "about:blank"
    title: str
    status: int
    detail: str
    hint: str
    errors: list[str] = []


class PublishedFile(BaseModel):
    """A file of the run: its name within the output folder, and its bytes."""

    model_config = _like(examples.FILE)
    name: str
    size: int


class Health(BaseModel):
    """That the server works."""

    model_config = _like(examples.HEALTH)
    status: Literal["ok"]
    version: str


_KINDS: dict[type, Any] = {
    pl.String: str,
    pl.Int64: int,
    pl.Float64: float,
    pl.List: list[str],
    pl.Date: Annotated[str, Field(json_schema_extra={"format": "date"})],
}


@cache
def model_of(table: Table, name: str) -> type[BaseModel]:
    """A model with a table's columns, their meanings and their words."""
    fields: dict[str, Any] = {}
    for column in table.columns:
        kind = _KINDS[column.type.base_type()]
        if column.one_of:
            kind = Literal[column.one_of]
        told = Field(description=column.meaning)
        fields[column.name] = (kind if column.required else kind | None, told)
    config = _like(examples.ROWS[table.name])
    made: type[BaseModel] = create_model(
        name, __doc__=f"A row of {table.name}.", __config__=config, **fields
    )
    return made


def _of(**fields: Any) -> dict[str, Any]:
    return {name: (kind, ...) for name, kind in fields.items()}


Case = model_of(CASES, "Case")
Exposure = model_of(EXPOSURES, "Exposure")
Link = model_of(LINKS, "Link")
OneCase: type[BaseModel] = create_model(
    "OneCase",
    __doc__="A case and what it was exposed to.",
    __config__=_like({"case": examples.ROWS["cases"], "exposures": [examples.ROWS["exposures"]]}),
    **_of(case=Case, exposures=list[Exposure]),  # type: ignore[valid-type]
)
