"""A Plotly chart as plain values, and what all of them have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
LABEL_MOST = 26


@dataclass(frozen=True, slots=True)
class Chart:
    """Traces and layout of one chart, and which part of it stands for whom.

    rows: per category of the axes, the tokens to highlight and to select on a click. axes: which
    of `x` and `y` those categories lie on. width: pixels below which the page scrolls sideways.
    """

    name: str
    label: str
    height: int
    width: int
    data: Sequence[Mapping[str, object]]
    layout: Mapping[str, object]
    rows: Sequence[str] = field(default=())
    axes: str = ""

    @property
    def spec(self) -> dict[str, object]:
        """What the page's script needs, as JSON values."""
        return {
            "data": list(self.data),
            "layout": {**LAYOUT, "height": self.height, **self.layout},
            "rows": list(self.rows),
            "axes": self.axes,
        }


LAYOUT: Mapping[str, object] = {
    "font": {"family": FONT, "size": 12},
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
    "hoverlabel": {"align": "left"},
    "dragmode": False,
    "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
}


def plain(name: str) -> str:
    """A name that Plotly draws as it is: it reads labels as a small subset of HTML."""
    return escape(name, quote=False)


def short(name: str, most: int = LABEL_MOST) -> str:
    """A name cut to what fits beside an axis."""
    return name if len(name) <= most else name[: most - 1] + "…"


def categories(names: Sequence[str], **more: object) -> dict[str, object]:
    """An axis with one place per name, in this order."""
    whole = [plain(name) for name in names]
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": whole,
        "tickmode": "array",
        "tickvals": whole,
        "ticktext": [plain(short(name)) for name in names],
        "automargin": True,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        **more,
    }
