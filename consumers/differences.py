"""In what two tellings of one fact disagree: in currency, amounts or references that both state."""

from collections.abc import Iterable, Sequence
from itertools import chain

from consumers.customer_identity import guest_email
from schemas.facts import Customer, Order, OrderLine, Payment, Refund, RefundLine, RefundMoney, Shipping, Tax
from schemas.money import major_units

Difference = str
"""One sentence: what, as it was told first, and as it is told now."""


def order_difference(one: Order, other: Order) -> Difference | None:
    """None when they agree."""
    return _first(
        _stated("currency", one.currency, other.currency),
        _amount("total", one.total, other.total, one.currency),
        _customers(one.customer, other.customer),
        _order_parts(one, other),
    )


def payment_difference(one: Payment, other: Payment) -> Difference | None:
    """None when they agree. An empty `applies_to` is a statement (it pays no order), null is none."""
    paid, also = one.applies_to, other.applies_to
    return _first(
        _stated("currency", one.currency, other.currency),
        _amount("amount", one.amount, other.amount, one.currency),
        None if one.customer is None or other.customer is None else _customers(one.customer, other.customer),
        None
        if paid is None or also is None
        else _by_id(
            "for order", [(a.order_id, a.amount) for a in paid], [(a.order_id, a.amount) for a in also], one.currency
        ),
        _stated("fee", _said_fee(one), _said_fee(other)),
        _stated("settlement", _said_settlement(one), _said_settlement(other)),
    )


def refund_difference(one: Refund, other: Refund) -> Difference | None:
    """None when they agree."""
    return _first(
        _stated("currency", one.currency, other.currency),
        _amount("amount", one.amount, other.amount, one.currency),
        _stated("order", one.order_id, other.order_id),
        None if one.customer is None or other.customer is None else _customers(one.customer, other.customer),
        _moneys(one.money, other.money, one.currency),
        _refund_parts(one, other),
    )


def _first(*differences: Difference | None) -> Difference | None:
    return next((difference for difference in differences if difference is not None), None)


def _stated(what: str, one: str | None, other: str | None) -> Difference | None:
    if one is None or other is None or one == other:
        return None
    return f"{what}: first told as {one}, now as {other}"


def _amount(what: str, one: int, other: int, currency: str) -> Difference | None:
    if one == other:
        return None
    first, now, apart = (f"{major_units(minor, currency)} {currency}" for minor in (one, other, abs(one - other)))
    return f"{what}: first told as {first}, now as {now}: {apart} {'more' if other > one else 'less'}"


def _by_id(
    what: str, one: Iterable[tuple[str, int]], other: Iterable[tuple[str, int]], currency: str
) -> Difference | None:
    """Amounts by id: the same ids, with the same sums."""
    first, now = _sums(one), _sums(other)
    return _first(*(_amount(f"{what} {key}", first.get(key, 0), now.get(key, 0), currency) for key in {**first, **now}))


def _sums(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, amount in pairs:
        sums[key] = sums.get(key, 0) + amount
    return sums


def _customers(one: Customer, other: Customer) -> Difference | None:
    """Two ids; or two e-mails, where that is all that tells a guest."""
    if one.id is not None or other.id is not None:
        return _stated("customer", one.id, other.id)
    return _stated("customer", guest_email(one.email), guest_email(other.email))


def _said_fee(payment: Payment) -> str | None:
    fee = payment.fee
    return None if fee is None else f"{major_units(fee.amount, fee.currency)} {fee.currency}"


def _said_settlement(payment: Payment) -> str | None:
    paid = payment.settlement
    return None if paid is None else f"{major_units(paid.amount, paid.currency)} {paid.currency}"


def _moneys(one: Sequence[RefundMoney], other: Sequence[RefundMoney], currency: str) -> Difference | None:
    moved, also = sum(money.amount for money in one), sum(money.amount for money in other)
    if moved != also:
        return _amount("money moved", moved, also, currency)
    if any(money.payment_id is None for money in chain(one, other)):
        return None
    return _by_id(
        "through payment",
        [(str(money.payment_id), money.amount) for money in one],
        [(str(money.payment_id), money.amount) for money in other],
        currency,
    )


def _is_summary(lines: Sequence[OrderLine] | Sequence[RefundLine]) -> bool:
    """One line without a sku, or none: what a source tells that knows the total and not the lines."""
    return len(lines) <= 1 and not any(line.sku for line in lines)


def _order_parts(one: Order, other: Order) -> Difference | None:
    if _is_summary(one.lines) != _is_summary(other.lines):
        return None
    return _first(
        _by_id("line", _line_amounts(one.lines), _line_amounts(other.lines), one.currency),
        *_shippings(one.shipping, other.shipping, one.currency),
        _amount("tip", one.tip, other.tip, one.currency),
        _amount("discount", one.discount, other.discount, one.currency),
        _amount("rounding", one.rounding, other.rounding, one.currency),
    )


def _refund_parts(one: Refund, other: Refund) -> Difference | None:
    if one.lines is None or other.lines is None or _is_summary(one.lines) != _is_summary(other.lines):
        return None
    return _first(
        _by_id("line", _line_amounts(one.lines), _line_amounts(other.lines), one.currency),
        *_shippings(one.shipping, other.shipping, one.currency),
        _amount("tip", one.tip, other.tip, one.currency),
        _amount("adjustment", one.adjustment, other.adjustment, one.currency),
    )


def _line_amounts(lines: Sequence[OrderLine] | Sequence[RefundLine]) -> list[tuple[str, int]]:
    amounts: list[tuple[str, int]] = []
    for line in lines:
        name = line.id if isinstance(line, OrderLine) else line.order_line_id or line.description
        if _is_summary(lines):
            name = "in sum"  # two summaries need not call their one line the same
        amounts.append((name, line.total))
        amounts += _tax_amounts(f"{name}'s", line.taxes)
    return amounts


def _tax_amounts(whose: str, taxes: Iterable[Tax]) -> list[tuple[str, int]]:
    return [(f"{whose} {tax.remitted_by} tax", tax.amount) for tax in taxes]


def _shippings(one: Shipping, other: Shipping, currency: str) -> tuple[Difference | None, ...]:
    return (
        _amount("shipping", one.total, other.total, currency),
        _by_id("shipping", _tax_amounts("with", one.taxes), _tax_amounts("with", other.taxes), currency),
    )
