"""Column headings as people write them, matched to ours."""

import difflib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence


def plain(text: str) -> str:
    """Letters and digits only, in lower case and without accents: what two spellings share."""
    return "".join(
        sign for sign in unicodedata.normalize("NFKD", text.casefold()) if sign.isalnum()
    )


def match(headings: Sequence[str], names: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
    """Columns (0-based) of each field of `names`; its earlier names win over its later ones.

    names: field -> the headings it goes by, best first, the field's own name included. Case, spaces,
    hyphens and accents do not matter; a heading serves one field only.
    """
    keys = [plain(heading) for heading in headings]
    found: dict[str, list[int]] = {}
    for field, spellings in names.items():
        for spelling in spellings:
            columns = [i for i, key in enumerate(keys) if key == plain(spelling)]
            if columns:
                found[field] = columns
                break
    return found


def resembling(heading: str, known: Iterable[str], *, cutoff: float = 0.8) -> str | None:
    """The known heading that `heading` is probably a typing error of, or None."""
    spelled = {plain(name): name for name in known}
    near = difflib.get_close_matches(plain(heading), spelled, n=1, cutoff=cutoff)
    return spelled[near[0]] if near else None
