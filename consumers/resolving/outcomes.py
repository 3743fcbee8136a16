"""From an outcome to the next step."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, assert_never

from consumers.resolving import parks
from consumers.resolving.steps import (
    AskJob,
    AskPerson,
    AskSyncThenLook,
    Done,
    Evidence,
    GrowRevision,
    LookInBooks,
    Refuse,
    SendAgain,
    Step,
    WaitForConnection,
)
from consumers.resolving.totals import in_the_books
from consumers.resolving.waits import (
    JOB_PATIENCE,
    age,
    ask_job_at,
    deferred_until,
    send_again_at,
    tried_long_enough,
)
from schemas.connections import ConnectionState
from schemas.outcomes import Conflict, DeferReason, Deferred, Outcome, Rejected, Unknown, Written
from schemas.writes import StoredWrite, WriteState

MOVES: Final[Mapping[DeferReason, ConnectionState]] = {
    DeferReason.NEEDS_UPDATE: ConnectionState.NEEDS_UPDATE,
    DeferReason.DISABLED: ConnectionState.DISABLED,
    DeferReason.NOT_READY: ConnectionState.WAITING,
}
"""What a deferral says of the connection as a whole."""


def resolve(write: StoredWrite, outcome: Outcome, now: datetime, platform: str = "") -> Step:
    """What follows from what a request for this write (its POST, or its job) came to. `platform`: Rutter's name."""
    if write.state in (WriteState.WRITTEN, WriteState.DIFFERENT):
        return Done(rutter_id=write.rutter_id, total=None, state=write.state)  # a late answer takes no proof back
    match outcome:
        case Written():
            return in_the_books(write, outcome.rutter_id, outcome.total)
        case Rejected():
            park = parks.refused(write, outcome, platform)
            return Refuse(park=park, key_spent=outcome.accepted, said=outcome.message)
        case Deferred():
            return WaitForConnection(
                reason=outcome.reason.value,
                until=deferred_until(write, outcome, now),
                connection_state=MOVES.get(outcome.reason),
                state=_unchanged(write),
            )
        case Conflict():
            reason = parks.key_conflict_words(outcome)
            return LookInBooks(at=now, reason=reason, evidence=Evidence.KEY_CONFLICT)
        case Unknown():
            return _in_doubt(write, outcome, now)
        case _:
            assert_never(outcome)


def _in_doubt(write: StoredWrite, unknown: Unknown, now: datetime) -> Step:
    if unknown.job_failed:
        return LookInBooks(at=now, reason=unknown.reason, evidence=Evidence.JOB_FAILED)
    if unknown.job_id is not None or write.job_id is not None:
        if age(write, now) >= JOB_PATIENCE:
            return AskPerson(park=parks.job_never_ended(write))
        return AskJob(at=ask_job_at(write, now), reason="its job is running" if unknown.pending else unknown.reason)
    if tried_long_enough(write, now):
        return LookInBooks(at=now, reason=unknown.reason, evidence=Evidence.NO_ANSWER)
    if write.kind.told_by_parent:
        return LookInBooks(at=send_again_at(write, now), reason=unknown.reason, evidence=Evidence.NO_ANSWER)
    return SendAgain(at=send_again_at(write, now), reason=unknown.reason)


def _unchanged(write: StoredWrite) -> WriteState:
    """A first attempt that was not tried leaves nothing in doubt; a later one, or a job's, leaves what was."""
    nothing_left = write.job_id is None and (write.state is WriteState.INTENDED or _is_first(write))
    return WriteState.INTENDED if nothing_left else WriteState.IN_DOUBT


def _is_first(write: StoredWrite) -> bool:
    return write.state is WriteState.SENT and write.attempt <= 1


def standing(step: Step) -> tuple[WriteState, datetime | None]:
    """Where the step leaves the write in the trail, and when it is looked at again by itself."""
    match step:
        case Done():
            return step.state, None
        case Refuse():
            return WriteState.REFUSED, None
        case WaitForConnection():
            return step.state, step.until
        case AskPerson():
            return WriteState.IN_DOUBT, None
        case SendAgain() | AskJob() | LookInBooks() | AskSyncThenLook() | GrowRevision():
            return WriteState.IN_DOUBT, step.at
        case _:
            assert_never(step)
