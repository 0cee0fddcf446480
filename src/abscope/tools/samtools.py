"""samtools and bcftools as pysam carries them: one process, files in and out, nothing printed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pysam
import pysam.bcftools
import pysam.samtools
from numpy.typing import NDArray

from abscope.errors import ToolError
from abscope.records import Reference


def samtools(*arguments: object) -> str:
    """Run one samtools command, e.g. `samtools("index", path)`; return what it prints.

    Raises ToolError with samtools' own last words.
    """
    return _run("samtools", pysam.samtools, arguments)


def bcftools(*arguments: object) -> str:
    """Run one bcftools command; return what it prints. Raises ToolError as `samtools` does."""
    return _run("bcftools", pysam.bcftools, arguments)


def _run(program: str, module: object, arguments: Sequence[object]) -> str:
    command, *rest = (str(argument) for argument in arguments)
    loudness = pysam.set_verbosity(0)
    try:
        # Catching what is printed would override a command's own `-o`.
        return str(getattr(module, command)(*rest, catch_stdout="-o" not in rest))
    except pysam.SamtoolsError as error:
        words = error.value.partition("stderr=")[2].strip().splitlines()
        raise ToolError(
            f"{program} {command} failed: {' / '.join(words[-3:])}",
            hint="look for a full disk or a damaged input file",
        ) from error
    finally:
        pysam.set_verbosity(loudness)


def sorted_unique(bam: Path, folder: Path, *, paired: bool, threads: int = 1) -> Path:
    """Sort by position and mark copies of one molecule; mates are told of each other first."""
    if paired:
        mated = folder / "mated.bam"
        samtools("fixmate", "-m", "-O", "bam,level=1", "-@", threads - 1, bam, mated)
        bam.unlink()
        bam = mated
    ordered, marked = folder / "sorted.bam", folder / "marked.bam"
    samtools(
        "sort", "-l", 1, "-m", "128M", "-@", threads - 1, "-T", folder / "sort", "-o", ordered, bam
    )
    bam.unlink()
    samtools(
        "markdup", "-O", "bam,level=1", "-@", threads - 1, "-T", folder / "markdup", ordered, marked
    )
    ordered.unlink()
    return marked


def copies(bam: Path) -> tuple[int, int]:
    """Placed reads that are copies, and all placed reads."""
    lines = samtools("flagstat", "-O", "tsv", bam).splitlines()
    counts = {name: number for number, _, name in (line.split("\t") for line in lines)}
    return int(counts["primary duplicates"]), int(counts["primary mapped"])


def depth(bam: Path, reference: Reference, folder: Path) -> NDArray[np.int32]:
    """Reads over every reference position, without copies and deleted bases, shape (length,)."""
    table = folder / "depth.tsv"
    samtools("depth", "-aa", "-o", table, bam)
    found = read_table(table, ("contig", "position", "depth"), reference)
    table.unlink()
    counts = np.zeros(len(reference.sequence), dtype=np.int32)
    counts[positions(found, reference)] = found["depth"].to_numpy()
    return counts


def read_table(path: Path, names: Sequence[str], reference: Reference) -> pl.DataFrame:
    """A tab-separated file without headings; `.` is null, counts are whole numbers."""
    types: dict[str, pl.DataType | type[pl.DataType]] = {
        "contig": pl.Enum([contig.name for contig in reference.contigs]),
        "position": pl.Int32,
        "depth": pl.Int32,
        "agreeing": pl.Int32,
    }
    schema = {name: types.get(name, pl.String) for name in names}
    if path.stat().st_size == 0:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(
        path, separator="\t", has_header=False, schema=schema, null_values=".", quote_char=None
    )


def positions(table: pl.DataFrame, reference: Reference) -> NDArray[np.int64]:
    """0-based positions on the whole reference, from columns contig and (1-based) position."""
    starts = np.array([contig.start for contig in reference.contigs], dtype=np.int64)
    offsets = starts[table["contig"].to_physical().to_numpy()]
    within: NDArray[np.int32] = table["position"].to_numpy()
    return np.asarray(offsets + within - 1, dtype=np.int64)
