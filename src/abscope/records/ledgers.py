"""What happened to the clusters of a collection; a cluster's number is never used again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Verb = Literal["founded", "joined", "merged", "split", "left", "ended"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger.

    founded: `isolates` began `cluster`. joined, left: they entered or went. merged: `other` is now part
    of `cluster`. split: `isolates` of `cluster` are now `other`. ended: nobody is left in `cluster`.
    """

    level: int
    verb: Verb
    cluster: int
    other: int | None = None
    isolates: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The entry as a person reads it."""
        who = ", ".join(self.isolates)
        match self.verb:
            case "founded":
                return f"{who} began cluster {self.cluster} at {self.level} SNPs"
            case "joined":
                return f"{who} joined cluster {self.cluster} at {self.level} SNPs"
            case "merged":
                return f"cluster {self.other} became part of {self.cluster} at {self.level} SNPs"
            case "split":
                return (
                    f"{who} of cluster {self.cluster} became {self.other} at {self.level} SNPs: "
                    "nobody close to both is left"
                )
            case "left":
                return f"{who} left cluster {self.cluster} at {self.level} SNPs"
            case "ended":
                return f"cluster {self.cluster} at {self.level} SNPs has no isolates left"


@dataclass(frozen=True, slots=True)
class Change:
    """What one isolate's coming or going does to the clusters of one level.

    placed: isolates and their cluster from now on. absorbed: clusters whose members are now in another.
    """

    entries: tuple[Entry, ...]
    placed: Mapping[str, int] = field(default_factory=dict)
    absorbed: Mapping[int, int] = field(default_factory=dict)
