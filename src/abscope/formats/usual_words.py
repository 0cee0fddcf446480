"""Words of a line list that say no more than they must; whatever else somebody wrote is `other`."""

_SEXES = {
    "f": "female", "female": "female", "woman": "female", "mujer": "female", "femenino": "female",
    "m": "male", "male": "male", "man": "male", "hombre": "male", "masculino": "male",
}  # fmt: skip
_OUTCOMES = frozenset(
    ("cured", "in treatment", "on treatment", "relapsed", "died", "recovered", "recovering", "improved",
     "lost to follow-up", "lost to follow up", "failed", "failure", "alive", "dead", "unknown")
)  # fmt: skip


def sex(text: str | None) -> str | None:
    """Female or male however written; other words may say more than that, and are `other`."""
    return None if text is None else _SEXES.get(text.strip().casefold(), "other")


def outcome(text: str | None) -> str | None:
    """A usual word for an outcome; free text may say anything, and is `other`."""
    if text is None:
        return None
    plain = text.strip().casefold()
    return plain if plain in _OUTCOMES else "other"
