"""A call for cases to other health departments and clinicians. It names no patient and no place."""

from collections.abc import Iterator

from abscope.reports.documents import parts
from abscope.reports.documents.blocks import Block, Document, Heading, Points, Text
from abscope.reports.documents.event import Event
from abscope.reports.documents.language import Language
from abscope.reports.documents.run import Run

_SAID = ("procedure", "product", "supplier", "lot")  # kinds whose values name no person or clinic


def call(run: Run, event: Event, w: Language) -> Document:
    """A draft for a person to edit; what the data do not say stands in brackets."""
    return Document(
        title=w("call.title", organism=event.organism, procedure=procedure(event, w)),
        language=w.code,
        draft=w("call.draft"),
        names=(event.organism,),
        blocks=tuple(_blocks(event, w)),
    )


def procedure(event: Event, w: Language, key: str = "call.procedure") -> str:
    """The procedure that all cases share, or a place to write it."""
    shared = event.shared("procedure")
    if shared is None:
        return w(key)
    known = w.term(shared)
    return known if known != shared else w("call.as_written", value=shared)


def country(event: Event, w: Language) -> str | None:
    """The country of exposure, where every case that answered was in it."""
    shared = event.shared("country")
    return None if shared is None else w.term(shared)


def _blocks(event: Event, w: Language) -> Iterator[Block]:
    yield Text(w("call.to"))
    yield Heading(w("call.situation"))
    yield Text(" ".join(_situation(event, w)))
    yield Heading(w("call.look_for"))
    where = country(event, w)
    since = w.month(event.exposed[0]) if event.exposed else w("call.since")
    place = w("call.where", country=where) if where else ""
    yield Text(w("call.definition", procedure=procedure(event, w), since=since, where=place))
    yield Text(w("call.confirmed", organism=event.organism))
    yield Text(w("call.delay"))
    yield Heading(w("call.please"))
    yield Points(
        (
            w("call.do_report", contact=w("call.contact"), deadline=w("call.deadline")),
            w("call.do_ask"),
            w("call.do_keep", laboratory=w("call.lab")),
            w("call.do_send"),
        ),
        numbered=True,
    )


def _situation(event: Event, w: Language) -> Iterator[str]:
    known = bool(event.everybody)
    key, n = ("text", len(event.everybody)) if known else ("isolates", len(event.isolates))
    yield w(f"call.situation_{key}", n=n, organism=event.organism)
    apart = parts.snps(event, w)
    if apart is not None:
        yield w("call.situation_genome", n=len(event.isolates), snps=apart)
    where = country(event, w)
    if where is not None:
        yield w("call.situation_where", country=where)
    if event.exposed is not None:
        yield w("call.situation_when", span=parts.span(event.exposed, w))
    shared = event.of_kind(*_SAID)
    if shared:
        yield w("call.situation_product", exposures=parts.exposures(shared, w))
