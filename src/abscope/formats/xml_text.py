"""Text as XML 1.0 takes it: markup escaped, and characters that no XML file may hold left out."""

import re
from xml.sax.saxutils import escape, quoteattr

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def content(text: str) -> str:
    """Between tags."""
    return escape(_FORBIDDEN.sub("", text))


def attribute(text: str) -> str:
    """As an attribute's value, with its quotes."""
    return quoteattr(_FORBIDDEN.sub("", text))
