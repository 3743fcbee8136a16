"""A sale: an order with all that followed from it; and how its refunds are put together."""

from dataclasses import dataclass, replace
from datetime import datetime

from sandbox.day.chance import Chance
from sandbox.day.facts import Line, MoneyBack, Order, Payment, Refund, Share


@dataclass(frozen=True)
class Sale:
    """`shape` names the situation that the sale was made to show."""

    shape: str
    order: Order
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()

    @property
    def orders(self) -> tuple[Order, ...]:
        """The one order, as a tuple."""
        return (self.order,)


def paid(order: Order, key: str, at: datetime, amount: int, gateway: str) -> Payment:
    """A payment of that one order."""
    return Payment(order.source, key, at, order.currency, amount, gateway, (Share(order.key, amount),))


def returned(line: Line, quantity: int) -> Line:
    """A part of an order's line, coming back: its share of total and taxes, never more than was sold."""
    taxes = tuple(replace(tax, amount=tax.amount * quantity // line.quantity) for tax in line.taxes)
    return replace(line, quantity=quantity, discount=0, total=line.total * quantity // line.quantity, taxes=taxes)


def some_returned(chance: Chance, order: Order) -> tuple[Line, ...]:
    """One of the order's lines, in part or whole."""
    line = chance.pick(order.lines)
    return (returned(line, chance.number(1, line.quantity)),)


def through(payment: Payment, amount: int) -> MoneyBack:
    """Money back through that payment."""
    return MoneyBack(payment.key, payment.gateway, amount)


def bare_refund(order: Order, key: str, at: datetime, reason: str, money: tuple[MoneyBack, ...]) -> Refund:
    """A refund of which the source told nothing but the money."""
    return Refund(
        source=order.source,
        key=key,
        issued_at=at,
        currency=order.currency,
        amount=sum(back.amount for back in money),
        reason=reason,
        order=order.key,
        lines=None,
        shipping=0,
        shipping_taxes=(),
        tip=0,
        adjustment=0,
        money=money,
    )


def refund_of(
    order: Order,
    key: str,
    at: datetime,
    *,
    reason: str,
    lines: tuple[Line, ...],
    payment: Payment | None,
    whole: bool = False,
    adjustment: int = 0,
) -> Refund:
    """A refund of these lines, and with `whole` of shipping and tip too; without a payment it is a credit."""
    shipping = order.shipping if whole else 0
    shipping_taxes = order.shipping_taxes if whole else ()
    tip = order.tip if whole else 0
    goods = sum(line.total + line.tax for line in lines)
    amount = goods + shipping + sum(tax.amount for tax in shipping_taxes) + tip + adjustment
    return Refund(
        source=order.source,
        key=key,
        issued_at=at,
        currency=order.currency,
        amount=amount,
        reason=reason,
        order=order.key,
        lines=lines,
        shipping=shipping,
        shipping_taxes=shipping_taxes,
        tip=tip,
        adjustment=adjustment,
        money=() if payment is None else (through(payment, amount),),
    )
