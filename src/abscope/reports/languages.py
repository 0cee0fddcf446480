"""The languages a page speaks: English as written, and a dictionary of its texts for each other one.

A text may hold {places} that any words fill, such as {n} or {name}; data (names, values) are marked
`translate="no"` in the page and stay as they are. What a dictionary lacks stays in English.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from abscope.errors import UsageError

ENGLISH = "en"
_PLACE = re.compile(r"\{(\w+)\}")
_NUMBER = r"[^A-Za-zÀ-ÿ]+?"


@cache
def languages() -> Mapping[str, Mapping[str, object]]:
    """By code: the language's own name, and its texts by the English ones."""
    folder = files("abscope.reports").joinpath("texts")
    found = sorted(one.name for one in folder.iterdir() if one.name.endswith(".json"))
    return {
        name.removesuffix(".json"): json.loads(folder.joinpath(name).read_text(encoding="utf-8"))
        for name in found
    }


def known_language(code: str) -> str:
    """The code, if a page can be had in it."""
    codes = (ENGLISH, *languages())
    if code not in codes:
        raise UsageError(f"no page in language {code!r}", hint=f"choose one of {', '.join(codes)}")
    return code


def translated(text: str, code: str) -> str | None:
    """A whole text in another language, None where its dictionary has none; the page's script does the same.

    What stands at a place is looked up too, and stays as it is where it is not known.
    """
    exact, patterns = _dictionary(code)
    if text in exact:
        return exact[text]
    for pattern, other in patterns:
        if found := pattern.fullmatch(text):
            given = {name: translated(one, code) or one for name, one in found.groupdict().items()}
            return other.format_map(given)
    parts = [translated(part, code) for part in text.split("; ")] if "; " in text else []
    told = [part for part in parts if part is not None]
    return "; ".join(told) if told and len(told) == len(parts) else None


@cache
def _dictionary(code: str) -> tuple[Mapping[str, str], tuple[tuple[re.Pattern[str], str], ...]]:
    """Texts without places, and patterns of the others, those with most words of ours first."""
    texts: Mapping[str, str] = languages()[code]["texts"]  # type: ignore[assignment]
    places = {english: _PLACE.sub("", english) for english in texts if _PLACE.search(english)}
    ordered = sorted(places, key=lambda english: -len(places[english]))
    exact = {english: other for english, other in texts.items() if english not in places}
    return exact, tuple((_pattern(english), texts[english]) for english in ordered)


def _pattern(english: str) -> re.Pattern[str]:
    """{n} and {m} hold numbers, other places anything; where next to nothing is fixed, all hold numbers."""
    parts = _PLACE.split(english)
    counted = {"n", "m"} if max(len(part.strip()) for part in parts[::2]) > 2 else {*parts[1::2]}
    pieces = (
        f"(?P<{part}>{_NUMBER if part in counted - {'name'} else '.+?'})"
        if k % 2
        else re.escape(part)
        for k, part in enumerate(parts)
    )
    return re.compile("".join(pieces), re.DOTALL)
