"""Templates of the live pages: those of the report, and a few of their own."""

from functools import cache
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader
from plotly.offline import get_plotlyjs

from abscope.reports import page as report
from abscope.reports.languages import ENGLISH, languages

_OWN = ("live.css", "live.js", "tongue.js")
PLOTLY = "plotly.js"


@cache
def environment() -> Environment:
    """The report's environment, with our templates before its own."""
    base = report.environment()
    loader = ChoiceLoader([PackageLoader("abscope.web", "templates"), base.loader])  # type: ignore[list-item]
    return base.overlay(loader=loader)


def page(name: str, **context: object) -> str:
    """A page as HTML; every name and text in it is escaped."""
    told = {"languages": languages(), "language": ENGLISH, **context}
    return environment().get_template(name).render(**told).lstrip()


def dashboard(**context: object) -> str:
    """The report's page with its styles and scripts asked for by address, and the live pages' menu."""
    drawn = {"styles": report.STYLES, "scripts": (PLOTLY, *report.SCRIPTS), "live": True}
    return page("dashboard.html.j2", **drawn, **context)


def asset(name: str) -> str | None:
    """A style or script that pages ask for; None where there is none of that name."""
    if name in _OWN:
        return files("abscope.web").joinpath("assets", name).read_text(encoding="utf-8")
    if name == PLOTLY:
        return str(get_plotlyjs())
    return report.asset(name) if name in (*report.STYLES, *report.SCRIPTS) else None
