"""hAMRonization TSV, as the run published it, in the columns that its own reader knows.

https://github.com/pha4ge/hAMRonization (fields of hAMRonizedResult, version 1.3.1).
"""

from abscope.errors import UsageError
from abscope.records import Published
from abscope.tables import written


def encode(run: Published) -> bytes:
    """One row a gene or mutation found; headings alone where nothing was found.

    Raises UsageError where isolates were not typed.
    """
    if run.hamronized.width < 9:
        raise UsageError("the run has no resistance findings", hint="run abscope type or run again")
    return written.tsv(run.hamronized)
