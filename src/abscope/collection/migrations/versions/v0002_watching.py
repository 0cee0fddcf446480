"""Alerts, their delivery, and who answered."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "alerts",
        sa.Column("alert", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("jurisdiction", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("alert"),
    )
    op.create_index(op.f("ix_alerts_day"), "alerts", ["day"], unique=False)
    op.create_table(
        "acknowledgements",
        sa.Column("entry", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("alert", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert"],
            ["alerts.alert"],
        ),
        sa.PrimaryKeyConstraint("entry"),
    )
    op.create_table(
        "deliveries",
        sa.Column("alert", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("delivered", sa.String(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["alert"],
            ["alerts.alert"],
        ),
        sa.PrimaryKeyConstraint("alert", "channel"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("acknowledgements")
    op.drop_table("deliveries")
    op.drop_table("alerts")
