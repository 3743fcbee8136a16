"""Transactions on an order: money in is a sale or a capture that succeeded; the rest is none, or is told elsewhere."""

from typing import Final

from handlers.building import payment_received
from handlers.fields import Field
from handlers.shopify import ids
from handlers.shopify.money import ShopMoney, currency_of
from schemas.deliveries import Ignored, Told, Translation
from schemas.facts import Application, Payment
from schemas.sources import Source

STATUSES: Final = frozenset({"success", "pending", "failure", "error", "awaiting_response", "unknown"})

_MONEY_IN: Final = frozenset({"sale", "capture"})
_ELSEWHERE: Final = {
    "authorization": "no money moved: a capture will tell",
    "emv_authorization": "no money moved: a capture will tell",
    "void": "no money moved",
    "refund": "refunds/create tells it",
    "suggested_refund": "no money moved",
    "change": "cash handed back as change",
}


def read(body: Field, source: Source) -> Translation:
    """The payment, once its money has moved."""
    kind, status = body.get("kind").word(), body.get("status").word()
    if body.get("test").flag():
        return Ignored("a test transaction")
    if kind not in _MONEY_IN:
        if kind not in _ELSEWHERE:
            raise body.get("kind").bad("not a kind of transaction")
        return Ignored(f"{kind}: {_ELSEWHERE[kind]}")
    if status not in STATUSES:
        raise body.get("status").bad("not a status of a transaction")
    if status != "success":
        return Ignored(f"{kind}, {status.replace('_', ' ')}: no money moved")
    shop = ShopMoney(currency_of(body, [body.get("total_unsettled_set", "shop_money", "currency")]))
    amount = shop.minor(body.get("amount"))
    if amount == 0:
        return Ignored(f"{kind} of nothing: no money moved")
    if amount < 0:
        raise body.get("amount").bad("less than nothing")
    return _payment(body, source, shop.currency, amount)


def _payment(body: Field, source: Source, currency: str, amount: int) -> Told:
    order_id = ids.reference(body.get("order_id"), lossy=ids.lost_digits(body, "OrderTransaction"))
    at = body.get("processed_at") if body.get("processed_at").told else body.get("created_at")
    payment = Payment(
        id=ids.own(body, "OrderTransaction"),
        received_at=at.time(),
        currency=currency,
        amount=amount,
        gateway=body.get("gateway").text(),
        method=body.get("payment_details", "payment_method_name").text(),
        reference=body.get("payment_id").text(),
        applies_to=None if order_id is None else (Application(order_id=order_id, amount=amount),),
    )
    lost = order_id is None and body.get("order_id").told
    return Told((payment_received(source, payment),), (f"order_id: {ids.LOST}",) if lost else ())
