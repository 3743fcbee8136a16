"""From a write as it stands in the trail to the next step: where work goes on after a crash, a wait or a wake."""

from datetime import datetime
from typing import assert_never

from consumers.resolving import parks
from consumers.resolving.steps import AskJob, Done, Evidence, LookInBooks, Refuse, SendAgain, Step
from consumers.resolving.waits import tried_long_enough
from schemas.writes import StoredWrite, WriteState


def next_action(write: StoredWrite, now: datetime, *, released: bool = False) -> Step:
    """What to do about the write now, or at the time noted for it. `released`: by a person, since it was last sent."""
    due = max(now, write.next_at or now)
    match write.state:
        case WriteState.INTENDED:
            return SendAgain(at=due, reason="not sent yet")
        case WriteState.SENT | WriteState.IN_DOUBT:
            return _in_doubt(write, due, now, Evidence.RELEASED if released else Evidence.NO_ANSWER)
        case WriteState.WRITTEN | WriteState.DIFFERENT:
            return Done(rutter_id=write.rutter_id, total=None, state=write.state)
        case WriteState.REFUSED:
            return Refuse(park=parks.still_refused(write), key_spent=write.key_spent, said=write.last or "")
        case _:
            assert_never(write.state)


def _in_doubt(write: StoredWrite, due: datetime, now: datetime, evidence: Evidence) -> Step:
    """What was sent may have arrived: its job is asked; where none is known, the same bytes go under the same key.

    Where another document tells whether it happened, that one is looked at before.
    """
    if write.job_id is not None:
        return AskJob(at=due, reason="its job tells")
    if write.state is WriteState.IN_DOUBT and tried_long_enough(write, now):
        return LookInBooks(at=due, reason="no answer for a day", evidence=evidence)
    if write.kind.told_by_parent:
        return LookInBooks(at=max(due, write.answer_by or due), reason="no answer is recorded", evidence=evidence)
    return SendAgain(at=max(due, write.answer_by or due), reason="no answer is recorded")
