"""One due event: read what it refers to, plan (pure), and carry out the plan.

A bug in a pure function parks that event with its trace and goes on. A bug after `intend` leaves the write in doubt, which
is what the trail already says of it, and parks the event.
"""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from consumers.freezing import MissingLink, freeze
from consumers.planning import plan, references
from consumers.ports import DueEvent, Fenced, Lease, Lists, Waits
from consumers.posting.writes import ATTEMPT, Desk, Later, Paused, Proven, carry, send
from schemas.books import Books, Link, References
from schemas.connections import Connection
from schemas.documents import Write
from schemas.events import Event
from schemas.plans import Cause, Hold, Park, Plan, Post, Skip
from schemas.writes import StoredWrite, WriteState

ROUNDS = 3
"""A refund names a payment, which names an order: no chain of references is longer."""
STALE_LISTS = timedelta(seconds=60)
"""How old our copy of the merchant's lists may be before a miss is believed."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The event's work row has been moved; `what` for the log line."""

    what: str
    documents: tuple[StoredWrite, ...] = ()
    bug: bool = False


Handled = Finished | Paused | Fenced


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What handling an event needs beside the desk."""

    desk: Desk
    lists: Lists


async def handle(bench: Bench, connection: Connection, lease: Lease, due: DueEvent) -> Handled:
    """Take one due event as far as it goes now; its work row says afterwards what it waits for."""
    try:
        return await _handle(bench, connection, lease, due)
    except Exception:  # noqa: BLE001 - a bug must not stop other orders' events: it parks this one, with its trace
        park = Park(
            cause=Cause.BUG,
            subject=due.event.type,
            detail=traceback.format_exc(limit=-6)[-3000:],
            cure="report this trace; after an upgrade, release it",
        )
        await bench.desk.trail.park(lease, due, park)
        return Finished("parked: bug", bug=True)


async def _handle(bench: Bench, connection: Connection, lease: Lease, due: DueEvent) -> Handled:
    desk = bench.desk
    settled = await _resume(bench, connection, lease, due)
    if settled is not None:
        return settled
    books = await _read(bench, connection, due.event)
    if isinstance(books, Paused):
        return await _pause(bench, lease, due, books)
    planned: Plan = plan(due.event, books)
    match planned:
        case Post():
            return await _post(bench, connection, lease, due, planned, books)
        case Hold():
            return await _hold(bench, connection, lease, due, planned, books)
        case Skip():
            await desk.trail.skip(lease, due, planned.reason)
            return Finished(f"skipped: {planned.reason}")
        case Park():
            await desk.trail.park(lease, due, planned)
            return Finished(f"parked: {planned.cause}")
        case _:
            assert_never(planned)


async def _resume(bench: Bench, connection: Connection, lease: Lease, due: DueEvent) -> Handled | None:
    """What an earlier attempt left in doubt is resolved before anything is planned anew."""
    if not due.has_writes:
        return None
    for stored in await bench.desk.trail.writes_of(due.seq):
        if stored.state in (WriteState.SENT, WriteState.IN_DOUBT):
            carried = await carry(bench.desk, connection, lease, stored)
            if not isinstance(carried, Proven):
                return await _stopped(bench, lease, due, carried)
    return None


async def _read(bench: Bench, connection: Connection, event: Event) -> Books | Paused:
    """Read, and read again while what was read refers to more; refresh the merchant's lists when a look-up misses."""
    trail = bench.desk.trail
    asked = References()
    books = Books(connection=connection)
    for _ in range(ROUNDS):
        wanted = references(event, books.facts, connection)
        if wanted == asked:
            break
        asked = wanted
        books = replace(await trail.read(connection.alias, event.namespace, wanted), connection=connection)
    missed = frozenset(look.object for look in asked.look_ups if not books.found.get(look))
    if missed:
        stale = bench.desk.clock.now() - STALE_LISTS
        trouble = await bench.lists.refresh(connection, missed, older_than=stale)
        if trouble is not None:
            return Paused(bench.desk.clock.now() + timedelta(seconds=30), "the merchant's lists cannot be read", None)
        books = replace(await trail.read(connection.alias, event.namespace, asked), connection=connection)
    return books


async def _post(
    bench: Bench, connection: Connection, lease: Lease, due: DueEvent, planned: Post, books: Books
) -> Handled:
    """Intend, send and prove each write in turn; a crash between them resumes where it was."""
    trail = bench.desk.trail
    links: dict[str, Link] = dict(books.links)
    for key, entry in planned.found:
        await trail.link_found(lease, due.event.namespace, key, entry)
        links[key] = Link(key=key, rutter_id=entry.id)
    documents: list[StoredWrite] = []
    for write in planned.writes:
        if write.key in links:
            continue
        carried = await _write(bench, connection, lease, due, write, links)
        if not isinstance(carried, Proven):
            if isinstance(carried, Waits):
                return await _hold(bench, connection, lease, due, Hold(carried.key, "another event makes it"), books)
            return await _stopped(bench, lease, due, carried)
        if carried.write.state is WriteState.DIFFERENT:
            return await _stopped(bench, lease, due, _different(carried.write))
        documents.append(carried.write)
        links[write.key] = Link(key=write.key, rutter_id=carried.write.rutter_id, total=carried.write.total)
    await trail.done(lease, due)
    return Finished("posted", tuple(documents))


async def _write(
    bench: Bench, connection: Connection, lease: Lease, due: DueEvent, write: Write, links: Mapping[str, Link]
) -> Proven | Later | Paused | Park | Fenced | Waits:
    frozen = freeze(write, links)
    if isinstance(frozen, MissingLink):
        return Waits(frozen.key)
    desk = bench.desk
    write = replace(write, look=frozen.look)
    answer_by = desk.clock.now() + ATTEMPT
    stored = await desk.trail.intend(lease, due, write, frozen.body, answer_by)
    if isinstance(stored, Waits | Fenced):
        return stored
    if stored.state in (WriteState.WRITTEN, WriteState.DIFFERENT):
        return Proven(stored)
    if stored.state is WriteState.REFUSED:
        cured = await desk.trail.refreeze(lease, stored, frozen.body, write, grow=stored.key_spent)
        return cured if isinstance(cured, Fenced) else await carry(desk, connection, lease, cured)
    ours_to_send = stored.state is WriteState.SENT and stored.answer_by == answer_by  # started by this very call
    return await (send if ours_to_send else carry)(desk, connection, lease, stored)


def _different(write: StoredWrite) -> Park:
    return Park(
        cause=Cause.WRITTEN_DIFFERENT,
        subject=write.key,
        detail=f"{write.key} is in the books with another total: {write.last}",
        cure="correct it in the books, or void it and release; what depends on it holds until then",
    )


async def _hold(bench: Bench, connection: Connection, lease: Lease, due: DueEvent, hold: Hold, books: Books) -> Handled:
    deadline = due.received_at + timedelta(hours=connection.hold_hours)
    if bench.desk.clock.now() >= deadline:
        park = Park(
            cause=Cause.HOLD_EXPIRED,
            subject=hold.awaits,
            detail=f"waited {connection.hold_hours} h for {hold.awaits}: {hold.reason}",
            cure=f"send {hold.awaits} again, or release it to wait anew; it posts by itself when that arrives",
        )
        await bench.desk.trail.park(lease, due, park, awaits=hold.awaits)
        return Finished("parked: hold expired")
    noun, _, order = hold.awaits.partition(":")
    seen = (
        sum(1 for applied in books.applied.get(order, ()) if applied.by.startswith("payment:"))
        if noun == "payments"
        else 0
    )
    await bench.desk.trail.hold(lease, due, awaits=hold.awaits, seen=seen, reason=hold.reason, deadline=deadline)
    return Finished(f"held: {hold.awaits}")


async def _stopped(bench: Bench, lease: Lease, due: DueEvent, why: Later | Paused | Park | Fenced) -> Handled:
    match why:
        case Later():
            await bench.desk.trail.later(lease, due, why.at, why.reason)
            return Finished(f"later: {why.reason}")
        case Park():
            await bench.desk.trail.park(lease, due, why)
            return Finished(f"parked: {why.cause}")
        case Paused():
            return await _pause(bench, lease, due, why)
        case Fenced():
            return why
        case _:
            assert_never(why)


async def _pause(bench: Bench, lease: Lease, due: DueEvent, paused: Paused) -> Paused:
    await bench.desk.trail.later(lease, due, paused.until, paused.reason)
    return paused
