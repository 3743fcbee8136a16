"""What the tests do with the trail over and over: lease, take what is due, intend, prove."""

from dataclasses import dataclass, field
from datetime import timedelta

from consumers.ports import DueEvent, Fenced, Lease, Waits
from schemas.documents import Write
from schemas.events import Event
from schemas.money import Money
from schemas.outcomes import Written
from schemas.writes import StoredWrite, WriteState
from service.trail.database import Trail
from tests.trail.told import delivery


@dataclass
class Hands:
    """A worker's hands on one connection."""

    trail: Trail
    owner: str = "worker-1"
    lease: Lease = field(init=False)
    told: int = 0

    async def take(self, seconds: float = 60) -> Lease:
        """The lease, which must be free."""
        lease = await self.trail.work.lease("acme", self.owner, seconds)
        assert lease is not None
        self.lease = lease
        return lease

    async def tell(self, *events: Event, source: str = "shop") -> None:
        """A delivery of its own."""
        self.told += 1
        now = self.trail.clock.now()
        await self.trail.intake.record([delivery(f"{source}-{self.told}", *events, at=now, source=source)])

    async def due(self, key: str) -> DueEvent:
        """The due event of that key."""
        return {due.event.key: due for due in await self.trail.work.due("acme", 100)}[key]

    async def keys(self) -> list[str]:
        """Keys of what is due, in the order it is given."""
        return [due.event.key for due in await self.trail.work.due("acme", 100)]

    async def intend(self, due: DueEvent, write: Write, body: bytes = b"{}") -> StoredWrite | Waits | Fenced:
        """Intended and started."""
        answer_by = self.trail.clock.now() + timedelta(seconds=45)
        return await self.trail.work.intend(self.lease, due, write, body, answer_by)

    async def started(self, due: DueEvent, write: Write, body: bytes = b"{}") -> StoredWrite:
        """As `intend`, which must store it."""
        stored = await self.intend(due, write, body)
        assert isinstance(stored, StoredWrite), stored
        return stored

    async def prove(self, stored: StoredWrite, rutter_id: str = "r-1", total: int | None = None) -> StoredWrite:
        """The books have it; with `total`, another one than ours."""
        state = WriteState.WRITTEN if total is None else WriteState.DIFFERENT
        amount = stored.total if total is None else Money(total, "USD")
        return await self.trail.work.record(
            stored, Written(rutter_id=rutter_id, total=amount), state=state, next_at=None
        )

    async def hold(self, due: DueEvent, awaits: str, seen: int = 0) -> None:
        """Three days at most."""
        await self.trail.work.hold(
            self.lease,
            due,
            awaits=awaits,
            seen=seen,
            reason="not there yet",
            deadline=self.trail.clock.now() + timedelta(hours=72),
        )
