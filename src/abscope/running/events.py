"""What happens while a run goes on, told to whoever listens: a progress bar, a log, a test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

State = Literal["started", "done", "reused", "failed"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to `name` in `step`; `total` is how many the step will have."""

    step: str
    name: str
    state: State
    total: int = 1
    detail: str = ""


Listener = Callable[[Event], None]


def silent(_: Event) -> None:
    """Listen to nothing."""
