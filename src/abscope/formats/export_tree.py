"""Which tree an export draws: the one asked for, or the only one."""

from abscope.errors import UsageError
from abscope.population.newick import parse
from abscope.population.phylogeny import Phylogeny
from abscope.records import Published


def chosen(run: Published, reference: str | None) -> str:
    """The reference whose tree is drawn.

    Raises UsageError where the run has no such tree, or several and none was asked for.
    """
    if not run.trees:
        raise UsageError("the run has no tree", hint="run again with --tree, or export a table")
    known = ", ".join(run.trees)
    if reference is None and len(run.trees) > 1:
        raise UsageError(
            f"isolates of {len(run.trees)} references cannot be drawn in one tree",
            hint=f"choose one with --reference: {known}",
        )
    if reference is not None and reference not in run.trees:
        raise UsageError(f"no tree of {reference}", hint=f"there are trees of: {known}")
    return reference or next(iter(run.trees))


def tree(run: Published, reference: str | None) -> Phylogeny:
    """That tree. Raises UsageError as `chosen` does."""
    return parse(run.trees[chosen(run, reference)])


def leaf_order(newick: str) -> tuple[str, ...]:
    """Names of the leaves as they stand from top to bottom."""
    drawn = parse(newick)
    below, order, waiting = drawn.children, [], [0]
    while waiting:
        node = waiting.pop()
        name = drawn.names[node]
        if name is not None and not below[node]:
            order.append(name)
        waiting += reversed(below[node])
    return tuple(order)
