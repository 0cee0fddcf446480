"""Pairs of isolates as links judges them: what is known of both, what was counted, and in which company."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from abscope.outbreak.link_paths import dated
from abscope.records import Sampled

_TOGETHER = 512


@dataclass(frozen=True, slots=True)
class Pair:
    """Two isolates, by name, and what was counted between them; reference None: they have none in common.

    stratum: the narrowest that holds both, None where there is none or one is not known.
    """

    one: Sampled
    other: Sampled
    snps: int | None
    comparable: int | None
    reference: str | None
    stratum: str | None

    @property
    def same_patient(self) -> bool:
        """Whether both are known to be one patient's."""
        return self.one.patient is not None and self.one.patient == self.other.patient


def is_near(pair: Pair, limit: int) -> bool:
    """Whether they were compared, and are no more than `limit` SNPs apart."""
    return pair.snps is not None and bool(pair.comparable) and pair.snps <= limit


def groups(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    """Pairs of one stratum with dates of one kind, of similar distances, few enough for memory."""
    sorts: dict[tuple[str, bool], list[Pair]] = defaultdict(list)
    for pair in pairs:
        sorts[pair.stratum or "", dated(pair.one) and dated(pair.other)].append(pair)
    for group in sorts.values():
        group.sort(key=lambda pair: pair.snps or 0)
        for start in range(0, len(group), _TOGETHER):
            yield group[start : start + _TOGETHER]
