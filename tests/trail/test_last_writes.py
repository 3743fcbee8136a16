"""The last write of a plan: its proof and the event's end are one transaction, if the plan still stands."""

import threading
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from consumers.ports import DueEvent
from schemas.outcomes import Written
from schemas.writes import StoredWrite, WriteState
from service.trail.fact_tables import events, outcomes, work
from tests.trail.hands import Hands
from tests.trail.told import invoice, order


async def proved(hands: Hands, due: DueEvent, stored: StoredWrite, rutter_id: str = "r-1") -> tuple[WriteState, bool]:
    written = Written(rutter_id=rutter_id, total=stored.total)
    recorded, done = await hands.trail.work.record_last(hands.lease, due, stored, written)
    return recorded.state, done


async def states(hands: Hands) -> list[Any]:
    """Of the events' work, in the order they were told."""
    return list(await hands.trail.read(lambda c: c.execute(select(work.c.state).order_by(work.c.event_seq)).scalars()))


async def test_the_event_is_done_with_its_last_proof(hands: Hands) -> None:
    await hands.tell(order())
    due = await hands.due("order:1001")

    assert await proved(hands, due, await hands.started(due, invoice())) == (WriteState.WRITTEN, True)

    assert await states(hands) == ["done"]


@pytest.mark.parametrize("overtaken", ["told again", "lease lost"])
async def test_a_proof_counts_though_the_plan_was_overtaken_and_the_event_stays_due(
    hands: Hands, overtaken: str
) -> None:
    await hands.tell(order())
    due = await hands.due("order:1001")
    stored = await hands.started(due, invoice())
    if overtaken == "told again":
        await hands.trail.run(lambda c: c.execute(update(events).values(version=events.c.version + 1)))
    else:
        await hands.trail.work.give_up(hands.lease)

    assert await proved(hands, due, stored) == (WriteState.WRITTEN, False)

    assert await states(hands) == ["due"]


async def test_an_id_that_is_another_keys_ends_nothing(hands: Hands) -> None:
    await hands.tell(order(), order("2"))
    one, two = await hands.due("order:1001"), await hands.due("order:2")
    assert await proved(hands, one, await hands.started(one, invoice())) == (WriteState.WRITTEN, True)

    assert await proved(hands, two, await hands.started(two, invoice("2"))) == (WriteState.IN_DOUBT, False)

    assert await states(hands) == ["done", "parked"]
    kept = await hands.trail.read(lambda c: list(c.execute(select(outcomes.c.write_seq)).scalars()))
    assert len(kept) == 2


async def test_an_event_that_is_just_being_told_again_is_not_waited_for(hands: Hands) -> None:
    """Whoever tells it may wait for a lock that the proof holds: neither would end."""
    if hands.trail.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer")
    await hands.tell(order())
    due = await hands.due("order:1001")
    stored = await hands.started(due, invoice())
    telling, go = threading.Event(), threading.Event()

    def tells(c: Connection) -> None:
        c.execute(update(events).values(version=events.c.version + 1))
        telling.set()
        assert go.wait(10)

    told = hands.trail.submit(tells)
    assert telling.wait(10)

    assert await proved(hands, due, stored) == (WriteState.WRITTEN, False)
    go.set()
    told.result()
    assert await states(hands) == ["due"]
