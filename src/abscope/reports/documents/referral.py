"""A file for the regulator: products, facilities, the evidence, and who was asked what."""

from collections.abc import Iterator, Sequence

from abscope.reports.documents import parts
from abscope.reports.documents.blocks import Block, Document, Grid, Heading, Points, Text
from abscope.reports.documents.event import Event
from abscope.reports.documents.language import UNKNOWN, Language
from abscope.reports.documents.run import Row, Run

_QUESTIONS_MOST = 10


def referral(
    run: Run, event: Event, w: Language, contacts: Sequence[Row] | None = None
) -> Document:
    """A draft for a person to edit. contacts: the contact log's rows, None where none was given."""
    return Document(
        title=w("referral.title", organism=event.organism),
        language=w.code,
        draft=w("referral.draft"),
        names=(event.organism,),
        foot=f"{event.cluster} · abscope {run.versions.get('abscope', '')}",
        blocks=tuple(_blocks(run, event, w, contacts=contacts)),
    )


def _blocks(
    run: Run, event: Event, w: Language, *, contacts: Sequence[Row] | None
) -> Iterator[Block]:
    yield Heading(w("referral.summary"))
    n = len(event.everybody)
    yield Text(
        w("referral.summary_text", n=n, sequenced=len(event.cases)) + " " + _status(event, w)
    )
    yield Heading(w("referral.products"))
    yield from _named(event, run, w, kinds=parts.MATERIALS, caption="products_caption")
    yield Heading(w("referral.facilities"))
    yield from _named(event, run, w, kinds=parts.PLACES, caption="facilities_caption")
    yield Heading(w("referral.evidence"))
    yield from _evidence(run, event, w)
    yield Heading(w("referral.open"))
    asked = tuple(parts.question(one, event, w) for one in event.questions[:_QUESTIONS_MOST])
    yield Points(asked, numbered=True) if asked else Text(w("report.actions_none"))
    yield Heading(w("referral.asked"))
    yield Points(w.many("referral.asked_items"), numbered=True)
    yield Heading(w("referral.log"))
    yield from _log(contacts, w)


def _status(event: Event, w: Language) -> str:
    named = parts.exposures(event.of_kind(*parts.MATERIALS, *parts.PLACES), w)
    if not named:
        return w("referral.status_none")
    if event.leading_share is None:
        return w("referral.status_no_share", exposures=named)
    share = w.share(event.leading_share)
    return w("referral.status", exposures=named, share=share, n=event.comparison)


def _named(
    event: Event, run: Run, w: Language, *, kinds: Sequence[str], caption: str
) -> Iterator[Block]:
    """Everything of these kinds that a case had, with who and when."""
    months = {row["case_id"]: parts.month_of(row["date_exposure"]) for row in run.rows("cases")}
    order = {kind: k for k, kind in enumerate(kinds)}
    found = [one for one in event.suspects if one.exposure[0] in order and one.cases]
    found.sort(key=lambda one: (order[one.exposure[0]], -len(one.cases), one.exposure[1]))
    if not found:
        yield Text(w("referral.none"))
        return
    heads = tuple(w(f"referral.{name}") for name in ("kind", "name", "cases", "when", "comparison"))
    cells = tuple(
        (
            w.term(one.exposure[0]),
            w.term(one.exposure[1]),
            f"{w.listed(one.cases, most=len(one.cases))} ({parts.of(len(one.cases), one.known, w)})",
            w.listed(dict.fromkeys(months.get(case, UNKNOWN) for case in one.cases)),
            parts.of(*one.comparison, w),
        )
        for one in found
    )
    yield Grid(heads, cells, (13, 30, 20, 22, 15), w(f"referral.{caption}"))


def _evidence(run: Run, event: Event, w: Language) -> Iterator[Block]:
    columns = ("case", "status", "residence", "exposed", "onset", "isolate")
    heads = tuple(w(f"report.{name}") for name in columns)
    cells = tuple(
        (
            str(row["case_id"]),
            w.term(row["status"]),
            parts.residence(row, w),
            parts.month_of(row["date_exposure"]),
            parts.month_of(row["date_onset"]),
            row["isolate_ids"] or w("report.none"),
        )
        for row in run.rows("cases")
        if row["case_id"] in event.everybody
    )
    if cells:
        yield Grid(heads, cells, (12, 14, 26, 18, 18, 12), w("referral.evidence_caption"))
    yield Text(" ".join(parts.genomics(event, w)))
    yield Text(w("report.limit_snps"))


def _log(contacts: Sequence[Row] | None, w: Language) -> Iterator[Block]:
    if contacts is None:
        yield Text(w("referral.log_none"))
        return
    columns = ("facility", "date", "channel", "about", "reply")
    heads = tuple(w(f"referral.{name}") for name in columns)
    cells = tuple(tuple(w.term(row.get(name)) for name in columns) for row in contacts)
    yield Grid(heads, cells, (28, 14, 14, 26, 18), w("referral.log_caption"))
