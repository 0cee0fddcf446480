"""FASTQ as it comes, and as it should not come."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.errors import FormatError
from abscope.formats import fastq
from abscope.formats.fastq_kernels import FINE, parse

Record = tuple[str, str, str]
names = st.text("ab:/#1 ", min_size=1, max_size=12).map(lambda name: f"r{name}")
lines = st.integers(0, 40).flatmap(
    lambda n: st.tuples(
        st.text("ACGTNacgtn", min_size=n, max_size=n), st.text("!+@#5FIJ~", min_size=n, max_size=n)
    )
)
record = st.tuples(names, lines).map(lambda r: (r[0], *r[1]))


def text_of(records: list[Record], *, end: str = "\n", plus: str = "+") -> bytes:
    return "".join(f"@{n}{end}{s}{end}{plus}{end}{q}{end}" for n, s, q in records).encode()


def some(
    count: int, *, mate: str = "", length: int = 30, quality: str = "I", seed: int = 1
) -> list[Record]:
    rng = np.random.default_rng([seed, len(mate) and int(mate[-1])])
    reads = ["".join(rng.choice(list("ACGT"), length)) for _ in range(count)]
    return [(f"run:{k}{mate}", read, quality * length) for k, read in enumerate(reads)]


def read(path: Path, **settings: int) -> list[tuple[bytes, bytes, bytes]]:
    return [r for block, _ in fastq.single(path, **settings) for r in records_of(block)]


def records_of(block) -> list[tuple[bytes, bytes, bytes]]:
    raw = block.buffer.tobytes()
    return [
        (raw[n:].split(b"\n")[0].rstrip(b"\r"), raw[s : s + size], raw[q : q + size])
        for n, s, size, q in block.records.tolist()
    ]


def as_bytes(records: list[Record]) -> list[tuple[bytes, bytes, bytes]]:
    return [tuple(part.encode() for part in r) for r in records]  # type: ignore[misc]


@given(st.lists(record, max_size=8), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_records_are_found_as_they_were_written(records, end, named):
    text = "".join(f"@{n}{end}{s}{end}+{n if named else ''}{end}{q}{end}" for n, s, q in records)
    buffer = np.frombuffer(text.encode(), dtype=np.uint8).copy()
    found, used, problem = parse(buffer, 10, True)
    assert problem == FINE
    assert used == len(buffer)
    got = [
        (buffer[s : s + size].tobytes().decode(), buffer[q : q + size].tobytes().decode())
        for _, s, size, q in found.tolist()
    ]
    assert got == [(s, q) for _, s, q in records]


@given(st.lists(record, min_size=1, max_size=6), st.data())
def test_a_text_cut_anywhere_gives_whole_records_and_where_the_rest_begins(records, data):
    text = text_of(records)
    cut = data.draw(st.integers(0, len(text)))
    found, used, problem = parse(np.frombuffer(text[:cut], dtype=np.uint8).copy(), 10, False)
    assert problem == FINE
    assert text[:used] == text_of(records[: len(found)])


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize("ending", ["fastq", "fastq.gz"])
def test_blocks_together_are_the_file_whatever_their_size(tmp_path, size, ending):
    records = [(f"r{k}", "ACGT"[k % 4] * (k % 50), "I" * (k % 50)) for k in range(100)]
    path = tmp_path / f"a.{ending}"
    path.write_bytes(gzip.compress(text_of(records)) if ending.endswith("gz") else text_of(records))
    assert read(path, records_per_block=size) == as_bytes(records)


def test_gzip_in_many_parts_is_read_to_its_end(tmp_path):
    records = some(40)
    path = tmp_path / "a.fastq.gz"
    parts = [gzip.compress(text_of(records[k : k + 10])) for k in range(0, 40, 10)]
    path.write_bytes(b"".join(parts) + gzip.compress(b"", mtime=0))
    assert read(path) == as_bytes(records)


def test_gzip_without_gz_in_its_name_is_read(tmp_path):
    path = tmp_path / "a.fastq"
    path.write_bytes(gzip.compress(text_of(some(5))))
    assert read(path) == as_bytes(some(5))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("tail", [0, 1])
def test_line_ends_of_any_system_and_a_missing_last_one_are_fine(tmp_path, end, tail):
    path = tmp_path / "a.fastq"
    text = text_of(some(9), end=end)
    path.write_bytes(text[: len(text) - len(end)] if tail else text)
    assert read(path, records_per_block=4) == as_bytes(some(9))


def test_blank_lines_at_the_end_are_fine(tmp_path):
    path = tmp_path / "a.fastq"
    path.write_bytes(text_of(some(3)) + b"\n\n")
    assert read(path) == as_bytes(some(3))


def mates(folder: Path, one: bytes, two: bytes) -> tuple[Path, Path]:
    paths = folder / "s_R1.fastq", folder / "s_R2.fastq"
    for path, text in zip(paths, (one, two), strict=True):
        path.write_bytes(text)
    return paths


@pytest.mark.parametrize("marks", [("", ""), ("/1", "/2"), (" 1:N:0", " 2:N:0")])
def test_mates_come_together(tmp_path, marks):
    one, two = some(50, mate=marks[0], seed=1), some(50, mate=marks[1], seed=2)
    paths = mates(tmp_path, text_of(one), text_of(two))
    blocks = list(fastq.pairs(*paths, records_per_block=16))
    assert [r for block, _ in blocks for r in records_of(block)] == as_bytes(one)
    assert [r for _, block in blocks for r in records_of(block)] == as_bytes(two)
    assert all(len(a.records) == len(b.records) for a, b in blocks)


def test_batches_reads_one_file_or_two(tmp_path):
    paths = mates(tmp_path, text_of(some(5, seed=1)), text_of(some(5, seed=2)))
    assert [two for _, two in fastq.batches(paths[0])] == [None]
    assert all(two is not None for _, two in fastq.batches(*paths))


def complaint(*paths: Path) -> str:
    with pytest.raises(FormatError) as caught:
        list(fastq.batches(*paths, records_per_block=4))
    assert caught.value.hint
    return caught.value.message


GOOD = text_of(some(20))


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        (b"", "a.fastq", "empty"),
        (b"\n\n", "a.fastq", "empty"),
        (b">r1\nACGT\n", "line 1", "FASTA"),
        (GOOD + b"@r\nACGT\n+\nIII\n", "record 21 (line 81)", "lengths differ"),
        (GOOD + b"@r\nACGT\n+\nIIIII\n", "record 21", "lengths differ"),
        (GOOD + b"@r\nACGT\nIIII\n" + GOOD, "record 21", "'+'"),
        (GOOD + b"r\nACGT\n+\nIIII\n", "record 21", "'@'"),
        (GOOD + b"@r\nACGT\n+\nII\tI\n", "record 21", "quality"),
        (GOOD + b"@r\nACGT\n", "record 21", "'+'"),
        (GOOD + b"@r\nACGT\n+\n", "record 21", "lengths differ"),
        (text_of(some(5, length=1500)), "a.fastq", "long reads"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_place(tmp_path, text, where, what):
    path = tmp_path / "a.fastq"
    path.write_bytes(text)
    message = complaint(path)
    assert "a.fastq" in message
    assert where in message
    assert what in message


def test_a_gzip_file_cut_short_is_named(tmp_path):
    path = tmp_path / "cut.fastq.gz"
    rng = np.random.default_rng(1)
    records = [(f"r{k}", "".join(rng.choice(list("ACGT"), 100)), "I" * 100) for k in range(500)]
    whole = gzip.compress(text_of(records))
    path.write_bytes(whole[: len(whole) // 2])
    assert "cut.fastq.gz" in complaint(path)
    assert "decompressed" in complaint(path)


@pytest.mark.parametrize(
    "content", [gzip.compress(b"", mtime=0), b"\x1f\x8bgarbage and more of it", GOOD]
)
def test_a_gz_file_that_holds_nothing_or_something_else_is_named(tmp_path, content):
    path = tmp_path / "odd.fastq.gz"
    path.write_bytes(content)
    assert "odd.fastq.gz" in complaint(path)


def test_a_missing_file_is_named(tmp_path):
    assert "nowhere.fastq" in complaint(tmp_path / "nowhere.fastq")
    assert "cannot be read" in complaint(tmp_path)


def test_old_qualities_are_recognised_and_new_ones_are_not_mistaken(tmp_path):
    path = tmp_path / "old.fastq"
    path.write_bytes(text_of([("r", "ACGTACGT", "Bacdefgh")] * 20))
    assert "phred+64" in complaint(path)
    for quality in ("I", "J", "F", "~"):
        path.write_bytes(text_of(some(20, quality=quality)) + text_of([("r", "ACGT", "!5?@")]))
        assert len(read(path)) == 21
    path.write_bytes(text_of(some(20, quality="J")))
    assert len(read(path)) == 20


def test_mates_out_of_step_are_named_with_their_record(tmp_path):
    two = some(20, mate="/2", seed=2)
    del two[9]
    paths = mates(tmp_path, text_of(some(20, mate="/1", seed=1)), text_of(two))
    message = complaint(*paths)
    assert "record 10" in message
    assert "run:9/1" in message
    assert "run:10/2" in message


@pytest.mark.parametrize(
    "names", [("a1", "a2"), ("a", "ab"), ("a/1", "b/2"), ("a/1", "a/3"), ("a/12", "a/1")]
)
def test_names_that_are_not_of_mates_are_told_apart(tmp_path, names):
    one, two = ([(name, "ACGT", "IIII")] for name in names)
    assert "out of step" in complaint(*mates(tmp_path, text_of(one), text_of(two)))


@pytest.mark.parametrize(("short", "count"), [(0, 17), (1, 17), (0, 16), (1, 16)])
def test_the_shorter_of_two_files_is_named(tmp_path, short, count):
    texts = [text_of(some(20, seed=1)), text_of(some(20, seed=2))]
    texts[short] = text_of(some(count, seed=1 + short))
    message = complaint(*mates(tmp_path, *texts))
    assert message.startswith(f"s_R{short + 1}.fastq: ends after record {count}")


def test_one_file_given_as_both_mates_is_found_out_even_as_a_copy(tmp_path):
    one, two = mates(tmp_path, GOOD, GOOD)
    assert "both mates" in complaint(one, one)
    assert "same sequences" in complaint(one, two)


def test_a_reader_that_stops_early_leaves_no_thread_behind(tmp_path):
    paths = mates(tmp_path, text_of(some(500, seed=1)), text_of(some(500, seed=2)))
    batches = fastq.pairs(*paths, records_per_block=4)
    next(batches)
    batches.close()
    import threading

    assert all("ThreadPoolExecutor" not in thread.name for thread in threading.enumerate())
