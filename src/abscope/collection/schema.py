"""The collection's tables, once, for SQLite and PostgreSQL. Migrations make them; nothing else does.

Times are UTC, ISO 8601, to the second: what a person reads in the log is what is stored.
"""

import sqlalchemy as sa

metadata = sa.MetaData()

isolates = sa.Table(
    "isolates",
    metadata,
    sa.Column("isolate_id", sa.String, primary_key=True),
    sa.Column("serial", sa.Integer, nullable=False, unique=True),  # order of arrival
    sa.Column("profile_key", sa.String, nullable=True),
    sa.Column("content", sa.String, nullable=True, index=True),  # digest of the files it came from
    sa.Column("reference", sa.String, nullable=True),
    sa.Column("genotype", sa.Integer, nullable=True),  # row among its reference's genotypes
    sa.Column("jurisdiction", sa.String, nullable=False, server_default=""),
    sa.Column("failure", sa.String, nullable=True),
    sa.Column("hint", sa.String, nullable=True),
    sa.Column("removed", sa.String, nullable=True),  # when; its profile and history stay
    sa.CheckConstraint("(profile_key IS NULL) <> (failure IS NULL)", name="profiled_or_failed"),
    sa.Index("isolates_genotype", "reference", "genotype", unique=True),
)

near_pairs = sa.Table(
    "near_pairs",  # within the widest level; removed isolates keep theirs
    metadata,
    sa.Column("isolate_1", sa.String, sa.ForeignKey("isolates.isolate_id"), primary_key=True),
    sa.Column("isolate_2", sa.String, sa.ForeignKey("isolates.isolate_id"), primary_key=True),
    sa.Column("snps", sa.Integer, nullable=False),
    sa.Column("comparable", sa.Integer, nullable=False),
    sa.CheckConstraint("isolate_1 < isolate_2", name="each_pair_once"),
    sa.Index("near_pairs_second", "isolate_2"),
)

memberships = sa.Table(
    "memberships",
    metadata,
    sa.Column("level", sa.Integer, primary_key=True),
    sa.Column("isolate_id", sa.String, sa.ForeignKey("isolates.isolate_id"), primary_key=True),
    sa.Column("cluster", sa.Integer, nullable=False),
    sa.Index("memberships_cluster", "level", "cluster"),
)

counters = sa.Table(
    "counters",  # next free number of each kind: isolates, and clusters of each level
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("next", sa.Integer, nullable=False),
)

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("entry", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.String, nullable=False, index=True),
    sa.Column("level", sa.Integer, nullable=False),
    sa.Column("verb", sa.String, nullable=False),
    sa.Column("cluster", sa.Integer, nullable=False),
    sa.Column("other", sa.Integer, nullable=True),
    sa.Column("isolates", sa.JSON, nullable=False),
)

log = sa.Table(
    "log",
    metadata,
    sa.Column("entry", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.String, nullable=False, index=True),
    sa.Column("actor", sa.String, nullable=False),
    sa.Column("verb", sa.String, nullable=False),
    sa.Column("subject", sa.String, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
)

# Watching: what was noticed, told to whom, and who answered.

alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("alert", sa.String, primary_key=True),  # digest of rule and subject: raised once
    sa.Column("day", sa.String, nullable=False, index=True),
    sa.Column("rule", sa.String, nullable=False),
    sa.Column("subject", sa.String, nullable=False),
    sa.Column("severity", sa.String, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("evidence", sa.JSON, nullable=False),
    sa.Column("jurisdiction", sa.String, nullable=False, server_default=""),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("alert", sa.String, sa.ForeignKey("alerts.alert"), primary_key=True),
    sa.Column("channel", sa.String, primary_key=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("delivered", sa.String, nullable=True),  # when; null: to be tried again
    sa.Column("last_error", sa.String, nullable=True),
)

acknowledgements = sa.Table(
    "acknowledgements",
    metadata,
    sa.Column("entry", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("alert", sa.String, sa.ForeignKey("alerts.alert"), nullable=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("actor", sa.String, nullable=False),
    sa.Column("note", sa.String, nullable=False),
)

# Access: who may see and do what, and what was done.

contacts = sa.Table(
    "contacts",  # whom to call: all that others learn of a jurisdiction's isolate
    metadata,
    sa.Column("jurisdiction", sa.String, primary_key=True),
    sa.Column("contact", sa.String, nullable=False),
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("user", sa.String, primary_key=True),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("jurisdictions", sa.JSON, nullable=False),  # ["*"]: all
    sa.Column("password", sa.String, nullable=True),  # argon2 hash
    sa.Column("disabled", sa.String, nullable=True),
)

tokens = sa.Table(
    "tokens",  # API tokens and log-in sessions, known by the digest of the secret alone
    metadata,
    sa.Column("digest", sa.String, primary_key=True),
    sa.Column("user", sa.String, sa.ForeignKey("users.user"), nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("made", sa.String, nullable=False),
    sa.Column("expires", sa.String, nullable=False),
    sa.Column("label", sa.String, nullable=False),
)

attempts = sa.Table(
    "attempts",  # failed log-ins, to slow down guessing
    metadata,
    sa.Column("entry", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("user", sa.String, nullable=False, index=True),
    sa.Column("at", sa.String, nullable=False),
)

audit = sa.Table(
    "audit",  # append-only; each row's digest covers the row before
    metadata,
    sa.Column("entry", sa.Integer, primary_key=True),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("actor", sa.String, nullable=False),
    sa.Column("action", sa.String, nullable=False),
    sa.Column("subject", sa.String, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
    sa.Column("digest", sa.String, nullable=False),
)
