"""A star in words."""

import numpy as np

from abscope.records import Star

_NAMED = 6


def reason(found: Star) -> str:
    """The verdict on a group and why, in one sentence."""
    left = f" ({', '.join(found.left_out)} left out: not comparable with all)"
    return f"{_who(found)}{left if found.left_out else ''} {_what(found)}."


def _who(found: Star) -> str:
    names = found.isolates
    if len(names) <= _NAMED:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"


def _what(found: Star) -> str:
    index, chance = found.index or 0, found.chance or 0
    if found.verdict == "star":
        return (
            f"spread from one point, like the rays of a star (chance {chance:.0%}): {_alone(found)}; one "
            "event or one product would look so"
        )
    if found.verdict == "nested":
        return (
            f"nest, and did not spread from one point (chance {chance:.0%}): {1 - index:.0%} of their "
            "differences are shared by some of them; a chain of patients, a source that goes on, or several "
            "introductions would look so"
        )
    if found.verdict == "uneven":
        return (
            f"did not spread evenly from one point: {_odd(found)}, which the dates do not allow; perhaps "
            "that isolate is of another infection"
        )
    return _undecided(found)


def _alone(found: Star) -> str:
    if found.index is None:
        return "they do not differ"
    return f"{found.index:.0%} of their differences are one isolate's alone"


def _odd(found: Star) -> str:
    own = np.array(found.private)
    at = int(np.abs(own - np.median(own)).argmax())
    others = np.median(np.delete(own, at))
    return f"{found.isolates[at]} has {own[at]:.0f} SNPs of its own, the others about {others:.0f}"


def _undecided(found: Star) -> str:
    if found.chance is None:
        own = ", ".join(f"{count:.0f}" for count in found.private)
        return (
            "are three, and three always look like a star: whether they spread from one point cannot be "
            f"told, but their own SNPs ({own}) are as even as the dates allow"
        )
    return f"may have spread from one point (chance {found.chance:.0%}): {_alone(found)}"
