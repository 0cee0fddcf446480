"""The pack as files: page, paper, figures for machines, their checksums, and a signature."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from html import escape
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from abscope.errors import DataError, ToolError
from abscope.reports.documents.blocks import Block, Document, Grid, Heading, Signature, Text
from abscope.validation.pack import Pack
from abscope.validation.page import markdown

SUMS = "SHA256SUMS"
_SIGNERS = ("Performed by", "Reviewed by", "Laboratory director")
_STYLE = "body{font:15px sans-serif;max-width:70em;margin:2em auto}td,th{padding:.2em .7em;text-align:left}"


def files(pack: Pack, command: str, key: Path | None) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file of the pack, the checksums after those they speak of.

    A PDF is among them where ReportLab is installed.
    """
    text = markdown(pack, command)
    made = {
        "validation.md": text.encode(),
        "validation.html": html(text).encode(),
        "validation.json": json.dumps(asdict(pack), indent=1, sort_keys=True).encode() + b"\n",
    }
    if find_spec("reportlab"):
        made["validation.pdf"] = paper(text)
    sums = "".join(f"{hashlib.sha256(made[n]).hexdigest()}  {n}\n" for n in sorted(made)).encode()
    yield from made.items()
    yield SUMS, sums
    if key is not None:
        yield f"{SUMS}.sig", signature(sums, key)


def blocks(text: str) -> Iterator[Block]:
    """Our own Markdown (headings, tables, paragraphs) as blocks of a document."""
    table: list[tuple[str, ...]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            if not set(line) <= set("|-"):
                table.append(tuple(cell.strip() for cell in line.strip("|").split("|")))
            continue
        if table:
            yield _grid(table)
            table = []
        if line.startswith("#"):
            yield Heading(line.lstrip("# "))
        elif line.strip():
            yield Text(line.strip().replace("**", ""))


def _grid(table: list[tuple[str, ...]]) -> Grid:
    """Columns as wide as their longest cell asks, within limits."""
    widths = tuple(
        float(min(max(len(cell), 8), 30)) for cell in map(_longest, zip(*table, strict=True))
    )
    return Grid(table[0], tuple(table[1:]), widths)


def _longest(cells: tuple[str, ...]) -> str:
    return max(cells, key=len)


def html(text: str) -> str:
    """The page with places for signatures."""
    shown = "".join(_shown(block) for block in blocks(text))
    place = "".join(f"<p>{who}: ____________________ date: __________</p>" for who in _SIGNERS)
    return (f"<!doctype html><html lang='en'><meta charset='utf-8'><title>abscope validation</title>"
            f"<style>{_STYLE}</style><body>{shown}<h2>Signatures</h2>{place}"
            f"<p>Checksums of all files: {SUMS}</p></body></html>")  # fmt: skip


def _shown(block: Block) -> str:
    match block:
        case Heading(text):
            return f"<h2>{escape(text)}</h2>"
        case Text(text):
            return f"<p>{escape(text)}</p>"
        case Grid(heads, rows):
            first = "".join(f"<th>{escape(cell)}</th>" for cell in heads)
            rest = (("".join(f"<td>{escape(cell)}</td>" for cell in row)) for row in rows)
            return f"<table><tr>{first}</tr>{''.join(f'<tr>{row}</tr>' for row in rest)}</table>"
        case _:
            raise TypeError(f"no such block on this page: {block}")


def paper(text: str) -> bytes:
    """The page as PDF, with places for signatures. Raises ToolError without ReportLab."""
    from abscope.reports.documents.pdf import pdf

    first, *rest = blocks(text)
    title = first.text if isinstance(first, Heading) else "Laboratory validation"
    signed = (*rest, Heading("Signatures"), Signature(_SIGNERS))
    foot = f"Checksums of all files of this pack: {SUMS}"
    return pdf(Document(title, "en", signed, foot=foot))


def signature(content: bytes, key: Path) -> bytes:
    """Ed25519 over `content` by a PEM private key without a passphrase.

    Raises ToolError where `cryptography` is not installed, DataError where the file holds no such key.
    """
    try:
        serialization = import_module("cryptography.hazmat.primitives.serialization")
    except ImportError as error:
        raise ToolError("signing needs the package cryptography",
                        hint="pip install cryptography, or leave --sign-key out") from error  # fmt: skip
    try:
        private = serialization.load_pem_private_key(key.read_bytes(), password=None)
        return bytes(private.sign(content))
    except (OSError, ValueError, TypeError) as error:
        raise DataError(f"{key}: is no Ed25519 key that can be used ({error})",
                        hint="openssl genpkey -algorithm ed25519 -out key.pem") from error  # fmt: skip
