"""Cases, what the genomes say of them, and all that a report shows. Frames follow tables.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from abscope.records.backgrounds import Background
from abscope.records.empty import empty
from abscope.records.followup import Task
from abscope.records.links import Links
from abscope.records.populations import Relatedness
from abscope.records.remarks import LeftOut, Problem
from abscope.records.sources import Question, SourceRanking
from abscope.records.traces import Reach
from abscope.records.types import TypeTables

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Twins:
    """Two cases that may be one patient, and what speaks for it."""

    case_1: str
    case_2: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class LineList:
    """Cases and all that is recorded of them, checked. Frames follow the tables of their names.

    responses: what each case was asked, and whether it answered. specimens: patients', and products',
    devices' and places'. twins: rows that may be one patient, never joined without being told to.
    """

    cases: "pl.DataFrame"
    exposures: "pl.DataFrame"
    problems: tuple[Problem, ...] = ()
    responses: "pl.DataFrame" = field(default_factory=empty("RESPONSES"))
    episodes: "pl.DataFrame" = field(default_factory=empty("EPISODES"))
    specimens: "pl.DataFrame" = field(default_factory=empty("SPECIMENS"))
    symptoms: "pl.DataFrame" = field(default_factory=empty("SYMPTOMS"))
    treatments: "pl.DataFrame" = field(default_factory=empty("TREATMENTS"))
    twins: tuple[Twins, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """Cases and isolates joined by name, with both kinds of leftover kept.

    matched: case_id, isolate_id (one row per isolate). cases_only: case_id, reason.
    isolates_only: isolate_id. problems: names that nearly match, isolates claimed twice.
    """

    matched: "pl.DataFrame"
    cases_only: "pl.DataFrame"
    isolates_only: "pl.DataFrame"
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Description:
    """When, who and what goes with being a case. Frames follow tables of their names.

    counts: people by status. curve: tables.EPI_CURVE. events: tables.CASE_EVENTS. tests: EXPOSURE_TESTS.
    samples: SAMPLED.
    left_out: who takes no part in which table, and why.
    """

    counts: Mapping[str, int]
    curve: "pl.DataFrame"
    events: "pl.DataFrame"
    tests: "pl.DataFrame"
    stratified: "pl.DataFrame"
    matched: "pl.DataFrame"
    adjusted: "pl.DataFrame"
    samples: "pl.DataFrame"
    left_out: tuple[LeftOut, ...] = ()
    remarks: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What the genomes and the line list say together.

    shared: tables.SHARED_EXPOSURES, for every cluster what its cases share.
    compatible: tables.COMPATIBLE_CASES, cases without an isolate that share a cluster's exposures.
    links: what the distance of every two isolates means, None where it was not weighed. sources,
    questions, reach: by cluster, where its infection may have come from, what to ask next, and how many
    cases lead back to each supplier and lot. tasks: what is due, the longest overdue first. backgrounds:
    what pairs were held against.
    """

    linelist: LineList
    linked: Linked
    level: int
    shared: "pl.DataFrame"
    compatible: "pl.DataFrame"
    problems: tuple[Problem, ...] = field(default=())
    links: Links | None = None
    sources: Mapping[str, SourceRanking] = field(default_factory=dict)
    questions: Mapping[str, tuple[Question, ...]] = field(default_factory=dict)
    reach: Mapping[str, tuple[Reach, ...]] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    backgrounds: tuple[Background, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Investigation:
    """All that a report shows: one collection at one moment.

    isolates: tables.ISOLATES. left_out: isolates that could not be profiled. problems: remarks on the
    sample sheet. manifest: what was run on
    what (versions, parameters, checksums), JSON values only. types: None where isolates were not typed.
    """

    title: str
    isolates: "pl.DataFrame"
    relatedness: Relatedness
    findings: Findings | None
    left_out: tuple[LeftOut, ...]
    manifest: Mapping[str, object]
    problems: tuple[Problem, ...] = ()
    types: TypeTables | None = None
