"""Carrying one stored write to its proof: send, record, resolve, and again.

What comes next is decided by pure functions (consumers.resolving); here it is done. Every answer is recorded as
evidence before anything follows from it. A step that lies further ahead than `PATIENCE` is not waited for: the write's
event becomes due again at that time, and the slot is free for others.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from consumers import resolving
from consumers.ports import Clock, Fenced, Lease, NotThere, Quota, Rutter, Several, There, WorkTrail
from consumers.resolving import Step
from schemas.connections import Connection, ConnectionState
from schemas.outcomes import Outcome, Written
from schemas.plans import Park
from schemas.writes import StoredWrite, WriteState

PATIENCE: Final = timedelta(seconds=1)
ATTEMPT: Final = timedelta(seconds=45)
"""How long an answer is waited for: Rutter's own prefer_sync wait is about 30 s, then it hands back a job."""


@dataclass(frozen=True, slots=True)
class Proven:
    """In the books. `write.state` tells whether with another total than ours."""

    write: StoredWrite


@dataclass(frozen=True, slots=True)
class Later:
    """Not proven yet; its event is due again at `at`."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Paused:
    """The connection cannot be written to now; everything on it waits until `until`."""

    until: datetime
    reason: str
    state: ConnectionState | None


Carried = Proven | Later | Paused | Park | Fenced


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What carrying a write needs."""

    trail: WorkTrail
    rutter: Rutter
    quota: Quota
    clock: Clock


async def carry(desk: Desk, connection: Connection, lease: Lease, write: StoredWrite) -> Carried:
    """Take the write as far as it goes now, from where the trail says it stands."""
    return await _follow(desk, connection, lease, write, resolving.next_action(write, desk.clock.now()))


async def send(desk: Desk, connection: Connection, lease: Lease, write: StoredWrite) -> Carried:
    """As `carry`, for a write whose first attempt `intend` has just noted: it leaves without another transaction."""
    return await _follow(desk, connection, lease, *await _post(desk, connection, write))


async def _follow(desk: Desk, connection: Connection, lease: Lease, write: StoredWrite, step: Step) -> Carried:
    while True:
        ended = _ended(step, write)
        if ended is not None:
            return ended
        if not isinstance(step, resolving.Waiting):
            raise TypeError(f"no way to take the step {type(step).__name__}")
        now = desk.clock.now()
        if step.at > now + PATIENCE:
            return Later(step.at, step.reason)
        if step.at > now:
            await desk.clock.sleep((step.at - now).total_seconds())
        taken = await _take(desk, connection, lease, write, step)
        if isinstance(taken, Fenced):
            return taken
        write, step = taken


def _ended(step: Step, write: StoredWrite) -> Proven | Paused | Park | None:
    match step:
        case resolving.Done():
            return Proven(write)
        case resolving.Refuse() | resolving.AskPerson():
            return step.park
        case resolving.WaitForConnection():
            return Paused(step.until, step.reason, step.connection_state)
        case _:
            return None


async def _take(
    desk: Desk, connection: Connection, lease: Lease, write: StoredWrite, step: resolving.Waiting
) -> tuple[StoredWrite, Step] | Fenced:
    """Do the step; answer the write as it then stands and the step that follows."""
    match step:
        case resolving.SendAgain():
            await desk.quota.turn(connection)
            begun = await desk.trail.start_attempt(lease, write, desk.clock.now() + ATTEMPT)
            return begun if isinstance(begun, Fenced) else await _post(desk, connection, begun, turn=False)
        case resolving.AskJob():
            await desk.quota.turn(connection)
            return await _record(desk, write, await desk.rutter.job(connection, write))
        case resolving.LookInBooks():
            await desk.quota.turn(connection)
            return await _look(desk, connection, write, step)
        case resolving.AskSyncThenLook():
            await desk.rutter.ask_sync(connection, write)
            return write, step.look
        case resolving.GrowRevision():
            grown = await desk.trail.grow_revision(lease, write)
            return grown if isinstance(grown, Fenced) else (grown, resolving.next_action(grown, desk.clock.now()))
        case _:
            assert_never(step)


async def _post(
    desk: Desk, connection: Connection, write: StoredWrite, *, turn: bool = True
) -> tuple[StoredWrite, Step]:
    if turn:
        await desk.quota.turn(connection)
    return await _record(desk, write, await desk.rutter.post(connection, write, ATTEMPT.total_seconds()))


async def _record(desk: Desk, write: StoredWrite, outcome: Outcome) -> tuple[StoredWrite, Step]:
    """Decide, then record: the evidence and where it leaves the write go into the trail together."""
    step = resolving.resolve(write, outcome, desk.clock.now())
    state, next_at = resolving.standing(step)
    return _claimed(await desk.trail.record(write, outcome, state=state, next_at=next_at), step)


async def _look(
    desk: Desk, connection: Connection, write: StoredWrite, sought: resolving.LookInBooks
) -> tuple[StoredWrite, Step]:
    since = write.sent_at or write.intended_at
    sighting = await desk.rutter.look(connection, write, since)
    if not isinstance(sighting, There | NotThere | Several):
        return await _record(desk, write, sighting)
    step = resolving.after_look(write, sighting, desk.clock.now(), sought)
    if not isinstance(step, resolving.Done):
        return write, step
    seen = Written(rutter_id=step.rutter_id, total=step.total, job_id=write.job_id, how="found")
    return _claimed(await desk.trail.record(write, seen, state=step.state, next_at=None), step)


def _claimed(write: StoredWrite, step: Step) -> tuple[StoredWrite, Step]:
    """One Rutter id belongs to one natural key: where the trail would not take our claim, a person decides."""
    if isinstance(step, resolving.Done) and write.state is WriteState.IN_DOUBT:
        return write, resolving.AskPerson(park=resolving.claimed_twice(write, step.rutter_id))
    return write, step
