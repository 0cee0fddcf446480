"""Names of clusters that never move, in a collection that grows and shrinks one isolate at a time.

Single linkage: an isolate belongs to the clusters of everybody within a level's distance. The oldest of
several keeps its number, the others' numbers become part of its history and are never used again. The
partition is that of single linkage on all isolates present, whatever the order they came in; only the
numbers, and the ledger that explains them, depend on the order. Cluster numbers as in the SNP address
(Ashton and others, SnapperDB; Dallman and others 2018, doi 10.1093/bioinformatics/bty212).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from abscope.records import Change, Entry


def admitted(level: int, isolate: str, reached: Collection[int], *, fresh: int) -> Change:
    """An isolate comes. reached: the clusters of those within `level` SNPs. fresh: the next number."""
    if not reached:
        return Change((Entry(level, "founded", fresh, isolates=(isolate,)),), {isolate: fresh})
    kept, *lost = sorted(reached)
    merged = tuple(Entry(level, "merged", kept, other) for other in lost)
    joined = Entry(level, "joined", kept, isolates=(isolate,))
    return Change((*merged, joined), {isolate: kept}, dict.fromkeys(lost, kept))


def withdrawn(
    level: int, isolate: str, cluster: int, parts: Sequence[Sequence[str]], *, fresh: int
) -> Change:
    """An isolate goes. parts: what is left of its `cluster`, oldest first; each further one is new.

    The part of the oldest isolate keeps the number; others take `fresh`, `fresh` + 1, ...
    """
    left = Entry(level, "left", cluster, isolates=(isolate,))
    if not parts:
        return Change((left, Entry(level, "ended", cluster)))
    entries, placed = [left], dict[str, int]()
    for number, part in enumerate(parts[1:], fresh):
        entries.append(Entry(level, "split", cluster, number, tuple(part)))
        placed |= dict.fromkeys(part, number)
    return Change(tuple(entries), placed)


def parts_of(
    members: Sequence[str], near: Iterable[tuple[str, str]]
) -> tuple[tuple[str, ...], ...]:
    """Members (oldest first) still joined by `near` pairs, as parts: that of the oldest first."""
    parent = {member: member for member in members}
    for one, two in near:
        if one in parent and two in parent:
            parent[_root(parent, one)] = _root(parent, two)
    parts: dict[str, list[str]] = {}
    for member in members:
        parts.setdefault(_root(parent, member), []).append(member)
    return tuple(tuple(part) for part in parts.values())


def _root(parent: dict[str, str], member: str) -> str:
    while parent[member] != member:
        parent[member] = parent[parent[member]]
        member = parent[member]
    return member


def address(clusters: Mapping[int, int]) -> str:
    """An isolate's SNP address: its cluster at every level, loosest first (`1.1.4.7`)."""
    return ".".join(str(clusters[level]) for level in sorted(clusters, reverse=True))
