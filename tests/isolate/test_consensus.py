"""The isolate's own sequence: only what was read, with its insertions and deletions."""

import numpy as np
import polars as pl

from abscope.isolate.consensus import consensus
from abscope.records import Calls, Contig
from abscope.tables import VARIANTS


def letters(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def variant(
    position: int, ref: str, alt: str, kind: str, verdict: str = "PASS"
) -> dict[str, object]:
    return {"position": position, "ref": ref, "alt": alt, "kind": kind, "filter": verdict}


def variants(*rows: dict[str, object]) -> pl.DataFrame:
    full = [dict.fromkeys(VARIANTS.schema.names()) | row for row in rows]
    return VARIANTS.frame(full)


def applied(bases: str, table: pl.DataFrame) -> str:
    calls = Calls("r", letters(bases))
    [(_, sequence)] = consensus(calls, table, (Contig("c", 0, len(bases)),))
    return sequence.tobytes().decode()


def test_what_was_not_called_is_never_filled_in() -> None:
    assert applied("AC-NnXGT", variants()) == "ACNNNNGT"


def test_a_deletion_that_passed_closes_the_gap() -> None:
    assert applied("ACG--TT", variants(variant(2, "GAA", "G", "deletion"))) == "ACGTT"


def test_an_insertion_that_passed_is_put_in_place() -> None:
    assert applied("ACGTT", variants(variant(1, "C", "CAAA", "insertion"))) == "ACAAAGTT"


def test_a_doubtful_indel_changes_nothing() -> None:
    assert applied("ACGTT", variants(variant(1, "C", "CA", "insertion", "low depth"))) == "ACGTT"


def test_contigs_are_rewritten_apart() -> None:
    calls = Calls("r", letters("AAACCC"))
    contigs = (Contig("one", 0, 3), Contig("two", 3, 6))
    table = variants(variant(1, "A", "AG", "insertion"), variant(4, "CC", "C", "deletion"))
    made = {name: s.tobytes() for name, s in consensus(calls, table, contigs)}
    assert made == {"one": b"AAGA", "two": b"CC"}


def test_a_snp_on_the_letter_before_an_indel_is_kept() -> None:
    assert applied("ATG--TT", variants(variant(2, "GAA", "G", "deletion"))) == "ATGTT"
    table = variants(variant(1, "C", "CAAA", "insertion"))
    assert applied("ATGTT", table) == "ATAAAGTT"
