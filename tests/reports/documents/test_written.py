"""Every format shows every block, whatever the data write into it."""

import io
import re

import docx as word
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abscope.errors import UsageError
from abscope.reports.documents.blocks import (
    Box,
    Document,
    Facts,
    Grid,
    Heading,
    Points,
    Signature,
    Text,
    runs,
)
from abscope.reports.documents.docx import docx
from abscope.reports.documents.written import WRITERS, file_name, written


def document(text: str, *, one_page: bool = False) -> Document:
    blocks = (
        Heading(text),
        Text(text),
        Points((text, text)),
        Points((text,), numbered=True),
        Facts(((text, text), ("b", text), ("c", text)), columns=2),
        Grid((text, "b"), ((text, text),), (1, 2), caption=text),
        Box((("", text), (text, text))),
        Signature((text, text)),
    )
    return Document(text, "en", blocks, text, (text, "x"), one_page, draft=text, foot=text)


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30), st.booleans())
def test_no_text_breaks_a_format(text: str, one_page: bool) -> None:
    for _, content in written(document(text, one_page=one_page), [*WRITERS], "d"):
        assert content


def test_word_and_markdown_hold_every_word_of_every_block() -> None:
    made = document("zq")
    opened = word.Document(io.BytesIO(docx(made)))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    said = " ".join([*(one.text for one in opened.paragraphs), *cells])
    [(_, plain)] = written(made, ["md"], "d")
    for text in (said, plain.decode()):
        assert len(re.findall("zq", text)) == 21


def test_a_name_in_italics_is_a_whole_word() -> None:
    names = ("Mycobacterium abscessus (simulated)", "abscessus")
    text = "Mycobacterium abscessus (simulated), abscessus, abscessusX"
    slanted = [piece for piece, italic in runs(text, names) if italic]
    assert slanted == ["Mycobacterium abscessus (simulated)", "abscessus"]
    assert "".join(piece for piece, _ in runs(text, names)) == text


@pytest.mark.parametrize("name", ["../x", "a/b", ".hidden", "", "-rf", "C:\\x"])
def test_no_name_leads_a_file_out_of_its_folder(name: str) -> None:
    made = file_name(name)
    assert made
    assert not set(made) & set("/\\:")
    assert not made.startswith((".", "-"))


def test_a_format_that_nobody_writes_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError) as refused:
        list(written(document("x"), ["pdf", "rtf"], "d"))
    assert "docx" in refused.value.hint


def test_a_table_with_a_ragged_row_is_refused() -> None:
    with pytest.raises(ValueError, match="as long as"):
        Grid(("a", "b"), (("1",),), (1, 1))
