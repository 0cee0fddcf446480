"""The parts a list can be asked by, with their limits and examples, for the API and the pages alike."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Path, Query, Request

from abscope.collection.paged import Part, State, Window

MOST = 1_000
_TEXT = r"^[^\x00-\x1f\x7f]*$"

Limit = Annotated[int, Query(ge=1, le=MOST, description="items wanted", examples=[100])]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="items to skip first", examples=[0])]
Text = Annotated[
    str,
    Query(max_length=100, pattern=_TEXT, description="part of the name", examples=["AZ-23"]),
]
Since = Annotated[date | None, Query(description="from this day on", examples=["2026-11-01"])]
Level = Annotated[
    int | None, Query(ge=0, le=100_000, description="SNP level of clusters", examples=[10])
]
Within = Annotated[
    int | None, Query(ge=0, le=100_000, description="at most so many SNPs", examples=[25])
]
Least = Annotated[
    int, Query(ge=1, le=1_000_000, description="isolates a cluster has at least", examples=[2])
]
InState = Annotated[State | None, Query(description="isolates of one state", examples=["present"])]
IsolateName = Annotated[
    str,
    Path(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
        description="an isolate's name",
        examples=["AZ-23-0417"],
    ),
]
CaseName = Annotated[
    str,
    Path(
        pattern=_TEXT,
        min_length=1,
        max_length=200,
        description="a case's identifier",
        examples=["A"],
    ),
]
AlertName = Annotated[
    str,
    Path(
        pattern=_TEXT,
        min_length=1,
        max_length=64,
        description="an alert's key",
        examples=["0f3a9c5b7e21d4c8a6f0"],
    ),
]
ClusterName = Annotated[
    str,
    Query(
        pattern=r"^(\d{1,6}-\d{1,9})?$",
        description="LEVEL-NUMBER of a cluster, to look at it alone",
        examples=["25-1"],
    ),
]
JobName = Annotated[
    str, Path(pattern=r"^[0-9a-f]{16}$", description="a job", examples=["9f86d081884c7d65"])
]


def day(since: date | None) -> str:
    """A day as the store writes it; empty for none."""
    return since.isoformat() if since else ""


def page_of(request: Request, window: Window, found: Part[Any]) -> dict[str, Any]:
    """The values of a Page, with the address of the next."""
    after = window.offset + window.limit
    return {
        "items": list(found.rows),
        "total": found.total,
        "limit": window.limit,
        "offset": window.offset,
        "next": address(request, offset=after) if after < found.total else None,
    }


def address(request: Request, **changed: object) -> str:
    """The address asked for, with some of its parameters changed."""
    words = {**dict(request.query_params), **{name: str(value) for name, value in changed.items()}}
    return f"{request.url.path}?{urlencode(words)}"
