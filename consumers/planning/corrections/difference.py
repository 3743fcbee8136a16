"""What changed between two revisions of an order, told as an order of only that.

What a marketplace remits is in neither: it is on no invoice of the seller.
"""

from collections import Counter
from collections.abc import Iterable
from decimal import localcontext

from consumers.planning.amounts import invoice_total, seller_taxes
from consumers.planning.exact import EXACT, sensible
from schemas.facts import Order, OrderLine, Shipping, Tax


def difference(before: Order, after: Order) -> Order | None:
    """What is to be added to the invoices of `before` (below zero: taken off them); None where nothing is.

    Amounts have either sign, the total too, so it is no order that could be told; its customer is that of `before`.
    """
    changed = after.model_copy(
        update={
            "customer": before.customer,
            "lines": _lines(before, after),
            "shipping": Shipping.model_construct(
                total=after.shipping.total - before.shipping.total,
                taxes=_taxes(before.shipping.taxes, after.shipping.taxes),
            ),
            "tip": after.tip - before.tip,
            "discount": after.discount - before.discount,
            "rounding": after.rounding - before.rounding,
            "total": invoice_total(after) - invoice_total(before),
        }
    )
    parts = (changed.lines, changed.shipping.total, changed.shipping.taxes, changed.tip, changed.discount)
    return changed if any((*parts, changed.rounding)) else None


def negated(order: Order) -> Order:
    """The same with every sign turned: what is taken off, as what is given back."""
    return order.model_copy(
        update={
            "lines": tuple(_signed(line, -1) for line in order.lines),
            "shipping": Shipping.model_construct(
                total=-order.shipping.total, taxes=_signed_taxes(order.shipping.taxes, -1)
            ),
            "tip": -order.tip,
            "discount": -order.discount,
            "rounding": -order.rounding,
            "total": -order.total,
        }
    )


def sellers_part(order: Order) -> Order:
    """The order as the seller's invoice has it."""
    shipping = order.shipping
    return order.model_copy(
        update={
            "lines": tuple(_signed(line, 1) for line in order.lines),
            "shipping": Shipping.model_construct(total=shipping.total, taxes=seller_taxes(shipping.taxes)),
            "total": invoice_total(order),
        }
    )


def _lines(before: Order, after: Order) -> tuple[OrderLine, ...]:
    """By line id; what is sold as something else now is taken off and added."""
    old, new = _by_id(before.lines), _by_id(after.lines)
    changed: list[OrderLine] = []
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = old.get(key), new.get(key)
        if was is not None and now is not None and (was.sku, was.kind) == (now.sku, now.kind):
            changed.append(_changed(was, now))
            continue
        changed += [] if was is None else [_signed(was, -1)]
        changed += [] if now is None else [_signed(now, 1)]
    return tuple(line for line in changed if line.total or line.taxes)


def _by_id(lines: Iterable[OrderLine]) -> dict[tuple[str, int], OrderLine]:
    """A second line of an id is told apart by that."""
    seen: Counter[str] = Counter()
    found: dict[tuple[str, int], OrderLine] = {}
    for line in lines:
        found[line.id, seen[line.id]] = line
        seen[line.id] += 1
    return found


def _changed(was: OrderLine, now: OrderLine) -> OrderLine:
    same_price = was.unit_price is not None and was.unit_price == now.unit_price
    return now.model_copy(
        update={
            "total": now.total - was.total,
            "taxes": _taxes(was.taxes, now.taxes),
            "quantity": _less(now.quantity, was.quantity) if same_price else None,
        }
    )


def _signed(line: OrderLine, sign: int) -> OrderLine:
    quantity = line.quantity if sign > 0 else _less("0", line.quantity)
    taxes = _signed_taxes(line.taxes, sign)
    return line.model_copy(update={"total": sign * line.total, "quantity": quantity, "taxes": taxes})


def _signed_taxes(taxes: Iterable[Tax], sign: int) -> tuple[Tax, ...]:
    return tuple(tax.model_copy(update={"amount": sign * tax.amount}) for tax in seller_taxes(taxes))


def _taxes(was: Iterable[Tax], now: Iterable[Tax]) -> tuple[Tax, ...]:
    """By code and rate."""
    amounts: dict[tuple[str | None, str | None], int] = {}
    for taxes, sign in ((now, 1), (was, -1)):
        for tax in seller_taxes(taxes):
            amounts[tax.code, tax.rate] = amounts.get((tax.code, tax.rate), 0) + sign * tax.amount
    return tuple(
        Tax.model_construct(code=code, rate=rate, amount=amount, remitted_by="seller")
        for (code, rate), amount in amounts.items()
        if amount
    )


def _less(one: str | None, other: str | None) -> str | None:
    left, right = sensible(one), sensible(other)
    if left is None or right is None:
        return None
    with localcontext(EXACT):
        return format(left - right, "f")
