"""An order as edits left it, whatever was refunded of it.

Shopify's `current_total_price` falls with edits and with refunds alike, and a refund tells its own money. So an edited
order's total is `current_total_price` and the money refunded put back: what is told as the order, less what is told as
refunds, is what the shop says the order is worth now, in whichever order they arrive.

An edit that takes goods off leaves a refund record that moves no money, with the figures of what went; one that adds
goods leaves them among the lines, which no longer come to `total_price`. One of the two must be there: totals alone may
differ for other reasons. Where money for what was taken off has gone back since, by a refund of its own, the refund
tells it, and the order stands as before. What does not tie either way keeps its figures, and is parked as such.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from handlers.fields import Field
from handlers.shopify.money import ShopMoney
from handlers.shopify.payments import STATUSES
from handlers.shopify.returned import Returned, returned
from schemas.facts import Order, OrderLine, RefundLine, Shipping, Tax

_MOVES: Final = frozenset({"success", "pending", "awaiting_response"})
"""Of a refund's transactions: what `refunds/create` tells, or parks because it is still on its way."""


def edited(body: Field, shop: ShopMoney, order: Order) -> Order | None:
    """`order` (as its own lines tell it) with its edits; None where nothing says that it was edited."""
    if not (body.get("current_total_price").told or body.get("current_total_price_set").told):
        return None
    refunds = [(refund, _money(refund, shop)) for refund in body.get("refunds").items()]
    taken = [
        _taken(body, refund, shop)
        for refund, money in refunds
        if money == 0 and next(refund.get("refund_line_items").items(), None)
    ]
    total = shop.told(body, "current_total_price") + sum(money for _, money in refunds)
    if not taken and order.total in (total, _comes_to(order)):
        return None
    if total < 0:
        raise body.get("current_total_price").bad("less than nothing")
    whole = order.model_copy(update={"total": total})
    left = whole if _comes_to(whole) == total else _without(body, whole, taken)
    return Order.model_validate(left.model_dump())  # copies are not checked as they are made


def _money(refund: Field, shop: ShopMoney) -> int:
    """What its transactions gave back, or are about to."""
    moved = 0
    for transaction in refund.get("transactions").items():
        status = transaction.get("status")
        if status.word() not in STATUSES:
            raise status.bad("not a status of a transaction")
        told = transaction.get("kind").word() == "refund" and not transaction.get("test").flag()
        if told and status.word() in _MOVES:
            moved += shop.minor(transaction.get("amount"))
    return moved


def _taken(body: Field, refund: Field, shop: ShopMoney) -> Returned:
    on_top, inside = returned(refund, shop)
    return inside if body.get("taxes_included").flag() else on_top


def _comes_to(order: Order) -> int:
    taxed: list[OrderLine | Shipping] = [*order.lines, order.shipping]
    parts = sum(part.total + sum(tax.amount for tax in part.taxes) for part in taxed)
    return parts + order.tip + order.rounding - order.discount


def _without(body: Field, order: Order, taken: Iterable[Returned]) -> Order:
    """The order less the lines that were taken off it."""
    lines = {line.id: line for line in order.lines}
    for gone in (line for each in taken for line in each.lines or ()):
        if gone.order_line_id not in lines:
            raise body.get("refunds").bad("names a line that the order does not have")
        line = lines[gone.order_line_id]
        lines[line.id] = line.model_copy(
            update={
                "quantity": _less(line.quantity, gone.quantity),
                "total": line.total - gone.total,
                "taxes": _taxes_left(body, line, gone),
            }
        )
    left = tuple(line for line in lines.values() if line.quantity != "0" or line.total or line.taxes)
    return order.model_copy(update={"lines": left})


def _less(quantity: str | None, gone: str | None) -> str | None:
    if quantity is None or gone is None:
        return None
    left = Decimal(quantity) - Decimal(gone)
    return format(left, "f") if left else "0"


def _taxes_left(body: Field, line: OrderLine, gone: RefundLine) -> tuple[Tax, ...]:
    """What is left of the line's taxes: of several, a part that went is told in one sum, and so is the rest."""
    went = sum(tax.amount for tax in gone.taxes)
    if not went:
        return line.taxes
    left = sum(tax.amount for tax in line.taxes) - went
    if not left:
        return ()
    if len({tax.remitted_by for tax in line.taxes}) > 1:
        raise body.get("refunds").bad("does not say whether the seller's or the marketplace's tax went back")
    first, *more = line.taxes or gone.taxes
    unnamed = {"code": None, "rate": None} if more else {}
    return (first.model_copy(update={"amount": left, **unnamed}),)
