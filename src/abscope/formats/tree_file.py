"""Trees in files: Newick, or Nexus where the file says so."""

from collections import Counter
from pathlib import Path

from abscope.errors import FormatError
from abscope.formats.fasta import decompressed
from abscope.formats.fasta_stream import opened
from abscope.population import newick, nexus
from abscope.population.phylogeny import Phylogeny


def read(path: Path) -> Phylogeny:
    """The first tree of a file, plain or gzipped.

    Raises FormatError where it cannot be read, has fewer than two leaves, a leaf without a name or two
    of one name, or a negative branch.
    """
    text = decompressed(path).decode("utf-8-sig", "replace")
    try:
        tree = nexus.parse(text) if nexus.is_nexus(text) else newick.parse(text)
    except FormatError as error:
        raise FormatError(f"{path.name}: {error.message}", hint=error.hint) from error
    if problems := _problems(tree):
        raise FormatError.collect(
            f"{path.name} is no tree of isolates",
            problems,
            hint="name every leaf once; make branches of negative length nought",
        )
    return tree


def is_tree(path: Path) -> bool:
    """Whether a file looks like a tree, Newick or Nexus, rather than an alignment."""
    with opened(path) as file:
        start = file.read(200).decode("utf-8-sig", "replace").lstrip()
    return start.startswith(("(", "[")) or nexus.is_nexus(start)


def _problems(tree: Phylogeny) -> list[str]:
    tips = [k for k, below in enumerate(tree.children) if not below]
    names = Counter(tree.names[k] for k in tips if tree.names[k])
    found = [f"{name}: {times} leaves of this name" for name, times in names.items() if times > 1]
    unnamed = sum(tree.names[k] is None for k in tips)
    negative = sum(length < 0 for length in tree.lengths)
    if unnamed:
        found.append(f"{unnamed} leaves without a name")
    if negative:
        found.append(f"{negative} branches of negative length")
    if len(tips) < 2:
        found.append("fewer than two leaves")
    return found
