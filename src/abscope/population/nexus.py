"""Nexus (Maddison, Swofford and Maddison 1997): the first tree of its trees block, names translated."""

import re
from dataclasses import replace

from abscope.errors import FormatError
from abscope.population import newick
from abscope.population.phylogeny import Phylogeny

_HINT = "a Nexus file holds: begin trees; tree name = ((A:1,B:2):1,C:3); end;"
_TREE = re.compile(r"^\s*u?tree\s[^=]*=\s*(.*;)", re.IGNORECASE | re.MULTILINE)
_TRANSLATE = re.compile(r"\btranslate\b(.*?);", re.IGNORECASE | re.DOTALL)
_PAIR = re.compile(r"\s*(\S+)\s+('(?:[^']|'')*'|\"[^\"]*\"|[^\s,]+)\s*(?:,|$)")


def is_nexus(text: str) -> bool:
    """Whether a text says of itself that it is Nexus."""
    return text.lstrip()[:6].upper() == "#NEXUS"


def parse(text: str) -> Phylogeny:
    """Read the first tree. Raises FormatError where there is none."""
    found = _TREE.search(text)
    if not found:
        raise FormatError("Nexus: no tree in it", hint=_HINT)
    tree = newick.parse(found[1])
    table = _TRANSLATE.search(text)
    names = {key: newick.bare(name) for key, name in _PAIR.findall(table[1])} if table else {}
    return replace(tree, names=tuple(names.get(name or "", name) for name in tree.names))


def text(tree: Phylogeny, *, decimals: int = 3) -> str:
    """Write a taxa and a trees block."""
    labels = [newick.label(name) for name in sorted(tree.leaves)]
    return (
        f"#NEXUS\nbegin taxa;\n  dimensions ntax={len(labels)};\n"
        f"  taxlabels {' '.join(labels)};\nend;\n"
        f"begin trees;\n  tree tree1 = [&R] {newick.text(tree, decimals=decimals)}\nend;\n"
    )
