"""Nexus: what was written is read, and names are translated."""

import pytest

from abscope.errors import FormatError
from abscope.population import newick, nexus

TREE = "((a:1.000,'b c':2.000)95:0.500,'it''s':3.000);"


def test_a_tree_comes_back_as_it_was_written() -> None:
    text = nexus.text(newick.parse(TREE))
    assert nexus.is_nexus(text)
    assert newick.text(nexus.parse(text)) == TREE
    assert "taxlabels a 'b c' 'it''s';" in text


def test_numbers_are_translated_to_names() -> None:
    text = (
        "#NEXUS\nBegin trees;\n  Translate\n 1 a,\n 2 'b c',\n 3 'it''s'\n ;\n"
        "tree one = [&R] ((1:1,2[&rate=2]:2)95:0.5,3:3);\nEnd;\n"
    )
    assert newick.text(nexus.parse(text)) == TREE


def test_a_file_without_a_tree_is_refused() -> None:
    with pytest.raises(FormatError, match="no tree"):
        nexus.parse("#NEXUS\nbegin data;\nend;\n")
