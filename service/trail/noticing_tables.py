"""The tables of what changes behind our back: what is to be read again, what was noticed, when we looked."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, PrimaryKeyConstraint, Table, Text

from service.trail.instants import Instant
from service.trail.tables import METADATA, serial

changes: Final = Table(
    "changes",
    METADATA,
    Column("connection", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("deleted", Boolean, nullable=False),
    PrimaryKeyConstraint("connection", "object", "object_id"),
    Index("ix_changes_due", "due_at"),
)
"""What is to be read again: one row an object, however often it was told. `object_id` empty: whatever changed of that
kind since `first_at`. `deleted`: told so."""

notices: Final = Table(
    "notices",
    METADATA,
    serial(),
    Column("connection", Text, nullable=False),
    Column("namespace", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("rutter_id", Text),
    Column("what", Text, nullable=False),
    Column("differences", Text, nullable=False),
    Column("by_hand_minor", BigInteger),
    Column("number", Text),
    Column("at", Instant, nullable=False),
    Index("ix_notices_key", "connection", "namespace", "key", "seq"),
    Index("ix_notices_at", "connection", "seq"),
)
"""What was noticed, oldest first: rows are only ever added. `differences`: JSON, [field, ours, the books'] each.
`rutter_id`: the document's when it was noticed; of what was replaced or merged, the one before."""

looks: Final = Table(
    "looks",
    METADATA,
    Column("connection", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("high_water", Instant),
    PrimaryKeyConstraint("connection", "what"),
)
