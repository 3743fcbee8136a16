"""One connection's posting: under its lease, due events in parallel, but never two of one order at once.

The lease is renewed while there is work and given back after a while without. A pause (credentials refused, quota, the
connection needs its owner) stops everything on this connection and nothing elsewhere.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, assert_never

from consumers.about import about
from consumers.ports import DueEvent, Fenced, Lease
from consumers.posting.events import Bench, EventInHand, Finished, Handled
from consumers.posting.pokes import poked_or_slept
from consumers.posting.slots import Lane, Slots
from consumers.posting.writes import Paused
from schemas.connections import Connection, ConnectionState
from schemas.events import AttachmentAdded, Event

LEASE_SECONDS: Final = 15.0
RENEW: Final = timedelta(seconds=5)
IDLE: Final = timedelta(seconds=20)
POLL: Final = timedelta(seconds=2)
"""How often due work is looked for without being told: the safety net under the wakes."""
LEAST_WAIT: Final = 0.05
"""So that a row which is due and cannot move never becomes a busy loop."""
LOOKED_AT: Final = (12, 64)
"""Due events read at a time, besides those in hand: a few; and more where most of these touch what is in hand."""
BUGS_IN_A_ROW: Final = 3

Report = Callable[[Connection, DueEvent, Handled, float], None]


def touches(event: Event) -> frozenset[str]:
    """What the event shares with others: two that touch the same order are not posted at the same time, nor is what
    takes a payment or a refund back with that payment or refund."""
    what, scope = about(event), f"{event.namespace}\x1f"
    if isinstance(event, AttachmentAdded):
        return frozenset({scope + event.key})  # its order does not wait for a slow file
    return frozenset(scope + shared for shared in (event.key, *what.orders, *what.facts))


def in_hand(in_flight: int) -> int:
    """Events in hand for so many requests in flight: some are planned or recorded while all slots are at Rutter."""
    return in_flight + max(2, in_flight // 2)


@dataclass(slots=True)
class ConnectionRun:
    """The posting of one connection in this process, from taking the lease to giving it back."""

    bench: Bench
    alias: str
    owner: str
    report: Report
    poke: asyncio.Event = field(default_factory=asyncio.Event)
    stopping: bool = False
    _busy: dict[int, frozenset[str]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _ended: set[int] = field(default_factory=set)
    """What ended while due work was being read: the reading may show it as it was, and it is looked at anew."""
    _slots: Slots | None = None
    _in_flight: int = 0
    _resume_at: datetime | None = None
    _bugs: int = 0
    _stumbles: dict[int, int] = field(default_factory=dict)
    """How often in a row something failed around an event that was no pure function."""
    _failure: Exception | None = None

    async def run(self) -> None:
        """Post until there is nothing to do for a while, the lease is lost, `stopping` is set, or the trail fails."""
        trail = self.bench.desk.trail
        lease = await trail.lease(self.alias, self.owner, LEASE_SECONDS)
        if lease is None:
            return
        try:
            await self._while_leased(lease)
            if self._tasks:
                await asyncio.wait(self._tasks)
        except asyncio.CancelledError:
            for task in self._tasks:
                task.cancel()  # what was sent stands in the trail as sent, and is sent again once its time is over
            raise
        finally:
            if self._tasks:
                await asyncio.wait(self._tasks)
            await trail.give_up(lease)
        if self._failure is not None:
            raise self._failure

    async def _while_leased(self, lease: Lease) -> None:
        clock, trail = self.bench.desk.clock, self.bench.desk.trail
        renewed = idle_since = clock.now()
        while not self.stopping:
            self.poke.clear()
            now = clock.now()
            if now - renewed >= RENEW:
                again = await trail.lease(self.alias, self.owner, LEASE_SECONDS)
                if again is None or again.token != lease.token:
                    return
                lease, renewed = again, now
            if await self._start_due(lease, now) or self._tasks:
                idle_since = now
            elif now - idle_since >= IDLE:
                return
            if not self.stopping:
                await self._wait(await trail.next_due_at(self.alias) if not self._tasks else None, now)

    async def _start_due(self, lease: Lease, now: datetime) -> bool:
        """Start as many due events as there are free slots; answer whether any was started."""
        if self._resume_at is not None:
            if now < self._resume_at:
                return False
            self._resume_at = None
        started = False
        for most in LOOKED_AT:
            if self._slots is not None and len(self._busy) >= in_hand(self._in_flight):
                break
            limit = most + len(self._busy)
            self._ended.clear()
            found = await self.bench.desk.trail.due(self.alias, limit)
            if found and await self._start_some(lease, found):
                started = True
            if self.stopping or len(found) < limit:
                break
        return started

    async def _start_some(self, lease: Lease, found: Sequence[DueEvent]) -> bool:
        """The connection is read each time: what was mapped a moment ago holds for what was released a moment after."""
        connection = await self.bench.desk.trail.connection(self.alias)
        if connection is None or connection.state is not ConnectionState.READY:
            self.stopping = True
            return False
        slots = self._slots_of(connection)
        started = False
        taken = frozenset[str]().union(*self._busy.values())
        for due in found:
            if len(self._busy) >= in_hand(connection.in_flight):
                break
            touched = touches(due.event)
            if due.seq in self._busy or due.seq in self._ended or touched & taken:
                continue
            taken |= touched
            self._busy[due.seq] = touched
            task = asyncio.create_task(self._handle(lease, connection, due, slots))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            started = True
        return started

    def _slots_of(self, connection: Connection) -> Slots:
        """As many as are configured now; requests that left before a change keep theirs."""
        if self._slots is None or self._in_flight != connection.in_flight:
            self._in_flight = connection.in_flight
            self._slots = Slots(connection.in_flight)
        return self._slots

    async def _handle(self, lease: Lease, connection: Connection, due: DueEvent, slots: Slots) -> None:
        clock = self.bench.desk.clock
        bench = self.bench.behind() if due.backfill else self.bench
        begun = clock.now()
        try:
            stumbled = self._stumbles.get(due.seq, 0)
            lane = Lane(slots, behind=due.backfill)
            event = EventInHand(bench, connection, lease, due, lane, lambda: self.stopping, stumbled)
            handled = await event.handle()
            await self._follow(connection, due, handled)
            self.report(connection, due, handled, (clock.now() - begun).total_seconds())
        except Exception as error:  # noqa: BLE001 - the trail is out of reach: the run ends, and is begun again later
            self._failure = error
            self.stopping = True
        finally:
            del self._busy[due.seq]
            self._ended.add(due.seq)
            self.poke.set()

    async def _follow(self, connection: Connection, due: DueEvent, handled: Handled) -> None:
        """What one event's end means for the whole connection."""
        trail = self.bench.desk.trail
        match handled:
            case Finished(stumbled=True):
                self._stumbles[due.seq] = self._stumbles.get(due.seq, 0) + 1
            case Finished():
                self._stumbles.pop(due.seq, None)
                self._bugs = self._bugs + 1 if handled.bug else 0
                if self._bugs >= BUGS_IN_A_ROW:
                    await trail.move_connection(
                        connection.alias,
                        ConnectionState.PAUSED,
                        f"{BUGS_IN_A_ROW} bugs in a row; see the parked events",
                    )
                    self.stopping = True
            case Paused():
                self._resume_at = max(handled.until, self._resume_at or handled.until)
                if handled.state is not None:
                    await trail.move_connection(connection.alias, handled.state, handled.reason)
                    self.stopping = True
            case Fenced():
                self.stopping = True
            case _:
                assert_never(handled)

    async def _wait(self, next_due: datetime | None, now: datetime) -> None:
        """Until poked, or until something is due by itself, or the poll comes round."""
        until = now + POLL
        goes_on = next_due if self._resume_at is None else self._resume_at
        until = until if goes_on is None else min(until, goes_on)
        await poked_or_slept(self.poke, self.bench.desk.clock, max(LEAST_WAIT, (until - now).total_seconds()))
