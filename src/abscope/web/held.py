"""What is served: a collection, an investigation's output folder, or both; and how a list is asked for.

Where both are served, a list that the collection has is the collection's.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from abscope.collection.access import Viewer
from abscope.collection.history import Stamp
from abscope.collection.paged import Part, Window
from abscope.collection.tokens import instant
from abscope.errors import AbscopeError, AccessError
from abscope.formats.run_folder import read as read_run
from abscope.records import Published
from abscope.surveillance import Desk
from abscope.web.oidc import Provider


class NotHeldError(AbscopeError):
    """There is no such thing here, or not for whoever asks."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of a list: rows wanted, and what they must be like. Unused wishes are None or empty."""

    window: Window
    text: str = ""
    since: str = ""
    level: int | None = None
    within: int | None = None
    state: Any = None
    least: int = 2


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks, and when."""

    viewer: Viewer
    now: datetime

    @property
    def stamp(self) -> Stamp:
        """For the logs."""
        return Stamp(instant(self.now), self.viewer.user)


@dataclass(slots=True)
class RunFolder:
    """A run's output folder, read when first asked for and again when it was published anew."""

    folder: Path
    _read: tuple[int, Published] | None = field(default=None, repr=False)

    @property
    def published(self) -> Published:
        """Its tables. Raises FormatError where they cannot be read."""
        path = self.folder / "manifest.json"
        stamp = path.stat().st_mtime_ns if path.is_file() else 0
        if self._read is None or self._read[0] != stamp:
            self._read = stamp, read_run(self.folder)
        return self._read[1]


@dataclass(frozen=True, slots=True)
class Held:
    """What is served, at least one of both; and who else may say who somebody is."""

    desk: Desk | None = None
    run: RunFolder | None = None
    provider: Provider | None = None

    @property
    def title(self) -> str:
        """What pages are headed with."""
        folder = self.desk.collection.folder if self.desk else self.run and self.run.folder
        return str(getattr(folder, "name", "")) or "abscope"

    def must_desk(self) -> Desk:
        """The collection. Raises NotHeldError."""
        if self.desk is None:
            raise NotHeldError("a run is served here, not a collection", hint=SERVE_COLLECTION)
        return self.desk

    def must_provider(self) -> Provider:
        """Who else may say who somebody is. Raises NotHeldError."""
        if self.provider is None:
            raise NotHeldError("no other accounts are known here", hint="docs/access.md: oidc.toml")
        return self.provider

    def must_run(self, viewer: Viewer) -> RunFolder:
        """The run, for who sees all: its tables say nothing of jurisdictions. Raises NotHeldError."""
        if self.run is None:
            raise NotHeldError("no run is served here", hint=SERVE_RUN)
        if not viewer.sees_all:
            raise AccessError(
                f"{viewer.user} may not see a run", hint="it speaks of every jurisdiction"
            )
        return self.run


Reader = Callable[[Held, Ask, Asked], Part[Any]]
SERVE_RUN = "abscope serve COLLECTION --run OUTDIR serves an investigation beside the collection"
SERVE_COLLECTION = "abscope serve COLLECTION serves a collection (abscope init founds one)"


def now() -> datetime:
    """The moment it is."""
    return datetime.now(UTC)
