"""The trail in the shapes that the Rutter client, the outbox and the counting of what is recorded ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from consumers.intake import Accepted, IntakeTrail, Position, Verdict
from schemas.books import Entry
from schemas.sources import Source
from service.metrics import Metrics
from service.trail import entries, outbox, quotas
from service.trail.door import Door
from service.trail.outbox import Outgoing
from service.trail.quotas import Reserved, Used


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
class TrailQuotas:
    """`service.rutter.daily.QuotaStore`."""

    trail: Door

    async def reserve(self, alias: str, per_day: int, want: int, *, day: timedelta, back: Used | None) -> Reserved:
        """In a transaction of its own."""
        now = self.trail.clock.now()
        return await self.trail.run(lambda c: quotas.reserve(c, alias, per_day, want, now, day=day, back=back))


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


@dataclass(frozen=True, slots=True)
class CountedIntake:
    """`consumers.intake.IntakeTrail`, counting what recording each event came to."""

    trail: IntakeTrail
    metrics: Metrics

    async def record(
        self, batch: Sequence[Accepted], positions: Sequence[Position] = ()
    ) -> Sequence[tuple[Verdict, ...]]:
        """Record, then count."""
        answered = await self.trail.record(batch, positions)
        for verdicts in answered:
            for verdict in verdicts:
                self.metrics.recorded.labels(verdict.value).inc()
        return answered

    async def positions(self, topic: str) -> Mapping[int, int]:
        """As the trail has them."""
        return await self.trail.positions(topic)

    async def sources(self) -> Sequence[Source]:
        """As the trail has them."""
        return await self.trail.sources()
