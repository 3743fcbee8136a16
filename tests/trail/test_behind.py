"""What is held behind what is parked, whichever document of a parked event it is that is awaited."""

import pytest

from schemas.documents import Applies, DocumentKind, Look, Write
from schemas.plans import Cause, Park
from service.trail.behind import held_behind
from tests.trail.hands import Hands
from tests.trail.told import amended, cancelled, order, payment, payment_reversed, refund, refund_reversed

PARKED = Park(cause=Cause.NO_POLICY, subject="it", detail="no policy", cure="choose one")
MAKERS = {
    "order:1001": order(),
    "amendment:1001:3": amended("1001", 3, 3000),
    "cancellation:1001": cancelled("1001"),
    "refund:re_1": refund("re_1", "1001", "p0"),
    "payment_reversal:dp_1": payment_reversed("dp_1", "p0"),
    "refund_reversal:rr_1": refund_reversed("rr_1", "re_1"),
}


@pytest.mark.parametrize(
    ("awaits", "maker"),
    [
        ("invoice:1001", "order:1001"),
        ("amendment:1001:3", "amendment:1001:3"),
        ("credit_application:amendment:1001:3", "amendment:1001:3"),
        ("void:invoice:1001", "cancellation:1001"),
        ("void:amendment:1001:3", "cancellation:1001"),
        ("reversal:invoice:1001", "cancellation:1001"),
        ("credit_application:reversal:invoice:1001", "cancellation:1001"),
        ("credit_memo:re_1", "refund:re_1"),
        ("customer_refund:re_1", "refund:re_1"),
        ("customer_refund:re_1:2", "refund:re_1"),
        ("credit_application:re_1:1001", "refund:re_1"),
        ("reversal:payment:dp_1", "payment_reversal:dp_1"),
        ("reopened:payment:dp_1", "payment_reversal:dp_1"),
        ("reversal:refund:rr_1", "refund_reversal:rr_1"),
        ("reversal_payment:refund:rr_1", "refund_reversal:rr_1"),
        ("credit_application:reversal:refund:rr_1", "refund_reversal:rr_1"),
        ("customer:c-9:USD", None),
    ],
)
async def test_what_awaits_a_document_is_behind_the_event_that_makes_it(
    hands: Hands, awaits: str, maker: str | None
) -> None:
    await hands.tell(payment("p1"), *MAKERS.values())
    for key in MAKERS:
        park = Park(cause=PARKED.cause, subject=key, detail="no policy", cure="choose one")
        await hands.trail.work.park(hands.lease, await hands.due(key), park)
    await hands.hold(await hands.due("payment:p1"), awaits)

    behind = await hands.trail.read(held_behind)

    assert behind == ({} if maker is None else {("acme", f"no policy: {maker}"): 1})


async def test_a_chain_of_holds_is_followed(hands: Hands) -> None:
    await hands.tell(order(), payment("p1"), payment_reversed("dp_1", "p1"))
    await hands.trail.work.park(hands.lease, await hands.due("order:1001"), PARKED)
    await hands.hold(await hands.due("payment:p1"), "invoice:1001")
    await hands.hold(await hands.due("payment_reversal:dp_1"), "payment:p1")

    assert await hands.trail.read(held_behind) == {("acme", "no policy: it"): 2}


async def test_what_awaits_an_outcome_is_behind_the_event_of_that_write(hands: Hands) -> None:
    await hands.tell(order(), payment("p1"), cancelled("1001"))
    applies = (Applies("1001", "invoice:1001", 2500),)
    void = Write(
        key="void:invoice:1001",
        kind=DocumentKind.INVOICE_VOID,
        body={},
        total=None,
        look=Look(parent="r-1"),
        applies=applies,
    )
    cancellation = await hands.due("cancellation:1001")
    await hands.started(cancellation, void)
    await hands.trail.work.park(hands.lease, cancellation, PARKED)
    await hands.hold(await hands.due("payment:p1"), "outcome:void:invoice:1001")

    assert await hands.trail.read(held_behind) == {("acme", "no policy: it"): 1}
