"""What is said about data: left out, and why; odd, and what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that did not take part, and the reason."""

    name: str
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding about the data that does not stop the work: where, what, and what to do."""

    where: str
    what: str
    hint: str = ""
