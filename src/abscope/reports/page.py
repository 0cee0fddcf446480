"""report.html: one page that opens from an e-mail, needs no network, and prints."""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from abscope.records import Investigation
from abscope.records.situations import Situation
from abscope.reports.figures.histogram import span
from abscope.reports.languages import ENGLISH, known_language, languages
from abscope.reports.panels import panels
from abscope.reports.words import FILTERS

STYLES = ("page.css", "panels.css", "figures.css", "print.css")
SCRIPTS = (
    "language.js",
    "state.js",
    "tables.js",
    "charts.js",
    "tree_layout.js",
    "tree.js",
    "controls.js",
    "map.js",
    "two_by_two.js",
    "save.js",
    "address.js",
)


def render(
    investigation: Investigation, situation: Situation | None = None, *, language: str = ENGLISH
) -> str:
    """The report as HTML with its style, scripts and data inside; equal inputs give equal bytes.

    situation: what a collection, a contact log and a watch add. language: the one it opens in; a reader
    can change it. Every name and text of the data is escaped, and the page's own policy lets it load
    nothing and run no other script. Raises UsageError for a language that is not there.
    """
    scripts = (get_plotlyjs(), *(asset(name) for name in SCRIPTS))
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            **panels(investigation, situation or Situation()),
            language=known_language(language),
            languages=languages(),
            live=False,
            style=Markup("\n".join(asset(name) for name in STYLES)),
            scripts=[Markup(script) for script in scripts],
            policy=policy(scripts),
        )
        .lstrip()
    )


@cache
def environment() -> Environment:
    """Templates with the filters that all pages use."""
    made = Environment(
        loader=PackageLoader("abscope.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= FILTERS | {"span": span}
    return made


@cache
def asset(name: str) -> str:
    """A style or script that goes into a page."""
    return files("abscope.reports").joinpath("assets", name).read_text(encoding="utf-8")


def policy(scripts: tuple[str, ...]) -> str:
    """A Content Security Policy: these scripts by their hash, pictures the page made, nothing else."""
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
