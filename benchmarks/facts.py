"""Where and with what a benchmark ran, and its results as Markdown and JSON."""

import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

Rows = Sequence[Mapping[str, object]]

LIBRARIES = ("abscope", "numpy", "numba", "isal", "pysam", "mappy", "polars")
PROGRAMS = {
    "bwa": ["bwa"],
    "minimap2": ["minimap2", "--version"],
    "samtools": ["samtools", "--version"],
    "bcftools": ["bcftools", "--version"],
    "freebayes": ["freebayes", "--version"],
    "samclip": ["samclip", "--version"],
}


def machine() -> dict[str, object]:
    """Processor, memory, versions and the load when asked."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
        "libraries": {name: _installed(name) for name in LIBRARIES},
        "programs": {name: _version(argv) for name, argv in PROGRAMS.items()},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((x.partition(": ")[2] for x in lines if x.startswith("model name")), "unknown")


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _version(argv: Sequence[str]) -> str | None:
    """The first line with a digit that a program says about itself, None where it is not installed."""
    if shutil.which(argv[0]) is None:
        return None
    said = subprocess.run(argv, capture_output=True, text=True, errors="replace", check=False)
    lines = (said.stdout + said.stderr).splitlines()
    return next((x.strip() for x in lines if any(map(str.isdigit, x))), "unknown")


def table(rows: Rows) -> str:
    """Rows as a Markdown table, columns as the first row has them."""
    if not rows:
        return "(nothing ran)\n"
    names = list(rows[0])
    lines = [names, ["---"] * len(names), *([_cell(row[name]) for name in names] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case float():
            return f"{value:.5f}" if abs(value) <= 1 else f"{value:.4g}"
        case int():
            return f"{value:,}"
        case _:
            return str(value)


@dataclass(frozen=True, slots=True)
class Results:
    """What a benchmark found. facts: of the machine, taken before it ran. more: for the JSON alone."""

    name: str
    facts: Mapping[str, object]
    tables: Mapping[str, Rows]
    more: Mapping[str, Rows]
    skipped: Sequence[str] = ()


def publish(found: Results, folder: Path) -> None:
    """Write NAME.md and NAME.json into `folder`, and print the Markdown."""
    where = f"{found.facts['processor']}, {found.facts['cores']} cores, {found.facts['system']}"
    parts = [f"# {found.name}\n\n{where}\n"]
    parts += [f"\n## {title}\n\n{table(rows)}" for title, rows in found.tables.items()]
    parts += [f"\nSKIPPED: {what}\n" for what in found.skipped]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{found.name}.md").write_text("".join(parts), encoding="utf-8")
    text = json.dumps(asdict(found), indent=1)
    (folder / f"{found.name}.json").write_text(text + "\n", encoding="utf-8")
    print("".join(parts))


def say(text: str) -> None:
    """Talk to the person waiting."""
    print(text, file=sys.stderr, flush=True)
