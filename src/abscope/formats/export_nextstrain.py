"""Nextstrain metadata TSV: a row a genome, `strain` first, dates with XX for what is not known.

https://docs.nextstrain.org/projects/augur/en/stable/: read by augur filter, refine, traits and export.
"""

from abscope.formats.isolate_facts import cluster_columns, facts, frame
from abscope.records import Published
from abscope.tables import written


def encode(run: Published) -> bytes:
    """All isolates. `date` is of the specimen; a month is written 2022-11-XX, an unknown date XXXX-XX-XX."""
    clusters = cluster_columns(run)
    rows = [
        {
            "strain": fact["isolate_id"],
            "date": ambiguous(fact["date_collection"]),
            "country": fact["residence_country"],
            "division": fact["residence_state"],
            "host": "Homo sapiens" if fact["case_id"] else None,
            "age": fact["age"],
            "sex": fact["sex"],
            **{name: fact[name] for name in (*_SAME, *clusters, "case_id")},
        }
        for fact in facts(run)
    ]
    return written.tsv(frame(rows))


_SAME = ("subspecies", "clone", "st", "macrolides", "amikacin", "fluoroquinolones", "quality")


def ambiguous(day: object) -> str:
    """A date, or its known part, as year-month-day with XX for the rest."""
    known = str(day).split("-") if day else []
    return "-".join([*known, *["XXXX", "XX", "XX"][len(known) :]])
