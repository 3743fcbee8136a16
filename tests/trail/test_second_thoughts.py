"""What evidence brings later: how a job ended, what was put right in the books, whose customer was made first."""

from consumers.ports import Waits
from schemas.documents import DocumentKind, Look, Write
from schemas.money import Money
from schemas.outcomes import Unknown, Written
from schemas.plans import Cause, Park
from schemas.writes import StoredWrite, WriteState
from service.trail.releasing import release
from tests.trail.conftest import HandClock
from tests.trail.hands import Hands
from tests.trail.told import invoice, order, payment

ADA = Write(key="customer:c-9:USD", kind=DocumentKind.CUSTOMER, body={}, total=None, look=Look(name="Ada Byron"))


async def failed(hands: Hands, stored: StoredWrite) -> StoredWrite:
    """Its job is asked, and has failed without saying why."""
    said = Unknown(reason="its job failed: 500", job_id="job-1", status=500, job_failed=True)
    return await hands.trail.work.record(stored, said, state=WriteState.IN_DOUBT, next_at=None)


async def test_when_a_job_was_first_known_to_have_failed_is_kept(hands: Hands, clock: HandClock) -> None:
    await hands.tell(order())
    stored = await hands.started(await hands.due("order:1001"), invoice())
    clock.pass_(seconds=20)
    first = clock.now()
    assert (await failed(hands, stored)).answer_by == first
    clock.pass_(seconds=20)
    again = await failed(hands, stored)
    assert again.answer_by == first
    await hands.take()
    grown = await hands.trail.work.grow_revision(hands.lease, again)
    assert isinstance(grown, StoredWrite)
    assert (grown.revision, grown.answer_by) == (2, None)


async def test_what_was_put_right_in_the_books_is_written(hands: Hands) -> None:
    await hands.tell(order(), payment())
    due = await hands.due("order:1001")
    crooked = await hands.prove(await hands.started(due, invoice()), "r-77", total=2501)
    assert crooked.state is WriteState.DIFFERENT
    await hands.hold(await hands.due("payment:p1"), "invoice:1001")
    assert await hands.keys() == ["order:1001"]

    right = Written(rutter_id="r-77", total=Money(2500, "USD"), how="found")
    put_right = await hands.trail.work.record(crooked, right, state=WriteState.WRITTEN, next_at=None)

    assert put_right.state is WriteState.WRITTEN
    assert await hands.keys() == ["order:1001", "payment:p1"]
    wrong = Written(rutter_id="r-77", total=Money(2502, "USD"), how="found")
    late = await hands.trail.work.record(put_right, wrong, state=WriteState.DIFFERENT, next_at=None)
    assert late.state is WriteState.WRITTEN  # and that is not taken back


async def test_two_namespaces_do_not_make_one_customer_twice(hands: Hands, clock: HandClock) -> None:
    await hands.tell(order())
    await hands.tell(order().model_copy(update={"source": "other"}), source="elsewhere")
    ours, theirs = sorted(await hands.trail.work.due("acme", 5), key=lambda due: due.seq)
    first = await hands.started(ours, ADA)
    assert await hands.intend(theirs, ADA) == Waits(None)
    assert isinstance(await hands.intend(ours, ADA), StoredWrite)
    await hands.prove(first, "cust-1")
    assert await hands.intend(theirs, ADA) == Waits(None)  # it was planned before, and finds her now
    clock.pass_(minutes=2)
    await hands.take()
    assert isinstance(await hands.intend(theirs, ADA), StoredWrite)


async def test_a_parked_event_of_an_undeclared_namespace_is_released_by_its_key(hands: Hands) -> None:
    await hands.tell(order().model_copy(update={"source": "upstream"}), source="nobody")
    (due,) = await hands.trail.work.due("acme", 5)
    park = Park(cause=Cause.UNMAPPED_ITEM, subject="item X", detail="", cure="")
    await hands.trail.work.park(hands.lease, due, park)
    now = hands.trail.clock.now()
    (one,) = await hands.trail.run(lambda c: release(c, now, keys=["order:1001"]))
    assert (one.namespace, one.key) == ("upstream", "order:1001")


async def test_what_is_open_for_a_parked_event_is_no_work(hands: Hands, clock: HandClock) -> None:
    await hands.tell(order())
    due = await hands.due("order:1001")
    await hands.started(due, invoice())
    await hands.trail.work.park(hands.lease, due, Park(cause=Cause.BUG, subject="", detail="", cure=""))
    clock.pass_(seconds=50)
    assert await hands.trail.work.next_due_at("acme") is None
    assert await hands.trail.work.connections_with_work("worker-1") == []
