"""Isolates, near pairs, clusters, their ledger, and the log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "counters",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "isolates",
        sa.Column("isolate_id", sa.String(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("profile_key", sa.String(), nullable=True),
        sa.Column("content", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("genotype", sa.Integer(), nullable=True),
        sa.Column("jurisdiction", sa.String(), server_default="", nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("hint", sa.String(), nullable=True),
        sa.Column("removed", sa.String(), nullable=True),
        sa.CheckConstraint("(profile_key IS NULL) <> (failure IS NULL)", name="profiled_or_failed"),
        sa.PrimaryKeyConstraint("isolate_id"),
        sa.UniqueConstraint("serial"),
    )
    op.create_index(op.f("ix_isolates_content"), "isolates", ["content"], unique=False)
    op.create_table(
        "ledger",
        sa.Column("entry", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("cluster", sa.Integer(), nullable=False),
        sa.Column("other", sa.Integer(), nullable=True),
        sa.Column("isolates", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("entry"),
    )
    op.create_index(op.f("ix_ledger_at"), "ledger", ["at"], unique=False)
    op.create_table(
        "log",
        sa.Column("entry", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("entry"),
    )
    op.create_index(op.f("ix_log_at"), "log", ["at"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("isolate_id", sa.String(), nullable=False),
        sa.Column("cluster", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["isolate_id"],
            ["isolates.isolate_id"],
        ),
        sa.PrimaryKeyConstraint("level", "isolate_id"),
    )
    op.create_index("memberships_cluster", "memberships", ["level", "cluster"], unique=False)
    op.create_table(
        "near_pairs",
        sa.Column("isolate_1", sa.String(), nullable=False),
        sa.Column("isolate_2", sa.String(), nullable=False),
        sa.Column("snps", sa.Integer(), nullable=False),
        sa.Column("comparable", sa.Integer(), nullable=False),
        sa.CheckConstraint("isolate_1 < isolate_2", name="each_pair_once"),
        sa.ForeignKeyConstraint(
            ["isolate_1"],
            ["isolates.isolate_id"],
        ),
        sa.ForeignKeyConstraint(
            ["isolate_2"],
            ["isolates.isolate_id"],
        ),
        sa.PrimaryKeyConstraint("isolate_1", "isolate_2"),
    )
    op.create_index("near_pairs_second", "near_pairs", ["isolate_2"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("log")
    op.drop_table("ledger")
    op.drop_table("counters")
    op.drop_table("memberships")
    op.drop_table("near_pairs")
    op.drop_table("isolates")
