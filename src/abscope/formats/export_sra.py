"""NCBI SRA metadata sheet: one row an isolate with reads, for the submission portal.

https://www.ncbi.nlm.nih.gov/sra/docs/submitmeta/. What a run cannot know (platform, instrument) stays empty
and is reported; `--set platform=ILLUMINA` fills it.
"""

from collections.abc import Sequence

from abscope.formats.answered_sheet import Answers, Field, Sheet, always, of, sheet
from abscope.formats.isolate_facts import Facts, facts
from abscope.records import Published

_LAYOUT = {"paired": "paired", "single": "single"}


def encode(run: Published, answers: Answers) -> Sheet:
    """Isolates that were read from reads; assemblies have no place in SRA.

    Raises UsageError where an answer is for no column.
    """
    left_out = set(without_reads(run))
    kinds = _kinds(run)
    kept = [
        fact | {"layout": _LAYOUT[kinds[str(fact["isolate_id"])]]} | _files(run, fact)
        for fact in facts(run)
        if fact["isolate_id"] not in left_out
    ]
    return sheet(_fields(run, kept), kept, answers)


def without_reads(run: Published) -> tuple[str, ...]:
    """Isolates that are not in the sheet."""
    return tuple(sorted(name for name, kind in _kinds(run).items() if kind not in _LAYOUT))


def _kinds(run: Published) -> dict[str, str]:
    return dict(run.isolates.select("isolate_id", "kind").rows())


def _files(run: Published, fact: Facts) -> Facts:
    name = str(fact["isolate_id"])
    return {
        "filename" if number == 1 else f"filename{number}": file
        for number, file in enumerate(run.files.get(name, ()), 1)
    }


def _fields(run: Published, rows: Sequence[Facts]) -> list[Field]:
    title = f"{run.organism}, whole genome"
    filled = {
        "sample_name": of("isolate_id"), "library_ID": of("isolate_id"), "title": always(title),
        "library_strategy": always("WGS"), "library_source": always("GENOMIC"),
        "library_selection": always("RANDOM"), "library_layout": of("layout"), "platform": None,
        "instrument_model": None, "design_description": None, "filetype": always("fastq"),
        "filename": of("filename"),
    }  # fmt: skip
    more = dict.fromkeys(
        name for row in rows for name in row if name.startswith("filename") and name != "filename"
    )
    fields = [Field(name, fill, required=True) for name, fill in filled.items()]
    return fields + [Field(name, of(name)) for name in more]
