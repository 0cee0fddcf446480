"""Newick: trees as text. Inner labels that are numbers are support."""

import math
import re
from collections.abc import Iterator

from abscope.errors import FormatError
from abscope.population.phylogeny import Phylogeny

_TOKEN = re.compile(r"""\s*('(?:[^']|'')*'|"[^"]*"|\[[^\]]*\]|[(),:;]|[^\s(),:;\[\]']+)""")
_PLAIN = re.compile(r"[^\s()\[\]{}:;,'\"=]+")
_SIGNS = frozenset("(),:")
_HINT = "a Newick tree looks like ((A:1,B:2)95:0.5,C:3);"


def text(tree: Phylogeny, *, decimals: int = 3) -> str:
    """Write a tree; children in the order of their first leaf, so that one tree has one text."""
    below, shown = tree.children, [""] * len(tree.parents)
    first = [min(clade, default="") for clade in tree.clades]
    for node in range(len(tree.parents) - 1, -1, -1):
        inside = ",".join(shown[child] for child in sorted(below[node], key=lambda n: first[n]))
        shown[node] = (f"({inside})" if inside else "") + _label(tree, node)
        if node:
            shown[node] += f":{tree.lengths[node]:.{decimals}f}"
        for child in below[node]:
            shown[child] = ""
    return shown[0] + ";"


def _label(tree: Phylogeny, node: int) -> str:
    name, support = tree.names[node], tree.support[node]
    if name is not None:
        return label(name)
    return f"{support:.6g}" if support is not None else ""


def label(name: str) -> str:
    """A name as Newick and Nexus write it, quoted where it must be."""
    return name if _PLAIN.fullmatch(name) else "'" + name.replace("'", "''") + "'"


def parse(newick: str) -> Phylogeny:
    """Read one tree; comments in brackets are passed over.

    Raises FormatError, with the place in the text, where it is not Newick.
    """
    reader = _Reader()
    for place, token in _tokens(newick):
        if token == ";":
            break
        reader.take(token, place)
    else:
        raise FormatError("Newick: the text ends without ';'", hint=_HINT)
    if reader.depth:
        raise FormatError(f"Newick: {reader.depth} '(' are never closed", hint=_HINT)
    return Phylogeny(
        tuple(reader.parents), tuple(reader.names), tuple(reader.lengths), tuple(reader.support)
    )


def _tokens(newick: str) -> Iterator[tuple[int, str]]:
    place, end = 0, len(newick.rstrip())
    while place < end:
        found = _TOKEN.match(newick, place)
        if not found:
            raise FormatError(f"Newick: character {place + 1} cannot be read", hint=_HINT)
        if not found[1].startswith("["):
            yield found.start(1) + 1, found[1]
        place = found.end()


class _Reader:
    """A tree as far as it has been read."""

    def __init__(self) -> None:
        self.parents, self.depth, self.node = [-1], 0, 0
        self.names: list[str | None] = [None]
        self.lengths: list[float] = [0.0]
        self.support: list[float | None] = [None]
        self.before = ""

    def take(self, token: str, place: int) -> None:
        """Read one token."""
        self._check(token, place)
        if token == "(":
            self.depth += 1
            self._grow(self.node)
        elif token in {",", ")"} and not self.depth:
            raise FormatError(f"Newick: character {place}: {token!r} outside any '('", hint=_HINT)
        elif token == ",":
            self._grow(self.parents[self.node])
        elif token == ")":
            self.depth -= 1
            self.node = self.parents[self.node]
        elif self.before == ":":
            self.lengths[self.node] = _number(token, place)
        elif token != ":":
            self._name(token)
        self.before = ")" if token == ")" else token

    def _check(self, token: str, place: int) -> None:
        """Raise FormatError for a word after a word, or a '(' after what ends a subtree."""
        may_follow = {"", "(", ","} if token == "(" else {"", *_SIGNS}
        if token not in {",", ")", ":"} and self.before not in may_follow:
            raise FormatError(
                f"Newick: character {place}: {token!r} after {self.before!r}",
                hint="names with blanks stand in quotation marks: 'iso 1'",
            )

    def _grow(self, parent: int) -> None:
        self.parents.append(parent)
        self.names.append(None)
        self.lengths.append(0.0)
        self.support.append(None)
        self.node = len(self.parents) - 1

    def _name(self, token: str) -> None:
        if self.before == ")" and re.fullmatch(r"[0-9]+(\.[0-9]*)?(e-?[0-9]+)?", token):
            self.support[self.node] = float(token)
        else:
            self.names[self.node] = bare(token)


def bare(word: str) -> str:
    """A name as it is meant: without its quotation marks, '' within single ones being one."""
    if len(word) > 1 and word[0] == word[-1] and word[0] in "'\"":
        return word[1:-1].replace("''", "'") if word[0] == "'" else word[1:-1]
    return word


def _number(token: str, place: int) -> float:
    try:
        length = float(token)
    except ValueError:
        length = math.nan
    if not math.isfinite(length):
        raise FormatError(
            f"Newick: character {place}: {token!r} is not a branch length", hint=_HINT
        )
    return length
