"""Whom to call in each jurisdiction."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "contacts",
        sa.Column("jurisdiction", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("jurisdiction"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("contacts")
