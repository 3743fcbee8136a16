"""Live work before backfill; a platform's daily calls; documents in the books that may be an event's already."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_DUE = sa.text("state = 'due'")
_OURS = sa.text("how IN ('written', 'adopted') AND rutter_id IS NOT NULL")


def upgrade() -> None:
    """Expand; the two indexes that change serve the version before as well. What is due already counts as live."""
    op.add_column("connections", sa.Column("calls_per_day", sa.Integer(), nullable=True))
    op.add_column("work", sa.Column("lane", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index("ix_work_due", "work")
    op.create_index(
        "ix_work_due",
        "work",
        ["connection", "lane", "due_at", "event_seq"],
        unique=False,
        sqlite_where=_DUE,
        postgresql_where=_DUE,
    )
    op.drop_index("uq_links_rutter_id", "links")
    op.create_index(
        "uq_links_rutter_id",
        "links",
        ["connection", "kind", "rutter_id"],
        unique=True,
        sqlite_where=_OURS,
        postgresql_where=_OURS,
    )
    op.create_table(
        "quotas",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("begins", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "begins"),
    )
    op.create_table(
        "doubts",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("namespace", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("rutter_id", sa.Text(), nullable=False),
        sa.Column("event_seq", sa.BigInteger(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("dismissed_at", sa.BigInteger(), nullable=True),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "namespace", "key", "rutter_id"),
    )
