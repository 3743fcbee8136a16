"""A real trail in SQLite, as intake uses it, and a look at what it kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from consumers.intake import Accepted, Position, Verdict
from schemas.deliveries import BooksChanged, ConnectionMoved, ListChanged
from schemas.sources import Source
from service.clock import SystemClock
from service.sealing import KeyRing, open_delivery
from service.trail.database import Trail, open_trail
from service.trail.fact_tables import events
from service.trail.tables import deliveries

KEYS = KeyRing({"test": bytes(range(32))})


@dataclass(frozen=True)
class KeptDelivery:
    id: str
    source: str | None
    connection: str
    status: str
    reason: str | None
    path: str | None
    sealed: bytes | None

    def opened(self) -> tuple[dict[str, str], bytes]:
        assert self.sealed is not None
        return open_delivery(KEYS, self.id, self.sealed)


@dataclass
class Kept:
    """Fits `IntakeTrail` and `Callbacks`; `moved` and `jobs` are what Rutter's own webhooks told."""

    trail: Trail
    known: list[Source]
    moved: list[ConnectionMoved] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)
    changed: list[BooksChanged | ListChanged] = field(default_factory=list)
    transactions: int = 0
    open: bool = True

    async def close(self) -> None:
        if self.open:
            self.open = False
            await self.trail.close()

    async def record(self, batch: Sequence[Accepted], moved: Sequence[Position] = ()) -> Sequence[tuple[Verdict, ...]]:
        self.transactions += 1
        return await self.trail.intake.record(batch, moved)

    async def positions(self, topic: str) -> Mapping[int, int]:
        return await self.trail.intake.positions(topic)

    async def sources(self) -> Sequence[Source]:
        return list(self.known)

    async def connection_moved(self, moved: ConnectionMoved) -> None:
        self.moved.append(moved)

    async def job_completed(self, job_id: str) -> None:
        self.jobs.append(job_id)

    async def books_changed(self, told: BooksChanged) -> None:
        self.changed.append(told)

    async def list_changed(self, told: ListChanged) -> None:
        self.changed.append(told)

    async def deliveries(self) -> list[KeptDelivery]:
        found = select(deliveries).order_by(deliveries.c.received_at, deliveries.c.id)
        rows = await self.trail.read(lambda c: c.execute(found).all())
        return [
            KeptDelivery(row.id, row.source, row.connection, row.status, row.reason, row.path, row.sealed)
            for row in rows
        ]

    async def keys(self) -> list[str]:
        """Natural keys of events, in the order they were recorded."""
        rows = await self.trail.read(lambda c: c.execute(select(events.c.key).order_by(events.c.seq)).all())
        return [row.key for row in rows]


def opened(directory: Path, known: list[Source]) -> Kept:
    return Kept(open_trail(str(directory / "trail.db"), KEYS, SystemClock()), known)
