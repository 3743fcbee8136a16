"""Whatever Rutter answers, in whatever order: no exception, no new key without proof, no hurry."""

from dataclasses import replace
from datetime import timedelta
from typing import assert_never

from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.ports import NotThere, Several, There
from consumers.resolving import (
    AskJob,
    AskPerson,
    AskSyncThenLook,
    Done,
    Evidence,
    GrowRevision,
    LookInBooks,
    Refuse,
    SendAgain,
    WaitForConnection,
    after_look,
    next_action,
    resolve,
    standing,
)
from schemas.money import Money
from schemas.outcomes import Conflict, DeferReason, Deferred, Outcome, Rejected, Unknown, Written
from schemas.writes import StoredWrite, WriteState
from tests.resolving.writes import NOW, write

MONEYS = st.none() | st.builds(Money, st.integers(3057, 3059), st.sampled_from(["USD", "EUR"]))
JOBS = st.none() | st.just("j")
TIMES = st.none() | st.timedeltas(timedelta(days=-400), timedelta(days=400)).map(lambda delta: NOW + delta)
OUTCOMES: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(Written, rutter_id=st.none() | st.just("inv-1"), total=MONEYS),
    st.builds(
        Rejected, status=st.just(400), code=st.text(max_size=3), message=st.text(max_size=3), accepted=st.booleans()
    ),
    st.builds(Deferred, reason=st.sampled_from(DeferReason), retry_at=TIMES),
    st.builds(Unknown, reason=st.just("?"), job_id=JOBS, pending=st.booleans(), job_failed=st.booleans()),
    st.builds(Conflict, message=st.text(max_size=3)),
)
SIGHTINGS = st.one_of(
    st.builds(There, rutter_id=st.none() | st.just("inv-1"), total=MONEYS),
    st.builds(NotThere, proves=st.booleans()),
    st.just(Several(("inv-1", "inv-2"))),
)
WRITES = st.builds(
    write,
    st.sampled_from(WriteState),
    attempt=st.integers(0, 10**6),
    revision=st.integers(0, 10),
    intended_at=TIMES.filter(bool),
    sent_at=TIMES,
    answer_by=TIMES,
    next_at=TIMES,
    job_id=JOBS,
    total=MONEYS,
    key_spent=st.booleans(),
)
LOOKS = st.none() | st.builds(LookInBooks, at=st.just(NOW), reason=st.just(""), evidence=st.sampled_from(Evidence))


@settings(max_examples=600, deadline=None)
@given(WRITES, OUTCOMES, SIGHTINGS, LOOKS)
def test_every_write_has_a_next_step(
    stored: StoredWrite, outcome: Outcome, sighting: There | NotThere | Several, sought: LookInBooks | None
) -> None:
    answered, looked, found = (
        resolve(stored, outcome, NOW),
        after_look(stored, sighting, NOW, sought),
        next_action(stored, NOW),
    )
    for step in (answered, looked, found):
        assert standing(step)
        if isinstance(step, SendAgain) and stored.state is not WriteState.INTENDED:
            assert stored.answer_by is None or step.at >= stored.answer_by
        if isinstance(step, SendAgain | AskJob | LookInBooks | AskSyncThenLook | GrowRevision):
            assert step.at >= NOW
    assert not isinstance(answered, GrowRevision)
    assert not isinstance(found, GrowRevision)
    if isinstance(looked, GrowRevision):
        assert sought is not None
        assert sought.evidence is Evidence.JOB_FAILED
        assert sighting == NotThere(proves=True)


@settings(max_examples=300, deadline=None)
@given(st.lists(OUTCOMES | SIGHTINGS, min_size=1, max_size=40))
def test_a_history_of_answers(answers: list[Outcome | There | NotThere | Several]) -> None:
    """A write is carried as the posting loop does; each answer is taken by the step that asks for its kind."""
    stored, now = write(WriteState.INTENDED), NOW
    step = next_action(stored, now)
    failed = False
    for answer in answers:
        match step:
            case Done() | Refuse() | AskPerson():
                return
            case WaitForConnection():
                now = max(now, step.until)
                step = next_action(replace(stored, state=step.state), now)
            case AskSyncThenLook():
                now = max(now, step.look_at)
                step = step.look
            case GrowRevision():
                assert failed, "a new key without a job that is known to have failed"
                stored = replace(
                    stored, revision=stored.revision + 1, state=WriteState.INTENDED, job_id=None, attempt=0
                )
                failed = False
                step = next_action(stored, now)
            case SendAgain() | AskJob():
                now = max(now, step.at)
                if isinstance(answer, There | NotThere | Several):
                    continue
                if isinstance(step, SendAgain):
                    assert stored.job_id is None, "sent again although its job is known"
                    stored = replace(
                        stored, attempt=stored.attempt + 1, sent_at=now, answer_by=now + timedelta(seconds=45)
                    )
                stored = replace(stored, state=WriteState.SENT)
                step = resolve(stored, answer, now)
                failed = failed or (isinstance(answer, Unknown) and answer.job_failed)
                job_id = getattr(answer, "job_id", None) or stored.job_id
                stored = replace(stored, state=standing(step)[0], job_id=job_id)
            case LookInBooks():
                now = max(now, step.at)
                if isinstance(answer, There | NotThere | Several):
                    step = after_look(stored, answer, now, step)
                    if isinstance(step, GrowRevision):
                        assert answer == NotThere(proves=True), "a new key without proof of absence"
            case _:
                assert_never(step)
