"""How far IQ-TREE is, from the log that it writes as it goes."""

import re
from pathlib import Path

_ITERATION = re.compile(
    r"^Iteration (\d+) / LogL: \S+ / Time: \S+(?: \((\S+) left\))?", re.MULTILINE
)
_HOURS = re.compile(r"(\d+)h:(\d+)m:(\d+)s")


def how_far(folder: Path) -> str:
    """Say what the job in a folder is at; "" where nothing is written yet."""
    for log in sorted(folder.glob("piqtree_*/*.log")):
        try:
            return said(log.read_text(encoding="ascii", errors="replace"))
        except OSError:  # it has just ended, and took its folder with it
            return ""
    return ""


def said(log: str) -> str:
    """The last iteration in a log, and how long the rest will take as IQ-TREE expects."""
    found = _ITERATION.findall(log)
    if not found:
        return "first trees" if log else ""
    number, left = found[-1]
    hours = _HOURS.fullmatch(left)
    return f"iteration {number}" + (f", {_time(*map(int, hours.groups()))} left" if hours else "")


def _time(hours: int, minutes: int, seconds: int) -> str:
    return f"{60 * hours + minutes} min {seconds} s" if hours or minutes else f"{seconds} s"
