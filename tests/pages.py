"""A report read back as a browser would: its elements, its words, its data."""

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "br", "img", "input", "link", "hr"}


@dataclass
class Element:
    """One element: its tag, attributes, children and own words."""

    tag: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def all(self, tag: str = "") -> list["Element"]:
        """Every element below, in order, or those of one tag."""
        found = []
        for child in self.children:
            found += [child] if not tag or child.tag == tag else []
            found += child.all(tag)
        return found

    def one(self, id_: str) -> "Element":
        """The element with this id."""
        (found,) = (e for e in self.all() if e.attributes.get("id") == id_)
        return found

    @property
    def text(self) -> str:
        """Its words and those below it, scripts aside."""
        return " ".join(self._raw.split())

    @property
    def _raw(self) -> str:
        if self.tag in {"script", "style"}:
            return ""
        inside = "".join(self.words + [child._raw for child in self.children])
        return inside if self.tag in {"#text", "b", "button", "span", "i"} else f" {inside} "


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {key: value or "" for key, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        opened = self.open.pop()
        assert opened.tag == tag, f"</{tag}> closes <{opened.tag}>"

    def handle_data(self, data: str) -> None:
        # A text node of its own, so that order is kept where elements stand between words.
        self.open[-1].children.append(Element("#text", {}, words=[data]))


def read(html: str) -> Element:
    """Parse a page; every element must be closed in its turn."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"never closed: {[e.tag for e in reader.open[1:]]}"
    return reader.open[0]


def charts(page: Element) -> dict[str, dict[str, Any]]:
    """The data of every chart, by its name."""
    data = {}
    for script in page.all("script"):
        if script.attributes.get("id", "").endswith("-data"):
            text = "".join(child.words[0] for child in script.children)
            data[script.attributes["id"].removesuffix("-data")] = json.loads(text)
    return data


def rows(table: Element) -> list[list[str]]:
    """The words of every cell of a table's body."""
    (body,) = table.all("tbody")
    return [[c.text for c in row.children if c.tag in {"td", "th"}] for row in body.all("tr")]


def table(page: Element, caption: str) -> Element:
    """The table with this caption."""
    (found,) = (t for t in page.all("table") if t.all("caption")[0].text == caption)
    return found
