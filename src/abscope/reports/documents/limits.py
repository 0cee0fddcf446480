"""What an investigation cannot show, computed from its own data."""

from collections.abc import Iterator

from abscope.reports.documents.event import Event
from abscope.reports.documents.language import Language, count
from abscope.reports.documents.run import Run

_FEW = 10


def limits(run: Run, event: Event, w: Language) -> Iterator[str]:
    """A sentence for each limit that holds."""
    yield w("report.limit_snps")
    if len(event.isolates) < _FEW:
        yield w("report.limit_few", n=len(event.isolates))
    alone = len(run.rows("cases_without_isolate"))
    if alone:
        yield w("report.limit_unsequenced", n=alone)
    unsure = sum(one.verdict in (None, "cannot tell") for one in event.pairs)
    if unsure:
        yield w("report.limit_uncertain", n=unsure)
    yield from _unknown(run, event, w)
    if event.comparison:
        yield w("report.limit_comparison", n=event.comparison)
    elif event.suspects:
        yield w("report.limit_no_comparison")
    yield w("report.limit_not_sampled")
    for key, table in (("left_out", "left_out"), ("problems", "problems")):
        number = len(run.rows(table))
        if number:
            yield w(f"report.limit_{key}", n=number)


def _unknown(run: Run, event: Event, w: Language) -> Iterator[str]:
    """A question is a case and a kind: answered where any exposure of the kind is yes or no."""
    kinds = {row["kind"] for row in run.rows("exposures")}
    answered = {
        (row["case_id"], row["kind"])
        for row in run.rows("exposures")
        if row["case_id"] in event.everybody and row["answer"] in ("yes", "no")
    }
    total = len(kinds) * len(event.everybody)
    if total > len(answered):
        unknown = total - len(answered)
        yield w("report.limit_unknown", unknown=count(unknown), total=count(total))
