"""Ed25519 keys in files (RFC 8032), signatures, and fingerprints to read out on the telephone."""

import hashlib
import os
import re
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from abscope.errors import FormatError, UsageError
from abscope.running.storage import make_folder, storing, write_whole

PUBLIC, SIGNATURE = 32, 64  # bytes
_KIND = "abscope-ed25519"
_DIGITS = 32  # 128 bits of a SHA-256: nobody finds a second key for it


def make_key(path: Path) -> str:
    """Write a new key to `path`, for the owner's eyes only, and what others need to `path`.pub.

    Its fingerprint. Raises UsageError where there is a file already, StorageError.
    """
    if path.exists():
        raise UsageError(f"{path}: is there already", hint="a key that is replaced is lost; rename")
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    make_folder(path.parent)
    with storing(path), open(path, "xb", opener=_for_owner) as file:
        file.write(pem)
    public = key.public_key().public_bytes_raw()
    line = f"{_KIND} {public.hex()}\n"
    write_whole(path.with_name(path.name + ".pub"), line.encode())
    return fingerprint(public)


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def sign(path: Path, message: bytes) -> tuple[bytes, bytes]:
    """The public key and the signature of a message. Raises FormatError where `path` holds no key."""
    key = _private(path)
    return key.public_key().public_bytes_raw(), key.sign(message)


def public_of(path: Path) -> bytes:
    """The public key of a private one."""
    return _private(path).public_key().public_bytes_raw()


def secret_of(path: Path, purpose: str) -> bytes:
    """Thirty-two bytes that only the key's owner can make, others for each purpose."""
    return hashlib.sha256(purpose.encode() + b"\0" + _private(path).private_bytes_raw()).digest()


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the owner of the public key signed exactly this message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: bytes) -> str:
    """Eight groups of four digits that name a public key."""
    digits = hashlib.sha256(public).hexdigest()[:_DIGITS]
    return " ".join(digits[i : i + 4] for i in range(0, _DIGITS, 4))


def is_named(public: bytes, signer: str) -> bool:
    """Whether `signer` (a fingerprint, or the path of a .pub file) is this key.

    Raises FormatError where it is a file without a public key, UsageError where it is neither.
    """
    digits = re.sub(r"[\s:-]", "", signer).lower()
    if re.fullmatch(rf"[0-9a-f]{{{_DIGITS}}}", digits):
        return digits == fingerprint(public).replace(" ", "")
    path = Path(signer)
    if not path.is_file():
        raise UsageError(
            f"{signer!r} is neither a fingerprint nor a file",
            hint=f"a fingerprint has {_DIGITS} digits; or give the sender's .pub file",
        )
    words = path.read_bytes()[:1000].decode("utf-8", "replace").split()
    if len(words) < 2 or words[0] != _KIND or not re.fullmatch(r"[0-9a-f]{64}", words[1]):
        raise FormatError(f"{path.name}: holds no public key", hint="ask the sender for it again")
    return words[1] == public.hex()


def _private(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError as error:
        raise UsageError(f"{path}: no such key", hint=f"abscope key {path} makes one") from error
    except (ValueError, TypeError, OSError) as error:
        raise FormatError(
            f"{path}: cannot be read as a key", hint="give the private key"
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise FormatError(f"{path}: is another kind of key", hint="abscope key makes the right one")
    return key
