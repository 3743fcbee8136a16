"""Writes that may take something off an open balance: part of what a plan reads, and woken upon once they are known."""

from datetime import timedelta

import pytest

from schemas.books import Applied, References
from schemas.documents import Applies, DocumentKind, Look, Write
from schemas.money import Money
from schemas.outcomes import Rejected, Unknown
from schemas.writes import StoredWrite, WriteState
from service.trail.fact_tables import work
from tests.trail.hands import Hands
from tests.trail.told import NAMESPACE, payment

PAYING = Write(
    key="payment:p1",
    kind=DocumentKind.INVOICE_PAYMENT,
    body={},
    total=Money(2500, "USD"),
    look=Look(),
    applies=(Applies("1001", "invoice:1001", 2000), Applies("10", "invoice:10", 500)),
)
REFUSED = Rejected(status=450, code="x", message="no", accepted=False)


async def taken(hands: Hands, order_id: str = "1001") -> tuple[Applied, ...]:
    read = await hands.trail.work.read("acme", NAMESPACE, References(orders=frozenset({order_id})))
    return read.applied.get(order_id, ())


async def sent(hands: Hands) -> StoredWrite:
    await hands.tell(payment("p1"), payment("p2"))
    return await hands.started(await hands.due("payment:p1"), PAYING)


@pytest.mark.parametrize("order_id", ["1001", "10"])
async def test_what_is_on_its_way_is_read_until_it_is_proved(hands: Hands, order_id: str) -> None:
    minor = {"1001": 2000, "10": 500}[order_id]
    write = await sent(hands)
    assert await taken(hands, order_id) == (
        Applied(by="payment:p1", minor=minor, document=f"invoice:{order_id}", proven=False),
    )
    assert await taken(hands, "100") == ()
    await hands.trail.work.record(write, Unknown(reason="lost"), state=WriteState.IN_DOUBT, next_at=None)
    assert await taken(hands, order_id) == (
        Applied(by="payment:p1", minor=minor, document=f"invoice:{order_id}", proven=False),
    )
    await hands.prove(write)
    assert await taken(hands, order_id) == (Applied(by="payment:p1", minor=minor, document=f"invoice:{order_id}"),)


async def test_what_was_refused_takes_nothing(hands: Hands) -> None:
    await hands.trail.work.record(await sent(hands), REFUSED, state=WriteState.REFUSED, next_at=None)
    assert await taken(hands) == ()


@pytest.mark.parametrize("becomes", ["refused", "written", "different"])
@pytest.mark.parametrize("before", [True, False])
async def test_what_waits_for_what_becomes_of_it_is_due_then(hands: Hands, becomes: str, *, before: bool) -> None:
    write = await sent(hands)
    waiting = await hands.due("payment:p2")
    if before:
        await hands.hold(waiting, "outcome:payment:p1")
        assert "payment:p2" not in await hands.keys()
    if becomes == "refused":
        await hands.trail.work.record(write, REFUSED, state=WriteState.REFUSED, next_at=None)
    else:
        await hands.prove(write, total=None if becomes == "written" else 2501)
    if not before:
        await hands.hold(waiting, "outcome:payment:p1")
    assert "payment:p2" in await hands.keys()
    assert await hands.trail.work.sweep() == 0


async def test_a_deferred_write_is_still_on_its_way(hands: Hands) -> None:
    write = await sent(hands)
    await hands.hold(await hands.due("payment:p2"), "outcome:payment:p1")
    await hands.trail.work.record(
        write, Unknown(reason="busy"), state=WriteState.INTENDED, next_at=hands.trail.clock.now() + timedelta(seconds=9)
    )
    assert "payment:p2" not in await hands.keys()
    assert await taken(hands) == (Applied(by="payment:p1", minor=2000, document="invoice:1001", proven=False),)


async def test_the_sweep_finds_a_missed_wake(hands: Hands) -> None:
    write = await sent(hands)
    await hands.trail.work.record(write, REFUSED, state=WriteState.REFUSED, next_at=None)
    missed = {"state": "held", "awaits": "outcome:payment:p1", "due_at": None}
    await hands.trail.run(lambda c: c.execute(work.update().values(missed)))
    assert await hands.trail.work.sweep() == 2
