"""What was sold in the two Shopify shops. Amounts are in the shop's currency, which is its books' home currency."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from sandbox.day.baskets import Regime, any_tax, basket, order, some_tax, taken_out, taxed
from sandbox.day.buyers import NOBODY, Buyers
from sandbox.day.chance import Chance
from sandbox.day.facts import Buyer, Line, Order, Payment, Refund
from sandbox.day.money import share
from sandbox.day.sales import Sale, bare_refund, paid, refund_of, returned, some_returned, through
from sandbox.day.shops import CONNECTION_OF, LATE_GOODS

Back = Literal["none", "lines", "below lines", "full", "two ways", "goods only"]


@dataclass(frozen=True)
class Shape:
    """One way of selling in a shop. `lamp`: with the goods that nobody has mapped yet."""

    name: str
    who: Literal["regular", "guest", "mailer", "nobody"] = "regular"
    taxed: bool = False
    shipping: int = 0
    off: int = 0
    tip: int = 0
    gateways: tuple[str, ...] = ("shopify_payments",)
    back: Back = "none"
    included: bool = False
    lamp: bool = False
    abroad: bool = False
    twice_told: bool = False
    authorised: bool = False


SHAPES: Final = {
    "acme-shop": (
        Shape("plain"),
        Shape("taxed shipping", taxed=True, shipping=695),
        Shape("line discount", taxed=True, off=20),
        Shape("tip", tip=350, taxed=True),
        Shape("split tender", gateways=("shopify_payments", "paypal"), taxed=True, shipping=695),
        Shape("guest", who="guest"),
        Shape("refund of lines", back="lines", taxed=True),
        Shape("refund below its lines", back="below lines", taxed=True),
        Shape("full refund", back="full", taxed=True),
        Shape("goods back, no money", back="goods only", taxed=True),
        Shape("refund two ways", gateways=("paypal", "shopify_payments"), back="two ways", taxed=True),
        Shape("till", who="nobody", gateways=("cash",), taxed=True),
        Shape("shown in yen", abroad=True, gateways=("paypal",), shipping=1250),
        Shape("created and paid", twice_told=True, taxed=True),
        Shape("authorised first", authorised=True),
        Shape("nameless guest", who="mailer", taxed=True, off=10, tip=200, shipping=695),
    ),
    "borea-shop": (
        Shape("prices with tax", taxed=True, included=True),
        Shape("taxed shipping", taxed=True, shipping=4900),
        Shape("unmapped lamp", lamp=True, taxed=True),
        Shape("refund of lines", back="lines", taxed=True),
        Shape("full refund", back="full", taxed=True),
        Shape("split tender", gateways=("shopify_payments", "paypal"), taxed=True),
        Shape("unmapped lamp, refunded", lamp=True, back="lines", taxed=True),
        Shape("prices with tax, discounted", taxed=True, included=True, off=25, shipping=2990),
        Shape("guest", who="guest", gateways=("paypal",)),
        Shape("goods back, no money", back="goods only", taxed=True),
        Shape("nameless guest", who="mailer", taxed=True),
    ),
}


@dataclass(frozen=True)
class ShopSale:
    """A sale, and the lines that came back without any money (`goods_back`), which is no fact for the books."""

    shape: Shape
    sale: Sale
    goods_back: tuple[Line, ...] = ()


def sell(chance: Chance, source: str, place: int, now: datetime, count: int) -> tuple[ShopSale, ...]:
    """`count` sales, the shapes in turn. `place` is the source's place among the day's sources."""
    buyers = Buyers(chance, source, place, chance.wide_id)
    shapes = SHAPES[source]
    letter = source[0].upper()
    return tuple(
        _one(chance, source, shapes[i % len(shapes)], now=now, buyers=buyers, number=f"{letter}{1_001 + i}")
        for i in range(count)
    )


def _one(chance: Chance, source: str, shape: Shape, *, now: datetime, buyers: Buyers, number: str) -> ShopSale:
    at = chance.moment(now, chance.number(4, 23))
    buyer = NOBODY
    if shape.who != "nobody":
        buyer = {"regular": buyers.regular, "guest": buyers.guest, "mailer": buyers.mailer}[shape.who]()
    made = _order(chance, source, shape, number=number, at=at, buyer=buyer)
    payments = _payments(chance, shape, made)
    refunds = _refunds(chance, now, shape, made, payments)
    back = some_returned(chance, made) if shape.back == "goods only" else ()
    return ShopSale(shape, Sale(shape.name, made, payments, refunds), back)


def _order(chance: Chance, source: str, shape: Shape, *, number: str, at: datetime, buyer: Buyer) -> Order:
    need = CONNECTION_OF[source]
    regime: Regime = some_tax(chance, need.alias) if shape.taxed else any_tax(chance, need.alias)
    lines = basket(
        chance,
        need.alias,
        need.home_currency,
        chance.wide_id,
        regime=regime,
        off=shape.off,
        included=shape.included,
        extra=(LATE_GOODS,) if shape.lamp else (),
    )
    shipping, shipping_taxes = shape.shipping, taxed(shape.shipping, regime) if shape.shipping else ()
    if shape.included and shape.shipping:
        shipping_taxes = taken_out(shape.shipping, regime)
        shipping -= sum(tax.amount for tax in shipping_taxes)
    return order(
        source=source,
        key=chance.wide_id(),
        number=number,
        completed_at=at,
        currency=need.home_currency,
        buyer=buyer,
        lines=lines,
        shipping=shipping,
        shipping_taxes=shipping_taxes,
        tip=shape.tip,
        included=shape.included,
    )


def _payments(chance: Chance, shape: Shape, made: Order) -> tuple[Payment, ...]:
    first = made.total if len(shape.gateways) == 1 else share(made.total, chance.number(25, 75), 100)
    amounts = (made.total,) if len(shape.gateways) == 1 else (first, made.total - first)
    return tuple(
        paid(made, chance.wide_id(), made.completed_at - timedelta(seconds=20 - i), amount, gateway)
        for i, (amount, gateway) in enumerate(zip(amounts, shape.gateways, strict=True))
    )


def _refunds(
    chance: Chance, now: datetime, shape: Shape, made: Order, payments: tuple[Payment, ...]
) -> tuple[Refund, ...]:
    at, key = chance.moment(now, chance.number(1, 2)), chance.wide_id()
    everything = tuple(returned(line, line.quantity) for line in made.lines)
    match shape.back:
        case "none" | "goods only":
            return ()
        case "lines":
            lines = some_returned(chance, made)
            return (refund_of(made, key, at, reason="Too small", lines=lines, payment=payments[0]),)
        case "full":
            return (refund_of(made, key, at, reason="Damaged", lines=everything, payment=payments[0], whole=True),)
        case "below lines":
            part = share(payments[0].amount, 40, 100)
            return (bare_refund(made, key, at, "Kept against a discount", (through(payments[0], part),)),)
        case "two ways":
            back = refund_of(made, key, at, reason="Late", lines=everything, payment=payments[0], whole=True)
            money = tuple(through(payment, payment.amount) for payment in payments)
            return (replace(back, money=money),)
