"""What is told of the books and what is noticed, on both databases: coalesced, bounded, kept, told, and woken."""

from datetime import timedelta
from typing import Any

import orjson
import pytest

from consumers.noticing import Difference, Noticed, What
from schemas.books import Entry, LookUp, Seen
from schemas.deliveries import BooksChanged, ListChanged
from schemas.documents import Applies, DocumentKind, Look, Write
from schemas.money import Money
from service.trail import changes_told, due_sweeps, entries, hearing, looks, notices, noticing, ours
from service.trail.changes_told import EVERYTHING
from service.trail.database import Trail
from service.trail.ours import Known
from service.trail.tables import outbox
from tests.trail.conftest import NOON, HandClock
from tests.trail.hands import Hands
from tests.trail.told import invoice, order, payment

INVOICE = DocumentKind.INVOICE


async def posted(hands: Hands) -> None:
    """Order 1001 is invoiced as r-1, and 5.00 of it paid as r-2."""
    await hands.tell(order("1001"))
    due = await hands.due("order:1001")
    await hands.prove(await hands.started(due, invoice("1001"), b'{"invoice": {"customer_id": "c-1"}}'), "r-1")
    await hands.tell(payment("p1", 500, "1001"))
    due = await hands.due("payment:p1")
    paid = Write(
        key="payment:p1",
        kind=DocumentKind.INVOICE_PAYMENT,
        body={},
        total=Money(500, "USD"),
        look=Look(),
        applies=(Applies("1001", "invoice:1001", 500),),
    )
    await hands.prove(await hands.started(due, paid), "r-2")


async def known(trail: Trail, kind: DocumentKind, *ids: str) -> list[Known]:
    return list(await trail.read(lambda c: ours.known(c, "acme", kind, ids)))


async def due(trail: Trail, clock: HandClock) -> list[tuple[str, str]]:
    clock.pass_(seconds=10)
    found = await trail.read(lambda c: changes_told.due(c, clock.now(), 100))
    return [(one.kind.value, one.object_id) for one in found]


async def test_ours_is_what_we_wrote_and_what_was_taken_off_it(hands: Hands) -> None:
    await posted(hands)
    [found] = await known(hands.trail, INVOICE, "r-1", "r-9")
    assert (found.key, found.ours.taken, found.ours.pending) == ("invoice:1001", 500, 0)
    assert (found.ours.customers, found.ours.touched_at) == (frozenset({"c-1"}), NOON)
    [paid] = await known(hands.trail, DocumentKind.INVOICE_PAYMENT, "r-2")
    assert paid.ours.settles == {"r-1": 500}


async def test_many_tellings_are_one_reading_and_what_is_not_ours_none(hands: Hands, clock: HandClock) -> None:
    await posted(hands)
    trail = hands.trail
    for _ in range(50):
        await trail.callbacks.books_changed(BooksChanged("rutter-1", "invoice", "r-1", "updated"))
    for told in (
        BooksChanged("rutter-1", "invoice", "somebody-elses", "updated"),
        BooksChanged("rutter-1", "invoice_payment", "r-1", "updated"),
        BooksChanged("rutter-unknown", "invoice", "r-1", "deleted"),
        BooksChanged("rutter-1", "invoice", "new", "created"),
    ):
        await trail.callbacks.books_changed(told)
    assert await due(trail, clock) == [("invoice", "r-1")]
    await trail.callbacks.books_changed(BooksChanged("rutter-1", "invoice_credit_application", "a-1", "deleted"))
    assert await due(trail, clock) == [("invoice", "r-1"), ("invoice_credit_memo", EVERYTHING)]


async def test_what_is_told_while_it_is_read_is_read_again(hands: Hands, clock: HandClock) -> None:
    await posted(hands)
    trail, told = hands.trail, BooksChanged("rutter-1", "invoice", "r-1", "updated")
    await trail.callbacks.books_changed(told)
    clock.pass_(seconds=10)
    rows = await trail.read(lambda c: changes_told.due(c, clock.now(), 100))
    await trail.callbacks.books_changed(told)
    await trail.run(lambda c: changes_told.settle(c, rows, [], clock.now()))
    assert await due(trail, clock) == [("invoice", "r-1")]
    rows = await trail.read(lambda c: changes_told.due(c, clock.now(), 100))
    await trail.run(lambda c: changes_told.settle(c, [], rows, clock.now()))
    assert await trail.read(lambda c: changes_told.due(c, clock.now(), 100)) == []
    rows = await trail.read(lambda c: changes_told.due(c, clock.now() + timedelta(minutes=1), 100))
    await trail.run(lambda c: changes_told.settle(c, rows, [], clock.now()))
    assert await trail.read(lambda c: changes_told.due(c, clock.now() + timedelta(days=1), 100)) == []


async def test_a_notice_is_kept_told_and_wakes(hands: Hands) -> None:
    await posted(hands)
    trail = hands.trail
    [found] = await known(trail, INVOICE, "r-1")
    seen = Seen(status="changed", at=NOON, total=Money(900, "USD"), open_minor=400)
    edited = Noticed(
        what=What.EDITED, differences=(Difference("total", "10.00 USD", "9.00 USD"),), seen=seen, by_hand=7
    )
    assert await trail.run(lambda c: noticing.record(c, found, edited, NOON))
    [again] = await known(trail, INVOICE, "r-1")
    assert (again.ours.seen, again.ours.by_hand) == (seen, 7)
    [one] = (await trail.read(notices.noticed)).notices
    assert (one.key, one.what, one.differences) == ("invoice:1001", "edited", (("total", "10.00 USD", "9.00 USD"),))
    assert (one.status, one.order_id) == ("changed", "1001")
    told = await told_others(trail)
    assert told["document.changed"]["seen"] == {
        "status": "changed",
        "minor": 900,
        "open_minor": 400,
        "currency": "USD",
    }


async def test_a_link_follows_but_not_onto_anothers(hands: Hands) -> None:
    await posted(hands)
    await hands.tell(order("1002"))
    await hands.prove(await hands.started(await hands.due("order:1002"), invoice("1002")), "r-3")
    trail = hands.trail
    found = await known(trail, INVOICE, "r-1")
    assert not await trail.run(lambda c: noticing.follow(c, found, "r-3", What.REPLACED, NOON))
    assert await trail.run(lambda c: noticing.follow(c, found, "r-4", What.REPLACED, NOON))
    assert await known(trail, INVOICE, "r-1") == []
    [followed] = await known(trail, INVOICE, "r-4")
    assert followed.key == "invoice:1001"
    assert not await trail.run(
        lambda c: noticing.record(c, found[0], Noticed(what=What.VOID, differences=(), seen=None), NOON)
    )


async def test_a_list_that_changed_answers_nothing(trail: Trail) -> None:
    sales = LookUp("item", "name", "Sales")
    entry = Entry(id="i-1", name="Sales")
    await trail.run(lambda c: entries.put(c, "acme", "item", [entry]))
    await trail.run(lambda c: entries.mark(c, "acme", "item", entries.Mark(NOON, None)))
    assert (await trail.read(lambda c: entries.find(c, "acme", [sales])))[sales] == (entry,)
    await trail.callbacks.list_changed(ListChanged("rutter-1", "item"))
    assert await trail.read(lambda c: entries.find(c, "acme", [sales])) == {}
    assert await trail.read(due_sweeps.old_lists) == {"acme": ["item"]}


@pytest.mark.parametrize("high_water", [NOON, None])
async def test_looks_are_remembered(trail: Trail, high_water: Any) -> None:
    assert list(await trail.read(lambda c: due_sweeps.due(c, "sweep", NOON))) == ["acme"]
    await trail.run(lambda c: looks.looked(c, {"acme"}, "sweep", NOON, high_water))
    await trail.run(lambda c: looks.looked(c, {"acme"}, "sweep", NOON + timedelta(hours=1)))
    assert list(await trail.read(lambda c: due_sweeps.due(c, "sweep", NOON))) == []
    mark = await trail.read(lambda c: looks.last(c, "acme", "sweep"))
    assert mark == looks.Look(NOON + timedelta(hours=1), high_water)
    ages = hearing.Ages(NOON, NOON)
    assert await trail.read(lambda c: hearing.is_time(c, ages))
    await trail.run(lambda c: hearing.asked(c, trail.keys, NOON + timedelta(minutes=1)))
    assert not await trail.read(lambda c: hearing.is_time(c, ages))


async def told_others(trail: Trail) -> dict[str, Any]:
    rows = await trail.read(lambda c: c.execute(outbox.select().order_by(outbox.c.seq)).all())
    return {(one := orjson.loads(row.value))["type"]: one["data"] for row in rows}
