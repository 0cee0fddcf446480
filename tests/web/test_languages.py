"""The live pages speak the report's languages: every text of theirs has a translation."""

import re
from importlib.resources import files
from typing import get_args

import pytest

from abscope.reports.languages import languages, translated
from abscope.tables import ISOLATES
from abscope.web import answers
from abscope.web.jobs import State
from abscope.web.pages import NOUNS, Noun
from abscope.web.rendering import asset

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


@pytest.mark.parametrize("code", sorted(languages()))
def test_a_jobs_page_speaks_the_language_while_it_follows_the_job(code: str) -> None:
    script = asset("live.js")
    assert script is not None
    sentences = re.findall(r'show\("note", "([^"]+)"\)', script)
    assert sentences
    words = {*sentences, *(state.capitalize() for state in get_args(State))}
    assert sorted(words - set(languages()[code]["texts"])) == []


@pytest.mark.parametrize("code", sorted(languages()))
def test_every_heading_of_a_list_or_of_a_case_has_a_translation(code: str) -> None:
    listed = [*NOUNS.values(), Noun("Jobs", answers.Job), Noun("Files", answers.PublishedFile)]
    lists = [one for one in listed if one.template == "list.html.j2"]
    names = {name for one in lists for name in one.shown or one.model.model_fields}
    own = {*answers.Case.model_fields, *ISOLATES.schema}
    said = {name.replace("_", " ") for name in names}
    said |= {name.replace("_", " ").capitalize() for name in own}
    assert sorted(one for one in said if translated(one, code) is None) == []
