"""What an answer proves: links, applied amounts, wakes, and what is told to others."""

from dataclasses import replace

import orjson
from sqlalchemy import select

from schemas.books import Applied, Entry, Link, LookUp, References
from schemas.deliveries import ConnectionMoved
from schemas.documents import Applies, DocumentKind, Look, Write
from schemas.money import Money
from schemas.outcomes import Unknown, Written
from schemas.plans import Cause
from schemas.writes import WriteState
from service.trail.fact_tables import outcomes, work
from service.trail.tables import outbox
from tests.trail.conftest import HandClock
from tests.trail.hands import Hands
from tests.trail.told import NAMESPACE, invoice, order, payment, refund

PAID = Write(
    key="payment:p1",
    kind=DocumentKind.INVOICE_PAYMENT,
    body={},
    total=Money(2500, "USD"),
    look=Look(memo="Payment p1"),
    applies=(Applies("1001", "invoice:1001", 2500),),
)


async def test_a_proof_links_the_key_and_wakes_what_holds_on_it(hands: Hands) -> None:
    await hands.tell(order(), payment())
    await hands.hold(await hands.due("payment:p1"), "invoice:1001")
    due = await hands.due("order:1001")
    told: list[set[str]] = []
    hands.trail.on_due = told.append

    proven = await hands.prove(await hands.started(due, invoice()), "r-77")
    await hands.trail.work.done(hands.lease, due)

    assert (proven.state, proven.rutter_id, proven.last) == (
        WriteState.WRITTEN,
        "r-77",
        "written as r-77, 25.00 USD (answered)",
    )
    assert await hands.keys() == ["payment:p1"]
    assert told == [{"acme"}]
    books = await hands.trail.work.read("acme", NAMESPACE, References(links=frozenset({"invoice:1001", "invoice:2"})))
    assert books.links == {
        "invoice:1001": Link(
            key="invoice:1001", rutter_id="r-77", kind="invoice", total=Money(2500, "USD"), number="1001"
        )
    }


async def test_applied_amounts_are_counted_and_wake_who_waits_for_payments(hands: Hands) -> None:
    await hands.tell(order(), payment(), refund("re1", "1001", "unknown"))
    await hands.hold(await hands.due("refund:re1"), "payments:1001", seen=0)

    await hands.prove(await hands.started(await hands.due("payment:p1"), PAID))

    assert "refund:re1" in await hands.keys()
    books = await hands.trail.work.read("acme", NAMESPACE, References(orders=frozenset({"1001"})))
    assert books.applied == {"1001": (Applied(by="payment:p1", minor=2500, document="invoice:1001"),)}
    assert [event.key for event in books.refunds["1001"]] == ["refund:re1"]


async def test_a_refund_that_names_no_order_is_found_through_its_payment(hands: Hands) -> None:
    await hands.tell(refund("re1", None, "p1"), refund("re2", None, "p2"))
    await hands.tell(payment("p1", order_id="1001"))

    books = await hands.trail.work.read("acme", NAMESPACE, References(orders=frozenset({"1001"})))

    assert [event.key for event in books.refunds["1001"]] == ["refund:re1"]


async def test_late_answers_are_kept_but_move_nothing(hands: Hands) -> None:
    await hands.tell(order())
    stored = await hands.started(await hands.due("order:1001"), invoice())
    proven = await hands.prove(stored)

    late = await hands.trail.work.record(
        stored, Unknown(reason="timed out"), state=WriteState.IN_DOUBT, next_at=hands.trail.clock.now()
    )

    assert late == proven
    kept = await hands.trail.read(
        lambda c: c.execute(select(outcomes.c.outcome).order_by(outcomes.c.seq)).scalars().all()
    )
    assert [orjson.loads(text)["outcome"] for text in kept] == ["Written", "Unknown"]


async def test_one_rutter_id_belongs_to_one_key(hands: Hands) -> None:
    await hands.tell(order("1"), order("2"))
    one, two = [await hands.due(f"order:{n}") for n in (1, 2)]
    await hands.prove(await hands.started(one, invoice("1")), "r-1")

    claimed = await hands.prove(await hands.started(two, invoice("2")), "r-1")

    assert (claimed.state, claimed.rutter_id) == (WriteState.IN_DOUBT, None)
    parked = (await hands.trail.read(lambda c: c.execute(select(work).where(work.c.event_seq == two.seq)).all()))[0]
    assert (parked.state, parked.cause) == ("parked", Cause.IN_DOUBT)
    books = await hands.trail.work.read("acme", NAMESPACE, References(links=frozenset({"invoice:2"})))
    assert books.links == {}


async def test_documents_without_an_id_do_not_claim_one(hands: Hands) -> None:
    await hands.tell(order("1"), order("2"))
    for n in ("1", "2"):
        write = replace(invoice(n), key=f"credit_application:re1:{n}", kind=DocumentKind.CREDIT_APPLICATION)
        stored = await hands.started(await hands.due(f"order:{n}"), write)
        proven = await hands.trail.work.record(stored, written_without_id(), state=WriteState.WRITTEN, next_at=None)
        assert proven.state is WriteState.WRITTEN


async def test_a_written_customer_is_found_by_its_name_from_then_on(hands: Hands) -> None:
    await hands.tell(order())
    write = replace(invoice(), key="customer:c-9:USD", kind=DocumentKind.CUSTOMER, total=None)
    body = b'{"customer": {"customer_name": "Ada  Byron", "email": "Ada@Example.com", "currency_code": "USD"}}'
    await hands.prove(await hands.started(await hands.due("order:1001"), write, body), "cust-1")

    by_mail = LookUp("customer", "email", " ada@example.COM")
    other = LookUp("customer", "name", "Bob")
    books = await hands.trail.work.read("acme", NAMESPACE, References(look_ups=frozenset({by_mail, other})))

    assert books.found == {by_mail: (Entry(id="cust-1", name="Ada  Byron", email="Ada@Example.com", currency="USD"),)}


async def test_something_found_is_linked_without_a_write_and_may_be_linked_twice(hands: Hands) -> None:
    entry = Entry(id="cust-7", name="Ada")
    await hands.trail.work.link_found(hands.lease, NAMESPACE, "customer:a:USD", entry)
    await hands.trail.work.link_found(hands.lease, NAMESPACE, "customer:b:USD", entry)
    await hands.trail.work.link_found(hands.lease, NAMESPACE, "customer:a:USD", Entry(id="other", name="x"))

    asked = References(links=frozenset({"customer:a:USD", "customer:b:USD"}))
    books = await hands.trail.work.read("acme", NAMESPACE, asked)
    assert {key: link.rutter_id for key, link in books.links.items()} == {
        "customer:a:USD": "cust-7",
        "customer:b:USD": "cust-7",
    }


async def test_a_completed_job_makes_its_write_and_its_event_due(hands: Hands, clock: HandClock) -> None:
    await hands.tell(order())
    due = await hands.due("order:1001")
    stored = await hands.started(due, invoice())
    later = clock.now().replace(hour=18)
    pending = Unknown(reason="pending", job_id="job-1", pending=True)
    await hands.trail.work.record(stored, pending, state=WriteState.IN_DOUBT, next_at=later)
    await hands.trail.work.later(hands.lease, due, later, "its job runs")
    assert await hands.keys() == []
    assert await hands.trail.work.next_due_at("acme") == later

    await hands.trail.callbacks.job_completed("job-1")
    await hands.trail.callbacks.job_completed("job-unknown")

    assert await hands.keys() == ["order:1001"]
    assert [write.job_id for write in await hands.trail.work.open_writes("acme", 5)] == ["job-1"]


async def test_rutter_moves_a_connection_and_others_are_told_once(hands: Hands) -> None:
    moved = ConnectionMoved("rutter-1", "needs_update", "expired", "https://link.example")
    await hands.trail.callbacks.connection_moved(moved)
    await hands.trail.callbacks.connection_moved(moved)
    await hands.trail.callbacks.connection_moved(ConnectionMoved("rutter-unknown", "disabled"))

    connection = await hands.trail.work.connection("acme")
    assert connection is not None
    assert connection.state == "needs_update"
    told = await hands.trail.read(lambda c: c.execute(select(outbox)).all())
    assert [orjson.loads(row.value)["type"] for row in told] == ["connection.needs_update"]
    assert orjson.loads(told[0].value)["data"] == {"state": "needs_update", "reason": "expired"}


def written_without_id() -> Written:
    return Written(rutter_id=None, total=None)
