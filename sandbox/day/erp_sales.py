"""What was sold by the two upstream systems, which speak canonical events themselves and in several currencies."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from sandbox.day.baskets import any_tax, basket, order, priced, some_tax, taxed
from sandbox.day.buyers import NOBODY, Buyers
from sandbox.day.chance import Chance
from sandbox.day.facts import Buyer, Order, Payment, Refund, Share
from sandbox.day.money import share
from sandbox.day.sales import bare_refund, paid, refund_of, returned, some_returned, through
from sandbox.day.shops import CONNECTION_OF, GOODS, LATE_GOODS

Back = Literal["none", "lines", "full", "fee", "amount", "credit", "credit amount"]


@dataclass(frozen=True)
class Shape:
    """One way of selling. `paid` are per cents of what is owed; `together` is two orders paid as one."""

    name: str
    currency: str
    who: Literal["regular", "guest", "mailer", "nobody"] = "regular"
    taxed: bool = False
    shipping: int = 0
    tip: int = 0
    off: int = 0
    discount: int = 0
    rounded: bool = False
    paid: tuple[int, ...] = (100,)
    gateways: tuple[str, ...] = ("paypal", "cash")
    back: Back = "none"
    together: bool = False
    lamp: bool = False


SHAPES: Final = {
    "acme-erp": (
        Shape("dollars", "USD", taxed=True, shipping=900),
        Shape("yen", "JPY", shipping=500),
        Shape("dinars", "KWD", shipping=650, discount=500),
        Shape("partly paid", "USD", taxed=True, paid=(60,)),
        Shape("split payment", "USD", taxed=True, paid=(35, 65), tip=400),
        Shape("credit without money", "USD", taxed=True, paid=(50,), back="credit"),
        Shape("two orders, one payment", "USD", taxed=True, together=True),
        Shape("euros, refund of lines", "EUR", taxed=True, back="lines"),
        Shape("rounded, tipped, discounted", "USD", taxed=True, tip=500, discount=250, rounded=True, shipping=450),
        Shape("dinars, refund of lines", "KWD", back="lines"),
        Shape("not paid", "USD", taxed=True, paid=()),
        Shape("full refund", "USD", taxed=True, shipping=900, tip=200, back="full"),
        Shape("refund less a fee", "USD", taxed=True, back="fee"),
        Shape("refund, amount only", "JPY", back="amount"),
        Shape("credit, amount only", "KWD", paid=(25,), back="credit amount"),
        Shape("till", "USD", who="nobody", taxed=True, gateways=("cash",)),
        Shape("guest", "USD", who="guest", off=10),
    ),
    "borea-erp": (
        Shape("euros", "EUR", taxed=True, shipping=3900, gateways=("bank_transfer",)),
        Shape("partly paid", "EUR", taxed=True, paid=(40, 20), gateways=("bank_transfer", "cash")),
        Shape("credit without money", "EUR", taxed=True, paid=(50,), back="credit"),
        Shape("refund of lines", "EUR", taxed=True, back="lines", gateways=("bank_transfer",)),
        Shape("yen", "JPY", shipping=1500),
        Shape("unmapped lamp", "EUR", taxed=True, lamp=True),
        Shape("two orders, one payment", "EUR", taxed=True, together=True, gateways=("bank_transfer",)),
        Shape("dollars, full refund", "USD", shipping=4500, back="full"),
        Shape("dinars", "KWD", discount=1000, tip=250),
        Shape("nameless guest", "EUR", who="mailer", taxed=True, rounded=True),
    ),
}


@dataclass(frozen=True)
class ErpSale:
    """One order, or two that were paid together."""

    shape: Shape
    orders: tuple[Order, ...]
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]


def sell(chance: Chance, source: str, place: int, now: datetime, count: int) -> tuple[ErpSale, ...]:
    """Sales of `count` orders, or of one more, the shapes in turn."""
    ids = iter(range(1, 1_000))
    buyers = Buyers(chance, source, place, lambda: f"c-{next(ids)}")
    shapes = SHAPES[source]
    sales: list[ErpSale] = []
    orders = 0
    while orders < count:
        sale = _one(chance, source, shapes[len(sales) % len(shapes)], now=now, buyers=buyers, place=orders)
        sales.append(sale)
        orders += len(sale.orders)
    return tuple(sales)


def _one(chance: Chance, source: str, shape: Shape, *, now: datetime, buyers: Buyers, place: int) -> ErpSale:
    at = chance.moment(now, chance.number(4, 23))
    buyer = _buyer(buyers, shape)
    orders = tuple(
        _order(chance, source, shape, number=f"SO-{4_000 + place + i}", at=at + timedelta(seconds=i), buyer=buyer)
        for i in range(2 if shape.together else 1)
    )
    key = f"r-{orders[0].number[3:]}"
    back_at = chance.moment(now, chance.number(1, 3))
    if shape.back in ("credit", "credit amount"):
        credit = _credit(orders[0], key, back_at, bare=shape.back == "credit amount")
        owed = orders[0].total - credit.amount
        return ErpSale(shape, orders, _payments(shape, orders, owed), (credit,))
    payments = _payments(shape, orders, sum(order.total for order in orders))
    return ErpSale(shape, orders, payments, _refunds(chance, shape, orders[0], payments, key=key, at=back_at))


def _buyer(buyers: Buyers, shape: Shape) -> Buyer:
    match shape.who:
        case "regular":
            return buyers.regular()
        case "guest":
            return buyers.guest()
        case "mailer":
            return buyers.mailer()
        case "nobody":
            return NOBODY


def _order(chance: Chance, source: str, shape: Shape, *, number: str, at: datetime, buyer: Buyer) -> Order:
    alias = CONNECTION_OF[source].alias
    regime = some_tax(chance, alias) if shape.taxed else any_tax(chance, alias)
    if shape.currency in ("JPY", "KWD"):
        regime = ()
    numbers = iter(range(1, 100))
    extra = (LATE_GOODS,) if shape.lamp else (GOODS[alias][0],) if shape.back.startswith("credit") else ()
    shipping = priced(shape.shipping, shape.currency) if shape.shipping else 0
    made = order(
        source=source,
        key=f"so-{number[3:]}",
        number=number,
        completed_at=at,
        currency=shape.currency,
        buyer=buyer,
        lines=basket(
            chance,
            alias,
            shape.currency,
            lambda: str(next(numbers)),
            regime=regime,
            off=shape.off,
            extra=extra,
        ),
        shipping=shipping,
        shipping_taxes=taxed(shipping, regime) if shipping else (),
        tip=shape.tip,
        discount=shape.discount,
    )
    if not shape.rounded:
        return made
    up = 10 - made.total % 10
    return replace(made, rounding=up, total=made.total + up)


def _payments(shape: Shape, orders: tuple[Order, ...], owed: int) -> tuple[Payment, ...]:
    """The payments, each its per cent of what is owed, the last one of a hundred per cent taking the rest."""
    first = orders[0]
    at = first.completed_at + timedelta(minutes=3)
    if shape.together:
        shares = tuple(Share(order.key, order.total) for order in orders)
        one = Payment(first.source, f"p-{first.number[3:]}", at, first.currency, owed, shape.gateways[0], shares)
        return (one,)
    made: list[Payment] = []
    left = owed
    for i, per_cent in enumerate(shape.paid):
        last = sum(shape.paid) == 100 and i == len(shape.paid) - 1
        amount = left if last else share(owed, per_cent, 100)
        left -= amount
        gateway = shape.gateways[i % len(shape.gateways)]
        made.append(paid(first, f"p-{first.number[3:]}-{i + 1}", at + timedelta(seconds=i), amount, gateway))
    return tuple(made)


def _credit(order: Order, key: str, at: datetime, *, bare: bool) -> Refund:
    """A credit of one piece of the first line: less than the order, because the basket has two lines or more."""
    credit = refund_of(order, key, at, reason="Arrived scratched", lines=(returned(order.lines[0], 1),), payment=None)
    return replace(credit, lines=None) if bare else credit


def _refunds(
    chance: Chance, shape: Shape, order: Order, payments: tuple[Payment, ...], *, key: str, at: datetime
) -> tuple[Refund, ...]:
    everything = tuple(returned(line, line.quantity) for line in order.lines)
    match shape.back:
        case "lines":
            lines = some_returned(chance, order)
            return (refund_of(order, key, at, reason="Returned", lines=lines, payment=payments[0]),)
        case "full":
            return (refund_of(order, key, at, reason="Damaged", lines=everything, payment=payments[0], whole=True),)
        case "fee":
            fee = -priced(250, order.currency)
            return (
                refund_of(order, key, at, reason="Returned", lines=everything, payment=payments[0], adjustment=fee),
            )
        case "amount":
            part = share(payments[0].amount, 30, 100)
            return (bare_refund(order, key, at, "Goodwill", (through(payments[0], part),)),)
        case _:
            return ()
