"""What a refund says came back: lines, shipping and adjustments, to be held against the money that moved.

A refund does not say whether its figures include tax (its order does), so they are read both ways; at most one comes to
the money. Order adjustments are negative when they go to the buyer, and are turned round.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from handlers.fields import Field
from handlers.shopify import ids
from handlers.shopify.money import ShopMoney
from schemas.facts import RefundLine, Shipping, Tax


@dataclass(frozen=True, slots=True)
class Returned:
    """`lines` None: only the amount is known."""

    lines: tuple[RefundLine, ...] | None
    shipping: Shipping
    adjustment: int

    @property
    def total(self) -> int:
        """What it all comes to, in minor units."""
        taxed: list[RefundLine | Shipping] = [*(self.lines or ()), self.shipping]
        return sum(part.total + sum(tax.amount for tax in part.taxes) for part in taxed) + self.adjustment


NOTHING: Final = Returned(None, Shipping(total=0), 0)


def returned(body: Field, shop: ShopMoney) -> tuple[Returned, Returned]:
    """Read with taxes on top, and with taxes inside."""
    lossy = ids.lost_digits(body, "Refund")
    return _read(body, shop, inside=False, lossy=lossy), _read(body, shop, inside=True, lossy=lossy)


def _read(body: Field, shop: ShopMoney, *, inside: bool, lossy: bool) -> Returned:
    shipping = Shipping(total=0)
    adjustment = 0
    for is_shipping, amount, tax in _adjustments(body, shop):
        if is_shipping:
            shipping = _and(shipping, amount - tax if inside else amount, tax)
        else:
            adjustment += amount if inside else amount + tax
    lines = tuple(_line(line, shop, inside=inside, lossy=lossy) for line in body.get("refund_line_items").items())
    return Returned(lines, shipping, adjustment)


def _and(shipping: Shipping, total: int, tax: int) -> Shipping:
    taxes = (Tax(code=None, rate=None, amount=tax),) if tax else ()
    return Shipping(total=shipping.total + total, taxes=(*shipping.taxes, *taxes))


def _adjustments(body: Field, shop: ShopMoney) -> Iterator[tuple[bool, int, int]]:
    """(is it shipping, amount, tax on it), positive when given back.

    Shipping stands among the order adjustments, and in newer bodies in `refund_shipping_lines`: it counts once.
    """
    told = list(body.get("order_adjustments").items())
    shipping_told = False
    for each in told:
        is_shipping = each.get("kind").value == "shipping_refund"
        shipping_told |= is_shipping
        yield is_shipping, -shop.told(each, "amount"), -shop.told_or_zero(each, "tax_amount")
    for line in () if shipping_told else body.get("refund_shipping_lines").items():
        yield True, shop.told_or_zero(line, "subtotal_amount"), shop.told_or_zero(line, "tax_amount")


def _line(line: Field, shop: ShopMoney, *, inside: bool, lossy: bool) -> RefundLine:
    item = line.get("line_item")
    subtotal, tax = shop.told(line, "subtotal"), shop.told_or_zero(line, "total_tax")
    identifier = ids.own(item, "LineItem") if item.told else ids.reference(line.get("line_item_id"), lossy=lossy)
    return RefundLine(
        order_line_id=identifier,
        sku=item.get("sku").identifier(),
        description=item.get("name").text() or item.get("title").text() or "Refunded line",
        quantity=line.get("quantity").decimal_text(),
        total=subtotal - tax if inside else subtotal,
        taxes=_taxes(item.get("tax_lines"), tax),
    )


def _taxes(lines: Field, amount: int) -> tuple[Tax, ...]:
    """The tax that went back, under its name when the line has only one."""
    if not amount:
        return ()
    told = list(lines.items())
    if len(told) != 1:
        return (Tax(code=None, rate=None, amount=amount),)
    tax = Tax(
        code=told[0].get("title").text(),
        rate=told[0].get("rate").decimal_text(),
        amount=amount,
        remitted_by="marketplace" if told[0].get("channel_liable").flag() else "seller",
    )
    return (tax,)
