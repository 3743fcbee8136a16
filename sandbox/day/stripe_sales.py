"""What was sold through Stripe: Checkout sessions (which carry no lines) and billing invoices (which do)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sandbox.day.baskets import any_tax, basket, order, priced, some_tax, taxed
from sandbox.day.buyers import Buyers
from sandbox.day.chance import Chance
from sandbox.day.facts import Buyer, Line, Order, Payment, Refund, Tax
from sandbox.day.money import share
from sandbox.day.sales import Sale, bare_refund, paid, through

SOURCE: Final = "acme-stripe"
BEFORE_BASIL: Final = "2024-06-20"
BASIL: Final = "2025-03-31.basil"

Back = Literal["none", "part", "full", "twice", "late"]


@dataclass(frozen=True)
class Shape:
    """One way of selling. `back`: what is refunded, `late` meaning that it is pending first."""

    name: str
    by: Literal["session", "invoice"]
    currency: str = "USD"
    version: str = BEFORE_BASIL
    who: Literal["regular", "guest", "mailer"] = "regular"
    dressed: bool = False
    back: Back = "none"
    parts: int = 1


SHAPES: Final = (
    Shape("session", "session"),
    Shape("session, dressed", "session", dressed=True),
    Shape("session, euro guest", "session", currency="EUR", who="guest", version=BASIL),
    Shape("session, yen", "session", currency="JPY", dressed=True),
    Shape("invoice", "invoice"),
    Shape("invoice, basil", "invoice", version=BASIL),
    Shape("session, partial refund", "session", back="part"),
    Shape("session, paid later", "session"),
    Shape("invoice with a session", "invoice"),
    Shape("session, full refund", "session", dressed=True, back="full"),
    Shape("invoice in two payments, basil", "invoice", version=BASIL, parts=2),
    Shape("session, two refunds", "session", back="twice", version=BASIL),
    Shape("session, yen, partial refund", "session", currency="JPY", back="part"),
    Shape("invoice, discounted", "invoice", dressed=True),
    Shape("session, refund pending first", "session", back="late", version=BASIL),
    Shape("session, nameless guest", "session", who="mailer"),
)


@dataclass(frozen=True)
class StripeSale:
    """A sale and the ids of the Stripe objects that tell it.

    A payment is called by its intent, the one id that its charge, session, invoice payment and refunds all
    know; `charges` run beside the sale's payments. `reference` is the seller's own name for the session.
    """

    shape: Shape
    sale: Sale
    charges: tuple[str, ...]
    reference: str | None = None
    session: str | None = None
    invoice: str | None = None


def sell(chance: Chance, now: datetime, count: int) -> tuple[StripeSale, ...]:
    """`count` sales, the shapes in turn."""
    buyers = Buyers(chance, SOURCE, 0, lambda: chance.token("cus_", 14))
    return tuple(_one(chance, now, buyers, SHAPES[i % len(SHAPES)], i) for i in range(count))


def _one(chance: Chance, now: datetime, buyers: Buyers, shape: Shape, place: int) -> StripeSale:
    at = chance.moment(now, chance.number(4, 23))
    intents = tuple(chance.token("pi_3") for _ in range(shape.parts))
    session, invoice = chance.token("cs_live_a1", 40), chance.token("in_1")
    if shape.by == "session":
        made = _session_order(chance, shape, key=intents[0], at=at, buyer=_buyer(buyers, shape))
    else:
        number = f"ACME-{5_000 + place:05d}"
        made = _invoice_order(chance, shape, key=invoice, number=number, at=at, buyer=_buyer(buyers, shape))
    payments = _payments(chance, made, at, intents)
    return StripeSale(
        shape=shape,
        sale=Sale(shape.name, made, payments, _refunds(chance, now, shape.back, made, payments[0])),
        charges=tuple(chance.token("ch_3") for _ in intents),
        reference=f"cart-{10_000 + place}" if place % 3 else None,
        session=session if shape.by == "session" or shape.name == "invoice with a session" else None,
        invoice=invoice if shape.by == "invoice" else None,
    )


def _buyer(buyers: Buyers, shape: Shape) -> Buyer:
    match shape.who:
        case "regular":
            return buyers.regular()
        case "guest":
            return buyers.guest()
        case "mailer":
            return buyers.mailer()


def _session_order(chance: Chance, shape: Shape, *, key: str, at: datetime, buyer: Buyer) -> Order:
    """A session tells sums and no lines: one line, after the discount.

    Its number is the intent's id: what the seller may put into `client_reference_id` need not be an order's,
    nor used once (Stripe: a customer's or a cart's id will do).
    """
    subtotal = sum(priced(chance.number(400, 9_000), shape.currency) for _ in range(chance.number(1, 4)))
    regime = some_tax(chance, "acme") if shape.dressed else ()
    discount = share(subtotal, 10, 100) if shape.dressed else 0
    shipping = priced(795, shape.currency) if shape.dressed else 0
    net = subtotal - discount
    tax = sum(one.amount for one in taxed(net, regime))
    on_shipping = sum(one.amount for one in taxed(shipping, regime))
    return order(
        source=SOURCE,
        key=key,
        number=key,
        completed_at=at,
        currency=shape.currency,
        buyer=buyer,
        lines=(Line("1", None, "Checkout", 1, subtotal, discount, net, _sum_tax(tax)),),
        shipping=shipping,
        shipping_taxes=_sum_tax(on_shipping),
    )


def _sum_tax(amount: int) -> tuple[Tax, ...]:
    return (Tax("tax", "", amount),) if amount else ()


def _invoice_order(chance: Chance, shape: Shape, *, key: str, number: str, at: datetime, buyer: Buyer) -> Order:
    return order(
        source=SOURCE,
        key=key,
        number=number,
        completed_at=at,
        currency=shape.currency,
        buyer=buyer,
        lines=basket(
            chance,
            "acme",
            shape.currency,
            lambda: chance.token("il_1"),
            regime=any_tax(chance, "acme"),
            off=15 if shape.dressed else 0,
        ),
    )


def _payments(chance: Chance, made: Order, at: datetime, intents: tuple[str, ...]) -> tuple[Payment, ...]:
    first = made.total if len(intents) == 1 else share(made.total, chance.number(20, 80), 100)
    amounts = (made.total,) if len(intents) == 1 else (first, made.total - first)
    return tuple(
        paid(made, intent, at + timedelta(seconds=2 + i), amount, "stripe")
        for i, (intent, amount) in enumerate(zip(intents, amounts, strict=True))
    )


def _refunds(chance: Chance, now: datetime, back: Back, made: Order, payment: Payment) -> tuple[Refund, ...]:
    amounts: tuple[int, ...] = ()
    match back:
        case "full":
            amounts = (payment.amount,)
        case "part" | "late":
            amounts = (share(payment.amount, chance.number(10, 80), 100),)
        case "twice":
            amounts = (share(payment.amount, 25, 100), share(payment.amount, 40, 100))
        case "none":
            pass
    return tuple(
        bare_refund(
            made,
            chance.token("re_3"),
            chance.moment(now, 2 - i),
            "requested_by_customer",
            (through(payment, amount),),
        )
        for i, amount in enumerate(amounts)
    )
