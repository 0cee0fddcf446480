"""Marker SNPs: letters at positions of a reference that mark a group of isolates."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.records.genomes import Letters
from abscope.records.isolates import MIXED, Calls

STRETCH = 100_000


@dataclass(frozen=True, slots=True)
class MarkerCount:
    """A group's markers in one isolate: carried, another letter, reads disagree, not read.

    stretches: 100-kb stretches of the reference in which at least one was read, of `all_stretches` with
    any: markers of one place alone may have come by recombination.
    """

    group: str
    carried: int
    other: int
    mixed: int
    unread: int
    stretches: int
    all_stretches: int

    @property
    def read(self) -> int:
        """Markers at which a letter was called."""
        return self.carried + self.other

    @property
    def share(self) -> float | None:
        """Share of the markers read that are carried; None where none was read."""
        return self.carried / self.read if self.read else None


@dataclass(frozen=True, slots=True, eq=False)
class Markers:
    """Marker SNPs on one reference.

    group: index into `groups`, position: 0-based, letter: ASCII; one entry per marker, int64, int64
    and uint8. A site may mark several groups.
    """

    reference: str
    groups: tuple[str, ...]
    group: NDArray[np.int64]
    position: NDArray[np.int64]
    letter: Letters
    source: str

    def __post_init__(self) -> None:
        if not len(self.group) == len(self.position) == len(self.letter):
            raise ValueError("one group, position and letter for each marker")
        if len(self.group) and not 0 <= self.group.min() <= self.group.max() < len(self.groups):
            raise ValueError("a marker of no group")
        if len(self.position) and self.position.min() < 0:
            raise ValueError("positions count from 0")

    def only(self, groups: tuple[str, ...]) -> "Markers":
        """The markers of these groups."""
        kept = np.isin(self.group, [i for i, name in enumerate(self.groups) if name in groups])
        return Markers(
            self.reference,
            self.groups,
            self.group[kept],
            self.position[kept],
            self.letter[kept],
            self.source,
        )

    def of(self, group: str) -> NDArray[np.bool_]:
        """Which markers are this group's."""
        chosen: NDArray[np.bool_] = self.group == self.groups.index(group)
        return chosen

    def counted(self, calls: Calls) -> tuple[MarkerCount, ...]:
        """How many markers of each group the isolate carries; groups without markers left out.

        Raises ValueError where the isolate was called against another reference, or a shorter one.
        """
        if calls.reference != self.reference:
            raise ValueError(f"markers lie on {self.reference}, calls on {calls.reference}")
        if len(self.position) and int(self.position.max()) >= len(calls.bases):
            raise ValueError(f"markers lie beyond the end of {self.reference}")
        letters = calls.bases[self.position]
        known = calls.called[self.position]
        carried = letters == self.letter
        found = []
        for index, name in enumerate(self.groups):
            mine = self.group == index
            if mine.any():
                read = mine & known
                mixed = int((letters[mine] == MIXED).sum())
                found.append(
                    MarkerCount(
                        name,
                        carried=int((read & carried).sum()),
                        other=int((read & ~carried).sum()),
                        mixed=mixed,
                        unread=int(mine.sum() - read.sum()) - mixed,
                        stretches=len(np.unique(self.position[read] // STRETCH)),
                        all_stretches=len(np.unique(self.position[mine] // STRETCH)),
                    )
                )
        return tuple(found)
