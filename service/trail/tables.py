"""The tables of the trail: configuration, and the bookkeeping of the way through. Facts and writes: `fact_tables`.

Every unique index has a name of its own (`uq_…`), because starting up checks that each is there and valid.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from service.trail.instants import Instant

METADATA: Final = MetaData()
SERIAL: Final = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in a column declared INTEGER."""


def serial(name: str = "seq") -> Column[int]:
    """A primary key that grows."""
    return Column(name, SERIAL, primary_key=True, autoincrement=True)


connections: Final = Table(
    "connections",
    METADATA,
    Column("alias", Text, primary_key=True),
    Column("rutter_id", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("home_currency", Text),
    Column("mapping", Text, nullable=False),
    Column("access_token_sealed", LargeBinary),
    Column("state", Text, nullable=False),
    Column("state_reason", Text),
    Column("told_state", Text),
    Column("told_reason", Text),
    Column("link_url", Text),
    Column("calls_per_minute", Integer, nullable=False),
    Column("calls_per_day", Integer),
    Column("in_flight", Integer, nullable=False),
    Column("hold_hours", Integer, nullable=False),
    Column("tax_proven", Boolean, nullable=False),
    Column("closed_read", Text),
    Column("closed_learned", Text),
    Column("closed_moves", Integer, nullable=False, server_default="0"),
    Column("lease_owner", Text),
    Column("lease_token", BigInteger, nullable=False),
    Column("lease_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("uq_connections_rutter_id", "rutter_id", unique=True),
)

sources: Final = Table(
    "sources",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("connection", Text, nullable=False),
    Column("namespace", Text, nullable=False),
    Column("tells", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("secrets_sealed", LargeBinary),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

namespaces: Final = Table(
    "namespaces",
    METADATA,
    Column("namespace", Text, primary_key=True),
    Column("connection", Text, nullable=False),
)
"""Which connection a namespace belongs to, for good: the primary key decides, also between two `apply` at once."""

deliveries: Final = Table(
    "deliveries",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("source", Text),
    Column("connection", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("path", Text),
    Column("sealed", LargeBinary),
    Column("cured_at", Instant),
    Index("ix_deliveries_received_at", "received_at"),
    Index("ix_deliveries_source", "source", "received_at", "status"),
    Index(
        "ix_deliveries_unreadable",
        "connection",
        "received_at",
        sqlite_where=text("status = 'unreadable'"),
        postgresql_where=text("status = 'unreadable'"),
    ),
)

entries: Final = Table(
    "entries",
    METADATA,
    Column("connection", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("name", Text),
    Column("name_folded", Text),
    Column("code", Text),
    Column("code_folded", Text),
    Column("email", Text),
    Column("email_folded", Text),
    Column("currency", Text),
    Column("active", Boolean, nullable=False),
    Column("type", Text),
    Column("rate", Text),
    Column("days", Integer),
    PrimaryKeyConstraint("connection", "object", "id"),
    Index("ix_entries_name", "connection", "object", "name_folded"),
    Index("ix_entries_code", "connection", "object", "code_folded"),
    Index("ix_entries_email", "connection", "object", "email_folded"),
)

entry_marks: Final = Table(
    "entry_marks",
    METADATA,
    Column("connection", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("refreshed_at", Instant, nullable=False),
    Column("high_water", Text),
    PrimaryKeyConstraint("connection", "object"),
)

positions: Final = Table(
    "positions",
    METADATA,
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("next_offset", BigInteger, nullable=False),
    PrimaryKeyConstraint("topic", "partition"),
)

outbox: Final = Table(
    "outbox",
    METADATA,
    serial(),
    Column("topic", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("headers", Text, nullable=False),
    Column("delivery", LargeBinary),
    Column("at", Instant, nullable=False),
    Column("sent_at", Instant),
    Index(
        "ix_outbox_unsent",
        "seq",
        sqlite_where=text("sent_at IS NULL"),
        postgresql_where=text("sent_at IS NULL"),
    ),
)
"""`headers`: JSON, names and texts. `delivery`: the header of that name, which is no text, of what is relayed."""
