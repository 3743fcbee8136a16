"""Refunds: each is told by itself, with its own id; a charge's running total is no refund.

A refund that failed has money to bring back only where its `failure_balance_transaction` says so. It is told as issued
and as reversed at once: its money may have left while it was pending, which is not told, and a reversal must find the
refund that it reverses. One that was told before is told the same again.
"""

from handlers.building import refund_issued, refund_reversed
from handlers.fields import Field
from handlers.stripe.references import foreign_order
from handlers.stripe.snapshot import Snapshot, same_currency
from schemas.corrections import RefundReversal
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
        return _given_up(event, status)
    if status != "succeeded":
        raise event.thing.get("status").bad("not a status of a refund")
    return Told((_refund(event, event.thing, event.thing.get("payment_intent").link()),))


def read_failed(event: Snapshot) -> Translation:
    """`refund.failed`."""
    return _given_up(event, "failed")


def _given_up(event: Snapshot, status: str) -> Translation:
    """The refund and its reversal, where money left and came back; nothing where none had left."""
    refund = event.thing
    identifier = refund.get("id").own_identifier()
    if refund.get("failure_balance_transaction").link() is None:
        return Ignored(f"{status}: no balance transaction says that its money had left and came back")
    issued = _refund(event, refund, refund.get("payment_intent").link())
    reversal = RefundReversal(
        id=identifier,
        refund_id=identifier,
        reversed_at=event.at,
        currency=issued.data.refund.currency,
        amount=issued.data.refund.amount,
        reason=refund.get("failure_reason").text() or status,
    )
    return Told((issued, refund_reversed(event.source, reversal)))


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
