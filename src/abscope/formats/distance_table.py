"""Distance matrices as snp-dists writes them: tab-separated, names on both sides."""

from abscope.records import Distances


def matrix(distances: Distances) -> str:
    """Return the SNPs of every pair as a square table, names in the first row and column."""
    head = "\t".join(["abscope", *distances.ids])
    rows = (
        "\t".join([name, *map(str, row.tolist())])
        for name, row in zip(distances.ids, distances.snps, strict=True)
    )
    return "\n".join([head, *rows]) + "\n"
