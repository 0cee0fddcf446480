"""The SNP table as vSNP's users know it (.xlsx): isolates down, positions across, changed letters coloured.

One sheet a cluster at the widest level, and one a reference where its sites fit. Rows stand in the order of
the tree. Columns stand so that shared changes come first: those most isolates carry to the left, equal
patterns side by side, by position among themselves. The reference's letter is the second row; a
letter equal to it is not coloured, `N` is no base.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from abscope.formats import workbook
from abscope.formats.export_tree import leaf_order
from abscope.formats.isolate_facts import cluster_columns, facts
from abscope.formats.snp_sites import SnpSites
from abscope.formats.workbook import BOLD, MOST_COLUMNS, PLAIN, UPRIGHT, Cell, Grid
from abscope.records import Published

_COLOURS = {"A": "A6D8B8", "C": "9CC5E8", "G": "F7E08B", "T": "F2A9A0", "N": "D9D9D9"}
_STYLE = {letter: number for number, letter in enumerate(_COLOURS, 3)}


def encode(run: Published, sites: Mapping[str, SnpSites]) -> bytes:
    """Every cluster and reference; the last sheet says what did not fit. sites: by reference."""
    grids, left_out = [], []
    for name, one in _tables(run, sites):
        if len(one.labels) < MOST_COLUMNS:
            grids.append(_grid(name, one))
        else:
            left_out.append(
                (name, f"{len(one.labels):,} sites; a sheet holds {MOST_COLUMNS - 1:,}")
            )
    rows: list[list[Cell]] = [[("not in this workbook", BOLD), ("why", BOLD)]]
    rows += [[(name, PLAIN), (why, PLAIN)] for name, why in left_out]
    grids += [Grid("left out", rows, (1, 0), (30, 40))] if left_out or not grids else []
    return workbook.encode(grids, list(_COLOURS.values()))


def _tables(run: Published, sites: Mapping[str, SnpSites]) -> Iterator[tuple[str, SnpSites]]:
    """Clusters at the widest level, then references; isolates in the order of the tree."""
    levels = cluster_columns(run)
    group = {f["isolate_id"]: f[levels[-1]] for f in facts(run)} if levels else {}
    for reference, one in sites.items():
        newick = run.trees.get(reference)
        drawn = leaf_order(newick) if newick else ()
        order = [n for n in (*drawn, *(i for i in one.ids if i not in drawn)) if n in one.ids]
        for cluster in sorted({str(group[n]) for n in order if group.get(n)}):
            yield cluster, one.among([name for name in order if group.get(name) == cluster])
        yield reference, one.among(order)


def _grid(name: str, sites: SnpSites) -> Grid:
    order = _cascade(sites)
    root = [chr(sites.root[place]) for place in order]
    rows: list[list[Cell]] = [
        [("reference_pos", BOLD), *((sites.labels[place], UPRIGHT) for place in order)],
        [("reference_call", BOLD), *((letter, BOLD) for letter in root)],
    ]
    for isolate, letters in zip(sites.ids, sites.letters, strict=True):
        calls = [chr(letters[place]) for place in order]
        rows.append([(isolate, PLAIN), *map(_painted, calls, root)])
    return Grid(name, rows, (2, 1), (max(map(len, ("reference_call", *sites.ids))) + 2,), 3)


def _painted(letter: str, root: str) -> Cell:
    return letter, PLAIN if letter == root else _STYLE[letter]


def _cascade(sites: SnpSites) -> Sequence[int]:
    """Sites by how many carry a change, then by which isolates do, then by position."""
    changed = (sites.letters != sites.root) & (sites.letters != ord("N"))
    count = -changed.sum(axis=0).astype(np.int64)
    return np.lexsort((*~changed[::-1], count)).tolist() if len(sites.ids) else []
