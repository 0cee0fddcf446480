"""Passwords: kept as Argon2id hashes (RFC 9106, second recommended setting), checked in constant time."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from abscope.errors import UsageError

SHORTEST, LONGEST = 12, 256  # NIST SP 800-63B asks for 8 or more; long ones must not cost us memory


def hashed(password: str) -> str:
    """What is kept of a password. Raises UsageError where it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(
            f"the password has {len(password)} characters",
            hint=f"{SHORTEST} to {LONGEST}: a few unrelated words are easy to remember",
        )
    return _hasher().hash(_normal(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether it is the password; somebody without one costs a guesser the same time and is refused."""
    try:
        right = _hasher().verify(kept or _nobody(), _normal(password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None and len(password) <= LONGEST


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _hasher().check_needs_rehash(kept)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    """A hash that no password is compared with in earnest."""
    return _hasher().hash("nobody has this password")


def _normal(password: str) -> str:
    """The same letters however a keyboard composes them."""
    return unicodedata.normalize("NFKC", password)
