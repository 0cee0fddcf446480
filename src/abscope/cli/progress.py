"""A progress bar on stderr, drawn from events."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from abscope.running.events import Event, Listener, silent

_SAYS = {
    "profile": "profiling isolates",
    "compare": "comparing isolates",
    "publish": "writing the report",
    "type": "typing isolates",
    "read": "reading the alignment",
    "tree": "inferring the tree",
    "date": "dating the tree",
}


@contextmanager
def progress(quiet: bool) -> Iterator[Listener]:
    """Yield a listener that draws one bar per step; it says nothing when `quiet`."""
    if quiet:
        yield silent
        return
    bars: dict[str, TaskID] = {}
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as drawn:

        def listen(event: Event) -> None:
            bar = bars.get(event.step)
            if bar is None:
                label = _SAYS.get(event.step, event.step)
                bar = bars[event.step] = drawn.add_task(label, total=event.total)
            if event.state == "started" and event.detail:
                drawn.update(
                    bar, description=f"{_SAYS.get(event.step, event.step)}: {event.detail}"
                )
            if event.state != "started":
                drawn.advance(bars[event.step])
            if event.state == "failed":
                drawn.console.print(f"left out: {event.name}: {event.detail}", markup=False)

        yield listen
