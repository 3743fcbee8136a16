"""Due work: one event that cannot be read stops nothing else, and what is heard while an event is in hand is not slept
over."""

from datetime import timedelta

from sqlalchemy import select, update

from schemas.outcomes import Unknown
from schemas.plans import Cause
from schemas.writes import WriteState
from service.trail.fact_tables import events, work
from tests.trail.conftest import HandClock
from tests.trail.hands import Hands
from tests.trail.told import invoice, order


async def test_an_event_that_cannot_be_read_is_parked_and_the_others_go_on(hands: Hands) -> None:
    await hands.tell(order("1"), order("2"))
    broken = update(events).where(events.c.key == "order:1").values(body=b'{"type": "order.of.tomorrow"}')
    await hands.trail.run(lambda c: c.execute(broken))

    assert await hands.keys() == ["order:2"]

    rows = await hands.trail.read(lambda c: c.execute(select(work).order_by(work.c.event_seq)).all())
    assert [(row.state, row.cause) for row in rows] == [("parked", Cause.BUG), ("due", None)]
    assert await hands.keys() == ["order:2"]


async def test_a_job_that_ends_before_its_event_waits_makes_it_go_on_at_once(hands: Hands, clock: HandClock) -> None:
    await hands.tell(order())
    due = await hands.due("order:1001")
    stored = await hands.started(due, invoice())
    clock.pass_(seconds=1)
    unknown = Unknown(reason="still running", job_id="job-1")
    poll = clock.now() + timedelta(hours=3)
    await hands.trail.work.record(stored, unknown, state=WriteState.IN_DOUBT, next_at=poll)

    await hands.trail.callbacks.job_completed("job-1")
    await hands.trail.work.later(hands.lease, due, poll, "its job is asked after")

    assert await hands.keys() == ["order:1001"]


async def test_later_waits_once_what_made_it_due_was_seen(hands: Hands, clock: HandClock) -> None:
    await hands.tell(order())
    stored = await hands.started(await hands.due("order:1001"), invoice())
    poll = clock.now() + timedelta(hours=3)
    unknown = Unknown(reason="still running", job_id="job-1")
    await hands.trail.work.record(stored, unknown, state=WriteState.IN_DOUBT, next_at=poll)
    clock.pass_(seconds=1)
    await hands.trail.callbacks.job_completed("job-1")

    await hands.trail.work.later(hands.lease, await hands.due("order:1001"), poll, "its job is asked after")

    assert await hands.keys() == []
    assert await hands.trail.work.next_due_at("acme") == poll
