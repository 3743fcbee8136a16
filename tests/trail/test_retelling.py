"""Several tellings of one fact: before a write of it is intended, and after."""

from sqlalchemy import select

from consumers.ports import Fenced
from schemas.books import References
from schemas.events import Event
from schemas.plans import Cause
from service.trail.database import Trail
from service.trail.fact_tables import tellings, work
from service.trail.releasing import release
from service.trail.tables import outbox
from tests.trail.hands import Hands
from tests.trail.told import NAMESPACE, invoice, order, payment, refund


async def test_the_fuller_telling_counts_and_what_was_planned_is_stale(hands: Hands) -> None:
    await hands.tell(order())
    planned = await hands.due("order:1001")

    await hands.tell(order(memo="a gift"))

    assert isinstance(await hands.intend(planned, invoice()), Fenced)
    again = await hands.due("order:1001")
    assert (again.version, memo(again.event)) == (2, "a gift")
    assert await verdicts(hands.trail) == ["fuller", "new"]


async def test_a_telling_with_nothing_new_is_kept_beside(hands: Hands) -> None:
    await hands.tell(order(memo="a gift"))
    await hands.tell(order())

    due = await hands.due("order:1001")
    assert (due.version, memo(due.event)) == (1, "a gift")
    assert await verdicts(hands.trail) == ["duplicate"]


async def test_a_payment_that_holds_on_itself_goes_on_when_its_orders_are_told(hands: Hands) -> None:
    await hands.tell(payment(order_id=None))
    await hands.hold(await hands.due("payment:p1"), "payment:p1")
    assert await hands.keys() == []

    await hands.tell(payment(order_id="1001"))

    assert await hands.keys() == ["payment:p1"]


async def test_what_holds_on_a_fact_goes_on_when_more_of_it_is_told(hands: Hands) -> None:
    await hands.tell(payment(order_id=None), refund("re1", None, "p1"))
    await hands.hold(await hands.due("refund:re1"), "payment:p1")

    await hands.tell(payment(order_id="1001"))

    assert "refund:re1" in await hands.keys()


async def test_a_conflict_before_a_write_parks_until_a_person_settles_it(hands: Hands) -> None:
    await hands.tell(order(total=2500))
    planned = await hands.due("order:1001")

    await hands.tell(order(total=2600))

    assert await hands.keys() == []
    assert isinstance(await hands.intend(planned, invoice()), Fenced)
    (parked,) = await hands.trail.read(lambda c: c.execute(select(work)).all())
    assert (parked.state, parked.cause, parked.subject) == ("parked", Cause.CONFLICTING_TELLINGS, "order:1001")
    assert await conflicted(hands) == {"order:1001"}
    topics = await hands.trail.read(lambda c: c.execute(select(outbox.c.topic)).scalars().all())
    assert topics == ["ledgerhook.documents"]

    now = hands.trail.clock.now()
    await hands.trail.run(lambda c: release(c, now, fingerprints=[parked.fingerprint]))

    due = await hands.due("order:1001")
    await hands.started(due, invoice())
    assert await conflicted(hands) == set()


async def test_a_conflict_after_a_write_leaves_the_document_and_is_named(hands: Hands) -> None:
    await hands.tell(order(total=2500))
    stored = await hands.started(await hands.due("order:1001"), invoice())
    await hands.tell(order(total=2600))
    assert await hands.keys() == ["order:1001"]

    proven = await hands.prove(stored)

    assert proven.total == stored.total
    assert await conflicted(hands) == {"order:1001"}
    await hands.trail.work.done(hands.lease, await hands.due("order:1001"))
    assert await hands.keys() == []


async def test_after_a_write_a_fuller_telling_does_not_make_a_finished_event_due(hands: Hands) -> None:
    await hands.tell(order())
    due = await hands.due("order:1001")
    await hands.prove(await hands.started(due, invoice()))
    await hands.trail.work.done(hands.lease, due)

    await hands.tell(order(memo="a gift"))

    assert await hands.keys() == []
    books = await read(hands)
    assert memo(books["order:1001"]) == "a gift"


async def test_a_skipped_event_is_planned_anew_when_more_is_told(hands: Hands) -> None:
    await hands.tell(order())
    await hands.trail.work.skip(hands.lease, await hands.due("order:1001"), "nothing to book")
    await hands.tell(order(memo="a gift"))

    assert await hands.keys() == ["order:1001"]


async def test_the_same_conflict_told_again_changes_nothing(hands: Hands) -> None:
    await hands.tell(order(total=2500))
    await hands.tell(order(total=2600))
    await hands.tell(order(total=2600))

    assert await verdicts(hands.trail) == ["conflict"]


def memo(event: Event) -> str | None:
    assert event.type == "order.completed"
    return event.data.order.memo


async def verdicts(trail: Trail) -> list[str]:
    return sorted(await trail.read(lambda c: list(c.execute(select(tellings.c.verdict)).scalars())))


async def conflicted(hands: Hands) -> set[str]:
    asked = References(facts=frozenset({"order:1001"}))
    return set((await hands.trail.work.read("acme", NAMESPACE, asked)).conflicted)


async def read(hands: Hands) -> dict[str, Event]:
    asked = References(facts=frozenset({"order:1001"}))
    return dict((await hands.trail.work.read("acme", NAMESPACE, asked)).facts)
