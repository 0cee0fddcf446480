"""The pack as a page to file, its checksums, and a signature where a key is given."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from abscope.errors import DataError, ToolError
from abscope.validation.pack import ENOUGH, Pack

SUMS = "SHA256SUMS"
_STYLE = "body{font:15px sans-serif;max-width:70em;margin:2em auto}td,th{padding:.2em .7em;text-align:left}"


def markdown(pack: Pack, command: str) -> str:
    """The page as Markdown."""
    return "\n".join(_blocks(pack, command)) + "\n"


def _blocks(pack: Pack, command: str) -> Iterator[str]:
    yield f"# Laboratory validation ({pack.size.name})\n\n    {command}\n"
    yield f"Genome: {pack.genome}; {pack.size.seeds} isolates a line; reads of 2 x 150 bases, simulated."
    yield "Shares have exact (Clopper-Pearson) 95 % intervals. Positions inside repeats do not count.\n"
    yield "## Limits of detection\n"
    yield f"- Depth: {_or_none(pack.least_depth)}. At this depth tried and all above, {ENOUGH:.0%}"
    yield "  of SNPs are called, by the lower end of the interval."
    yield f"- Minor strain: {_or_none(pack.least_share)}. From this share on every tube is called mixed."
    yield "\n## Sensitivity and specificity\n"
    yield "Sensitivity: SNPs called right. Specificity: the reference's letters not called another.\n"
    yield "| varied | level | sensitivity | specificity | positions called | tubes called mixed |"
    yield "|---|---|---|---|---|---|"
    for one in pack.lines:
        called = f"{one.called.value or 0:.2%}"
        mixed = f"{one.mixed.held} of {one.mixed.tried}"
        yield f"| {one.varied} | {one.level} | {one.snps} | {one.same} | {called} | {mixed} |"
    yield "\n## Quality gates, each alone\n"
    yield "| gate | provoked by | tripped | other remarks |\n|---|---|---|---|"
    for gate in pack.gates:
        word = _silence(gate.name == "none", gate.tripped)
        yield f"| {gate.name} | {gate.provoked} | {word} | {'; '.join(gate.others) or 'none'} |"
    yield "\n## Reproducibility\n\n| changed | positions that differ | same variants |\n|---|---|---|"
    for again in pack.repeats:
        same = "yes" if again.same_variants else "no"
        yield f"| {again.changed} | {again.differing} of {again.positions:,} | {same} |"
    yield "\n## Versions\n"
    yield ", ".join(f"{name} {version}" for name, version in pack.versions.items())


def _or_none(text: str | None) -> str:
    return text or "none of those tried"


def _silence(good: bool, tripped: bool) -> str:
    if good:
        return "nothing, as it should" if tripped else "SOMETHING"
    return "yes" if tripped else "NO"


def html(text: str) -> str:
    """Our own Markdown (headings, lists, tables) as one page, with places for signatures."""
    from html import escape

    rows, table = [], False
    for line in text.splitlines():
        cells = [escape(cell.strip()) for cell in line.strip("|").split("|")]
        is_row = line.startswith("|")
        if is_row != table:
            rows.append("<table>" if is_row else "</table>")
            table = is_row
        if is_row:
            if not set(line) <= set("|-"):
                rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
        elif line.startswith("#"):
            level = len(line) - len(line.lstrip("#"))
            rows.append(f"<h{level}>{escape(line.lstrip('# '))}</h{level}>")
        elif line:
            rows.append(f"<p>{escape(line.strip())}</p>")
    if table:
        rows.append("</table>")
    place = "".join(f"<p>{who}: ____________________ date: __________</p>" for who in _SIGNERS)
    return (f"<!doctype html><html lang='en'><meta charset='utf-8'><title>abscope validation</title>"
            f"<style>{_STYLE}</style><body>{''.join(rows)}<h2>Signatures</h2>{place}"
            f"<p>Checksums of all files: {SUMS}</p></body></html>")  # fmt: skip


_SIGNERS = ("Performed by", "Reviewed by", "Laboratory director")


def files(pack: Pack, command: str, key: Path | None) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file of the pack, the checksums after those they speak of."""
    text = markdown(pack, command)
    made = {
        "validation.md": text.encode(),
        "validation.html": html(text).encode(),
        "validation.json": json.dumps(asdict(pack), indent=1, sort_keys=True).encode() + b"\n",
    }
    sums = "".join(f"{hashlib.sha256(made[n]).hexdigest()}  {n}\n" for n in sorted(made)).encode()
    yield from made.items()
    yield SUMS, sums
    if key is not None:
        yield f"{SUMS}.sig", signature(sums, key)


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
