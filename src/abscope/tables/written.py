"""Tables as text for people: the one way a TSV or CSV is written, safe to open in a spreadsheet."""

import polars as pl

from abscope.records.cells import safe_cell


def _safe_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """The same of every text in a frame, and of its headings."""
    texts = [name for name, kind in frame.schema.items() if kind in (pl.String, pl.Categorical)]
    safe = [
        pl.col(name).cast(pl.String).map_elements(safe_cell, return_dtype=pl.String)
        for name in texts
        if frame[name].cast(pl.String).str.contains(r"^[=@\t\r\n＝＠+\-＋－]").any()
    ]
    return frame.with_columns(safe).rename({name: safe_cell(name) for name in frame.columns})


def tsv(frame: pl.DataFrame) -> bytes:
    """A frame as tab-separated text under its headings, safe to open in a spreadsheet; null is empty."""
    return _safe_frame(frame).write_csv(separator="\t").encode()


def csv(frame: pl.DataFrame) -> bytes:
    """The same, comma-separated."""
    return _safe_frame(frame).write_csv().encode()
