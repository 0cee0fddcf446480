"""The report of an investigation on paper, in the order in which such reports are read."""

from collections.abc import Iterator

from abscope.reports.documents import parts
from abscope.reports.documents.blocks import (
    Block,
    Box,
    Document,
    Figure,
    Grid,
    Heading,
    Picture,
    Points,
    Text,
)
from abscope.reports.documents.event import Event
from abscope.reports.documents.language import UNKNOWN, Language, count
from abscope.reports.documents.letter_drugs import by_mic
from abscope.reports.documents.limits import limits
from abscope.reports.documents.run import Row, Run

_SOURCES_MOST = 10
_QUESTIONS_MOST = 8
_PAIRS_MOST = 30
_TOLD_OF = "Mycobacterium abscessus"


def report(run: Run, event: Event, w: Language, pictures: tuple[Picture, ...] = ()) -> Document:
    """Summary box, cases, laboratory, genomics, sources, actions, limitations, methods."""
    drawn = {one.name for one in pictures}
    subspecies = {row.get("subspecies") or "" for row in _typed(run, event)}
    return Document(
        title=w("report.title", cluster=event.cluster),
        subtitle=w("report.subtitle", organism=event.organism),
        language=w.code,
        draft=w("report.draft"),
        names=(event.organism, *sorted(subspecies - {""})),
        foot=f"{event.cluster} · abscope {run.versions.get('abscope', '')}",
        blocks=tuple(one for one in _blocks(run, event, w) if _at_hand(one, drawn)),
    )


def _blocks(run: Run, event: Event, w: Language) -> Iterator[Block]:
    for section in (_summary, _cases, _laboratory, _genomics, _sources, _actions):
        yield from section(run, event, w)
    yield Heading(w("report.limits"))
    yield Points(tuple(limits(run, event, w)))
    yield from _methods(run, w)


def _at_hand(block: Block, drawn: set[str]) -> bool:
    return not isinstance(block, Figure) or block.name in drawn


def _figure(name: str, w: Language) -> Figure:
    return Figure(name, w(f"report.figure_{name}", file=f"figures/{name}.csv"))


def _summary(run: Run, event: Event, w: Language) -> Iterator[Block]:
    yield Box(
        (
            (w("report.known"), w(f"report.{_known(event)}", organism=event.organism)),
            (w("report.added"), " ".join(_added(event, w))),
            (w("report.implied"), " ".join(_implied(event, w))),
        )
    )


def _known(event: Event) -> str:
    """What is known is told of one species; of others a person has to write it."""
    return "known_text" if event.organism.startswith(_TOLD_OF) else "known_open"


def _added(event: Event, w: Language) -> Iterator[str]:
    n = len(event.isolates)
    yield w("report.added_isolates", n=n, cluster=event.cluster, level=event.level)
    apart = event.snps()
    if apart is not None:
        yield w("report.added_apart", snps=parts.snps(event, w), sites=count(apart[2]))
    if event.probable:
        cases = w.listed(event.probable)
        yield w("report.added_compatible", n=len(event.probable), cases=cases)
    named = parts.exposures(event.leading, w)
    if not event.leading:
        yield w("report.added_no_source")
    elif event.leading_share is None:
        yield w("report.added_no_probability", exposures=named)
    else:
        share = w.share(event.leading_share)
        yield w("report.added_source", exposures=named, share=share, n=event.comparison)


def _implied(event: Event, w: Language) -> Iterator[str]:
    traced = event.of_kind(*parts.MATERIALS) or event.of_kind("clinic", "clinician", "surgeon")
    if traced:
        yield w("report.implied_source", exposures=parts.exposures(traced, w))
    else:
        yield w("report.implied_no_source")
    if event.questions:
        yield w("report.implied_questions", n=len(event.questions))


def _cases(run: Run, event: Event, w: Language) -> Iterator[Block]:
    yield Heading(w("report.cases"))
    rows = run.rows("cases")
    if not rows:
        yield Text(w("report.no_linelist"))
        return
    alone = len(run.rows("cases_without_isolate"))
    said = [w("report.cases_text", n=len(rows), sequenced=len(rows) - alone, alone=alone)]
    if event.everybody:
        named = w.listed(event.everybody)
        said.append(w("report.cases_event", cluster=event.cluster, cases=named))
    for key, days in (("window", event.exposed), ("onset", event.onset)):
        if days is not None:
            said.append(w(f"report.cases_{key}", span=parts.span(days, w)))
    yield Text(" ".join(said))
    columns = ("case", "status", "sex", "age", "residence", "exposed", "onset", "isolate")
    heads = tuple(w(f"report.{name}") for name in columns)
    own = [row for row in rows if row["case_id"] in event.everybody]
    cells = tuple(_case(row, w) for row in own)
    caption = w("report.cases_caption")
    yield Grid(heads, cells, (9, 12, 10, 9, 22, 14, 14, 12), caption)
    yield _figure("timeline", w)
    yield _figure("epicurve", w)


def _case(row: Row, w: Language) -> tuple[str, ...]:
    return (
        str(row["case_id"]),
        w.term(row["status"]),
        w.term(row["sex"]),
        parts.age_band(row["age"]),
        parts.residence(row, w),
        parts.month_of(row["date_exposure"]),
        parts.month_of(row["date_onset"]),
        (row["isolate_ids"] or w("report.none")).replace(";", ", "),
    )


def _typed(run: Run, event: Event) -> list[Row]:
    return [row for row in run.rows("types") if row["isolate_id"] in event.isolates]


def _laboratory(run: Run, event: Event, w: Language) -> Iterator[Block]:
    yield Heading(w("report.laboratory"))
    rows = _typed(run, event)
    yield Text(w("report.laboratory_text", n=len(rows)))
    columns = ("isolate", "subspecies", "clone", "type", "macrolides", "amikacin", "data")
    heads = tuple(w(f"report.{name}") for name in columns)
    names = ("subspecies", "clone", "st", "macrolides", "amikacin", "quality")
    cells = tuple(
        (str(row["isolate_id"]), *(w.term(row.get(name)) for name in names)) for row in rows
    )
    yield Grid(heads, cells, (16, 16, 16, 8, 15, 15, 12), w("report.laboratory_caption"))
    for one in run.typed.get("isolates", ()):
        if one["isolate_id"] in event.isolates and one["phenotypes"]:
            yield Text(w("report.mics", isolate=one["isolate_id"]))
            yield from by_mic(one, w)


def _genomics(run: Run, event: Event, w: Language) -> Iterator[Block]:
    yield Heading(w("report.genomics"))
    yield Text(" ".join(parts.genomics(event, w)))
    near = sorted(event.pairs, key=lambda one: (one.snps is None, one.snps or 0, one.isolates))
    columns = ("pair", "distance", "sites", "verdict", "linked")
    heads = tuple(w(f"report.{name}") for name in columns)
    cells = tuple(
        (
            " – ".join(one.isolates),
            count(one.snps),
            count(one.comparable),
            w.term(one.verdict),
            w.share(one.linked),
        )
        for one in near[:_PAIRS_MOST]
    )
    if cells:
        key = "pairs_caption" if len(cells) == len(near) else "pairs_caption_cut"
        caption = w(f"report.{key}", shown=len(cells), n=count(len(near)))
        yield Grid(heads, cells, (28, 10, 20, 24, 18), caption)
    yield _figure("distances", w)


def _sources(run: Run, event: Event, w: Language) -> Iterator[Block]:
    yield Heading(w("report.sources"))
    if not event.suspects:
        yield Text(w("report.sources_none"))
        return
    shown = any(one.probability is not None for one in event.suspects)
    said = [w("report.sources_text" if shown else "report.sources_no_group", n=event.comparison)]
    if event.leading_share is not None:
        named, share = parts.exposures(event.leading, w), w.share(event.leading_share)
        said.append(w("report.sources_group", exposures=named, share=share))
    if event.unrecorded is not None:
        said.append(w("report.sources_unrecorded", share=w.share(event.unrecorded)))
    yield Text(" ".join(said))
    columns = ("exposure", "exposed_cases", "exposed_others", "bayes", "probability")
    heads = tuple(w(f"report.{name}") for name in columns)
    own = [one for one in event.suspects if one.cases][:_SOURCES_MOST]
    cells = tuple(
        (
            parts.exposure(one.exposure, w),
            parts.of(len(one.cases), one.known, w),
            parts.of(*one.comparison, w),
            UNKNOWN if one.bayes_factor is None else f"{one.bayes_factor:,.1f}",
            w.share(one.probability),
        )
        for one in own
    )
    if cells:
        yield Grid(heads, cells, (38, 17, 16, 15, 14), w("report.sources_caption"))
    yield _figure("sources", w)


def _actions(run: Run, event: Event, w: Language) -> Iterator[Block]:
    yield Heading(w("report.actions"))
    asked = tuple(parts.question(one, event, w) for one in event.questions[:_QUESTIONS_MOST])
    yield Text(w("report.actions_text" if asked else "report.actions_none"))
    if asked:
        yield Points(asked, numbered=True)


def _methods(run: Run, w: Language) -> Iterator[Block]:
    yield Heading(w("report.methods"))
    known = [str(one["name"]) for one in run.manifest.get("references", ())]
    names = known or sorted({str(row["reference"]) for row in run.rows("types")})
    yield Text(w("report.methods_text", references=w.listed(names)))
    settings = ", ".join(
        f"{name} {'; '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in run.manifest.get("parameters", {}).items()
    )
    yield Text(w("report.methods_settings", settings=settings or UNKNOWN), small=True)
    yield Text(w("report.methods_versions", versions=parts.versions(run)), small=True)
