"""The languages a page speaks: English as written, and a dictionary of its texts for each other one.

A text may hold {places} that any words fill, such as {n} or {name}; data (names, values) are marked
`translate="no"` in the page and stay as they are. What a dictionary lacks stays in English.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from abscope.errors import UsageError

ENGLISH = "en"


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
