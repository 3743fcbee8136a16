"""Transactions of a shop that Rutter reads: sales are payments, refunds are refunds, the rest is neither.

A transaction names its order, and a refund not the payment that it goes back through (Rutter: Transactions). Whether a
refund's amount is negative is not documented, so its sign is not read.
"""

from typing import Final

from handlers.building import payment_received, refund_issued
from handlers.fields import Field
from handlers.rutter.money import MajorUnits
from schemas.deliveries import Ignored, Told, Translation
from schemas.events import Event
from schemas.facts import Application, Fee, Payment, Refund, RefundMoney, Shipping
from schemas.sources import Source

_STATUSES: Final = frozenset({"success", "failure", "pending", "cancelled", "refunded", "other"})
_NO_SALE: Final = {
    "void": "a pending transaction was cancelled: no money moved",
    "payout": "money on its way to the bank",
    "fee": "the gateway's fee",
    "other": "not money of an order",
}


def read(transaction: Field, source: Source) -> Translation:
    """`TRANSACTION_CREATED`, `TRANSACTION_UPDATED`."""
    told = _told(transaction, source, None)
    return told if isinstance(told, Ignored) else Told((told,), _notes(transaction))


def within(order: Field, source: Source) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    """The payments and refunds among the transactions that an order carries when it was asked to."""
    events: list[Event] = []
    notes: list[str] = []
    for transaction in order.get("transactions").items():
        told = _told(transaction, source, order.get("id").identifier())
        if not isinstance(told, Ignored):
            events.append(told)
            notes.extend(_notes(transaction))
    return tuple(events), tuple(notes)


def _told(transaction: Field, source: Source, order: str | None) -> Event | Ignored:
    kind, status = transaction.get("type").word(), transaction.get("status").word()
    if status not in _STATUSES:
        raise transaction.get("status").bad("not a status of a transaction")
    if kind in _NO_SALE:
        return Ignored(f"{kind}: {_NO_SALE[kind]}")
    if kind not in ("sale", "refund"):
        raise transaction.get("type").bad("not a type of transaction")
    if status not in ("success", "refunded"):
        return Ignored(f"{kind}, {status}: no money moved")
    units = MajorUnits(transaction.get("iso_currency_code").currency())
    amount = units.minor(transaction.get("amount"))
    if amount == 0:
        return Ignored(f"{kind} of nothing: no money moved")
    order_id = transaction.get("order_id").identifier() or order
    if kind == "refund":
        return refund_issued(source, _refund(transaction, units.currency, abs(amount), order_id))
    if amount < 0:
        raise transaction.get("amount").bad("less than nothing")
    return payment_received(source, _payment(transaction, units, amount, order_id))


def _notes(transaction: Field) -> tuple[str, ...]:
    given_back = (transaction.get("type").value, transaction.get("status").value) == ("sale", "refunded")
    return ("a sale given back since, which a transaction of type refund tells",) if given_back else ()


def _payment(transaction: Field, units: MajorUnits, amount: int, order_id: str | None) -> Payment:
    fee = transaction.get("fee")
    kept = units.minor_or_zero(fee)
    if kept < 0:
        raise fee.bad("less than nothing")
    return Payment(
        id=transaction.get("id").own_identifier(),
        received_at=transaction.get("created_at").time(),
        currency=units.currency,
        amount=amount,
        gateway=transaction.get("gateway").text(),
        method=transaction.get("payment_method_type").text(),
        reference=transaction.get("platform_id").text(),
        applies_to=None if order_id is None else (Application(order_id=order_id, amount=amount),),
        fee=Fee(currency=units.currency, amount=kept) if fee.told else None,
    )


def _refund(transaction: Field, currency: str, amount: int, order_id: str | None) -> Refund:
    money = RefundMoney(
        payment_id=None,
        gateway=transaction.get("gateway").text(),
        method=transaction.get("payment_method_type").text(),
        amount=amount,
    )
    return Refund(
        id=transaction.get("id").own_identifier(),
        issued_at=transaction.get("created_at").time(),
        currency=currency,
        amount=amount,
        reason=None,
        order_id=order_id,
        lines=None,
        shipping=Shipping(total=0),
        money=(money,),
    )
