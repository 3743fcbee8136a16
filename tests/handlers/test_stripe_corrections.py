"""Stripe's disputes and refunds that failed: what was taken back, and what came home."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.corrections import PaymentReversal, RefundReversal
from schemas.deliveries import Ignored, Told, Unreadable
from schemas.facts import Fee
from tests.handlers.bodies import NOW, Body, applied, events, the_payment, the_refund, translated
from tests.handlers.stripe_bodies import dispute, moved, stripe_event, stripe_refund

WITHDRAWN = "charge.dispute.funds_withdrawn"
REINSTATED = "charge.dispute.funds_reinstated"


def reversal(thing: Body, **source: Any) -> PaymentReversal:
    """The one reversal that the withdrawal tells."""
    (event,) = events(translated("stripe", stripe_event(WITHDRAWN, thing), **source))
    assert event.type == "payment.reversed"
    assert (event.id, event.time, event.subject) == ("payment_reversal:dp_1", NOW, None)
    return event.data.reversal


def test_money_that_a_bank_took_back() -> None:
    """Under the dispute's id, of the payment by its intent, with Stripe's fee."""
    assert reversal(dispute(moved(-3058, 1500))) == PaymentReversal(
        id="dp_1",
        payment_id="pi_1",
        reversed_at=NOW,
        currency="USD",
        amount=3058,
        kind="chargeback",
        reason="fraudulent",
        fee=Fee(currency="USD", amount=1500),
    )


@pytest.mark.parametrize("reason", ["insufficient_funds", "incorrect_account_details", "bank_cannot_process"])
def test_a_debit_that_failed_after_it_had_succeeded(reason: str) -> None:
    """Its reason is the bank's."""
    assert reversal(dispute(reason=reason)).kind == "failed"
    assert reversal(dispute(reason="debit_not_authorized")).kind == "chargeback"


def test_what_moved_is_in_the_balance_transactions() -> None:
    """Where they are in the dispute's currency; a fee is in its own, converted as everything."""
    assert reversal(dispute(moved(-2000, 0), moved(2000, 0))).amount == 2000
    abroad = reversal(dispute(moved(-2700, 1500, "eur")))
    assert (abroad.amount, abroad.currency, abroad.fee) == (3058, "USD", Fee(currency="EUR", amount=1500))
    iceland = reversal(dispute(moved(-500_000, 200_000, "isk"), amount=500_000, currency="isk"))
    assert (iceland.amount, iceland.fee) == (5000, Fee(currency="ISK", amount=2000))
    assert reversal(dispute()).fee is None
    assert reversal(dispute(balance_transactions=None)).amount == 3058


def test_a_payment_without_an_intent_is_its_charge() -> None:
    """As everywhere."""
    assert reversal(dispute(payment_intent=None)).payment_id == "ch_1"
    assert reversal(dispute(payment_intent=None, charge={"id": "ch_2"})).payment_id == "ch_2"


def test_money_that_came_home() -> None:
    """A payment of its own, which points to the one it restores; it does not say which order that paid."""
    found = translated("stripe", stripe_event(REINSTATED, dispute(moved(-3058, 1500), moved(3000, 0))))
    payment = the_payment(found)
    assert (payment.id, payment.amount, payment.currency) == ("dp_1/reinstated", 3000, "USD")
    assert (payment.reference, payment.gateway, payment.applies_to) == ("pi_1", "stripe", None)
    assert payment.received_at == NOW
    assert isinstance(found, Told)
    assert found.events[0].id == "payment:dp_1/reinstated"
    assert found.notes == ("does not say which order it pays: what it restores did",)


def test_money_that_came_home_to_an_order_it_names() -> None:
    """Where the source's disputes carry another one's order; a fee given back is said."""
    thing = dispute(moved(3058, -1500), metadata={"order_id": "1001"})
    found = translated("stripe", stripe_event(REINSTATED, thing), order_reference="metadata.order_id")
    assert applied(the_payment(found)) == [("1001", 3058)]
    assert isinstance(found, Told)
    assert found.notes == ("the fee of the dispute came back, too, which no event tells",)


@pytest.mark.parametrize(
    ("thing", "path", "reason"),
    [
        (dispute(payment_intent=None, charge=None), "charge", "missing"),
        (dispute(amount=0), "amount", "not more than nothing"),
        (dispute(id=None), "id", "missing"),
        (dispute(balance_transactions=["txn_1"]), "balance_transactions[0]", "not an object"),
        (
            dispute(moved(-1, 1500), moved(-1, 1500, "eur")),
            "balance_transactions[1].currency",
            "another currency than the fee before it",
        ),
    ],
)
def test_a_dispute_that_cannot_be_read(thing: Body, path: str, reason: str) -> None:
    """By its field."""
    found = translated("stripe", stripe_event(WITHDRAWN, thing))
    assert found == Unreadable(f"$.data.object.{path}", reason)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("charge.dispute.created", "no money moved: charge.dispute.funds_withdrawn tells when it does"),
        ("charge.dispute.updated", "no money moved: charge.dispute.funds_withdrawn tells when it does"),
        ("charge.dispute.closed", "charge.dispute.funds_withdrawn and funds_reinstated tell its money"),
        ("charge.failed", "no money moved: one that failed after it succeeded is told as a dispute"),
        ("payment_intent.payment_failed", "no money moved: one that failed after it succeeded is told as a dispute"),
        ("invoice.voided", "it was not paid, and only invoice.paid tells an order"),
        ("invoice.marked_uncollectible", "it was not paid, and only invoice.paid tells an order"),
        ("checkout.session.expired", "no money moved"),
    ],
)
def test_what_moves_no_money(kind: str, reason: str) -> None:
    """Says where the money is told."""
    assert translated("stripe", stripe_event(kind, dispute())) == Ignored(f"{kind}: {reason}")


FAILED = stripe_refund(status="failed", failure_balance_transaction="txn_2", failure_reason="lost_or_stolen_card")


@pytest.mark.parametrize("kind", ["refund.failed", "refund.updated", "charge.refund.updated"])
def test_a_refund_that_failed_after_its_money_had_left(kind: str) -> None:
    """The refund, which may not have been told, and that it came back, under the refund's own id."""
    found = translated("stripe", stripe_event(kind, FAILED))
    issued, back = events(found)
    assert (issued.id, back.id) == ("refund:re_1", "refund_reversal:re_1")
    assert the_refund(found).issued_at == NOW - timedelta(seconds=3)
    assert back.type == "refund.reversed"
    assert back.data.reversal == RefundReversal(
        id="re_1", refund_id="re_1", reversed_at=NOW, currency="USD", amount=1279, reason="lost_or_stolen_card"
    )


def test_the_refund_is_told_as_when_it_succeeded() -> None:
    """So that the two tellings are one."""
    before = events(translated("stripe", stripe_event("refund.created", stripe_refund())))
    after = events(translated("stripe", stripe_event("refund.failed", FAILED)))
    assert after[:1] == before


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_a_refund_whose_money_never_left(status: str) -> None:
    """No balance transaction says that it came back: nothing to reverse."""
    found = translated("stripe", stripe_event("refund.updated", stripe_refund(status=status)))
    assert found == Ignored(f"{status}: no balance transaction says that its money had left and came back")
    gone = stripe_refund(status=status, failure_balance_transaction={"id": "txn_2"})
    (_, back) = events(translated("stripe", stripe_event("refund.updated", gone)))
    assert back.type == "refund.reversed"
    assert back.data.reversal.reason == status
