"""The trail as the consumers see it: `consumers.ports` and `consumers.intake` fitted onto this room's functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection as DatabaseConnection
from sqlalchemy import select

from consumers.intake import Accepted, IntakeTrail, Position, Verdict
from consumers.ports import Callbacks, DueEvent, Fenced, Lease, Waits, WorkTrail
from schemas.books import Books, Entry, References
from schemas.connections import Connection, ConnectionState
from schemas.deliveries import BooksChanged, ConnectionMoved, ListChanged
from schemas.documents import Write
from schemas.outcomes import Outcome
from schemas.plans import Park
from schemas.sources import Source
from schemas.writes import StoredWrite, WriteState
from service.trail import (
    books,
    changes_told,
    closing,
    connection_moves,
    connections,
    due,
    evidence,
    holding,
    intending,
    leases,
    positions,
    recording,
    sources,
    write_rows,
)
from service.trail.door import Door
from service.trail.fact_tables import IS_OPEN, writes


@dataclass(frozen=True, slots=True)
class Work:
    """`WorkTrail`."""

    trail: Door

    async def lease(self, connection: str, owner: str, seconds: float) -> Lease | None:
        """Take or renew."""
        return await self.trail.run(lambda c: leases.take(c, connection, owner, seconds, self._now()))

    async def give_up(self, lease: Lease) -> None:
        """Give back."""
        await self.trail.run(lambda c: leases.give_up(c, lease))

    async def connections_with_work(self, owner: str) -> Sequence[str]:
        """Aliases; only of connections that are ready."""
        return await self.trail.read(lambda c: due.connections_with_work(c, owner, self._now()))

    async def connection(self, alias: str) -> Connection | None:
        """As configured now."""
        return await self.trail.read(lambda c: connections.connection(c, self.trail.keys, alias))

    async def due(self, alias: str, limit: int) -> Sequence[DueEvent]:
        """Due now."""
        found, unreadable = await self.trail.read(lambda c: due.look(c, alias, limit, self._now()))
        if unreadable:
            await self.trail.run(lambda c: due.park_unreadable(c, unreadable, self._now()))
        return found

    async def next_due_at(self, alias: str) -> datetime | None:
        """When next."""
        return await self.trail.read(lambda c: due.next_due_at(c, alias))

    async def read(self, alias: str, namespace: str, references: References, known: Connection | None = None) -> Books:
        """One snapshot. Raises LookupError for a connection that is not there."""

        def snapshot(c: DatabaseConnection) -> Books:
            connection = known or connections.connection(c, self.trail.keys, alias)
            if connection is None:
                raise LookupError(f"no connection {alias}")
            return books.read(c, connection, namespace, references)

        return await self.trail.read(snapshot)

    async def intend(
        self, lease: Lease, due: DueEvent, write: Write, body: bytes, answer_by: datetime | None = None
    ) -> StoredWrite | Waits | Fenced:
        """Store, unless stored."""
        return await self.trail.run(
            lambda c: intending.intend(c, lease, due, write, body, answer_by=answer_by, now=self._now())
        )

    async def refreeze(
        self, lease: Lease, write: StoredWrite, body: bytes, write_as_planned: Write, *, grow: bool
    ) -> StoredWrite | Fenced:
        """Another body."""
        return await self.trail.run(
            lambda c: intending.refreeze(c, lease, write, body, write_as_planned, grow=grow, now=self._now())
        )

    async def start_attempt(self, lease: Lease, write: StoredWrite, answer_by: datetime) -> StoredWrite | Fenced:
        """About to leave."""
        return await self.trail.run(lambda c: intending.start_attempt(c, lease, write, answer_by, self._now()))

    async def grow_revision(self, lease: Lease, write: StoredWrite) -> StoredWrite | Fenced:
        """Next key."""
        return await self.trail.run(lambda c: intending.grow_revision(c, lease, write, self._now()))

    async def record(
        self, write: StoredWrite, outcome: Outcome, *, state: WriteState, next_at: datetime | None
    ) -> StoredWrite:
        """Evidence."""
        return await self.trail.run(
            lambda c: evidence.record(c, write, outcome, state=state, next_at=next_at, now=self._now())
        )

    async def record_last(
        self, lease: Lease, due: DueEvent, write: StoredWrite, outcome: Outcome
    ) -> tuple[StoredWrite, bool]:
        """Evidence, and all in the books."""
        return await self.trail.run(lambda c: evidence.record_last(c, lease, due, write, outcome, now=self._now()))

    async def link_found(self, lease: Lease, namespace: str, key: str, entry: Entry) -> None:
        """Link without a write."""
        await self.trail.run(lambda c: evidence.link_found(c, lease, namespace, key, entry, now=self._now()))

    async def open_writes(self, alias: str, limit: int) -> Sequence[StoredWrite]:
        """To be looked after now."""
        now = self._now()
        chosen = select(writes).where(IS_OPEN, writes.c.connection == alias, writes.c.next_at <= now)
        chosen = chosen.order_by(writes.c.next_at, writes.c.seq).limit(limit)
        return await self.trail.read(lambda c: [write_rows.stored(row) for row in c.execute(chosen)])

    async def writes_of(self, event_seq: int) -> Sequence[StoredWrite]:
        """In the order they were intended."""
        chosen = select(writes).where(writes.c.event_seq == event_seq).order_by(writes.c.seq)
        return await self.trail.read(lambda c: [write_rows.stored(row) for row in c.execute(chosen)])

    async def done(self, lease: Lease, due: DueEvent) -> None:
        """All in the books."""
        await self.trail.run(lambda c: holding.done(c, lease, due, self._now()))

    async def skip(self, lease: Lease, due: DueEvent, reason: str) -> None:
        """Nothing to do."""
        await self.trail.run(lambda c: holding.skip(c, lease, due, reason, self._now()))

    async def hold(
        self, lease: Lease, due: DueEvent, *, awaits: str, seen: int, reason: str, deadline: datetime
    ) -> None:
        """Wait for a key."""
        await self.trail.run(
            lambda c: holding.hold(
                c, lease, due, awaits=awaits, seen=seen, reason=reason, deadline=deadline, now=self._now()
            )
        )

    async def later(self, lease: Lease, due: DueEvent, at: datetime, reason: str) -> None:
        """Wait for a time."""
        await self.trail.run(lambda c: holding.later(c, lease, due, at, reason, now=self._now()))

    async def park(self, lease: Lease, due: DueEvent, park: Park, awaits: str | None = None) -> None:
        """Wait for a person."""
        await self.trail.run(lambda c: holding.park(c, lease, due, park, awaits, now=self._now()))

    async def learn_closed(self, alias: str, through: date) -> None:
        """A refusal taught it."""
        await self.trail.run(lambda c: closing.learned(c, alias, through))

    async def closing_told(self, alias: str, through: date | None) -> bool:
        """Rutter tells it; whether it moved."""
        return await self.trail.run(lambda c: closing.told(c, alias, through, self._now()))

    async def move_connection(self, alias: str, state: ConnectionState, reason: str | None) -> None:
        """Another state."""
        await self.trail.run(lambda c: connection_moves.move(c, alias, state, reason, self._now()))

    async def sweep(self) -> int:
        """Missed wakes and ended holds."""
        return await self.trail.run(lambda c: holding.sweep(c, self._now()))

    def _now(self) -> datetime:
        return self.trail.clock.now()


@dataclass(frozen=True, slots=True)
class Intake:
    """`IntakeTrail`. `relays`: what is recorded went past Kafka, which is to have it once it is back."""

    trail: Door
    relays: bool = False

    async def record(
        self, batch: Sequence[Accepted], positions: Sequence[Position] = ()
    ) -> Sequence[tuple[Verdict, ...]]:
        """One transaction."""
        return await self.trail.run(
            lambda c: recording.record(c, batch, positions, self.trail.clock.now(), relayed=self.relays)
        )

    async def positions(self, topic: str) -> Mapping[int, int]:
        """Partition -> next offset."""
        return await self.trail.read(lambda c: positions.stand(c, topic))

    async def sources(self) -> Sequence[Source]:
        """Secrets opened."""
        return await self.trail.read(lambda c: sources.all_sources(c, self.trail.keys))


@dataclass(frozen=True, slots=True)
class RutterCalls:
    """`Callbacks`: what Rutter's own webhooks move."""

    trail: Door

    async def connection_moved(self, moved: ConnectionMoved) -> None:
        """The state of a connection."""
        await self.trail.run(lambda c: connection_moves.moved_by_rutter(c, moved, self.trail.clock.now()))

    async def job_completed(self, job_id: str) -> None:
        """A job ended."""
        await self.trail.run(lambda c: connections.job_completed(c, job_id, self.trail.clock.now()))

    async def books_changed(self, told: BooksChanged) -> None:
        """A document in the books."""
        await self.trail.run(lambda c: changes_told.books_changed(c, told, self.trail.clock.now()))

    async def list_changed(self, told: ListChanged) -> None:
        """A list in the books."""
        await self.trail.run(lambda c: changes_told.list_changed(c, told))


def _fits(trail: Door) -> tuple[WorkTrail, IntakeTrail, Callbacks]:
    """Only for the type checker: the shapes fit."""
    return Work(trail), Intake(trail), RutterCalls(trail)
