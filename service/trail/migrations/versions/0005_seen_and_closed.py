"""What was seen of a document since it was written, how far the books are closed, and more of the merchant's lists."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand. Nothing has been seen, and no closing date is known."""
    op.add_column("links", sa.Column("seen_status", sa.Text(), nullable=True))
    op.add_column("links", sa.Column("seen_total_minor", sa.BigInteger(), nullable=True))
    op.add_column("links", sa.Column("seen_open_minor", sa.BigInteger(), nullable=True))
    op.add_column("links", sa.Column("seen_at", sa.BigInteger(), nullable=True))
    op.add_column("connections", sa.Column("closed_read", sa.Text(), nullable=True))
    op.add_column("connections", sa.Column("closed_learned", sa.Text(), nullable=True))
    op.add_column("connections", sa.Column("closed_moves", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("entries", sa.Column("rate", sa.Text(), nullable=True))
    op.add_column("entries", sa.Column("days", sa.Integer(), nullable=True))
    op.add_column("writes", sa.Column("left_out_minor", sa.BigInteger(), nullable=True))
