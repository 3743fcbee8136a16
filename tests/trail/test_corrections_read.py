"""The snapshot's newer parts: amendments, reversals, and what was seen of a document since it was written."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update

from schemas.books import Books, Entry, LookUp, References, Seen
from schemas.money import Money
from service.trail import entries
from service.trail.fact_tables import links
from tests.trail.hands import Hands
from tests.trail.told import NAMESPACE, amended, invoice, order, payment_reversed, refund_reversed


async def read(hands: Hands, **asked: Any) -> Books:
    return await hands.trail.work.read("acme", NAMESPACE, References(**asked))


async def test_amendments_come_with_their_order_and_only_those_that_count(hands: Hands) -> None:
    await hands.tell(order(), amended("1001", 2, 3000), amended("1001", 1, 2700), amended("1002", 1, 100))
    await hands.tell(amended("1001", 3, 9999), source="till")

    books = await read(hands, orders=frozenset({"1001", "1003"}))

    assert {order_id: [one.key for one in told] for order_id, told in books.amendments.items()} == {
        "1001": ["amendment:1001:1", "amendment:1001:2"]
    }


async def test_reversals_are_found_by_what_they_take_back(hands: Hands) -> None:
    await hands.tell(
        payment_reversed("dp_1", "p1", 1000),
        payment_reversed("dp_2", "p1", 1500),
        payment_reversed("dp_3", "p2"),
        refund_reversed("rr_1", "re1"),
        refund_reversed("rr_2", "p1"),
    )

    books = await read(hands, corrected=frozenset({"payment:p1", "refund:re1", "payment:none"}))

    assert {key: [one.key for one in told] for key, told in books.reversals.items()} == {
        "payment:p1": ["payment_reversal:dp_1", "payment_reversal:dp_2"],
        "refund:re1": ["refund_reversal:rr_1"],
    }


async def test_what_a_person_did_to_a_document_is_seen(hands: Hands) -> None:
    await hands.tell(order())
    await hands.prove(await hands.started(await hands.due("order:1001"), invoice()), "r-77")
    at = datetime(2026, 11, 3, 8, tzinfo=UTC)
    changed = {"seen_status": "changed", "seen_total_minor": 2400, "seen_open_minor": 400, "seen_at": at}
    await hands.trail.run(lambda c: c.execute(update(links).values(**changed)))

    link = (await read(hands, links=frozenset({"invoice:1001"}))).links["invoice:1001"]

    assert link.seen == Seen(status="changed", at=at, total=Money(2400, "USD"), open_minor=400)


async def test_rates_and_days_of_entries_are_kept(hands: Hands) -> None:
    rate = Entry(id="t-1", name="NY 8.875", rate="8.875")
    term = Entry(id="n-1", name="Net 30", days=30)

    def put(c: object) -> None:
        entries.put(c, "acme", "tax_rate", [rate])  # type: ignore[arg-type]  # a connection
        entries.put(c, "acme", "payment_term", [term])  # type: ignore[arg-type]  # a connection

    await hands.trail.run(put)
    asked = {LookUp("tax_rate", "name", "ny 8.875"): (rate,), LookUp("payment_term", "name", "Net 30"): (term,)}

    books = await hands.trail.work.read("acme", NAMESPACE, References(look_ups=frozenset(asked)))

    assert books.found == asked
