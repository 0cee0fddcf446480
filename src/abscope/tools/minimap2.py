"""minimap2, through mappy: reads into a BAM file, contigs onto a reference.

mappy has no wheel, so it comes with the optional extra `abscope[bcftools]`.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pysam
from numpy.typing import NDArray

from abscope.errors import ToolError
from abscope.records import Block, Reference

Preset = Literal["sr", "asm20"]
BEST = 60  # minimap2 gives no mapping quality above this
Batch = tuple[Block, Block | None]
Mapped = tuple[list[str], int, list[int]]  # SAM lines, reads placed, template lengths
Read = tuple[str, str, str]  # name, letters, qualities

PAIRED, PROPER, UNMAPPED, REVERSE, FIRST, SECOND = 1, 2, 4, 16, 64, 128
LONGEST_TEMPLATE = 2000  # farther apart, or otherwise oriented, is not a proper pair
_COMPLEMENT = str.maketrans("ACGTacgt", "TGCAtgca")


def read_quality(mapqual: int) -> int:
    """The mapping quality minimap2 gives a read that bwa mem would grade `mapqual`.

    minimap2 counts matching seeds, bwa mem matching bases: 3 % away from the reference a read that
    fits one place alone has 60 with bwa mem and 30 to 60 with minimap2. So half of it is asked for.
    """
    return min(mapqual, BEST) // 2


def index(fasta: Path, preset: Preset) -> Any:
    """minimap2's index of a FASTA file, for reads (`sr`) or for contigs up to 5 % off (`asm20`).

    Raises ToolError where mappy is not installed or cannot read the file.
    """
    try:
        import mappy
    except ImportError as error:
        raise ToolError(
            "--caller bcftools needs minimap2's library mappy, which is not installed",
            hint='pip install "abscope[bcftools]" (a C compiler and zlib\'s header are needed)',
        ) from error
    made = mappy.Aligner(str(fasta), preset=preset)
    if not made:
        raise ToolError(f"minimap2 cannot index {fasta.name}", hint="check the reference sequence")
    return made


@dataclass(slots=True)
class Placement:
    """How reads were placed: how many, and how many proper pairs have each template length."""

    reads: int = 0
    templates: NDArray[np.int64] = field(
        default_factory=lambda: np.zeros(LONGEST_TEMPLATE + 1, dtype=np.int64)
    )


def write_bam(
    path: Path, batches: Iterable[Batch], fasta: Path, *, reference: Reference, threads: int = 1
) -> Placement:
    """Map batches of reads and write one record per read, mates side by side, in reading order.

    Mate fields are left to `samtools fixmate`. Raises ToolError as `index` does.
    """
    aligner = index(fasta, "sr")
    header = pysam.AlignmentHeader.from_dict(
        {
            "HD": {"VN": "1.6", "SO": "unsorted", "GO": "query"},
            "SQ": [{"SN": c.name, "LN": c.end - c.start} for c in reference.contigs],
        }
    )
    found = Placement()
    with pysam.AlignmentFile(str(path), "wb", header=header, format_options=[b"level=1"]) as bam:
        for lines, placed, templates in _in_order(partial(_map_batch, aligner), batches, threads):
            found.reads += placed
            np.add.at(found.templates, templates, 1)
            for line in lines:
                bam.write(pysam.AlignedSegment.fromstring(line, header))
    return found


def _in_order(
    work: Callable[[Batch], Mapped], batches: Iterable[Batch], threads: int
) -> Iterator[Mapped]:
    """Results in the order of the batches, with no more than two batches a thread under way."""
    waiting: deque[Future[Mapped]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for batch in batches:
            waiting.append(pool.submit(work, batch))
            if len(waiting) >= 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _map_batch(aligner: Any, batch: Batch) -> Mapped:
    import mappy

    buffer = mappy.ThreadBuffer()
    first, second = batch
    lines: list[str] = []
    placed, templates = 0, []
    mates = repeat(None) if second is None else _reads(second)
    for read, mate in zip(_reads(first), mates, strict=second is not None):
        hits = list(aligner.map(read[1], None if mate is None else mate[1], buf=buffer))
        here, there = _best(hits, 1), _best(hits, 2)
        placed += (here is not None) + (there is not None)
        template = _template(here, there)
        if template:
            templates.append(template)
        lines += _sam_lines((read, here), None if mate is None else (mate, there), template > 0)
    return lines, placed, templates


def _reads(block: Block) -> Iterator[Read]:
    text = block.buffer.tobytes().decode("latin-1")
    for name, start, length, quality in block.records.tolist():
        title = text[name : start - 1].split(None, 1)[0].removesuffix("/1").removesuffix("/2")
        yield title, text[start : start + length], text[quality : quality + length]


def _sam_lines(
    first: tuple[Read, Any | None], second: tuple[Read, Any | None] | None, proper: bool
) -> Iterator[str]:
    if second is None:
        yield _sam_line(*first, 0)
        return
    shared = PAIRED | (PROPER if proper else 0)
    yield _sam_line(*first, shared | FIRST)
    mate, hit = second
    yield _sam_line((first[0][0], mate[1], mate[2]), hit, shared | SECOND)


def _best(hits: list[Any], number: int) -> Any | None:
    """The longest primary alignment of read `number`, or None."""
    mine = [hit for hit in hits if hit.read_num == number and hit.is_primary]
    return max(mine, key=lambda hit: hit.q_en - hit.q_st, default=None)


def _template(here: Any | None, there: Any | None) -> int:
    """Length of the template of two reads that face each other, 0 where they do not."""
    if here is None or there is None or here.ctg != there.ctg or here.strand == there.strand:
        return 0
    left, right = (here, there) if here.strand > 0 else (there, here)
    length = int(right.r_en - left.r_st)
    return length if left.r_st <= right.r_st and length <= LONGEST_TEMPLATE else 0


def _sam_line(read: Read, hit: Any | None, flag: int) -> str:
    name, letters, qualities = read
    if hit is None:
        return f"{name}\t{flag | UNMAPPED}\t*\t0\t0\t*\t*\t0\t0\t{letters}\t{qualities}"
    reverse = hit.strand < 0
    if reverse:
        letters, qualities = letters.translate(_COMPLEMENT)[::-1], qualities[::-1]
    left, right = hit.q_st, len(letters) - hit.q_en
    # mappy turns a second read round before mapping and counts its ends on the turned read.
    if reverse != (hit.read_num == 2):
        left, right = right, left
    cigar = f"{f'{left}S' if left else ''}{hit.cigar_str}{f'{right}S' if right else ''}"
    flag |= REVERSE if reverse else 0
    return (
        f"{name}\t{flag}\t{hit.ctg}\t{hit.r_st + 1}\t{hit.mapq}\t{cigar}\t*\t0\t0"
        f"\t{letters}\t{qualities}"
    )
