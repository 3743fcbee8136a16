"""Beside a connection's state: what others tell while a person's pause stands over it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand. Of a connection that is paused already nothing is known beneath: resumed, it is ready."""
    op.add_column("connections", sa.Column("told_state", sa.Text(), nullable=True))
    op.add_column("connections", sa.Column("told_reason", sa.Text(), nullable=True))
