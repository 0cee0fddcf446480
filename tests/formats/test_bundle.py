"""Bundles: what is written comes back, and nothing that was not signed, or makes no sense, is used."""

import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from abscope.errors import AbscopeError, AccessError, FormatError, UsageError
from abscope.formats import bundle as bundles
from abscope.formats import signing
from abscope.formats.isolate_details import read_details, sampled
from abscope.records.bundles import Bundle, Details, SharedIsolate
from shared import LENGTH, bundle, genome

START = len(bundles.MAGIC) + 32 + 64


@pytest.fixture
def key(tmp_path: Path) -> Path:
    signing.make_key(tmp_path / "key")
    return tmp_path / "key"


@pytest.fixture
def signer(key: Path) -> str:
    return signing.fingerprint(signing.public_of(key))


def written(path: Path, raw: bytes) -> Path:
    path.write_bytes(raw)
    return path


def signed(key: Path, body: bytes) -> bytes:
    """Any body under a signature that holds."""
    public, signature = signing.sign(key, bundles.MAGIC + signing.public_of(key) + body)
    return bundles.MAGIC + public + signature + body


def same(one: SharedIsolate, other: SharedIsolate) -> bool:
    arrays = ("snps", "bases", "missing")
    return all(np.array_equal(getattr(one, n), getattr(other, n)) for n in arrays) and (
        (one.code, one.genome, one.details) == (other.code, other.genome, other.details)
    )


def test_a_bundle_comes_back_as_it_was_written(tmp_path: Path, key: Path, signer: str) -> None:
    made = bundle()
    found = bundles.read(written(tmp_path / "b", bundles.encode(made, key)), signer=signer)
    for field in fields(Bundle):
        if field.name != "isolates":
            assert getattr(found, field.name) == getattr(made, field.name)
    assert all(same(a, b) for a, b in zip(found.isolates, made.isolates, strict=True))


def test_the_same_isolates_give_the_same_bytes(key: Path) -> None:
    assert bundles.encode(bundle(), key) == bundles.encode(bundle(), key)


def test_the_layout_is_the_one_the_manual_describes(key: Path) -> None:
    raw = bundles.encode(bundle(), key)
    assert raw[:16] == b"abscope-bundle\0\1"
    assert signing.is_signed(raw[16:48], raw[48:112], raw[:48] + raw[112:])
    [length] = struct.unpack("<I", raw[112:116])
    header = json.loads(raw[116 : 116 + length])
    first = header["isolates"][0]
    plain = zlib.decompress(raw[116 + length : 116 + length + first["bytes"]])
    steps = np.frombuffer(plain, "<u4", first["snps"])
    assert np.cumsum(steps).tolist() == [3, 9, 3_999]
    assert plain[12:15] == b"TTC"
    assert np.cumsum(np.frombuffer(plain[15:], "<u4")).tolist() == [10, 20, 50, 4_000]


def test_no_bit_of_a_bundle_can_be_changed(tmp_path: Path, key: Path, signer: str) -> None:
    raw = bundles.encode(bundle(), key)
    for place in range(0, len(raw), 7):
        changed = bytearray(raw)
        changed[place] ^= 1
        with pytest.raises((AccessError, FormatError)):
            bundles.read(written(tmp_path / "b", bytes(changed)), signer=signer)
    for cut in (0, 10, START, len(raw) - 1):
        with pytest.raises((AccessError, FormatError)):
            bundles.read(written(tmp_path / "b", raw[:cut]), signer=signer)
    with pytest.raises(AccessError):
        bundles.read(written(tmp_path / "b", raw + b"\0"), signer=signer)


def test_a_bundle_somebody_else_signed_is_refused_with_their_fingerprint(
    tmp_path: Path, key: Path, signer: str
) -> None:
    other = signing.make_key(tmp_path / "other")
    path = written(tmp_path / "b", bundles.encode(bundle(), tmp_path / "other"))
    with pytest.raises(AccessError, match=f"signed by another key, {other}"):
        bundles.read(path, signer=signer)
    assert bundles.read(path, signer=str(tmp_path / "other.pub")).jurisdiction == "AZ"


def change(row: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda header: header["isolates"][0].update({row: value})


HOSTILE: dict[str, Callable[[dict[str, Any]], object]] = {
    "more SNPs than there are": change("snps", 4),
    "fewer SNPs than there are": change("snps", 2),
    "a billion stretches": change("missing", 2**30),
    "a negative count": change("snps", -1),
    "a count that is true": change("snps", True),
    "a fraction": change("bytes", 1.5),
    "more bytes than the file": change("bytes", 10_000),
    "a reference that is not listed": change("reference", 7),
    "a path for a code": change("code", "../../etc/passwd"),
    "a terminal's escape for a clone": change("clone", "\x1b[2J"),
    "an endless clone": change("clone", "x" * 501),
    "a list for a clone": change("clone", ["x"]),
    "a drug class nobody knows": change("resistance", {"name of patient": "x"}),
    "a patient's name for a date": change("sampled", "Jane Doe"),
    "no isolates": lambda header: header.pop("isolates"),
    "isolates that are a number": lambda header: header.update(isolates=3),
    "no contact": lambda header: header.update(contact=" "),
    "a precision nobody knows": lambda header: header.update(precision="hour"),
    "a day that is none": lambda header: header.update(made="tomorrow"),
    "one code twice": lambda header: header["isolates"][1].update(code="abcd01"),
    "a shorter reference": lambda header: header["references"][0].update(length=100),
    "an endless reference": lambda header: header["references"][0].update(length=2**31),
    "a digest that is none": lambda header: header["references"][0].update(sha256="x"),
}


@pytest.mark.parametrize("what", list(HOSTILE))
def test_what_a_partner_may_sign_and_no_bundle_holds_is_refused(
    what: str, tmp_path: Path, key: Path, signer: str
) -> None:
    raw = bundles.encode(bundle(), key)
    [length] = struct.unpack_from("<I", raw, START)
    header = json.loads(raw[START + 4 : START + 4 + length])
    HOSTILE[what](header)
    text = json.dumps(header).encode()
    body = struct.pack("<I", len(text)) + text + raw[START + 4 + length :]
    with pytest.raises(FormatError, match="is no sound bundle"):
        bundles.read(written(tmp_path / "b", signed(key, body)), signer=signer)


@pytest.mark.parametrize(
    "body",
    [b"", b"\0", struct.pack("<I", 2**31), struct.pack("<I", 2) + b"{}", struct.pack("<I", 9) + b"[" * 9,
     struct.pack("<I", 200_000) + b"[" * 200_000, struct.pack("<I", 4) + b"\xff\xfe\0\0"],
    ids=["nothing", "a byte", "endless header", "empty header", "half a list", "deep", "not text"],
)  # fmt: skip
def test_a_body_that_is_no_bundle_is_refused(
    body: bytes, tmp_path: Path, key: Path, signer: str
) -> None:
    with pytest.raises(FormatError, match="is no sound bundle"):
        bundles.read(written(tmp_path / "b", signed(key, body)), signer=signer)


def test_a_zlib_bomb_in_a_bundle_is_never_unpacked(tmp_path: Path, key: Path, signer: str) -> None:
    stream = zlib.compressobj(9)
    bomb = b"".join(stream.compress(bytes(1 << 20)) for _ in range(256)) + stream.flush()
    raw = bundles.encode(bundle(), key)
    [length] = struct.unpack_from("<I", raw, START)
    header = json.loads(raw[START + 4 : START + 4 + length])
    header["isolates"] = [header["isolates"][0] | {"bytes": len(bomb)}]
    text = json.dumps(header).encode()
    path = written(tmp_path / "b", signed(key, struct.pack("<I", len(text)) + text + bomb))
    with pytest.raises(FormatError, match="longer or shorter"):
        bundles.read(path, signer=signer)


def test_a_zip_archive_and_a_missing_file_are_no_bundles(tmp_path: Path, signer: str) -> None:
    with pytest.raises(FormatError, match="is no bundle"):
        bundles.read(written(tmp_path / "b", b"PK\3\4" + bytes(500)), signer=signer)
    with pytest.raises(UsageError, match="cannot be read"):
        bundles.read(tmp_path / "nothing", signer=signer)


def test_a_key_is_for_its_owner_alone_and_never_overwritten(tmp_path: Path, key: Path) -> None:
    assert key.stat().st_mode & 0o077 == 0
    with pytest.raises(UsageError, match="is there already"):
        signing.make_key(key)
    assert signing.is_named(signing.public_of(key), f"{key}.pub")
    for path, error in ((tmp_path / "none", UsageError), (tmp_path / "key.pub", FormatError)):
        with pytest.raises(error):
            signing.sign(path, b"x")
    with pytest.raises(UsageError, match="neither a fingerprint nor a file"):
        signing.is_named(signing.public_of(key), "1234")
    with pytest.raises(FormatError, match="holds no public key"):
        signing.is_named(signing.public_of(key), str(key))


def test_letters_come_back_from_differences() -> None:
    one = bundle().isolates[0]
    letters = one.letters(genome())
    assert letters[[3, 9, 3_999]].tobytes() == b"TTN"
    assert (letters[10:20] == ord("N")).all()
    assert len(letters) == LENGTH


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2022-10-14", (None, "2022", "2022-10", "2022-10-14")),
        ("2022-10", (None, "2022", "2022-10", "2022-10")),
        ("2022", (None, "2022", "2022", "2022")),
        ("unknown", (None, None, None, None)),
        ("", (None, None, None, None)),
    ],
)
def test_a_date_is_told_no_finer_than_chosen(text: str, told: tuple[str | None, ...]) -> None:
    found = tuple(sampled(text, one) for one in ("none", "year", "month", "day"))
    assert found == told


def test_details_are_read_from_tables_without_what_they_tell_of_patients(tmp_path: Path) -> None:
    types = tmp_path / "types.tsv"
    types.write_text(
        "isolate_id\tclone\tst\tmacrolides\tpatient\na\tDCC1\tST5\tresistant\tJane Doe\n"
    )
    dates = tmp_path / "dates.csv"
    dates.write_text("isolate,date,clone\na,2022-10-14,other\nb,2021,\n")
    found = read_details([types, dates], precision="month")
    assert found == {
        "a": Details("DCC1", None, "ST5", {"macrolides": "resistant"}, "2022-10"),
        "b": Details(sampled="2021"),
    }
    (tmp_path / "bad.csv").write_text("x,y\n1,2\n")
    with pytest.raises(AbscopeError, match="no column isolate_id"):
        read_details([tmp_path / "bad.csv"], precision="day")
