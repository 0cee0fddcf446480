"""ReporTree: metadata and partitions (also what it takes as --nomenclature-file), TSV.

https://github.com/insapathogenomics/ReporTree: the first column names the sample, headings hold no blanks,
a partition is named for its threshold, and whoever is alone is singleton_1, singleton_2 and so on.
"""

from collections.abc import Iterator, Sequence

from abscope.formats.isolate_facts import Facts, cluster_columns, facts, frame, known_columns
from abscope.records import Published
from abscope.tables import written


def files(run: Published) -> dict[str, bytes]:
    """metadata.tsv and partitions.tsv; single-10x1.0 is single linkage within 10 SNPs."""
    rows = facts(run)
    metadata = [
        {"sequence": one["isolate_id"], "date": one["date_collection"], **one} for one in rows
    ]
    kept = [name for name in known_columns(metadata) if name != "isolate_id"]
    partitions = [dict(cells) for cells in zip(*_columns(rows, cluster_columns(run)), strict=True)]
    return {
        "metadata.tsv": written.tsv(frame(metadata).select(kept)),
        "partitions.tsv": written.tsv(frame(partitions)),
    }


def _columns(
    rows: tuple[Facts, ...], levels: tuple[str, ...]
) -> Iterator[Sequence[tuple[str, object]]]:
    yield [("sequence", one["isolate_id"]) for one in rows]
    for level in levels:
        alone = 0
        heading, cells = f"single-{level.removeprefix('cluster_')}x1.0", []
        for one in rows:
            alone += one[level] is None
            cells.append((heading, one[level] or f"singleton_{alone}"))
        yield cells
