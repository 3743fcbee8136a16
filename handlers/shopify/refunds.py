"""Refunds: what their successful transactions moved, whatever their lines come to.

Goods that come back without money are no refund here. The lines are told when they and the adjustments come to the
money exactly; otherwise the amount stands alone, and that is said.
"""

from dataclasses import dataclass

from handlers.building import refund_issued
from handlers.fields import Field
from handlers.shopify import ids
from handlers.shopify.money import ShopMoney, currency_of
from handlers.shopify.payments import STATUSES
from handlers.shopify.returned import NOTHING, Returned, returned
from schemas.deliveries import Ignored, Told, Translation
from schemas.facts import Refund, RefundMoney
from schemas.money import major_units
from schemas.sources import Source


@dataclass(frozen=True, slots=True)
class _Moved:
    """The refund's transactions: those that moved money, and those that may yet."""

    done: tuple[Field, ...]
    pending: tuple[Field, ...]


def read(body: Field, source: Source) -> Translation:
    """The refund, when money moved. Money still on its way is told by no later webhook, so it must not pass unseen."""
    moved = _transactions(body)
    if not moved.done:
        if moved.pending:
            raise (
                moved.pending[0].get("status").bad("the money is still on its way, and Shopify tells it no second time")
            )
        return Ignored("no money moved")
    codes = _shop_codes(body)
    currencies = {currency_of(transaction, codes): transaction for transaction in moved.done}
    if len(currencies) != 1:
        raise moved.done[-1].get("currency").bad("another currency than the refund's other transactions")
    shop = ShopMoney(next(iter(currencies)))
    return _told(body, source, shop, moved)


def _transactions(body: Field) -> _Moved:
    done, pending = [], []
    for transaction in body.get("transactions").items():
        if transaction.get("kind").word() != "refund" or transaction.get("test").flag():
            continue
        status = transaction.get("status")
        if status.word() not in STATUSES:
            raise status.bad("not a status of a transaction")
        if status.word() == "success":
            done.append(transaction)
        elif status.word() in ("pending", "awaiting_response"):
            pending.append(transaction)
    return _Moved(tuple(done), tuple(pending))


def _shop_codes(body: Field) -> list[Field]:
    """Where the body names the shop's currency."""
    sets = [body.get("total_duties_set"), *(line.get("subtotal_set") for line in body.get("refund_line_items").items())]
    return [each.get("shop_money", "currency_code") for each in sets]


def _told(body: Field, source: Source, shop: ShopMoney, moved: _Moved) -> Translation:
    identifier = ids.own(body, "Refund")
    lossy = ids.lost_digits(body, "Refund")
    order_id = ids.reference(body.get("order_id"), lossy=lossy)
    money = tuple(part for transaction in moved.done if (part := _money(transaction, shop, lossy=lossy)))
    amount = sum(part.amount for part in money)
    if amount == 0:
        return Ignored("no money moved")
    notes = [f"order_id: {ids.LOST}"] if lossy and order_id is None else []
    if moved.pending:
        notes.append("further money is still on its way, and Shopify tells it no second time")
    if not all(transaction.get("currency").told for transaction in moved.done):
        notes.append(f"its transactions name no currency: the shop's, {shop.currency}, as its lines tell it")
    goods = _goods(body, shop, amount, notes)
    at = body.get("processed_at") if body.get("processed_at").told else body.get("created_at")
    refund = Refund(
        id=identifier,
        issued_at=at.time(),
        currency=shop.currency,
        amount=amount,
        reason=body.get("note").text(),
        order_id=order_id,
        lines=goods.lines,
        shipping=goods.shipping,
        adjustment=goods.adjustment,
        money=money,
    )
    return Told((refund_issued(source, refund),), tuple(notes))


def _money(transaction: Field, shop: ShopMoney, *, lossy: bool) -> RefundMoney | None:
    amount = shop.minor(transaction.get("amount"))
    if amount < 0:
        raise transaction.get("amount").bad("less than nothing")
    if amount == 0:
        return None
    return RefundMoney(
        payment_id=ids.reference(transaction.get("parent_id"), lossy=lossy),
        gateway=transaction.get("gateway").text(),
        method=transaction.get("payment_details", "payment_method_name").text(),
        amount=amount,
    )


def _goods(body: Field, shop: ShopMoney, amount: int, notes: list[str]) -> Returned:
    """What came back, when it comes to the money; else nothing, with a note."""
    if {code.word() for code in _shop_codes(body) if code.told} - {shop.currency, "XXX"}:
        notes.append("its lines are told in another currency than its money: told as an amount only")
        return NOTHING
    found = returned(body, shop)
    for candidate in found:
        if candidate.total == amount:
            return candidate
    lines, went = (major_units(each, shop.currency) for each in (found[0].total, amount))
    notes.append(f"its lines come to {lines} {shop.currency} and its money to {went}: told as an amount only")
    return NOTHING
