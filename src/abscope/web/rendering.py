"""Templates of the live pages: those of the report, and a few of their own."""

from functools import cache
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader

from abscope.reports import page as report

_OWN = ("live.css", "live.js")
_REPORTS = ("page.css", "panels.css", "print.css", "tables.js")


@cache
def environment() -> Environment:
    """The report's environment, with our templates before its own."""
    base = report.environment()
    loader = ChoiceLoader([PackageLoader("abscope.web", "templates"), base.loader])  # type: ignore[list-item]
    return base.overlay(loader=loader)


def page(name: str, **context: object) -> str:
    """A page as HTML; every name and text in it is escaped."""
    return environment().get_template(name).render(**context).lstrip()


def asset(name: str) -> str | None:
    """A style or script that pages ask for; None where there is none of that name."""
    if name in _OWN:
        return files("abscope.web").joinpath("assets", name).read_text(encoding="utf-8")
    return report.asset(name) if name in _REPORTS else None
