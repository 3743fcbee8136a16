"""Holding and waking: no wake is lost, and nothing goes round and round."""

import asyncio
import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Row, select, text

from schemas.books import Entry
from schemas.outcomes import Written
from schemas.plans import Cause, Park
from schemas.writes import WriteState
from service.trail import evidence
from service.trail.fact_tables import work
from service.trail.releasing import release
from tests.trail.conftest import NOON, HandClock
from tests.trail.hands import Hands
from tests.trail.told import NAMESPACE, invoice, order, payment

ADA = Entry(id="cust-1", name="Ada")


async def test_what_arrived_since_the_plan_was_made_makes_it_due_at_once(hands: Hands) -> None:
    await hands.tell(order(), payment())
    planned = await hands.due("payment:p1")
    await hands.prove(await hands.started(await hands.due("order:1001"), invoice()))

    await hands.hold(planned, "invoice:1001")

    assert "payment:p1" in await hands.keys()


async def test_holding_and_waking_at_once_loses_no_wake(hands: Hands) -> None:
    keys = [f"customer:{n}:USD" for n in range(12)]
    await hands.tell(*(payment(str(n)) for n in range(12)))
    planned = await hands.trail.work.due("acme", 50)

    await asyncio.gather(
        *(hands.hold(due, key) for due, key in zip(planned, keys, strict=True)),
        *(hands.trail.work.link_found(hands.lease, NAMESPACE, key, ADA) for key in keys),
    )

    assert len(await hands.keys()) == 12
    assert await hands.trail.work.sweep() == 0


@pytest.mark.parametrize("by", ["proof", "link"])
async def test_a_hold_waits_for_an_arrival_that_is_not_committed_yet(hands: Hands, by: str) -> None:
    await hands.tell(payment(), order())
    planned = await hands.due("payment:p1")
    stored = await hands.started(await hands.due("order:1001"), invoice())
    written = Written(rutter_id="r-1", total=stored.total)
    arriving, go = threading.Event(), threading.Event()

    def arrives(c: Connection) -> None:
        if by == "link":
            evidence.link_found(c, hands.lease, NAMESPACE, "invoice:1001", ADA, now=NOON)
        else:
            evidence.record(c, stored, written, state=WriteState.WRITTEN, next_at=None, now=NOON)
        arriving.set()
        go.wait(10)

    arrival = asyncio.ensure_future(hands.trail.run(arrives))
    await asyncio.to_thread(arriving.wait, 10)
    holding = asyncio.ensure_future(hands.hold(planned, "invoice:1001"))
    async with asyncio.timeout(60):
        while not (holding.done() or await one_waits(hands)):  # noqa: ASYNC110 (no event tells of a lock in PostgreSQL)
            await asyncio.sleep(0.01)
    go.set()
    await asyncio.gather(arrival, holding)

    assert "payment:p1" in await hands.keys()


async def one_waits(hands: Hands) -> bool:
    """Whether a transaction waits for a lock. In SQLite there is one writer, so it does."""
    if hands.trail.engine.dialect.name == "sqlite":
        return True
    waiting = text(
        "SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database "
        "WHERE datname = current_database() AND NOT granted"
    )
    return await hands.trail.read(lambda c: c.execute(waiting).first()) is not None


async def test_holding_on_what_is_known_to_be_there_does_not_go_round_and_round(hands: Hands) -> None:
    await hands.tell(order(), payment())
    await hands.prove(await hands.started(await hands.due("order:1001"), invoice()))
    for _ in range(2):
        await hands.hold(await hands.due("payment:p1"), "invoice:1001")

    assert "payment:p1" not in await hands.keys()
    assert await hands.trail.work.sweep() == 0
    await hands.trail.work.link_found(hands.lease, NAMESPACE, "invoice:1001", ADA)
    assert "payment:p1" in await hands.keys()


async def test_a_document_that_came_out_different_is_not_what_is_waited_for(hands: Hands) -> None:
    await hands.tell(order(), payment())
    await hands.prove(await hands.started(await hands.due("order:1001"), invoice()), total=2501)

    await hands.hold(await hands.due("payment:p1"), "invoice:1001")

    assert "payment:p1" not in await hands.keys()
    assert await hands.trail.work.sweep() == 0


async def test_the_sweep_finds_a_missed_wake_and_counts_it(hands: Hands) -> None:
    await hands.tell(payment())
    await hands.trail.work.link_found(hands.lease, NAMESPACE, "invoice:1001", ADA)
    missed = {"state": "held", "awaits": "invoice:1001", "due_at": None, "deadline": None}
    await hands.trail.run(lambda c: c.execute(work.update().values(missed)))

    assert await hands.trail.work.sweep() == 1
    assert await hands.keys() == ["payment:p1"]


async def test_a_hold_past_its_deadline_is_parked_and_still_woken_by_what_it_awaits(
    hands: Hands, clock: HandClock
) -> None:
    await hands.tell(payment())
    await hands.hold(await hands.due("payment:p1"), "invoice:1001")
    clock.pass_(hours=73)
    await hands.take()

    assert await hands.trail.work.sweep() == 0
    (row,) = await rows(hands)
    assert (row.state, row.cause, row.subject) == ("parked", Cause.HOLD_EXPIRED, "invoice:1001")
    assert row.detail == "waited for invoice:1001 until 2026-11-05 12:00 UTC: not there yet"

    await hands.trail.work.link_found(hands.lease, NAMESPACE, "invoice:1001", ADA)
    assert await hands.keys() == ["payment:p1"]


async def test_parked_work_is_released_in_the_order_it_came(hands: Hands, clock: HandClock) -> None:
    await hands.tell(order("2"))
    await hands.tell(order("1"))
    unmapped = Park(cause=Cause.UNMAPPED_ITEM, subject="item SHIRT", detail="no item", cure="map it")
    for key in ("order:1", "order:2"):
        await hands.trail.work.park(hands.lease, await hands.due(key), unmapped)
    assert await hands.keys() == []

    now = clock.now()
    released = await hands.trail.run(lambda c: release(c, now, fingerprints=[unmapped.fingerprint]))

    assert [one.key for one in released] == ["order:2", "order:1"]
    assert await hands.keys() == ["order:2", "order:1"]


async def test_later_is_due_again_at_its_time(hands: Hands, clock: HandClock) -> None:
    await hands.tell(order())
    at = clock.now() + timedelta(seconds=30)
    await hands.trail.work.later(hands.lease, await hands.due("order:1001"), at, "not reachable")
    assert await hands.keys() == []
    assert await hands.trail.work.next_due_at("acme") == at

    clock.pass_(seconds=30)

    assert (await hands.due("order:1001")).attempts == 1


async def test_what_is_due_comes_oldest_first_and_no_more_than_asked(hands: Hands, clock: HandClock) -> None:
    for n in ("3", "1", "2"):
        await hands.tell(order(n))
        clock.pass_(milliseconds=1)

    assert [due.event.key for due in await hands.trail.work.due("acme", 2)] == ["order:3", "order:1"]
    assert await hands.trail.work.due("other", 2) == []


async def rows(hands: Hands) -> Sequence[Row[*tuple[Any, ...]]]:
    return await hands.trail.read(lambda c: c.execute(select(work)).all())
