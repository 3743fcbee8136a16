"""Refunds: each is told by itself, with its own id; a charge's running total is no refund."""

from handlers.building import refund_issued
from handlers.fields import Field
from handlers.stripe.references import foreign_order
from handlers.stripe.snapshot import Snapshot, same_currency
from schemas.deliveries import Ignored, Told, Translation
from schemas.events import RefundIssued
from schemas.facts import Refund, RefundMoney, Shipping

_NOT_YET = frozenset({"pending", "requires_action"})


def read(event: Snapshot) -> Translation:
    """`refund.created`, `refund.updated`, `charge.refund.updated`: money that went back, once it has."""
    status = event.thing.get("status").word()
    if status in _NOT_YET:
        return Ignored(f"{status.replace('_', ' ')}: refund.updated will tell when the money has gone back")
    if status in ("failed", "canceled"):
        return Ignored(f"{status}: the money did not go back, and reversals are not told yet")
    if status != "succeeded":
        raise event.thing.get("status").bad("not a status of a refund")
    return Told((_refund(event, event.thing, event.thing.get("payment_intent").link()),))


def read_failed(event: Snapshot) -> Translation:
    """`refund.failed`."""
    event.thing.get("id").own_identifier()
    return Ignored("failed: the money came back to the seller, and reversals are not told yet")


def read_charge(event: Snapshot) -> Translation:
    """`charge.refunded`: the refunds it names, until 2022-11-15; since then it names none."""
    charge = event.thing
    succeeded = [
        refund for refund in charge.get("refunds", "data").items() if refund.get("status").value in (None, "succeeded")
    ]
    if not succeeded:
        return Ignored("names no refund: refund.created and refund.updated tell it")
    intent = charge.get("payment_intent").link()
    return Told(tuple(_refund(event, refund, intent) for refund in succeeded))


def _refund(event: Snapshot, refund: Field, intent: str | None) -> RefundIssued:
    units = event.units()
    same_currency(refund.get("currency"), units)
    amount = units.positive(refund.get("amount"))
    charge = refund.get("charge").link()
    money = RefundMoney(
        payment_id=refund.get("payment_intent").link() or intent or charge,
        gateway="stripe",
        method=refund.get("destination_details", "type").text(),
        amount=amount,
    )
    return refund_issued(
        event.source,
        Refund(
            id=refund.get("id").own_identifier(),
            issued_at=refund.get("created").unix_time(),
            currency=units.currency,
            amount=amount,
            reason=refund.get("reason").text(),
            order_id=foreign_order(refund, event.source),
            lines=None,
            shipping=Shipping(total=0),
            money=(money,),
        ),
    )
