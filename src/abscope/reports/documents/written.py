"""A document in the formats asked for, as names and bytes."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from abscope.errors import UsageError
from abscope.reports.documents.blocks import Document, Picture
from abscope.reports.documents.docx import docx
from abscope.reports.documents.pdf import pdf
from abscope.reports.documents.plain import html, markdown

Writer = Callable[[Document, Iterable[Picture]], bytes]
WRITERS: dict[str, Writer] = {
    "pdf": pdf,
    "docx": docx,
    "html": html,
    "md": lambda document, _: markdown(document),
}


def written(
    document: Document, formats: Sequence[str], stem: str, pictures: Sequence[Picture] = ()
) -> Iterator[tuple[str, bytes]]:
    """File names `stem.language.format` and what is in them. Raises UsageError for other formats."""
    if strange := [one for one in formats if one not in WRITERS]:
        known = ", ".join(WRITERS)
        raise UsageError(f"no format {', '.join(strange)}", hint=f"--format {known}")
    for one in dict.fromkeys(formats):
        name = f"{file_name(stem)}.{document.language}.{one}"
        yield name, WRITERS[one](document, pictures)


def file_name(text: str) -> str:
    """A name of the data as part of a file's: whatever may mean something to a shell is a line."""
    return re.sub(r"[^\w.+-]", "_", text).lstrip(".-") or "_"
