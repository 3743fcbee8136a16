"""From what is seen in the books to the next step."""

from datetime import datetime
from typing import assert_never

from consumers.ports import NotThere, Several, Sighting, There
from consumers.resolving import parks
from consumers.resolving.outcomes import resolve
from consumers.resolving.steps import (
    AskJob,
    AskPerson,
    AskSyncThenLook,
    Done,
    Evidence,
    GrowRevision,
    LookInBooks,
    SendAgain,
    Step,
)
from consumers.resolving.totals import in_the_books
from consumers.resolving.waits import (
    A_DAY,
    MOST_REVISIONS,
    age,
    ask_job_at,
    look_after_sync_at,
    send_again_at,
    sent_again_at,
    tried_long_enough,
)
from schemas.documents import DocumentKind
from schemas.outcomes import Deferred, Unknown
from schemas.writes import StoredWrite, WriteState


def after_look(write: StoredWrite, sighting: Sighting, now: datetime, sought: LookInBooks | None = None) -> Step:
    """What follows from what was seen. `sought`: the step that looked, whose evidence says what silence means."""
    if write.state in (WriteState.WRITTEN, WriteState.DIFFERENT):
        return Done(rutter_id=write.rutter_id, total=None, state=write.state)
    match sighting:
        case There():
            return in_the_books(write, sighting.rutter_id, sighting.total)
        case Several():
            return AskPerson(park=parks.several_fit(write, sighting.ids))
        case NotThere():
            return _not_there(write, sighting, now, Evidence.NO_ANSWER if sought is None else sought.evidence)
        case _:
            assert_never(sighting)


def after_failed_look(write: StoredWrite, outcome: Deferred | Unknown, now: datetime, sought: LookInBooks) -> Step:
    """What follows where the books could not be looked into: look again later, for a day, then ask a person."""
    if isinstance(outcome, Deferred) or write.job_id is not None or sought.evidence is Evidence.KEY_CONFLICT:
        return resolve(write, outcome, now)
    if write.kind is not DocumentKind.ATTACHMENT and not tried_long_enough(write, now):
        return SendAgain(at=send_again_at(write, now), reason=outcome.reason)
    if age(write, now) >= A_DAY:
        return AskPerson(park=parks.could_not_look(write, outcome))
    return LookInBooks(at=look_after_sync_at(write, now), reason=outcome.reason, evidence=sought.evidence)


def _not_there(write: StoredWrite, sighting: NotThere, now: datetime, evidence: Evidence) -> Step:
    match evidence:
        case Evidence.KEY_CONFLICT:
            return AskPerson(park=parks.another_body(write))
        case Evidence.JOB_FAILED:
            return _failed_and_absent(write, now) if sighting.proves else _absence_in_doubt(write, now, evidence)
        case Evidence.NO_ANSWER:
            return _still_no_answer(write, sighting, now)
        case Evidence.RELEASED:
            return SendAgain(at=max(now, write.answer_by or now), reason="released, and not in the books")
        case _:
            assert_never(evidence)


def _failed_and_absent(write: StoredWrite, now: datetime) -> Step:
    if write.revision >= MOST_REVISIONS - 1:
        return AskPerson(park=parks.failed_too_often(write))
    return GrowRevision(at=now, reason="its job failed, and the books do not have it")


def _absence_in_doubt(write: StoredWrite, now: datetime, evidence: Evidence) -> Step:
    if age(write, now) >= A_DAY:
        return AskPerson(park=parks.absence_not_provable(write))
    what = "its job failed" if evidence is Evidence.JOB_FAILED else "no answer"
    return AskSyncThenLook(
        at=now,
        look_at=look_after_sync_at(write, now),
        reason=f"{what}; a sync must show whether it was written",
        evidence=evidence,
    )


def _still_no_answer(write: StoredWrite, sighting: NotThere, now: datetime) -> Step:
    """Rutter's copy may lag behind the books: silence alone proves nothing, and the same key is always safe.

    Nothing says that it is for attachments (Rutter: Making idempotent requests): they are sent again on proof only.
    """
    if write.job_id is not None:
        return AskJob(at=ask_job_at(write, now), reason="not in the books yet")
    if tried_long_enough(write, now):
        return AskPerson(park=parks.never_answered(write))
    if write.kind is DocumentKind.ATTACHMENT and not sighting.proves:
        return _absence_in_doubt(write, now, Evidence.NO_ANSWER)
    at = sent_again_at(write, now) if write.kind.told_by_parent else send_again_at(write, now)
    return SendAgain(at=at, reason="not in the books yet")
