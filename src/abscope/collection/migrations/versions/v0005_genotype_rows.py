"""Who a genotype's row belongs to is looked up, and no two isolates have one row."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the index."""
    op.create_index("isolates_genotype", "isolates", ["reference", "genotype"], unique=True)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("isolates_genotype", "isolates")
