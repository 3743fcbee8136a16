"""A share of the month through Stripe and a Shopify shop: the day's own sales, spread over the month."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from sandbox.day import facts as day
from sandbox.day import shopify, shopify_sales, stripe, stripe_sales
from sandbox.day.chance import Chance
from sandbox.day.sales import Sale
from sandbox.day.tellings import Telling
from sandbox.month.facts import Back, Buyer, Fact, Line, Order, Payment, Refund, Tax
from sandbox.month.scribe import WEEKS

STRIPE: Final = "acme-stripe"
SHOP: Final = "acme-shop"
S = TypeVar("S", stripe_sales.StripeSale, shopify_sales.ShopSale)


@dataclass(frozen=True, slots=True)
class Told:
    """The facts of one sale, and the webhooks that tell them, all of one week."""

    week: int
    facts: tuple[Fact, ...]
    tellings: tuple[Telling, ...]


def sell(seed: int, month: datetime, stripes: int, orders: int) -> list[Told]:
    """So many sales by each."""
    told: list[Told] = []
    chance, noon = Chance(seed, STRIPE), month + timedelta(hours=23)
    for place, one in enumerate(stripe_sales.sell(chance, noon, stripes)):
        week, moved = _moved(chance, one)
        told.append(_told(week, moved.sale, stripe.tell(chance, moved), place))
    chance = Chance(seed, SHOP)
    for place, sale in enumerate(shopify_sales.sell(chance, SHOP, 1, noon, orders)):
        week, shop = _moved(chance, sale)
        told.append(_told(week, shop.sale, shopify.tell(chance, shop), place))
    return told


def _moved(chance: Chance, one: S) -> tuple[int, S]:
    """The sale on another day of the month; all of it within its week."""
    week = chance.number(1, 4)
    low, high = WEEKS[week]
    days = timedelta(days=chance.number(max(low, 2), high) - 1)
    sale = one.sale
    moved = replace(
        sale,
        order=replace(sale.order, completed_at=sale.order.completed_at + days),
        payments=tuple(replace(paid, received_at=paid.received_at + days) for paid in sale.payments),
        refunds=tuple(replace(back, issued_at=back.issued_at + days) for back in sale.refunds),
    )
    return week, replace(one, sale=moved)


def _told(week: int, sale: Sale, tellings: list[Telling], place: int) -> Told:
    again = [tellings[0]] if place % 9 == 0 else []
    order = _order(sale.order)
    facts: tuple[Fact, ...] = (order, *map(_payment, sale.payments), *(_refund(back) for back in sale.refunds))
    return Told(week, facts, (*tellings, *again))


def _taxes(taxes: tuple[day.Tax, ...]) -> tuple[Tax, ...]:
    return tuple(Tax(tax.code, tax.rate, tax.amount) for tax in taxes)


def _line(line: day.Line) -> Line:
    return Line(
        id=line.id,
        sku=line.sku,
        text=line.description,
        total=line.total,
        quantity=line.quantity,
        unit=line.unit,
        taxes=_taxes(line.taxes),
    )


def _order(order: day.Order) -> Order:
    return Order(
        source=order.source,
        key=order.key,
        number=order.number,
        at=order.completed_at,
        currency=order.currency,
        buyer=Buyer(order.buyer.id, order.buyer.name, order.buyer.email),
        lines=tuple(map(_line, order.lines)),
        shipping=order.shipping,
        shipping_taxes=_taxes(order.shipping_taxes),
        tip=order.tip,
        discount=order.discount,
        rounding=order.rounding,
        included=order.prices_include_tax,
    )


def _payment(paid: day.Payment) -> Payment:
    return Payment(
        source=paid.source,
        key=paid.key,
        at=paid.received_at,
        currency=paid.currency,
        amount=paid.amount,
        gateway=paid.gateway,
        shares=tuple((part.order, part.amount) for part in paid.shares),
    )


def _refund(back: day.Refund) -> Refund:
    return Refund(
        source=back.source,
        key=back.key,
        at=back.issued_at,
        currency=back.currency,
        amount=back.amount,
        order=back.order,
        lines=None if back.lines is None else tuple(map(_line, back.lines)),
        shipping=back.shipping,
        shipping_taxes=_taxes(back.shipping_taxes),
        tip=back.tip,
        adjustment=back.adjustment,
        money=tuple(Back(payment=one.payment, gateway=one.gateway, amount=one.amount) for one in back.money),
    )


SECRETS: Final[dict[str, tuple[str, str]]] = {
    STRIPE: ("stripe", "whsec_month_stripe_4f7a1c"),
    SHOP: ("shopify", "shpss_month_shop_91be20"),
}
"""Source -> its kind and secret."""
