"""The live pages speak the report's languages: every text of theirs has a translation."""

import re
from importlib.resources import files

import pytest

from abscope.reports.languages import languages
from abscope.web.pages import NOUNS

TEMPLATES = ("dashboard", "list", "isolate", "status", "case", "login", "alerts", "viewer")
DATA = {"abscope", "abscope add", "JSON", "API", "SNPs"}


def said(template: str) -> set[str]:
    """The texts between tags that hold no value."""
    text = files("abscope.web").joinpath("templates", f"{template}.html.j2").read_text("utf-8")
    plain = re.sub(r"\{%.*?%\}|\{#.*?#\}", "\0", text, flags=re.S)
    found = (one.strip() for one in re.findall(r">([^<>\0]+)(?=[<\0])", plain))
    return {one for one in found if re.search(r"[A-Za-z]{3}", one) and "{{" not in one}


@pytest.mark.parametrize("code", sorted(languages()))
def test_every_text_of_the_live_pages_has_a_translation(code: str) -> None:
    texts = languages()[code]["texts"]
    words = {one.strip() for name in TEMPLATES for one in said(name)} | {
        *(noun.title for noun in NOUNS.values()),
        *(label for noun in NOUNS.values() for _, label, _ in noun.wishes),
    }
    assert len(words) > 40
    assert sorted(words - set(texts) - DATA) == []
