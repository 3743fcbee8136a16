"""What intake hands to the trail: deliveries with the events they tell, and what became of each.

The same values come from the web process (embedded, or when Kafka does not acknowledge in time) and from the inbox.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from schemas.events import Event
from schemas.sources import Source


class DeliveryStatus(StrEnum):
    """What a delivery came to."""

    TOLD = "told"
    IGNORED = "ignored"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An authentic delivery with what it tells. `id` is minted before anything is sent and unique on both routes.

    UNREADABLE with events: part of a batch could not be read, and what could goes on.
    `sealed`: headers and body, sealed with the key ring. `source` is None for an upstream system that writes to Kafka
    itself; its `id` then comes from topic, partition and offset. `bodies`: the bytes of each event where we wrote them
    before, which are then kept as they are; none where they are still to be written.
    """

    id: str
    source: str | None
    connection: str
    received_at: datetime
    status: DeliveryStatus
    reason: str | None = None
    path: str | None = None
    sealed: bytes | None = field(default=None, repr=False)
    events: tuple[Event, ...] = ()
    bodies: tuple[bytes, ...] = field(default=(), repr=False, compare=False)


class Verdict(StrEnum):
    """What recording an event came to."""

    NEW = "new"
    DUPLICATE = "duplicate"
    """Told before, with nothing new."""
    FULLER = "fuller"
    """Told before; this telling filled what was missing."""
    CONFLICT = "conflict"
    """Told before, and they do not agree."""
    RECORDED = "recorded"
    """Another source is declared to tell it: kept, not posted."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where the inbox stands: the next offset to read."""

    topic: str
    partition: int
    next_offset: int


class IntakeTrail(Protocol):
    """The trail as intake uses it."""

    async def record(
        self, batch: Sequence[Accepted], positions: Sequence[Position] = ()
    ) -> Sequence[tuple[Verdict, ...]]:
        """Store deliveries, events, due work and positions in one transaction; answer a verdict an event."""
        ...

    async def positions(self, topic: str) -> Mapping[int, int]:
        """Partition -> next offset, as the trail has them."""
        ...

    async def sources(self) -> Sequence[Source]:
        """All sources, their secrets opened."""
        ...
