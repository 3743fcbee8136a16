"""Carrying one stored write to its proof: send, record, resolve, and again.

What comes next is decided by pure functions (consumers.resolving); here it is done. Every answer is recorded as
evidence before anything follows from it. A step that lies further ahead than `PATIENCE` is not waited for: the write's
event becomes due again at that time, and the slot is free for others.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from consumers import resolving
from consumers.ports import Clock, DueEvent, Fenced, Lease, NotThere, Quota, Rutter, Several, There, WorkTrail
from consumers.posting.slots import Slot
from consumers.resolving import Step
from schemas.connections import Connection, ConnectionState
from schemas.outcomes import DeferReason, Deferred, Outcome, Unknown, Written
from schemas.plans import Park
from schemas.writes import StoredWrite, WriteState

PATIENCE: Final = timedelta(seconds=1)
UNSEEN: Final = timedelta(seconds=30)
"""How soon to look again where the books could not be looked into."""
LATE: Final = timedelta(seconds=5)
"""A first attempt that waited longer for its turn is begun anew: what is noted as sent leaves when it says."""
ATTEMPT: Final = timedelta(seconds=45)
"""How long an answer is waited for: Rutter's own prefer_sync wait is about 30 s, then it hands back a job."""


@dataclass(frozen=True, slots=True)
class Proven:
    """In the books. `write.state` tells whether with another total than ours."""

    write: StoredWrite
    done: bool = False
    """Its event is done with it."""


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


@dataclass(frozen=True, slots=True)
class Refused:
    """Definitely not written. `said`: the platform's own words."""

    write: StoredWrite
    park: Park
    said: str


Carried = Proven | Later | Paused | Park | Refused | Fenced


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What carrying a write needs."""

    trail: WorkTrail
    rutter: Rutter
    quota: Quota
    clock: Clock


async def carry(
    desk: Desk, connection: Connection, lease: Lease, write: StoredWrite, *, released: bool = False
) -> Carried:
    """Take the write as far as it goes now, from where the trail says it stands.

    `released`: by a person, since it was last sent.
    """
    if write.state is WriteState.DIFFERENT:
        return await _seen_again(desk, connection, write)
    step = resolving.next_action(write, desk.clock.now(), released=released)
    return await _follow(desk, connection, lease, write, step)


async def _seen_again(desk: Desk, connection: Connection, write: StoredWrite) -> Proven | Later:
    """A document that was written different may have been put right in the books since."""
    await desk.quota.turn(connection)
    seen = await desk.rutter.look(connection, write, write.sent_at or write.intended_at)
    if not isinstance(seen, There | NotThere | Several):
        return Later(desk.clock.now() + UNSEEN, "the books cannot be looked into")
    if not isinstance(seen, There) or seen.rutter_id != write.rutter_id or seen.total != write.total:
        await desk.rutter.ask_sync(connection, write)
        return Proven(write)
    found = Written(rutter_id=seen.rutter_id, total=seen.total, job_id=write.job_id, how="found")
    return Proven(await desk.trail.record(write, found, state=WriteState.WRITTEN, next_at=None))


async def send(
    desk: Desk, connection: Connection, lease: Lease, write: StoredWrite, slot: Slot, *, last_of: DueEvent | None
) -> Carried:
    """As `carry`, for a write whose first attempt `intend` has just noted: it leaves without another transaction.

    The slot is given back with the answer, and taken again if more is to be asked. `last_of`: the event whose plan has
    nothing to write after this.
    """
    await desk.quota.turn(connection)
    now = desk.clock.now()
    if now - (write.sent_at or now) > LATE:
        begun = await _begun_anew(desk, lease, write)
        if isinstance(begun, Fenced):
            return begun
        write = begun
    full_until = await desk.quota.spend(connection)
    outcome = await _posted(desk, connection, write) if full_until is None else _full(full_until)
    slot.release()
    step = resolving.resolve(write, outcome, desk.clock.now(), connection.platform)
    if last_of is not None and isinstance(step, resolving.Done) and step.state is WriteState.WRITTEN:
        return await _record_last(desk, lease, last_of, write, outcome, step=step)
    write, step = await _stands(desk, write, outcome, step)
    ended = _ended(step, write)
    if ended is not None:
        return ended
    async with slot:
        return await _follow(desk, connection, lease, write, step)


async def _record_last(
    desk: Desk, lease: Lease, due: DueEvent, write: StoredWrite, outcome: Outcome, *, step: resolving.Done
) -> Proven | Park:
    """Most events have one document: its proof and the event's end are one transaction."""
    written, done = await desk.trail.record_last(lease, due, write, outcome)
    written, claimed = _claimed(written, step)
    return claimed.park if isinstance(claimed, resolving.AskPerson) else Proven(written, done)


async def _begun_anew(desk: Desk, lease: Lease, write: StoredWrite) -> StoredWrite | Fenced:
    """The turn came late, and nothing has left: that is recorded, and the next attempt begins now, if it still may."""
    now = desk.clock.now()
    waited = Deferred(reason=DeferReason.QUOTA, retry_at=now)
    unsent = await desk.trail.record(write, waited, state=WriteState.INTENDED, next_at=now)
    return await desk.trail.start_attempt(lease, unsent, now + ATTEMPT)


def _full(until: datetime) -> Deferred:
    """The platform's day takes no more: nothing has left."""
    return Deferred(reason=DeferReason.QUOTA, retry_at=until)


async def _posted(desk: Desk, connection: Connection, write: StoredWrite) -> Outcome:
    """An answer is waited for until the attempt's deadline, and no longer: from then on it may be sent again."""
    now = desk.clock.now()
    left = ((write.answer_by or now + ATTEMPT) - now).total_seconds()
    return await desk.rutter.post(connection, write, min(max(left, 1.0), ATTEMPT.total_seconds()))


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


def _ended(step: Step, write: StoredWrite) -> Proven | Paused | Park | Refused | None:
    match step:
        case resolving.Done():
            return Proven(write)
        case resolving.Refuse():
            return Refused(write, step.park, step.said)
        case resolving.AskPerson():
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
            full_until = await desk.quota.spend(connection)
            if full_until is not None:
                return write, resolving.resolve(write, _full(full_until), desk.clock.now())
            begun = await desk.trail.start_attempt(lease, write, desk.clock.now() + ATTEMPT)
            if isinstance(begun, Fenced):
                return begun
            return await _record(desk, connection, begun, await _posted(desk, connection, begun))
        case resolving.AskJob():
            await desk.quota.turn(connection)
            return await _record(desk, connection, write, await desk.rutter.job(connection, write))
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


async def _record(desk: Desk, connection: Connection, write: StoredWrite, outcome: Outcome) -> tuple[StoredWrite, Step]:
    """Decide, then record: the evidence and where it leaves the write go into the trail together."""
    step = resolving.resolve(write, outcome, desk.clock.now(), connection.platform)
    return await _stands(desk, write, outcome, step)


async def _stands(desk: Desk, write: StoredWrite, outcome: Outcome, step: Step) -> tuple[StoredWrite, Step]:
    state, next_at = resolving.standing(step)
    return _claimed(await desk.trail.record(write, outcome, state=state, next_at=next_at), step)


async def _look(
    desk: Desk, connection: Connection, write: StoredWrite, sought: resolving.LookInBooks
) -> tuple[StoredWrite, Step]:
    sighting = await desk.rutter.look(connection, write, _over(write, sought))
    if isinstance(sighting, Deferred | Unknown):
        later = resolving.after_failed_look(write, sighting, desk.clock.now(), sought)
        state, next_at = resolving.standing(later)
        return await desk.trail.record(write, sighting, state=state, next_at=next_at), later
    if not isinstance(sighting, There | NotThere | Several):
        raise TypeError(f"a look has no outcome {type(sighting).__name__}")
    step = resolving.after_look(write, sighting, desk.clock.now(), sought)
    if not isinstance(step, resolving.Done):
        return write, step
    seen = Written(rutter_id=step.rutter_id, total=step.total, job_id=write.job_id, how="found")
    return _claimed(await desk.trail.record(write, seen, state=step.state, next_at=None), step)


def _over(write: StoredWrite, sought: resolving.LookInBooks) -> datetime:
    """Since when nothing under way could write it: a job may write until it is known to have ended (`answer_by`)."""
    sent = write.sent_at or write.intended_at
    if sought.evidence is resolving.Evidence.JOB_FAILED and write.answer_by is not None:
        return max(sent, write.answer_by)
    return sent


def _claimed(write: StoredWrite, step: Step) -> tuple[StoredWrite, Step]:
    """One Rutter id belongs to one natural key: where the trail would not take our claim, a person decides."""
    if isinstance(step, resolving.Done) and write.state is WriteState.IN_DOUBT:
        return write, resolving.AskPerson(park=resolving.claimed_twice(write, step.rutter_id))
    return write, step
