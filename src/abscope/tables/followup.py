"""The vocabulary of follow-up: attempts to reach facilities, and tests done on patients in care."""

import polars as pl

from abscope.tables.table import Column, Table

CHANNELS = ("email", "telephone", "letter", "visit", "health authority", "embassy", "other")
REPLIES = ("none", "partial", "answered", "refused")

CONTACTS = Table(
    "contacts",
    columns=(
        Column("facility", pl.String, "clinic, supplier or laboratory approached", required=True),
        Column("date", pl.Date, "day of the attempt", required=True),
        Column("about", pl.String, "what was asked: lot of patient C ..."),
        Column("channel", pl.String, "how it was approached", one_of=CHANNELS),
        Column("language", pl.String, "language it was approached in"),
        Column(
            "reply", pl.String, "what came back; none is silence", required=True, one_of=REPLIES
        ),
        Column("by", pl.String, "who made the attempt"),
        Column("note", pl.String, "anything else"),
    ),
)

MONITORING = Table(
    "monitoring",
    columns=(
        Column("case_id", pl.String, "the patient's case", required=True),
        Column("test", pl.String, "blood count, audiogram, ECG ...", required=True),
        Column("date", pl.Date, "day it was done", required=True),
    ),
)
