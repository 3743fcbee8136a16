"""Money that was taken back, and money that came home."""

from dataclasses import replace
from typing import Literal

import pytest

from consumers.planning import plan, references, told
from schemas.books import Books, Entry, Link
from schemas.connections import Connection
from schemas.documents import Applies, DocumentKind
from schemas.events import PaymentReversed, RefundReversed
from schemas.mapping import Named, Policies
from schemas.plans import Cause, Hold, Park, Plan
from tests.planning.changes import charged_back, knowing, refund_failed, took, written
from tests.planning.shop import (
    ITEMS,
    LISTS,
    MAPPING,
    ada_linked,
    books,
    connection,
    last_write,
    line,
    order,
    payment,
    posted,
    refund,
    returned,
    shown,
    through,
)

ORDER = order(line(2368, 190), line(1000, number=2), total=4058, shipping=500)
PAID = payment(4058, ("1001", 4058))
INVOICE, IN = written("invoice:1001", 4058), written("payment:pi_1", 4058, kind="invoice_payment")
TAKEN = Entry(id="i-back", name="Payments taken back")
Policy = Literal["loss", "reopen"]


def merchant(chargeback: Policy | None, platform: str = "QUICKBOOKS", refund: str = "credit_memo") -> Connection:
    items = replace(ITEMS, payment_reversal=Named(name="Payments taken back"))
    policies = Policies(refund=refund, chargeback=chargeback)  # type: ignore[arg-type]  # one of the two
    return connection(platform, replace(MAPPING, items=items, policies=policies))


def paid_books(of: Connection, *links: Link) -> Books:
    return books(
        [ORDER, PAID],
        of=of,
        links=[ada_linked(), INVOICE, IN, *links],
        lists=[*LISTS, ("item", TAKEN)],
        applied={"1001": (took("payment:pi_1", 4058),)},
    )


# ── chargebacks and failed payments ─────────────────────────────────────────────────────────────────────────────────


def test_a_chargeback_that_is_a_loss() -> None:
    planned = plan(charged_back(4058), paid_books(merchant("loss")))
    assert shown(planned) == (
        "reversal:payment:dp_1                 40.58\n"
        "  Chargeback of payment pi_1 (reversal dp_1)i-back       1 x 40.58    40.58\n"
    )
    write = last_write(planned)
    assert (write.kind, write.body["account_id"]) == (DocumentKind.CUSTOMER_REFUND, "a-stripe")


@pytest.mark.parametrize(("kind", "policy"), [("chargeback", "reopen"), ("failed", None), ("failed", "loss")])
def test_what_is_owed_again(kind: str, policy: Policy | None) -> None:
    planned = plan(charged_back(4000, kind=kind), paid_books(merchant(policy)))
    back, again = posted(planned).writes
    assert (back.key, again.key) == ("reversal:payment:dp_1", "reopened:payment:dp_1")
    assert (again.kind, again.total) == (DocumentKind.INVOICE, back.total)
    assert again.body["line_items"][0]["item"]["id"] == "i-back"
    assert again.body["document_number"] == "1001-dp_1"
    assert (again.body["issue_date"], "due_date" in again.body) == ("2026-11-20", False)


def test_what_a_reversal_waits_for() -> None:
    known = books([ORDER], of=merchant("loss"))
    assert plan(charged_back(1), known) == Hold("payment:pi_1", "payment pi_1 is not in the books yet")
    unposted = books([ORDER, PAID], of=merchant("loss"), links=[INVOICE])
    assert plan(charged_back(1), unposted) == Hold("payment:pi_1", "payment pi_1 is not in the books yet")


def parked(planned: Plan) -> tuple[Cause, str]:
    assert isinstance(planned, Park), planned
    assert planned.cure
    return planned.cause, planned.subject


def test_what_parks_a_reversal() -> None:
    event = charged_back(4058)
    assert parked(plan(event, paid_books(merchant(None)))) == (Cause.NO_POLICY, "chargebacks")
    assert parked(plan(event, paid_books(merchant(None, "ZOHOBOOKS")))) == (
        Cause.NOT_SUPPORTED,
        "chargebacks on ZOHOBOOKS",
    )
    assert parked(plan(event, paid_books(merchant("loss", "NETSUITE"))))[0] is Cause.NOT_SUPPORTED
    unmapped = replace(merchant("loss").mapping, items=ITEMS)
    assert parked(plan(event, paid_books(connection(mapping=unmapped)))) == (
        Cause.UNMAPPED_ITEM,
        "payment reversal item",
    )
    twice = knowing(paid_books(merchant("loss")), told=[charged_back(1, "dp_0"), event])
    assert parked(plan(event, twice)) == (Cause.EXCEEDS_ORDER, "payment pi_1")
    assert parked(plan(charged_back(1, currency="EUR"), paid_books(merchant("loss")))) == (
        Cause.NOT_SUPPORTED,
        "payment pi_1",
    )


def test_money_that_is_owed_again_can_be_paid_again() -> None:
    failed = charged_back(4058, kind="failed")
    again = payment(4058, ("1001", 4058), payment_id="pi_2")
    waits = plan(again, knowing(paid_books(merchant(None)), told=[failed]))
    assert isinstance(waits, Hold)
    assert waits.awaits == "reopened:payment:dp_1"
    opened = written("reopened:payment:dp_1", 4058)
    planned = plan(again, knowing(paid_books(merchant(None), opened), told=[failed]))
    assert last_write(planned).applies == (Applies("1001", "reopened:payment:dp_1", 4058),)


def test_what_is_read_grows_with_what_is_known() -> None:
    event = charged_back(4058)
    first = references(event, {}, connection())
    assert first.facts == {"payment:pi_1"}
    then = references(event, {PAID.key: PAID}, connection())
    assert then.facts == {"payment:pi_1", "order:1001"}
    again = payment(1, ("1001", 1), payment_id="pi_2")
    snapshot = knowing(paid_books(merchant(None)), told=[event])
    asked = references(again, told(snapshot), connection(), snapshot.applied)
    assert "payment:pi_1" in asked.corrected
    assert "reopened:payment:dp_1" in asked.links


# ── refunds that failed ─────────────────────────────────────────────────────────────────────────────────────────────

REFUND = refund(1279, returned(1184, 95), money=[through(1279)])
MEMO = written("credit_memo:re_1", 1279, kind="invoice_credit_memo")
REFUNDED = written("customer_refund:re_1", 1279, kind="customer_refund")


def with_refund(of: Connection, *links: Link) -> Books:
    known = paid_books(of, *links)
    return replace(known, facts={**known.facts, REFUND.key: REFUND}, refunds={"1001": (REFUND,)})


RESTORED = payment(4000, payment_id="dp_1/reinstated", applies_to=None, reference="pi_1")


def test_a_won_dispute_pays_again_what_its_payment_paid() -> None:
    dispute = charged_back(4058)
    opened = (written("reversal:payment:dp_1", 4058, kind="customer_refund"), written("reopened:payment:dp_1", 4058))
    known = knowing(paid_books(merchant("reopen"), *opened), told=[dispute])
    assert shown(plan(RESTORED, known)) == (
        "payment:dp_1/reinstated               40.00\n  on reopened:payment:dp_1                          40.00\n"
    )
    asked = references(RESTORED, told(known), connection(), known.applied)
    assert {"payment:pi_1", "invoice:1001", "reopened:payment:dp_1", "customer:c-9:USD"} <= asked.links
    asked = references(RESTORED, {}, connection())
    assert "payment:pi_1" in asked.facts


def test_a_won_dispute_waits_for_the_payment_it_restores_and_for_its_reversal() -> None:
    missing = "it restores payment:pi_1, which is not in the books yet"
    assert plan(RESTORED, books([ORDER], links=[ada_linked(), INVOICE])) == Hold("payment:pi_1", missing)
    known = knowing(paid_books(merchant("reopen")), told=[charged_back(4058)])
    waits = plan(RESTORED, known)
    assert isinstance(waits, Hold)
    assert waits.awaits == "reopened:payment:dp_1"


def test_a_failed_refund_s_open_credit_pays_its_invoice() -> None:
    planned = plan(refund_failed(1279), with_refund(merchant(None), MEMO))
    assert shown(planned) == (
        "reversal:refund:fr_1                  12.79\n"
        "  line 1                  i-mug        1 x 11.84    11.84\n"
        "  Tax                     i-tax         1 x 0.95     0.95\n"
        "credit_application:reversal:refund:fr_1    12.79\n"
        "  on reversal:refund:fr_1                           12.79\n"
    )


def test_a_failed_customer_refund_s_money_is_back() -> None:
    planned = plan(refund_failed(1000), with_refund(merchant(None, refund="customer_refund"), REFUNDED))
    assert shown(planned) == (
        "reversal:refund:fr_1                  10.00\n"
        "  line 1                  i-mug        1 x 10.00    10.00\n"
        "reversal_payment:refund:fr_1          10.00\n"
        "  on reversal:refund:fr_1                           10.00\n"
    )
    assert last_write(planned).body["account_id"] == "a-stripe"


def test_what_a_failed_refund_waits_for() -> None:
    reason = "refund re_1 is not in the books yet"
    assert plan(refund_failed(1), books(of=merchant(None))) == Hold("credit_memo:re_1", reason)
    by_refund = merchant(None, refund="customer_refund")
    assert plan(refund_failed(1), with_refund(by_refund)) == Hold("customer_refund:re_1", reason)


@pytest.mark.parametrize("event", [refund_failed(1280), refund_failed(1, currency="EUR")])
def test_what_parks_a_failed_refund(event: RefundReversed) -> None:
    assert parked(plan(event, with_refund(merchant(None), MEMO)))[1] == "refund re_1"


def test_a_refund_that_failed_gave_nothing_back() -> None:
    whole = refund(4058, id="re_2", money=[through(4058)])
    known = with_refund(merchant(None), MEMO)
    assert parked(plan(whole, known)) == (Cause.EXCEEDS_ORDER, "order 1001")
    assert last_write(plan(whole, knowing(known, told=[refund_failed(1279)]))).key == "credit_memo:re_2"


def test_four_readings_reach_the_customer_of_a_failed_refund() -> None:
    unnamed = refund(1279, money=[through(1279)], order_id=None)
    event: PaymentReversed | RefundReversed = refund_failed(1279)
    facts = {one.key: one for one in (unnamed, PAID, ORDER)}
    known: dict[str, object] = {}
    asked = references(event, {}, connection())
    for _ in range(3):
        known = {key: facts[key] for key in asked.facts if key in facts}
        asked = references(event, known, connection())  # type: ignore[arg-type]  # events
    assert "customer:c-9:USD" in asked.links
