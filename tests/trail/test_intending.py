"""Store, then post; the first stored write wins."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from consumers.ports import Fenced, Waits
from schemas.documents import DocumentKind, Look, Ref, Write
from schemas.money import Money
from schemas.outcomes import Rejected, Unknown
from schemas.plans import Cause, Park
from schemas.writes import StoredWrite, WriteState
from tests.trail.conftest import HandClock
from tests.trail.hands import Hands
from tests.trail.told import invoice, order

CUSTOMER = Write(
    key="customer:c-9:USD",
    kind=DocumentKind.CUSTOMER,
    body={},
    total=None,
    look=Look(name="Ada Byron", customer=Ref("customer:x"), total=Money(5, "USD")),
)


async def test_a_write_is_stored_as_planned_and_the_first_body_wins(hands: Hands, clock: HandClock) -> None:
    await hands.tell(order())
    due = await hands.due("order:1001")

    first = await hands.started(due, invoice(), b'{"first": 1}')
    second = await hands.started(due, invoice(), b'{"second": 2}')

    assert second == first
    assert first.body == b'{"first": 1}'
    assert (first.state, first.revision, first.attempt) == (WriteState.SENT, 1, 1)
    assert (first.sent_at, first.answer_by) == (clock.now(), clock.now() + timedelta(seconds=45))
    assert first.look == Look(document_number="1001", total=Money(2500, "USD"))
    assert await hands.trail.work.writes_of(due.seq) == [first]
    assert (await hands.due("order:1001")).has_writes


async def test_looks_with_references_come_back_as_they_went_in(hands: Hands) -> None:
    await hands.tell(order())

    stored = await hands.started(await hands.due("order:1001"), CUSTOMER)

    assert stored.look == CUSTOMER.look


async def test_many_at_once_store_one_write(hands: Hands) -> None:
    await hands.tell(order())
    due = await hands.due("order:1001")

    bodies = [
        await_.body for await_ in await asyncio.gather(*(hands.started(due, invoice(), b"%d" % n) for n in range(8)))
    ]

    assert len(set(bodies)) == 1


async def test_another_events_write_is_waited_for_until_it_is_proven(hands: Hands) -> None:
    await hands.tell(order("1"), order("2"))
    one, two = await hands.due("order:1"), await hands.due("order:2")
    stored = await hands.started(one, CUSTOMER)

    assert await hands.intend(two, CUSTOMER) == Waits("customer:c-9:USD")
    proven = await hands.prove(stored)
    assert await hands.started(two, CUSTOMER) == proven


async def test_a_refused_write_of_a_parked_event_does_not_stop_another_event(hands: Hands) -> None:
    await hands.tell(order("1"), order("2"))
    one, two = await hands.due("order:1"), await hands.due("order:2")
    stored = await hands.started(one, CUSTOMER)
    refusal = Rejected(status=400, code="bad", message="no", accepted=False)
    await hands.trail.work.record(stored, refusal, state=WriteState.REFUSED, next_at=None)
    assert await hands.intend(two, CUSTOMER) == Waits("customer:c-9:USD")

    park = Park(cause=Cause.REFUSED, subject="customer", detail="no", cure="mend it")
    await hands.trail.work.park(hands.lease, one, park)

    taken = await hands.started(two, CUSTOMER)
    assert (taken.seq, taken.event_seq, taken.state) == (stored.seq, two.seq, WriteState.REFUSED)


async def test_no_second_request_before_the_deadline_of_the_first(hands: Hands, clock: HandClock) -> None:
    await hands.tell(order())
    stored = await hands.started(await hands.due("order:1001"), invoice())
    deadline = clock.now() + timedelta(minutes=5)

    assert isinstance(await hands.trail.work.start_attempt(hands.lease, stored, deadline), Fenced)
    assert await hands.trail.work.open_writes("acme", 5) == []
    clock.pass_(seconds=46)
    assert await hands.trail.work.open_writes("acme", 5) == [stored]
    await hands.take()
    again = await hands.trail.work.start_attempt(hands.lease, stored, deadline)
    assert isinstance(again, StoredWrite)
    assert (again.attempt, again.idempotency_key, again.body) == (2, stored.idempotency_key, stored.body)
    assert isinstance(await hands.trail.work.start_attempt(hands.lease, stored, deadline), Fenced)
    clock.pass_(minutes=6)
    await hands.take()
    assert isinstance(await hands.trail.work.start_attempt(hands.lease, stored, deadline), Fenced)


async def test_a_grown_revision_has_another_key_and_late_answers_to_the_old_one_do_not_move_it(hands: Hands) -> None:
    await hands.tell(order())
    stored = await hands.started(await hands.due("order:1001"), invoice())
    lost = Unknown(reason="answer lost", job_id="j-1", job_failed=True)
    doubtful = await hands.trail.work.record(stored, lost, state=WriteState.IN_DOUBT, next_at=hands.trail.clock.now())
    assert (doubtful.job_id, doubtful.last) == ("j-1", "unknown: answer lost")

    grown = await hands.trail.work.grow_revision(hands.lease, doubtful)

    assert isinstance(grown, StoredWrite)
    assert (grown.revision, grown.attempt, grown.state, grown.job_id) == (2, 0, WriteState.INTENDED, None)
    assert grown.idempotency_key != stored.idempotency_key
    assert (await hands.prove(stored)).state is WriteState.INTENDED


async def test_a_refused_write_is_frozen_anew_under_the_same_key_or_the_next(hands: Hands) -> None:
    await hands.tell(order())
    stored = await hands.started(await hands.due("order:1001"), invoice())
    spent = Rejected(status=400, code="bad", message="no", accepted=True, job_id="j")
    refused = await hands.trail.work.record(stored, spent, state=WriteState.REFUSED, next_at=None)
    assert refused.key_spent

    planned = replace(invoice(), total=Money(1, "USD"))
    grown = await hands.trail.work.refreeze(hands.lease, refused, b"{2}", planned, grow=True)

    assert isinstance(grown, StoredWrite)
    assert (grown.revision, grown.body, grown.total, grown.key_spent) == (2, b"{2}", Money(1, "USD"), False)
    assert isinstance(await hands.trail.work.refreeze(hands.lease, refused, b"{3}", planned, grow=False), Fenced)


async def test_the_first_taxed_document_is_proved_before_the_second(hands: Hands) -> None:
    await hands.tell(order("1"), order("2"), order("3"))
    one, two, three = [await hands.due(f"order:{n}") for n in (1, 2, 3)]
    first = await hands.started(one, invoice("1", taxed=True))

    assert await hands.intend(two, invoice("2", taxed=True)) == Waits(None)
    await hands.started(three, invoice("3"))
    await hands.prove(first)
    await hands.started(two, invoice("2", taxed=True))


async def test_a_taxed_document_that_came_out_different_proves_nothing(hands: Hands) -> None:
    await hands.tell(order("1"), order("2"))
    one, two = [await hands.due(f"order:{n}") for n in (1, 2)]
    await hands.prove(await hands.started(one, invoice("1", taxed=True)), total=2501)

    assert await hands.intend(two, invoice("2", taxed=True)) == Waits(None)
