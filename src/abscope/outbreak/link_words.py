"""A link in words: the verdict with its reason in one sentence, and what would change it."""

from collections.abc import Iterator
from dataclasses import replace

from abscope.outbreak.link_background import unseen_to
from abscope.outbreak.link_settings import LinkSettings
from abscope.outbreak.plural import plural
from abscope.records import Background, Hypothesis, Link, Sampled

_MEANS: dict[Hypothesis, str] = {
    "common source": "a common source",
    "person to person": "a chain of patients",
    "laboratory": "a mix-up in the laboratory",
    "chance": "chance",
}
_OUTBREAK: tuple[Hypothesis, ...] = ("common source", "person to person")
_NOTABLE = 0.05
_CLOSE = 2
_COMMON = 0.01


def worded(
    link: Link, one: Sampled, other: Sampled, background: Background | None, settings: LinkSettings
) -> Link:
    """The same link with its reason and what would change it filled in."""
    parts = [_verdict(link), _apart(link)]
    if link.snps is not None and link.posterior is None and link.verdict == "not linked":
        parts.append("farther than any source on the list explains")
    else:
        parts.append(_held_against(link, one, other, background, settings))
    reason = f"{parts[0]}: {'; '.join(part for part in (*parts[1:], _weakness(link)) if part)}."
    changes = tuple(_changes(link, one, other, background, settings))
    return replace(link, reason=reason, would_change=changes)


def _verdict(link: Link) -> str:
    chances = link.posterior
    if link.verdict == "linked" and chances:
        cause = max(_OUTBREAK, key=lambda name: chances[name])
        return f"Linked by {_MEANS[cause]}, most likely"
    if link.verdict == "cannot tell" and chances:
        ranked = sorted(chances, key=lambda name: -chances[name])
        first, second = (_MEANS[name] for name in ranked[:2])
        return f"Cannot tell {first} from {second}"
    return {
        "linked": "Linked",
        "not linked": "Not linked",
        "laboratory mix-up": "Perhaps one tube twice: a mix-up in the laboratory, most likely",
        "cannot tell": "Cannot tell",
    }[link.verdict]


def _apart(link: Link) -> str:
    over = "" if link.comparable is None else f" over {link.comparable / 1e6:.1f} Mb"
    if link.snps is None:
        return f"too few sites in common{over}"
    within = (
        "" if link.source_within is None else f", where one source gives up to {link.source_within}"
    )
    return f"{plural(link.snps, 'SNP')} apart{over}{within}"


def _held_against(
    link: Link, one: Sampled, other: Sampled, background: Background | None, settings: LinkSettings
) -> str:
    if link.snps is None:
        return ""
    if background is not None:
        return _chance(background, link)
    both = settings.shared(one.stratum, other.stratum)
    if both:
        return f"no unlinked patients of {both} to hold it against"
    unknown = [each.isolate_id for each in (one, other) if each.stratum is None]
    if unknown:
        whose = "their clone" if len(unknown) == 2 else f"the clone of {unknown[0]}"
        return f"{whose} is not known, so chance has no measure"
    named = " and ".join(sorted({str(one.stratum), str(other.stratum)}))
    return f"they are of different clones ({named}), so chance has no measure"


def _chance(background: Background, link: Link) -> str:
    """What unlinked patients look like, as people would count them."""
    stratum = background.stratum
    outside = _outside(stratum)
    where = f"outside the known clones ({outside})" if outside else f"within {stratum}"
    clear, snps = unseen_to(background), link.snps or 0
    if clear is not None and clear >= snps:
        apart = "as close" if clear == snps else f"within {clear} SNPs"
        seen = f"0 of {background.patients} unlinked patients were {apart}"
        bound = 1 if link.chance is None else link.chance.upper
        return f"{where}, where {seen} (chance of a pair as close at most {_percent(bound)})"
    at = min(snps, background.limit)
    share = float(background.share[at])
    return f"{where}, where {_percent(share)} of pairs of unlinked patients are as close"


def _outside(stratum: str) -> str:
    """The subspecies in `not a clone (massiliense)`, or the words themselves; empty for a clone."""
    if not stratum.casefold().startswith("not a clone"):
        return ""
    return stratum.partition("(")[2].rstrip(")") or stratum


def _percent(share: float) -> str:
    return f"{share:.1%}" if share >= 0.0005 else f"{share:.0e}"


def _weakness(link: Link) -> str:
    """What speaks against the verdict most."""
    given, chance = link.posterior, link.chance
    if given is None or chance is None:
        return ""
    if link.verdict == "cannot tell" and link.linked_low is not None and (link.linked or 0) >= 0.9:
        return "so few that chance cannot be bounded well enough"
    if link.verdict in {"linked", "cannot tell"} and chance.share >= _COMMON:
        return f"{chance.expected:.0f} such matches are expected by chance among {chance.compared} patients"
    if given["laboratory"] >= _NOTABLE and link.verdict != "laboratory mix-up":
        return f"a mix-up in the laboratory is not excluded ({given['laboratory']:.0%})"
    return ""


def _changes(
    link: Link, one: Sampled, other: Sampled, background: Background | None, settings: LinkSettings
) -> Iterator[str]:
    for isolate in (one, other):
        if isolate.stratum is None:
            yield f"the clone of {isolate.isolate_id}"
        if isolate.exposed is None and isolate.collected is None:
            yield f"when {isolate.isolate_id} was collected, and when its patient was exposed"
    if link.snps is None:
        yield "better sequence of the poorer of the two"
        return
    if background is not None and link.verdict != "not linked":
        outside = _outside(background.stratum)
        whose = f"outside the known clones ({outside})" if outside else f"of {background.stratum}"
        yield f"more unlinked patients {whose}: there are {background.patients}"
    yield from _in_laboratory(link, one, other)
    if link.verdict in {"cannot tell", "linked"} and link.chance and link.chance.share >= _COMMON:
        yield "an exposure both patients share and others of this clone do not"
    if link.verdict == "linked" and (link.linked or 0) < settings.sure + 0.05:
        yield "a third isolate from the same source"


def _in_laboratory(link: Link, one: Sampled, other: Sampled) -> Iterator[str]:
    if link.posterior and link.posterior["laboratory"] >= _NOTABLE:
        yield "sequencing again from the specimens kept"
    elif (link.snps or 0) <= _CLOSE and not (one.handling and other.handling):
        yield "on which run, plate and batch each isolate was"
