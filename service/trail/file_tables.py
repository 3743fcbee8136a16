"""The tables of files that are kept with invoices: their content, sealed, and which fact's file is which."""

from typing import Final

from sqlalchemy import BigInteger, Column, LargeBinary, PrimaryKeyConstraint, Table, Text

from service.trail.instants import Instant
from service.trail.tables import METADATA

files: Final = Table(
    "files",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("connection", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("url", Text),
)
"""`id`: the connection and the content's SHA-256, so that no merchant's file is another's. `url`: where it was first
fetched from, without its query; None for one that was given."""

fetches: Final = Table(
    "fetches",
    METADATA,
    Column("connection", Text, nullable=False),
    Column("namespace", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("connection", "namespace", "key"),
)
"""What the address of an `attachment.added` led to when it was fetched: what is there later is another file."""
