"""A bundle of shared isolates as bytes: signed, and nothing in it looked at before its signature held.

Layout (docs/sharing.md): magic and version (16 bytes), public key (32), signature (64) of everything else,
length of the header (4, least byte first), header (JSON, UTF-8), then one zlib stream an isolate.
"""

import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abscope.errors import AccessError, FormatError, UsageError
from abscope.formats import signing
from abscope.records.bundles import (
    MOST_ISOLATES,
    Bundle,
    Details,
    Genome,
    SharedIsolate,
)

MAGIC = b"abscope-bundle\0\1"
LARGEST = 1 << 30  # bytes of a bundle, and of what it unpacks to
_LONGEST_HEADER = 1 << 27
_KEY = slice(len(MAGIC), len(MAGIC) + signing.PUBLIC)
_SIGNATURE = slice(_KEY.stop, _KEY.stop + signing.SIGNATURE)
_ANOTHER = "ask the sender for it again"


def encode(bundle: Bundle, key: Path) -> bytes:
    """A bundle's bytes, signed with the private key in a file. Raises FormatError, UsageError."""
    blocks = [zlib.compress(_packed(one), 9) for one in bundle.isolates]
    header = json.dumps(_header(bundle, blocks), ensure_ascii=False, sort_keys=True).encode()
    body = struct.pack("<I", len(header)) + header + b"".join(blocks)
    public, signature = signing.sign(key, MAGIC + signing.public_of(key) + body)
    return MAGIC + public + signature + body


def read(path: Path, *, signer: str) -> Bundle:
    """A bundle that `signer` (a fingerprint or .pub file) signed.

    Raises AccessError where somebody else did, or the file was changed since; FormatError where it is no
    bundle or holds what none does; UsageError where there is no such file.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})", hint="check it") from error
    body = _signed(path.name, raw, signer)
    try:
        return _decoded(body)
    except (ValueError, KeyError, TypeError, RecursionError, struct.error, zlib.error) as error:
        raise FormatError(f"{path.name}: is no sound bundle ({error})", hint=_ANOTHER) from error


def _signed(name: str, raw: bytes, signer: str) -> bytes:
    """What the signature covers besides magic and key."""
    if raw[: len(MAGIC) - 1] != MAGIC[:-1] or len(raw) < _SIGNATURE.stop or len(raw) > LARGEST:
        raise FormatError(f"{name}: is no bundle of abscope", hint="abscope bundle writes them")
    if raw[len(MAGIC) - 1] != MAGIC[-1]:
        raise FormatError(f"{name}: written by a newer abscope", hint="use that version")
    public, signature, body = raw[_KEY], raw[_SIGNATURE], raw[_SIGNATURE.stop :]
    if not signing.is_signed(public, signature, MAGIC + public + body):
        raise AccessError(
            f"{name}: its signature does not hold: it was changed on its way", hint=_ANOTHER
        )
    if not signing.is_named(public, signer):
        raise AccessError(
            f"{name}: was signed by another key, {signing.fingerprint(public)}",
            hint="ask the sender, by telephone, whether this is their fingerprint; then give it",
        )
    return body


def _header(bundle: Bundle, blocks: list[bytes]) -> dict[str, Any]:
    return {
        "made": bundle.made,
        "organism": bundle.organism,
        "jurisdiction": bundle.jurisdiction,
        "contact": bundle.contact,
        "precision": bundle.precision,
        "references": [
            {"name": one.name, "sha256": one.digest, "length": one.length} for one in bundle.genomes
        ],
        "isolates": [
            {
                "code": one.code,
                "reference": one.genome,
                "clone": one.details.clone,
                "subspecies": one.details.subspecies,
                "sequence_type": one.details.sequence_type,
                "resistance": dict(one.details.resistance),
                "sampled": one.details.sampled,
                "snps": len(one.snps),
                "missing": len(one.missing),
                "bytes": len(block),
            }
            for one, block in zip(bundle.isolates, blocks, strict=True)
        ],
    }


def _packed(one: SharedIsolate) -> bytes:
    """Steps between SNPs and between the edges of stretches (uint32, least byte first), and bases."""
    parts = (_steps(one.snps), one.bases.tobytes(), _steps(one.missing.reshape(-1)))
    return b"".join(parts)


def _steps(positions: NDArray[np.int64]) -> bytes:
    return np.diff(positions, prepend=0).astype("<u4").tobytes()


def _decoded(body: bytes) -> Bundle:
    [length] = struct.unpack_from("<I", body)
    if length > min(_LONGEST_HEADER, len(body) - 4):
        raise ValueError("the header is cut short, or too long")
    header = json.loads(body[4 : 4 + length].decode("utf-8"))
    rows = header["isolates"]
    if len(rows) > MOST_ISOLATES or sum(_size(row) for row in rows) > LARGEST:
        raise ValueError("it unpacks to more than a bundle holds")
    return Bundle(
        made=_text(header, "made"),
        organism=_text(header, "organism"),
        jurisdiction=_text(header, "jurisdiction"),
        contact=_text(header, "contact"),
        precision=header["precision"],
        genomes=tuple(
            Genome(_text(one, "name"), _text(one, "sha256"), _count(one, "length"))
            for one in header["references"]
        ),
        isolates=tuple(_isolates(rows, body, 4 + length)),
    )


def _isolates(rows: list[Mapping[str, Any]], body: bytes, at: int) -> Iterator[SharedIsolate]:
    for row in rows:
        block = body[at : at + _count(row, "bytes")]
        at += len(block)
        yield _isolate(row, _unpacked(block, _size(row)))
    if at != len(body):
        raise ValueError("there is more, or less, in it than the header says")


def _isolate(row: Mapping[str, Any], plain: bytes) -> SharedIsolate:
    snps, edges = _count(row, "snps"), 2 * _count(row, "missing")
    bases = np.frombuffer(plain, np.uint8, snps, 4 * snps)
    return SharedIsolate(
        code=_text(row, "code"),
        genome=_count(row, "reference"),
        snps=_positions(plain, snps, 0),
        bases=bases,
        missing=_positions(plain, edges, 5 * snps).reshape(-1, 2),
        details=Details(
            clone=_maybe(row, "clone"),
            subspecies=_maybe(row, "subspecies"),
            sequence_type=_maybe(row, "sequence_type"),
            resistance={_said(name): _said(value) for name, value in row["resistance"].items()},
            sampled=_maybe(row, "sampled"),
        ),
    )


def _size(row: Mapping[str, Any]) -> int:
    return 5 * _count(row, "snps") + 8 * _count(row, "missing")


def _unpacked(block: bytes, size: int) -> bytes:
    """Exactly `size` bytes of a zlib stream; a stream that holds more is never unpacked further."""
    stream = zlib.decompressobj()
    plain = stream.decompress(block, size + 1)
    if len(plain) != size or not stream.eof or stream.unused_data:
        raise ValueError("a genotype is longer or shorter than the header says")
    return plain


def _positions(plain: bytes, count: int, at: int) -> NDArray[np.int64]:
    return np.cumsum(np.frombuffer(plain, "<u4", count, at), dtype=np.int64)


def _count(row: Mapping[str, Any], name: str) -> int:
    value = row[name]
    if type(value) is not int or not 0 <= value < 2**31:
        raise ValueError(f"{name} is no count")
    return value


def _said(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("something that is no text where a text belongs")
    return value


def _text(row: Mapping[str, Any], name: str) -> str:
    return _said(row[name])


def _maybe(row: Mapping[str, Any], name: str) -> str | None:
    return None if row[name] is None else _said(row[name])
