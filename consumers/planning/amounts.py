"""Whether a fact's numbers tie, said the way an accountant would add them up; and its taxes."""

from collections.abc import Iterable, Iterator

from schemas.facts import Order, Refund, Tax
from schemas.money import major_units


def order_taxes(order: Order) -> Iterator[Tax]:
    """Every tax on the order: its lines' and its shipping's."""
    for line in order.lines:
        yield from line.taxes
    yield from order.shipping.taxes


def refund_taxes(refund: Refund) -> Iterator[Tax]:
    """Every tax that is given back; none where only the amount is told."""
    if refund.lines is None:
        return
    for line in refund.lines:
        yield from line.taxes
    yield from refund.shipping.taxes


def tax_total(taxes: Iterable[Tax]) -> int:
    """Their sum, in minor units."""
    return sum(tax.amount for tax in taxes)


def seller_taxes(taxes: Iterable[Tax]) -> tuple[Tax, ...]:
    """Those that are the seller's own liability."""
    return tuple(tax for tax in taxes if tax.remitted_by == "seller")


def marketplace_tax(order: Order) -> int:
    """What of the order's total a marketplace collects and remits itself: it is not on the seller's invoice."""
    return sum(tax.amount for tax in order_taxes(order) if tax.remitted_by == "marketplace")


def invoice_total(order: Order) -> int:
    """What the seller's invoice of the order comes to, in minor units."""
    return order.total - marketplace_tax(order)


def order_misfit(order: Order) -> str | None:
    """None when the order ties; else the sum written out, with the difference."""
    return _misfit(
        [
            ("lines", sum(line.total for line in order.lines)),
            ("tax", tax_total(order_taxes(order))),
            ("shipping", order.shipping.total),
            ("tip", order.tip),
            ("rounding", order.rounding),
            ("discount", -order.discount),
        ],
        "total",
        order.total,
        order.currency,
    )


def refund_misfit(refund: Refund) -> str | None:
    """None when the refund ties and moves no more money than it is of; else what does not add up."""
    moved = sum(money.amount for money in refund.money)
    if moved > refund.amount:
        return _misfit([("money moved", moved)], "amount", refund.amount, refund.currency)
    if refund.lines is None:
        return None
    return _misfit(
        [
            ("lines", sum(line.total for line in refund.lines)),
            ("tax", tax_total(refund_taxes(refund))),
            ("shipping", refund.shipping.total),
            ("tip", refund.tip),
            ("adjustment", refund.adjustment),
        ],
        "amount",
        refund.amount,
        refund.currency,
    )


def _misfit(parts: list[tuple[str, int]], what: str, stated: int, currency: str) -> str | None:
    """`lines 23.68 + tax 1.90 = 25.58, total says 25.57: 0.01 USD over`."""
    whole = sum(minor for _, minor in parts)
    if whole == stated:
        return None
    (first, amount), *rest = parts
    terms = [f"{first} {major_units(amount, currency)}"]
    terms += [
        f"{'-' if minor < 0 else '+'} {name} {major_units(abs(minor), currency)}" for name, minor in rest if minor
    ]
    summed = f" = {major_units(whole, currency)}" if len(terms) > 1 else ""
    apart = f"{major_units(abs(whole - stated), currency)} {currency} {'over' if whole > stated else 'short'}"
    return f"{' '.join(terms)}{summed}, {what} says {major_units(stated, currency)}: {apart}"
