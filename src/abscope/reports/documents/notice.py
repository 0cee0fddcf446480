"""A notice to people who may have been exposed, in plain words. It names no patient and no place."""

from collections.abc import Iterator

from abscope.reports.documents.blocks import Block, Document, Heading, Points, Text
from abscope.reports.documents.call import country, procedure
from abscope.reports.documents.event import Event
from abscope.reports.documents.language import Language
from abscope.reports.documents.run import Run


def notice(run: Run, event: Event, w: Language) -> Document:
    """A draft for a person to edit; what the data do not say stands in brackets."""
    return Document(
        title=w("notice.title"),
        language=w.code,
        draft=w("notice.draft"),
        names=(event.organism,),
        large=True,
        blocks=tuple(_blocks(event, w)),
    )


def _blocks(event: Event, w: Language) -> Iterator[Block]:
    where, phone = country(event, w), w("notice.phone")
    place = w("notice.where", country=where) if where else ""
    had = procedure(event, w, "notice.procedure")
    yield Text(w("notice.opening", procedure=had, where=place))
    yield Heading(w("notice.what_head"))
    yield Text(w("notice.what", organism=event.organism))
    yield Heading(w("notice.signs_head"))
    yield Text(w("notice.signs_intro"))
    yield Points(w.many("notice.signs"))
    yield Heading(w("notice.do_head"))
    yield Points(tuple(w(f"notice.do_{name}") for name in ("well", "ill", "urgent", "keep")))
    yield Heading(w("notice.doctor_head"))
    yield Text(w("notice.doctor", phone=phone))
    yield Heading(w("notice.help_head"))
    yield Text(w("notice.help", phone=phone))
    yield Text(w("notice.sign", department=w("notice.department")))
