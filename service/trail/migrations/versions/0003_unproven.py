"""An index of writes that may take something off an order's open balance."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_UNPROVEN = sa.text("applies <> '[]' AND state IN ('intended', 'sent', 'in_doubt')")


def upgrade() -> None:
    """Expand."""
    op.create_index(
        "ix_writes_unproven",
        "writes",
        ["connection", "namespace"],
        unique=False,
        sqlite_where=_UNPROVEN,
        postgresql_where=_UNPROVEN,
    )
