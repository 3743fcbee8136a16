"""The tie-out knows corrections: orders as amended or cancelled, money taken back, what is left out or open."""

from dataclasses import replace
from typing import Any

from sqlalchemy import update

from schemas.documents import Applies, DocumentKind, Look, Write
from schemas.events import Event
from schemas.money import Money
from schemas.plans import Cause, Park
from service.trail.fact_tables import links
from service.trail.tie_out import Tie, tie_out
from tests.trail.hands import Hands
from tests.trail.told import amended, cancelled, invoice, order, payment, payment_reversed, refund, refund_reversed

PARKED = Park(cause=Cause.NO_POLICY, subject="chargebacks", detail="no policy", cure="choose one")


def write(key: str, kind: DocumentKind, minor: int | None, **also: Any) -> Write:
    total = None if minor is None else Money(minor, "USD")
    return Write(key=key, kind=kind, body={}, total=total, look=Look(description=key), **also)


def memo(key: str, minor: int) -> Write:
    return write(key, DocumentKind.CREDIT_MEMO, minor)


def applied(minor: int, document: str = "invoice:1001") -> tuple[Applies, ...]:
    return (Applies("1001", document, minor),)


async def booked(hands: Hands, event: Event, *writes: Write) -> None:
    """The event told and done, its documents in the books."""
    await hands.tell(event)
    due = await hands.due(event.key)
    for one in writes:
        await hands.prove(await hands.started(due, one), f"r-{one.key}")
    await hands.trail.work.done(hands.lease, due)


async def tied(hands: Hands) -> Tie:
    (tie,) = await hands.trail.read(tie_out)
    return tie


def told_and_booked(tie: Tie) -> dict[str, tuple[int, int, int]]:
    return {leg.what: (leg.told, leg.booked, leg.unexplained) for leg in tie.legs}


def reasons(tie: Tie) -> dict[str, list[tuple[str, int, int]]]:
    return {leg.what: [(one.why, one.count, one.minor) for one in leg.reasons] for leg in tie.legs if leg.reasons}


async def test_an_amended_order_comes_to_its_highest_revision(hands: Hands) -> None:
    await booked(hands, order(), invoice())
    await booked(hands, amended("1001", 2, 3000), write("amendment:1001:2", DocumentKind.INVOICE, 500))
    await hands.tell(amended("1001", 1, 2700))
    await hands.trail.work.skip(hands.lease, await hands.due("amendment:1001:1"), "a later revision counts")
    await booked(hands, amended("1001", 10, 2800), memo("amendment:1001:10", 200))

    tie = await tied(hands)

    assert told_and_booked(tie) == {"orders": (2800, 2800, 0), "payments": (0, 0, 0), "refunds": (0, 0, 0)}
    assert (tie.ties, reasons(tie)) == (True, {})


async def test_an_amendment_that_waits_is_named(hands: Hands) -> None:
    await booked(hands, order(), invoice())
    await hands.tell(amended("1001", 1, 3000))
    await hands.trail.work.park(hands.lease, await hands.due("amendment:1001:1"), PARKED)

    tie = await tied(hands)

    assert told_and_booked(tie)["orders"] == (3000, 2500, 0)
    assert reasons(tie) == {"orders": [("parked", 1, -500)]}


async def test_a_cancelled_order_is_void(hands: Hands) -> None:
    await booked(hands, order(), invoice())
    void = write("void:invoice:1001", DocumentKind.INVOICE_VOID, None, applies=applied(2500))
    await booked(hands, cancelled("1001"), void)

    assert told_and_booked(await tied(hands))["orders"] == (0, 0, 0)
    seen = {"seen_status": "void", "seen_total_minor": 0}
    await hands.trail.run(lambda c: c.execute(update(links).where(links.c.key == "invoice:1001").values(**seen)))
    assert told_and_booked(await tied(hands))["orders"] == (0, 0, 0)


async def test_of_a_cancelled_order_what_was_paid_stays(hands: Hands) -> None:
    await booked(hands, order(), invoice())
    paid = write("payment:p1", DocumentKind.INVOICE_PAYMENT, 1000, applies=applied(1000))
    await booked(hands, payment(amount=1000), paid)
    credit = memo("reversal:invoice:1001", 1500)
    application = write(
        "credit_application:reversal:invoice:1001", DocumentKind.CREDIT_APPLICATION, None, applies=applied(1500)
    )
    await booked(hands, cancelled("1001"), credit, application)

    tie = await tied(hands)
    assert told_and_booked(tie) == {"orders": (1000, 1000, 0), "payments": (1000, 1000, 0), "refunds": (0, 0, 0)}
    assert tie.cash_legs == (0, 0)


async def test_a_cancellation_that_credits_too_little_has_no_reason(hands: Hands) -> None:
    await booked(hands, order(), invoice())
    await booked(hands, cancelled("1001"), memo("reversal:invoice:1001", 2400))

    assert told_and_booked(await tied(hands))["orders"] == (0, 100, 100)


async def test_money_that_was_taken_back_comes_off_what_was_told(hands: Hands) -> None:
    await booked(hands, order(), invoice())
    paid = write("payment:p1", DocumentKind.INVOICE_PAYMENT, 2500, applies=applied(2500))
    await booked(hands, payment(), paid)
    back = write("reversal:payment:dp_1", DocumentKind.CUSTOMER_REFUND, 2500)
    owed = write("reopened:payment:dp_1", DocumentKind.INVOICE, 2500)
    await booked(hands, payment_reversed("dp_1", "p1"), back, owed)
    await hands.tell(payment_reversed("dp_2", "p1", 300))
    await hands.trail.work.park(hands.lease, await hands.due("payment_reversal:dp_2"), PARKED)

    tie = await tied(hands)
    assert told_and_booked(tie) == {"orders": (2500, 2500, 0), "payments": (-300, 0, 0), "refunds": (0, 0, 0)}
    assert reasons(tie) == {"payments": [("parked", 1, 300)]}


async def test_a_refund_that_failed_comes_off_as_well(hands: Hands) -> None:
    await booked(hands, refund("re1", "1001", "p1"), memo("credit_memo:re1", 500))
    await booked(hands, refund_reversed("rr_1", "re1"), write("reversal:refund:rr_1", DocumentKind.INVOICE, 500))
    assert told_and_booked(await tied(hands))["refunds"] == (0, 0, 0)


async def test_tax_that_is_left_out_on_purpose_is_named(hands: Hands) -> None:
    await booked(hands, order(), replace(invoice(total=2300), left_out=Money(200, "USD")))
    tie = await tied(hands)
    assert told_and_booked(tie)["orders"] == (2500, 2300, 0)
    assert reasons(tie) == {"orders": [("marketplace tax, not the seller's", 1, -200)]}


async def test_what_a_payment_exceeds_is_named(hands: Hands) -> None:
    paid = write("payment:p1", DocumentKind.INVOICE_PAYMENT, 2500, applies=applied(2000))
    await booked(hands, payment(), paid)
    tie = await tied(hands)
    assert (tie.unapplied, tie.ties) == ((1, 500), True)


async def test_an_invoice_that_a_person_changed_is_named(hands: Hands) -> None:
    await booked(hands, order(), invoice())
    seen = {"seen_status": "changed", "seen_total_minor": 2400}
    await hands.trail.run(lambda c: c.execute(update(links).values(**seen)))
    tie = await tied(hands)
    assert told_and_booked(tie)["orders"] == (2500, 2400, 0)
    assert reasons(tie) == {"orders": [("edited in the books", 1, -100)]}


async def test_money_that_left_two_accounts_is_one_refund(hands: Hands) -> None:
    parts = [write(f"customer_refund:re1{part}", DocumentKind.CUSTOMER_REFUND, 250) for part in ("", ":2")]
    await booked(hands, refund("re1", "1001", "p1", 500), *parts)

    assert told_and_booked(await tied(hands))["refunds"] == (500, 500, 0)
