"""The tables of what was told, the work it makes, and the writes, outcomes and links that came of it."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text, text

from service.trail.instants import Instant
from service.trail.tables import METADATA, SERIAL, serial

IS_DUE: Final = text("work.state = 'due'")
IS_HELD: Final = text("work.state = 'held'")
IS_PARKED: Final = text("work.state = 'parked'")
IS_WAITING: Final = text("work.state IN ('held', 'parked')")
IS_OPEN: Final = text("writes.state IN ('sent', 'in_doubt')")
IS_UNPROVEN: Final = text("writes.applies <> '[]' AND writes.state IN ('intended', 'sent', 'in_doubt')")
"""Written out, never bound: a partial index serves a query only when the words are the same. `IS_UNPROVEN`: what takes
something off an order's open balance, and is not known to be in the books."""

events: Final = Table(
    "events",
    METADATA,
    serial(),
    Column("connection", Text, nullable=False),
    Column("namespace", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("order_id", Text),
    Column("number", Text),
    Column("payment_key", Text),
    Column("body", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("delivery_id", Text, nullable=False),
    Column("source", Text),
    Column("received_at", Instant, nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("conflict", Text),
    Column("minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Index("uq_events_key", "connection", "namespace", "key", unique=True),
    Index("ix_events_order", "connection", "namespace", "order_id", "type"),
    Index(
        "ix_events_number",
        "connection",
        "number",
        sqlite_where=text("number IS NOT NULL"),
        postgresql_where=text("number IS NOT NULL"),
    ),
    Index(
        "ix_events_payment_key",
        "connection",
        "namespace",
        "payment_key",
        sqlite_where=text("payment_key IS NOT NULL"),
        postgresql_where=text("payment_key IS NOT NULL"),
    ),
    Index("ix_events_received_at", "received_at"),
    Index("ix_events_delivery", "delivery_id"),
)

tellings: Final = Table(
    "tellings",
    METADATA,
    serial(),
    Column("event_seq", BigInteger, nullable=False),
    Column("delivery_id", Text, nullable=False),
    Column("source", Text),
    Column("told_at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("detail", Text),
    Index("uq_tellings_digest", "event_seq", "digest", unique=True),
)

work: Final = Table(
    "work",
    METADATA,
    Column("event_seq", SERIAL, primary_key=True, autoincrement=False),
    Column("connection", Text, nullable=False),
    Column("namespace", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", Instant),
    Column("awaits", Text),
    Column("seen", Integer, nullable=False),
    Column("deadline", Instant),
    Column("cause", Text),
    Column("subject", Text),
    Column("fingerprint", Text),
    Column("detail", Text),
    Column("cure", Text),
    Column("reason", Text),
    Column("attempts", Integer, nullable=False),
    Column("released_at", Instant),
    Column("updated_at", Instant, nullable=False),
    Column("lane", Integer, nullable=False, server_default="0"),
    Index(
        "ix_work_due",
        "connection",
        "lane",
        "due_at",
        "event_seq",
        sqlite_where=text("state = 'due'"),
        postgresql_where=text("state = 'due'"),
    ),
    Index(
        "ix_work_awaits",
        "connection",
        "namespace",
        "awaits",
        sqlite_where=text("state IN ('held', 'parked')"),
        postgresql_where=text("state IN ('held', 'parked')"),
    ),
    Index("ix_work_deadline", "deadline", sqlite_where=text("state = 'held'"), postgresql_where=text("state = 'held'")),
    Index(
        "ix_work_parked",
        "connection",
        "fingerprint",
        "event_seq",
        sqlite_where=text("state = 'parked'"),
        postgresql_where=text("state = 'parked'"),
    ),
)

writes: Final = Table(
    "writes",
    METADATA,
    serial(),
    Column("connection", Text, nullable=False),
    Column("namespace", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("event_seq", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("look", Text, nullable=False),
    Column("total_minor", BigInteger),
    Column("currency", Text),
    Column("idempotency_key", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("intended_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("answer_by", Instant),
    Column("next_at", Instant),
    Column("job_id", Text),
    Column("rutter_id", Text),
    Column("last", Text),
    Column("applies", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("taxed", Boolean, nullable=False),
    Column("key_spent", Boolean, nullable=False),
    Column("proven_at", Instant),
    Column("left_out_minor", BigInteger),
    Index("uq_writes_key", "connection", "namespace", "key", unique=True),
    Index(
        "ix_writes_unproven",
        "connection",
        "namespace",
        sqlite_where=text("applies <> '[]' AND state IN ('intended', 'sent', 'in_doubt')"),
        postgresql_where=text("applies <> '[]' AND state IN ('intended', 'sent', 'in_doubt')"),
    ),
    Index("uq_writes_idempotency_key", "idempotency_key", unique=True),
    Index("ix_writes_event", "event_seq"),
    Index(
        "ix_writes_job", "job_id", sqlite_where=text("job_id IS NOT NULL"), postgresql_where=text("job_id IS NOT NULL")
    ),
    Index(
        "ix_writes_open",
        "connection",
        "next_at",
        sqlite_where=text("state IN ('sent', 'in_doubt')"),
        postgresql_where=text("state IN ('sent', 'in_doubt')"),
    ),
)

outcomes: Final = Table(
    "outcomes",
    METADATA,
    serial(),
    Column("write_seq", BigInteger, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("lease_owner", Text),
    Index("ix_outcomes_write", "write_seq", "seq"),
)
"""Evidence: rows are only ever added."""

links: Final = Table(
    "links",
    METADATA,
    Column("connection", Text, nullable=False),
    Column("namespace", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("rutter_id", Text),
    Column("total_minor", BigInteger),
    Column("currency", Text),
    Column("different", Boolean, nullable=False),
    Column("number", Text),
    Column("how", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("seen_status", Text),
    Column("seen_total_minor", BigInteger),
    Column("seen_open_minor", BigInteger),
    Column("seen_at", Instant),
    PrimaryKeyConstraint("connection", "namespace", "key"),
    Index(
        "uq_links_rutter_id",
        "connection",
        "kind",
        "rutter_id",
        unique=True,
        sqlite_where=text("how IN ('written', 'adopted') AND rutter_id IS NOT NULL"),
        postgresql_where=text("how IN ('written', 'adopted') AND rutter_id IS NOT NULL"),
    ),
    Index(
        "ix_links_found",
        "connection",
        "kind",
        "rutter_id",
        sqlite_where=text("how = 'found'"),
        postgresql_where=text("how = 'found'"),
    ),
    Index("ix_links_at", "connection", "at"),
    Index(
        "ix_links_number",
        "connection",
        "number",
        sqlite_where=text("number IS NOT NULL"),
        postgresql_where=text("number IS NOT NULL"),
    ),
)

applied: Final = Table(
    "applied",
    METADATA,
    Column("connection", Text, nullable=False),
    Column("namespace", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("by_key", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("awaited_as", Text, nullable=False),
    PrimaryKeyConstraint("connection", "namespace", "order_id", "document", "by_key"),
    Index("ix_applied_awaited_as", "connection", "namespace", "awaited_as"),
)
