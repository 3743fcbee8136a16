"""One due event: read what it refers to, plan (pure), and carry out the plan.

A bug in a pure function parks that event with its trace and goes on. A bug after `intend` leaves the write in doubt,
which is what the trail already says of it, and parks the event.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, assert_never

from consumers.freezing import Frozen, MissingLink, freeze
from consumers.planning import plan, references, told, unanswered
from consumers.planning.additions.attachments import to_fetch
from consumers.planning.dates import BOOKS_OPEN
from consumers.ports import DueEvent, Fenced, Lease, Lists, Waits
from consumers.posting.closed import BELIEVED, Closing, UntilOpen, after_refusal, keep_fresh, stops
from consumers.posting.fetching import Files, fetch
from consumers.posting.slots import Lane, Slot
from consumers.posting.stops import different, expired, unread, unreadable
from consumers.posting.troubles import MOST_STUMBLES, BugError, bug, pure, stumble_wait
from consumers.posting.writes import ATTEMPT, Carried, Desk, Later, Paused, Proven, Refused, carry, send
from schemas.books import Books, Link, References
from schemas.connections import Connection
from schemas.documents import Write
from schemas.events import natural_key
from schemas.outcomes import Rejected
from schemas.plans import Cause, Hold, Park, Plan, Post, Skip
from schemas.writes import StoredWrite, WriteState

ROUNDS: Final = 5
"""A reversal names a refund, which names a payment, which names an order, which names a customer: none is longer."""
STALE_LISTS: Final = timedelta(seconds=60)
"""How old our copy of the merchant's lists may be before a miss is believed."""
MOST_UNREAD: Final = 20
"""Refusals to read a list, half a minute apart, before a person is asked."""
FIRST_TAX: Final = timedelta(seconds=0.25)
"""How soon to look again whether the first taxed document is proved; doubled with each look, up to some minutes."""
MOST_DOUBLED: Final = 11


@dataclass(frozen=True, slots=True)
class Finished:
    """The event's work row has been moved; `what` for the log line."""

    what: str
    documents: tuple[StoredWrite, ...] = ()
    bug: bool = False
    stumbled: bool = False
    """Something failed that may pass by itself; it is due again in a moment."""


Handled = Finished | Paused | Fenced


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What handling an event needs beside the desk."""

    desk: Desk
    lists: Lists
    files: Files
    closing: Closing

    def behind(self) -> "Bench":
        """The same for backfill: its requests take their turns behind those of what happens now."""
        return replace(self, desk=replace(self.desk, quota=self.desk.quota.behind()))


@dataclass(frozen=True, slots=True)
class EventInHand:
    """One due event of one connection, under one lease."""

    bench: Bench
    connection: Connection
    lease: Lease
    due: DueEvent
    slots: Lane
    stopping: Callable[[], bool]
    stumbled: int = 0
    """How often in a row handling it has failed before."""

    async def handle(self) -> Handled:
        """Take the event as far as it goes now; its work row says afterwards what it waits for."""
        try:
            return await self._handle()
        except Exception as error:  # noqa: BLE001 - it must not stop other orders' events; where the trail is away this raises
            if not isinstance(error, BugError) and self.stumbled < MOST_STUMBLES:
                at = self.bench.desk.clock.now() + stumble_wait(self.stumbled)
                await self.bench.desk.trail.later(self.lease, self.due, at, f"stumbled over {type(error).__name__}")
                return Finished(f"later: stumbled over {type(error).__name__}", stumbled=True)
            await self.bench.desk.trail.park(self.lease, self.due, bug(self.due.event.type, error))
            return Finished("parked: bug", bug=True)

    async def _handle(self) -> Handled:
        stopped = await self._resume()
        if stopped is not None:
            return stopped
        await keep_fresh(self.bench.closing, self.connection, self.due.event, self.bench.desk.clock.now())
        books = await self._read()
        if isinstance(books, Paused | Later | Park):
            return await self._stopped(books)
        with pure():
            planned: Plan = plan(self.due.event, books)
        if stops(planned) and await self._reopened():
            return await self._stopped(Later(self.bench.desk.clock.now(), "the closing date has moved"))
        match planned:
            case Post():
                return await self._post(planned, books)
            case Hold():
                return await self._hold(planned, books)
            case Skip():
                await self.bench.desk.trail.skip(self.lease, self.due, planned.reason)
                return Finished(f"skipped: {planned.reason}")
            case Park():
                return await self._stopped(planned)
            case _:
                assert_never(planned)

    async def _reopened(self) -> bool:
        """Whether the closing date, which stops the event, turns out to be another one by now."""
        older_than = self.bench.desk.clock.now() - BELIEVED
        return await self.bench.closing.refresh(self.connection, older_than=older_than)

    async def _resume(self) -> Handled | None:
        """What an earlier attempt left in doubt is resolved before anything is planned anew."""
        if not self.due.has_writes:
            return None
        for stored in await self.bench.desk.trail.writes_of(self.due.seq):
            if stored.state in (WriteState.SENT, WriteState.IN_DOUBT, WriteState.DIFFERENT):
                released = stored.sent_at is not None and self.due.waits_from > stored.sent_at
                async with Slot(self.slots):
                    carried = await carry(self.bench.desk, self.connection, self.lease, stored, released=released)
                if not isinstance(carried, Proven):
                    return await self._stopped(carried)
                if carried.write.state is WriteState.DIFFERENT:
                    return await self._stopped(different(carried.write))
        return None

    async def _read(self) -> Books | Paused | Later | Park:
        """Read, and again while what was read refers to more; fetch a file that is to be attached, and bring the
        merchant's lists up to date, where these are missed."""
        trail, connection, event = self.bench.desk.trail, self.connection, self.due.event
        asked = References()
        books = Books(connection=connection)
        for _ in range(ROUNDS):
            with pure():
                wanted = references(event, told(books), connection, books.applied)
            if wanted == asked:
                break
            asked = wanted
            books = await trail.read(connection.alias, event.namespace, asked, connection)
        with pure():
            missed = unanswered(event, books)
        if missed:
            now = self.bench.desk.clock.now()
            trouble = await self.bench.lists.refresh(connection, missed, older_than=now - STALE_LISTS)
            if isinstance(trouble, Rejected) and self.due.attempts >= MOST_UNREAD:
                return unreadable(missed, trouble)
            if trouble is not None:
                return unread(trouble, now)
            books = await trail.read(connection.alias, event.namespace, asked, connection)
        with pure():
            named = to_fetch(event, books)
        if named is not None:
            lacks = await fetch(self.bench.files, named, self.due, connection, self.bench.desk.clock.now())
            if lacks is not None:
                return lacks
            books = await trail.read(connection.alias, event.namespace, asked, connection)
        return books

    async def _post(self, planned: Post, books: Books) -> Handled:
        """Intend, send and prove each write in turn; a crash between them resumes where it was."""
        trail = self.bench.desk.trail
        links: dict[str, Link] = dict(books.links)
        for key, entry in planned.found:
            await trail.link_found(self.lease, self.due.event.namespace, key, entry)
            links[key] = Link(key=key, rutter_id=entry.id)
        documents: list[StoredWrite] = []
        done = False
        for write in planned.writes:
            if write.key in links:
                continue
            carried = await self._write(write, links, last=write is planned.writes[-1])
            if isinstance(carried, Waits):
                return await self._wait(carried, books)
            if not isinstance(carried, Proven):
                return await self._stopped(carried)
            if carried.write.state is WriteState.DIFFERENT:
                return await self._stopped(different(carried.write))
            done = carried.done
            documents.append(carried.write)
            links[write.key] = Link(key=write.key, rutter_id=carried.write.rutter_id, total=carried.write.total)
        if not done:
            await trail.done(self.lease, self.due)
        return Finished("posted", tuple(documents))

    async def _write(self, write: Write, links: Mapping[str, Link], *, last: bool) -> Carried | Waits:
        with pure():
            frozen = freeze(write, links)
        if isinstance(frozen, MissingLink):
            return Waits(frozen.key)
        async with Slot(self.slots) as slot:
            if self.stopping():
                return Fenced("the run ends")
            return await self._write_now(replace(write, look=frozen.look), frozen, slot, last=last)

    async def _write_now(self, write: Write, frozen: Frozen, slot: Slot, *, last: bool) -> Carried | Waits:
        """Intend and send, in a slot of our own: what is noted as sent leaves now."""
        desk = self.bench.desk
        answer_by = desk.clock.now() + ATTEMPT
        stored = await desk.trail.intend(self.lease, self.due, write, frozen.body, answer_by)
        if isinstance(stored, Waits | Fenced):
            return stored
        if stored.state in (WriteState.WRITTEN, WriteState.DIFFERENT):
            return Proven(stored)
        if stored.state is WriteState.REFUSED:
            cured = await desk.trail.refreeze(self.lease, stored, frozen.body, write, grow=stored.key_spent)
            return cured if isinstance(cured, Fenced) else await carry(desk, self.connection, self.lease, cured)
        if stored.state is WriteState.SENT and stored.answer_by == answer_by:  # started by this very call
            return await send(desk, self.connection, self.lease, stored, slot, last_of=self.due if last else None)
        return await carry(desk, self.connection, self.lease, stored)

    async def _wait(self, waits: Waits, books: Books) -> Handled:
        if waits.key is not None:
            return await self._hold(Hold(waits.key, "another event makes it"), books)
        at = self.bench.desk.clock.now() + FIRST_TAX * 2 ** min(self.due.attempts, MOST_DOUBLED)
        return await self._stopped(Later(at, "what is to be proved first (a taxed document, a customer) is on its way"))

    async def _hold(self, hold: Hold, books: Books) -> Handled:
        hours = self.connection.hold_hours
        deadline = self.due.waits_from + timedelta(hours=hours)
        if self.bench.desk.clock.now() >= deadline:
            park = expired(hold.awaits, hold.reason, hours)
            await self.bench.desk.trail.park(self.lease, self.due, park, awaits=hold.awaits)
            return Finished("parked: hold expired")
        await self.bench.desk.trail.hold(
            self.lease, self.due, awaits=hold.awaits, seen=_seen(hold, books), reason=hold.reason, deadline=deadline
        )
        return Finished(f"held: {hold.awaits}")

    async def _stopped(self, why: Later | Paused | Park | Refused | Fenced) -> Handled:
        trail = self.bench.desk.trail
        match why:
            case Later():
                await trail.later(self.lease, self.due, why.at, why.reason)
                return Finished(f"later: {why.reason}")
            case Park():
                awaits = BOOKS_OPEN if why.cause is Cause.CLOSED_BOOKS else None
                await trail.park(self.lease, self.due, why, awaits=awaits)
                return Finished(f"parked: {why.cause}")
            case Refused():
                return await self._refused(why)
            case Paused():
                await trail.later(self.lease, self.due, why.until, why.reason)
                return why
            case Fenced():
                return why
            case _:
                assert_never(why)

    async def _refused(self, refused: Refused) -> Handled:
        if refused.park.cause is not Cause.CLOSED_BOOKS:
            return await self._stopped(refused.park)
        follows = await after_refusal(self.bench.desk, self.bench.closing, self.connection, refused)
        if isinstance(follows, UntilOpen):
            return await self._hold(follows.hold, follows.books)
        return await self._stopped(follows)


def _seen(hold: Hold, books: Books) -> int:
    """What the plan saw of what it waits for: payments of an order, moves of the closing date."""
    if hold.awaits == BOOKS_OPEN:
        return books.closed_moves
    orders = (order for order in books.applied if natural_key("payments", order) == hold.awaits)
    return sum(one.proven and one.by.startswith("payment:") for order in orders for one in books.applied[order])
