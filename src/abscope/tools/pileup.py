"""What bcftools sees in a sorted BAM file: letters at every position, and changes called."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from abscope.records import LOW, MIXED, NO_COVERAGE, Letters, Reference
from abscope.settings import CallRules
from abscope.tables import VARIANTS
from abscope.tools import minimap2, samtools

DEEPEST = 2000  # reads looked at per position

_SITES = ("contig", "position", "depth", "agreeing")
_CHANGES = (
    "contig",
    "position",
    "ref",
    "alt",
    "quality",
    "depth",
    "seen",
    "forward",
    "reverse",
    "allele",
)


@dataclass(frozen=True, slots=True, eq=False)
class Pileup:
    """One isolate's reads against one reference.

    covering: reads over each position, counted or not. counted: those that count.
    agreeing: of them, reads with the reference letter. All int, shape (length,).
    variants: tables.VARIANTS, every change called, with its filter.
    """

    covering: NDArray[np.int32]
    counted: NDArray[np.int32]
    agreeing: NDArray[np.int32]
    variants: pl.DataFrame


def pile_up(
    bam: Path, genome: Path, *, reference: Reference, rules: CallRules, folder: Path
) -> Pileup:
    """Count letters and call changes, haploid, with bcftools mpileup and call."""
    covering = samtools.depth(bam, reference, folder)
    called = _called(bam, genome, rules, folder)
    counted, agreeing = _counts(called, reference)
    changes = _query(
        called, reference, _CHANGES, "-i", 'GT="alt"',
        "-f", r"%CHROM\t%POS\t%REF\t%ALT\t%QUAL\t[%DP\t%AD\t%ADF\t%ADR\t%GT]\n",
    )  # fmt: skip
    called.unlink()
    return Pileup(covering, counted, agreeing, _variants(changes, reference, rules))


def _counts(called: Path, reference: Reference) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    sites = _query(
        called, reference, _SITES, "-e", "INDEL=1", "-f", r"%CHROM\t%POS\t[%DP\t%AD{0}]\n"
    )
    at = samtools.positions(sites, reference)
    found = np.zeros((2, len(reference.sequence)), dtype=np.int32)
    found[0, at], found[1, at] = sites["depth"].to_numpy(), sites["agreeing"].to_numpy()
    return found[0], found[1]


def _called(bam: Path, genome: Path, rules: CallRules, folder: Path) -> Path:
    piled, called = folder / "pileup.bcf", folder / "called.bcf"
    samtools.bcftools(
        "mpileup", "-f", genome, "-q", minimap2.read_quality(rules.mapqual), "-Q", rules.basequal,
        "-d", DEEPEST, "-a", "AD,ADF,ADR,DP", "--no-version", "-Ob1", "-o", piled, bam,
    )  # fmt: skip
    samtools.bcftools("call", "-m", "--ploidy", 1, "--no-version", "-Ob1", "-o", called, piled)
    piled.unlink()
    return called


def _query(
    called: Path, reference: Reference, names: Sequence[str], *arguments: str
) -> pl.DataFrame:
    table = called.with_suffix(".tsv")
    samtools.bcftools("query", *arguments, "-o", table, called)
    found = samtools.read_table(table, names, reference)
    table.unlink()
    return found


def _variants(changes: pl.DataFrame, reference: Reference, rules: CallRules) -> pl.DataFrame:
    """Changes as tables.VARIANTS, insertions and deletions leftmost with one base before them."""
    allele = pl.col("allele").cast(pl.Int64)

    def of_allele(column: str) -> pl.Expr:
        return pl.col(column).str.split(",").list.get(allele).cast(pl.Int64)

    table = changes.with_columns(
        position=pl.Series(samtools.positions(changes, reference)),
        depth=pl.col("depth").cast(pl.Int64),
        alt=pl.col("alt").str.split(",").list.get(allele - 1),
        quality=pl.col("quality").cast(pl.Float64),
        alt_forward=of_allele("forward"),
        alt_reverse=of_allele("reverse"),
    ).with_columns(kind=_kind(), filter=_filter(rules, of_allele("seen")))
    known = table.filter(pl.col("ref").str.contains("^[ACGT]+$"))
    pairs = [_trimmed(*pair) for pair in known.select("ref", "alt").iter_rows()]
    return VARIANTS.check(
        known.with_columns(
            ref=pl.Series([ref for ref, _ in pairs], dtype=pl.String),
            alt=pl.Series([alt for _, alt in pairs], dtype=pl.String),
        )
    )


def _trimmed(ref: str, alt: str) -> tuple[str, str]:
    """Both alleles without the letters they share at their ends, the first letter kept."""
    while len(ref) > 1 and len(alt) > 1 and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    return ref, alt


def _kind() -> pl.Expr:
    longer = pl.col("alt").str.len_bytes().cast(pl.Int64) - pl.col("ref").str.len_bytes()
    return (
        pl.when(longer > 0).then(pl.lit("insertion"))
        .when(longer < 0).then(pl.lit("deletion"))
        .otherwise(pl.lit("snp"))
    )  # fmt: skip


def _filter(rules: CallRules, seen: pl.Expr) -> pl.Expr:
    """The first rule that a change breaks, PASS where it keeps them all."""
    return (
        pl.when(pl.col("depth") < rules.mincov).then(pl.lit("low_depth"))
        .when(seen < rules.minfrac * pl.col("depth")).then(pl.lit("mixed"))
        .when(pl.col("quality") < rules.minqual).then(pl.lit("low_quality"))
        .otherwise(pl.lit("PASS"))
    )  # fmt: skip


def letters(pileup: Pileup, reference: Reference, rules: CallRules) -> Letters:
    """The isolate's letter at every position, as records.Calls writes them, shape (length,)."""
    found = reference.sequence.copy()
    found[pileup.agreeing < rules.minfrac * pileup.counted] = MIXED
    _write_snps(found, pileup.variants.filter(kind="snp"))
    found[pileup.counted < rules.mincov] = LOW
    found[pileup.covering == 0] = NO_COVERAGE
    _write_deletions(found, pileup.variants.filter(kind="deletion"))
    return found


def _write_snps(found: Letters, snps: pl.DataFrame) -> None:
    alts = np.frombuffer("".join(snps["alt"]).encode(), dtype=np.uint8)
    at, verdict = snps["position"].to_numpy(), snps["filter"]
    found[at] = LOW
    for name, value in (("PASS", alts), ("mixed", np.full_like(alts, MIXED))):
        chosen = (verdict == name).to_numpy()
        found[at[chosen]] = value[chosen]


def _write_deletions(found: Letters, deletions: pl.DataFrame) -> None:
    letter = {"PASS": NO_COVERAGE, "mixed": MIXED}
    for position, ref, verdict in deletions.select("position", "ref", "filter").iter_rows():
        found[position + 1 : position + len(ref)] = letter.get(verdict, LOW)
