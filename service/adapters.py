"""The trail's functions in the shapes that the Rutter client and the outbox ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from schemas.books import Entry
from service.trail import entries, outbox
from service.trail.door import Door
from service.trail.outbox import Outgoing


@dataclass(frozen=True, slots=True)
class TrailEntries:
    """`service.rutter.lists.EntryStore`."""

    trail: Door

    async def marks(self, alias: str) -> Mapping[str, tuple[datetime, datetime | None]]:
        """By object: when refreshed, and how far Rutter's side was read."""
        found = await self.trail.read(lambda c: entries.marks(c, alias))
        return {
            name: (mark.refreshed_at, None if mark.high_water is None else datetime.fromisoformat(mark.high_water))
            for name, mark in found.items()
        }

    async def put_entries(
        self, alias: str, object_: str, entries_: Sequence[Entry], refreshed_at: datetime, high_water: datetime | None
    ) -> None:
        """Entries and mark in one transaction."""
        made = entries.Mark(refreshed_at, None if high_water is None else high_water.isoformat())

        def put(c: Connection) -> None:
            entries.put(c, alias, object_, entries_)
            entries.mark(c, alias, object_, made)

        await self.trail.run(put)


@dataclass(frozen=True, slots=True)
class TrailOutbox:
    """`service.kafka.outbox.OutboxTrail`."""

    trail: Door

    async def unsent(self, limit: int) -> Sequence[Outgoing]:
        """The oldest that were not sent."""
        return await self.trail.read(lambda c: outbox.unsent(c, limit))

    async def sent(self, seqs: Sequence[int]) -> None:
        """These were acknowledged."""
        await self.trail.run(lambda c: outbox.sent(c, seqs, self.trail.clock.now()))
