"""One task in a process of its own, for speed.py: `fast` or `parse`.

python -m benchmarks.once TASK REFERENCE R1 R2 THREADS
"""

import sys
from pathlib import Path


def call(reference: Path, reads1: Path, reads2: Path, threads: int) -> int:
    """SNPs the fast caller finds."""
    from abscope.formats import fasta, fastq
    from abscope.isolate import fast, seeds
    from abscope.settings import CallRules

    index = seeds.index(fasta.read_reference(reference))
    batches = fastq.pairs(reads1, reads2)
    found = fast.call_reads(batches, index, rules=CallRules(), threads=threads)
    return len(found.variants.filter(kind="snp", filter="PASS"))


def parse(_: Path, reads1: Path, reads2: Path, __: int) -> int:
    """Reads in two FASTQ files: decompressed and parsed, nothing else."""
    from abscope.formats import fastq

    return sum(len(block.records) for pair in fastq.pairs(reads1, reads2) for block in pair)


if __name__ == "__main__":
    task, (reference, reads1, reads2) = sys.argv[1], map(Path, sys.argv[2:5])
    work = {"fast": call, "parse": parse}[task]
    print(work(reference, reads1, reads2, int(sys.argv[5])))
