"""How much script an action costs on a page of 5,000 isolates and 2,000 cases, beside an empty page.

python -m benchmarks.page [--tips 5000] [--cases 2000] [--out build/benchmarks/page.md]

Times are the browser's own (ScriptDuration, RecalcStyleDuration and LayoutDuration of the Chrome
DevTools Protocol, in time of its thread), the median of repeats, and of script the most too; a ratio is to
a click on a page with nothing in it.
"""

import argparse
import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
from playwright.sync_api import CDPSession, Page, sync_playwright

from abscope import tables
from abscope.records import (
    Cluster,
    Clusters,
    Comparison,
    Distances,
    Findings,
    Investigation,
    LineList,
    Linked,
    Mask,
    Relatedness,
    Tree,
)
from abscope.reports.page import render

CHROMIUM = os.environ.get("ABSCOPE_CHROMIUM", "/usr/bin/chromium")
LENGTH, LEVEL, COMPARED = 5_000_000, 20, 40
COUNTS = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")
EMPTY = "<!doctype html><title>empty</title><button id=nothing>nothing</button>"
KINDS = ("clinic", "product", "procedure", "country")

FILTER = "input[aria-label='Filter: Line list']"
Action = Callable[[Page], object]


def _press(page: Page, *keys: str) -> None:
    page.evaluate(
        """(keys) => { const tree = document.querySelector("#tree-1 .scroll");
        tree.focus({ preventScroll: true });
        for (const key of keys) tree.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })) }""",
        list(keys),
    )


def _button(page: Page, k: int) -> None:
    page.evaluate(f"() => document.querySelectorAll('#tree-1 .tools button')[{k}].click()")


def _escape(page: Page) -> None:
    page.evaluate(
        "() => document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))"
    )


def _click(page: Page, selector: str) -> None:
    page.evaluate("(selector) => document.querySelector(selector).click()", selector)


def _set(page: Page, selector: str, value: str, event: str) -> None:
    page.evaluate(
        """([selector, value, event]) => { const element = document.querySelector(selector);
        element.value = value; element.dispatchEvent(new Event(event, { bubbles: true })) }""",
        [selector, value, event],
    )


ACTIONS: dict[str, Action] = {
    "select all by the tree's root": lambda page: _press(page, "Enter"),
    "clear the selection": _escape,
    "select a case in the line list": lambda page: _click(
        page, "#cases tbody tr:nth-child(5) .pick"
    ),
    "clear that": _escape,
    "filter by an exposure": lambda page: _set(page, "#exposure", "3", "change"),
    "show everybody again": lambda page: _set(page, "#exposure", "", "change"),
    "filter the line list by a word": lambda page: _set(page, FILTER, "arizona", "input"),
    "take the word away": lambda page: _set(page, FILTER, "", "input"),
    "sort the line list by age": lambda page: _click(page, "#cases th:nth-child(6) button"),
    "colour by an exposure": lambda page: _set(page, "#colour", "e2", "change"),
    "scroll the tree to its middle": lambda page: page.evaluate(
        "() => { document.querySelector('#tree-1 .scroll').scrollTop = 20000 }"
    ),
    "zoom into half of the tree": lambda page: _press(page, "ArrowRight", "z"),
    "the tree around a circle": lambda page: _button(page, 0),
    "the whole tree around a circle": lambda page: _button(page, 4),
    "back to rows": lambda page: _button(page, 0),
    "in Spanish": lambda page: _set(page, "#language", "es", "change"),
    "in English again": lambda page: _set(page, "#language", "en", "change"),
}


def newick(names: list[str], rng: np.random.Generator) -> str:
    """A random tree: two neighbours at a time are joined."""
    parts = [f"{name}:{rng.integers(0, 40)}" for name in names]
    while len(parts) > 1:
        k = int(rng.integers(0, len(parts) - 1))
        parts[k : k + 2] = [
            f"({parts[k]},{parts[k + 1]}){rng.integers(50, 101)}:{rng.integers(1, 60)}"
        ]
    return f"{parts[0].rsplit(':', 1)[0]};"


def investigation(tips: int, cases: int, *, seed: int = 1) -> Investigation:
    """A tree of so many isolates, and so many cases of whom each has one; distances of the first only."""
    rng = np.random.default_rng(seed)
    names = [f"ISO{k:05d}" for k in range(tips)]
    near = names[:COMPARED]
    snps = rng.integers(0, 9000, (COMPARED, COMPARED))
    snps = np.triu(snps, 1) + np.triu(snps, 1).T
    sites = Distances(tuple(near), snps, np.full_like(snps, LENGTH))
    tree = Tree(newick(names, rng), "maximum likelihood", "midpoint", "ultrafast bootstrap")
    one = Comparison("reference", None, sites, sites, Mask("reference", LENGTH), tree)
    groups = tuple(
        Cluster(f"c{k:03d}", tuple(names[k * 10 : k * 10 + 10])) for k in range(tips // 25)
    )
    return Investigation(
        title="Many isolates, many cases",
        isolates=tables.ISOLATES.frame([_isolate(name) for name in names]),
        relatedness=Relatedness((one,), (Clusters(LEVEL, groups),)),
        findings=_findings(names, cases, rng),
        left_out=(),
        manifest={},
    )


def _isolate(name: str) -> dict[str, object]:
    return {
        "isolate_id": name, "kind": "paired", "reference": "reference", "reads": 1_000_000,
        "bases": 300_000_000, "gc": 0.64, "ani": 0.99, "called": 0.95, "mixed": 3, "snps": 20_000,
    }  # fmt: skip


def _findings(names: list[str], cases: int, rng: np.random.Generator) -> Findings:
    ids = [f"P{k:04d}" for k in range(cases)]
    rows = [_case(k, case, names[k]) for k, case in enumerate(ids)]
    linked = Linked(
        pl.DataFrame({"case_id": ids, "isolate_id": names[:cases]}),
        pl.DataFrame(schema={"case_id": pl.String, "reason": pl.String}),
        pl.DataFrame({"isolate_id": names[cases:]}),
    )
    exposures = tables.EXPOSURES.frame(list(_exposures(ids, rng)))
    return Findings(
        LineList(tables.CASES.frame(rows), exposures),
        linked,
        LEVEL,
        tables.SHARED_EXPOSURES.frame(),
        tables.COMPATIBLE_CASES.frame(),
    )


def _case(k: int, case: str, isolate: str) -> dict[str, object]:
    day = date(2020, 1, 1) + timedelta(days=k % 1500)
    return {
        "case_id": case, "isolate_ids": [isolate], "status": ("confirmed", "probable", "not a case")[k % 3],
        "sex": ("female", "male")[k % 2], "age": float(20 + k % 60), "residence_country": "United States",
        "residence_state": ("Colorado", "Arizona", "Texas")[k % 3], "date_exposure": day,
        "date_onset": day + timedelta(days=30), "date_collection": day + timedelta(days=60), "row": k + 2,
    }  # fmt: skip


def _exposures(ids: list[str], rng: np.random.Generator) -> Iterator[dict[str, object]]:
    answers = np.array(tables.ANSWERS)[rng.integers(0, 3, (len(ids), len(KINDS), 4))]
    for k, case in enumerate(ids):
        for i, kind in enumerate(KINDS):
            for j in range(4):
                value = (
                    ("Mexico", "Colombia", "Turkey", "Thailand")[j]
                    if kind == "country"
                    else f"{kind} {j}"
                )
                yield {
                    "case_id": case,
                    "kind": kind,
                    "value": value,
                    "answer": str(answers[k, i, j]),
                }


def cost(page: Page, session: CDPSession, action: Action) -> dict[str, float]:
    """Milliseconds of script, style and layout that an action took, until the page was idle."""
    before = _metrics(session)
    action(page)
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    after = _metrics(session)
    return {name: 1000 * (after[name] - before[name]) for name in COUNTS}


def _metrics(session: CDPSession) -> dict[str, float]:
    found = session.send("Performance.getMetrics")["metrics"]
    return {one["name"]: one["value"] for one in found if one["name"] in COUNTS}


def measured(path: Path, actions: dict[str, Action], repeats: int) -> dict[str, dict[str, float]]:
    """The median cost of each action, done in turn, the whole round so many times; of script the most."""
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in actions}
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(120_000)
        page.goto(path.as_uri())
        page.wait_for_timeout(1000)
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        for _ in range(repeats):
            for name, action in actions.items():
                rounds[name].append(cost(page, session, action))
        browser.close()
    return {
        name: {c: median(one[c] for one in many) for c in COUNTS}
        | {"most": max(one["ScriptDuration"] for one in many)}
        for name, many in rounds.items()
    }


def report(tips: int, cases: int, repeats: int) -> str:
    """The table, as Markdown."""
    with TemporaryDirectory() as scratch:
        page, empty = Path(scratch, "report.html"), Path(scratch, "empty.html")
        html = render(investigation(tips, cases))
        page.write_text(html, encoding="utf-8")
        empty.write_text(EMPTY, encoding="utf-8")
        base = measured(empty, {"click": lambda page: _click(page, "#nothing")}, repeats)["click"]
        found = measured(page, ACTIONS, repeats)
    lines = [
        f"{tips:,} tips, {cases:,} cases, page of {len(html.encode()) / 1e6:.1f} MB; "
        f"median of {repeats}. A click on an empty page: {base['ScriptDuration']:.2f} ms of script.",
        "",
        "| action | script, ms | the most | times an empty page | style, ms | layout, ms |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name, one in found.items():
        times = one["ScriptDuration"] / max(base["ScriptDuration"], 0.01)
        style, layout = one["RecalcStyleDuration"], one["LayoutDuration"]
        numbers = [one["ScriptDuration"], one["most"], times, style, layout]
        lines.append(f"| {name} | " + " | ".join(f"{number:.0f}" for number in numbers) + " |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Print the table, and keep it where asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--tips", type=int, default=5000)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    text = report(options.tips, options.cases, options.repeats)
    print(text)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
