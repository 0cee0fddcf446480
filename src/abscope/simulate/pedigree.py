"""Everyone who descends from one ancestor: genomes, and what happened on every line of descent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from abscope.simulate.genomes import Genome
from abscope.simulate.mutation import Change, Import, descended, recombined
from abscope.simulate.phylogeny import Node, Tree


@dataclass(frozen=True, slots=True)
class Clock:
    """How often things happen, per genome and year of evolving.

    substitutions: domain figures run from 0.44 to 1.22 for *M. abscessus*. imports come from a donor.
    """

    substitutions: float = 0.9
    indels: float = 0.06
    imports: float = 0.004
    import_length: float = 8_000


@dataclass(frozen=True, slots=True)
class Descent:
    """One line of descent: from whom, how much changed, what was imported; date in decimal years."""

    name: str
    parent: str | None
    date: float | None = None
    substitutions: int = 0
    imports: tuple[Import, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Pedigree:
    """Genomes by name, and descents with every parent before its children."""

    genomes: Mapping[str, Genome]
    descents: tuple[Descent, ...]

    def holding(self, descent: Descent, genome: Genome) -> "Pedigree":
        """Return the pedigree with one more member."""
        if descent.name in self.genomes:
            raise ValueError(f"two members of a pedigree are called {descent.name}")
        return Pedigree({**self.genomes, descent.name: genome}, (*self.descents, descent))

    def keeping(self, names: Collection[str]) -> "Pedigree":
        """Drop the genomes of all others; their descents stay."""
        return replace(self, genomes={n: g for n, g in self.genomes.items() if n in names})

    def line(self, name: str) -> list[Descent]:
        """Return the descents from a member up to the ancestor, the member's own first."""
        known = {descent.name: descent for descent in self.descents}
        found = [known[name]]
        while found[-1].parent is not None:
            found.append(known[found[-1].parent])
        return found

    def mutations(self, one: str, other: str) -> int:
        """Count substitutions on the path between two members, imports not counted."""
        first = {descent.name: descent for descent in self.line(one)}
        second = {descent.name: descent for descent in self.line(other)}
        return sum({**first, **second}[name].substitutions for name in first.keys() ^ second.keys())

    def tree(self) -> Tree:
        """Return the whole tree; branch lengths are in the descents, by the same index."""
        index = {descent.name: k for k, descent in enumerate(self.descents)}
        nodes = tuple(
            Node(d.name, None if d.parent is None else index[d.parent], d.date or 0.0, 0.0)
            for d in self.descents
        )
        parents = {descent.parent for descent in self.descents}
        return Tree(nodes, frozenset(index) - {name for name in parents if name})

    def newick(self) -> str:
        """Write the whole tree, branch lengths in substitutions per genome."""
        return self.tree().newick(lambda index: self.descents[index].substitutions)


def founded(ancestor: Genome, name: str = "ancestor") -> Pedigree:
    """Start a pedigree with its ancestor."""
    return Pedigree({name: ancestor}, (Descent(name, None),))


def descend(
    pedigree: Pedigree,
    parent: str,
    descent: Descent,
    *,
    change: Change,
    rng: np.random.Generator,
) -> Pedigree:
    """Add a member that differs from its parent by `change`; name and date come from `descent`."""
    genome = descended(pedigree.genomes[parent], change, rng)
    full = replace(descent, parent=parent, substitutions=change.substitutions)
    return pedigree.holding(full, genome)


def importing(
    pedigree: Pedigree,
    member: str,
    donor: str,
    *,
    count: int,
    mean_length: float = 8_000,
    rng: np.random.Generator,
) -> Pedigree:
    """Let the youngest member take `count` stretches over from a donor."""
    *others, last = pedigree.descents
    if last.name != member:
        raise ValueError(
            f"{member} is not the youngest member: its children would lack the imports"
        )
    genome, events = recombined(
        pedigree.genomes[member],
        pedigree.genomes[donor],
        donor,
        count=count,
        mean_length=mean_length,
        rng=rng,
    )
    full = replace(last, imports=last.imports + events)
    return Pedigree({**pedigree.genomes, member: genome}, (*others, full))


def grow(
    pedigree: Pedigree,
    tree: Tree,
    clock: Clock,
    *,
    donors: Sequence[str] = (),
    rng: np.random.Generator,
) -> Pedigree:
    """Let a dated tree evolve from its root, a member of that name, by the clock."""
    for node in tree.nodes[1:]:
        parent = tree.nodes[node.parent or 0].name
        change = Change(
            int(rng.poisson(clock.substitutions * node.evolving)),
            int(rng.poisson(clock.indels * node.evolving)),
        )
        child = Descent(node.name, parent, node.date)
        pedigree = descend(pedigree, parent, child, change=change, rng=rng)
        imports = int(rng.poisson(clock.imports * node.evolving)) if donors else 0
        if imports:
            donor = donors[int(rng.integers(len(donors)))]
            length = clock.import_length
            pedigree = importing(
                pedigree, node.name, donor, count=imports, mean_length=length, rng=rng
            )
    return pedigree
