"""Whatever is done to a file, reading it gives a value or an error that names the file.

Small whole files of every kind (tests/readable.py, tests/readable_ours.py) are cut, torn, spliced and filled
with nonsense.
ABSCOPE_FUZZ_EXAMPLES=5000 searches longer, and differently each time.
"""

import gzip
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abscope.errors import AbscopeError
from readable import READABLE as THEIRS
from readable import Readable
from readable_ours import OURS

READABLE = (*THEIRS, *OURS)
MORE = int(os.environ.get("ABSCOPE_FUZZ_EXAMPLES", "0"))
FUZZ = settings(
    max_examples=MORE or 15,
    derandomize=not MORE,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
NONSENSE = (
    b"", b" ", b"\0", b"\n", b"\r", b"\r\n", b"\t", b",", b";", b'"', b"'", b"#", b">", b"@", b"+", b":",
    b"-1", b"0", b"1", b"1e999", b"nan", b"inf", b"-0.5", b"99999999999999999999999", b"\xff", b"\xe9",
    b"\xc2\xb2", b"\xd9\xa3", b"\xef\xbb\xbf", b"\xff\xfe", b"NA", b"None", b"0000-00-00", b"31/02/2022",
    b"9999-12-31", b"0001-01-01", b"=1+1", b"\x1f\x8b", b"PK\x03\x04", b"../../x", b"{}", b"[]", b"null",
    b"A" * 300, b"(((((", b")", b"##", b"\x1a", b"\xe2\x80\xa8", b"\x0b", b"\x1c", b"true", b"1.5",
)  # fmt: skip
VALUES = (None, True, -1, 1e308, "", "x", "\0", [], {}, [None], [[]], {"a": 1}, ["x"], "9" * 40)
SOMETHING_ELSE = {
    "empty": b"", "zeros": b"\0" * 64, "utf-16 mark": b"\xff\xfe", "blank lines": b"\n\n\n",
    "gzip mark": b"\x1f\x8b", "zip mark": b"PK\x03\x04",
}  # fmt: skip
_CELL = re.compile(rb"[^\s,;:=<>\"()|/\[\]{}]+")


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """The file after one to four accidents."""
    content = whole
    for _ in range(draw(st.integers(1, 4))):
        content = draw(st.sampled_from(ACCIDENTS))(draw, content)
    return content


def _place(draw: st.DrawFn, content: bytes) -> int:
    return draw(st.integers(0, len(content)))


def _cut(draw: st.DrawFn, content: bytes) -> bytes:
    return content[: _place(draw, content)]


def _gap(draw: st.DrawFn, content: bytes) -> bytes:
    start = _place(draw, content)
    return content[:start] + content[start + draw(st.integers(1, 40)) :]


def _inserted(draw: st.DrawFn, content: bytes) -> bytes:
    at = _place(draw, content)
    return content[:at] + draw(st.sampled_from(NONSENSE)) + content[at:]


def _cell(draw: st.DrawFn, content: bytes) -> bytes:
    """A word or number replaced by nonsense: the shape stays."""
    cells = list(_CELL.finditer(content))
    if not cells:
        return content
    one = draw(st.sampled_from(cells))
    return content[: one.start()] + draw(st.sampled_from(NONSENSE)) + content[one.end() :]


def _noise(draw: st.DrawFn, content: bytes) -> bytes:
    at = _place(draw, content)
    return content[:at] + draw(st.binary(min_size=1, max_size=6)) + content[at + 1 :]


def _repeated(draw: st.DrawFn, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    if not lines:
        return content
    at = draw(st.integers(0, len(lines) - 1))
    return b"".join([*lines[:at], lines[at] * draw(st.integers(0, 3)), *lines[at + 1 :]])


def _zipped(draw: st.DrawFn, content: bytes) -> bytes:
    """Gzipped, and perhaps cut or torn after that."""
    raw = gzip.compress(content, mtime=0)
    return draw(st.sampled_from((raw, raw[: len(raw) // 2], raw[:-4], raw[:12] + b"\0" + raw[13:])))


ACCIDENTS: tuple[Callable[[st.DrawFn, bytes], bytes], ...] = (
    _cut, _gap, _inserted, _cell, _cell, _cell, _noise, _repeated, _zipped,
)  # fmt: skip


def judge(kind: Readable, folder: Path, content: bytes) -> None:
    """Read; an error must say which file, what, and what to do."""
    path = kind.lay(folder, content)
    if error := refusal(kind, path):
        names = {path.name, path.parent.name, *(Path(one).name for one in kind.beside)}
        assert any(name in error.message for name in names), error.message
        assert error.hint, error.message


def refusal(kind: Readable, path: Path) -> AbscopeError | None:
    """The error abscope explains; any other goes on as it is, and fails the test."""
    try:
        kind.read(path)
    except AbscopeError as error:
        return error
    return None


@pytest.mark.parametrize("kind", READABLE, ids=lambda kind: kind.kind)
def test_a_whole_file_is_read(kind: Readable, tmp_path: Path) -> None:
    assert kind.read(kind.lay(tmp_path, kind.whole)) is not None


@pytest.mark.parametrize("kind", READABLE, ids=lambda kind: kind.kind)
def test_a_damaged_file_is_read_or_named(kind: Readable, tmp_path: Path) -> None:
    @FUZZ
    @given(damaged(kind.whole))
    def check(content: bytes) -> None:
        judge(kind, tmp_path, content)

    check()


@pytest.mark.parametrize("kind", READABLE, ids=lambda kind: kind.kind)
@pytest.mark.parametrize("content", SOMETHING_ELSE.values(), ids=SOMETHING_ELSE)
def test_a_file_of_something_else_is_read_or_named(
    kind: Readable, tmp_path: Path, content: bytes
) -> None:
    judge(kind, tmp_path, content)


NEEDED = [kind for kind in READABLE if kind.needed]


@pytest.mark.parametrize("kind", NEEDED, ids=lambda kind: kind.kind)
def test_a_file_that_is_not_there_is_named(kind: Readable, tmp_path: Path) -> None:
    path = kind.lay(tmp_path, kind.whole)
    path.unlink()
    with pytest.raises(AbscopeError) as caught:
        kind.read(path)
    assert path.stem in caught.value.message or path.parent.name in caught.value.message


def nodes(data: Any) -> list[tuple[Any, Any]]:
    """Every place in JSON data that holds a value."""
    keys = (
        list(data) if isinstance(data, dict) else range(len(data) if isinstance(data, list) else 0)
    )
    return [(data, key) for key in keys] + [one for key in keys for one in nodes(data[key])]


JSON_KINDS = [kind for kind in READABLE if kind.file.endswith(".json")]


@pytest.mark.parametrize("kind", JSON_KINDS, ids=lambda kind: kind.kind)
def test_json_with_a_value_of_another_sort_is_read_or_named(kind: Readable, tmp_path: Path) -> None:
    @settings(FUZZ, max_examples=4 * FUZZ.max_examples)
    @given(
        st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(VALUES)), min_size=1, max_size=3)
    )
    def check(changes: list[tuple[int, Any]]) -> None:
        data = json.loads(kind.whole)
        for at, value in changes:
            places = nodes(data)
            if places:
                holder, key = places[at % len(places)]
                holder[key] = json.loads(json.dumps(value))
        judge(kind, tmp_path, json.dumps(data).encode())

    check()
