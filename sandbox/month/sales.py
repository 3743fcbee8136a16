"""Stories of selling: what an order may hold, and the ways it may be paid."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sandbox.day.money import share
from sandbox.month.facts import NOBODY, Buyer, Line, Order, Payment, Tax
from sandbox.month.scribe import SOURCE, Scribe, taxes_on

Story = Callable[[Scribe], None]


def sale(scribe: Scribe) -> None:
    """An order, paid."""
    week = scribe.week()
    scribe.paid(week, scribe.order(week))


def taxed(scribe: Scribe) -> None:
    """Taxes on lines and shipping, a tip, and a rounding."""
    week, regime = scribe.week(), scribe.regime()
    made = scribe.order(week, lines=scribe.lines("USD", 0, regime))
    scribe.paid(week, replace(made, shipping=695, shipping_taxes=taxes_on(695, regime), tip=350, rounding=-1))


def discounted(scribe: Scribe) -> None:
    """A discount on each line and one on the whole order."""
    week, regime = scribe.week(), scribe.regime()
    made = scribe.order(week, lines=scribe.lines("USD", 2, regime, off=15))
    scribe.paid(week, replace(made, discount=100))


def abroad(scribe: Scribe) -> None:
    """Currencies of none, two and three decimals."""
    week, currency = scribe.week(), scribe.chance.pick(("EUR", "JPY", "KWD"))
    made = scribe.order(week, currency=currency, lines=scribe.lines(currency, 0, scribe.regime()))
    scribe.paid(week, replace(made, shipping=scribe.price(695, currency)))


def till(scribe: Scribe) -> None:
    """Nobody's name is known."""
    week = scribe.week()
    scribe.paid(week, scribe.order(week, buyer=NOBODY), "cash")


def nothing(scribe: Scribe) -> None:
    """An order of nothing: all of it given away."""
    week = scribe.week()
    line = Line(id="1", sku="STICKERS", text="Sticker sheet, free", total=0, unit=0)
    scribe.say(week, scribe.order(week, lines=[line]))


def negative(scribe: Scribe) -> None:
    """A line below zero: something taken back in exchange."""
    week = scribe.week()
    lines = [*scribe.lines("USD", 2), Line(id="9", sku="MUG-BLUE", text="Mug taken back", total=-700)]
    scribe.paid(week, replace(scribe.order(week, lines=lines), shipping=900))


def long_order(scribe: Scribe) -> None:
    """Five hundred lines."""
    week = scribe.week()
    scribe.paid(week, scribe.order(week, lines=scribe.lines("USD", 500, scribe.regime())))


def gift_sold(scribe: Scribe) -> None:
    """A gift card is a debt, not income; and a fee beside it."""
    week = scribe.week()
    card = Line(id="1", sku=None, text="Gift card", total=5000, kind="gift_card", unit=5000)
    fee = Line(id="2", sku=None, text="Handling", total=250, kind="fee", unit=250)
    scribe.paid(week, scribe.order(week, lines=[card, fee, replace(scribe.lines("USD", 1)[0], id="3")]))


def gift_used(scribe: Scribe) -> None:
    """A part paid by gift card, the rest by card."""
    week = scribe.week()
    made = scribe.order(week)
    part = share(made.total, 40, 100)
    paid = (scribe.payment(made, part, "gift_card"), scribe.payment(made, made.total - part))
    scribe.say(week, made, *paid)


def part_paid(scribe: Scribe) -> None:
    """Half now, a part a week later, the rest never."""
    week = scribe.week(3)
    made = scribe.order(week, lines=scribe.lines("USD", 2, scribe.regime()))
    scribe.say(week, made, scribe.payment(made, made.total // 2, "bank"))
    scribe.say(week + 1, scribe.payment(made, made.total // 4, "bank", scribe.moment(week + 1)))


def split(scribe: Scribe) -> None:
    """Two gateways, one of them with what it paid out, in what."""
    week = scribe.week()
    made = scribe.order(week)
    first = share(made.total, scribe.chance.number(25, 75), 100)
    stripe = replace(scribe.payment(made, first), method="card", fee=30, settled=("USD", first - 30, "1"))
    scribe.say(week, made, stripe, scribe.payment(made, made.total - first, "paypal"))


def several(scribe: Scribe) -> None:
    """One payment over three orders of one buyer."""
    week, buyer = scribe.week(), scribe.buyer()
    orders = [scribe.order(week, buyer=buyer) for _ in range(3)]
    whole = sum(one.total for one in orders)
    paid = scribe.payment(orders[0], whole, "bank", max(one.at for one in orders) + timedelta(hours=1))
    scribe.say(week, *orders, replace(paid, shares=tuple((one.key, one.total) for one in orders)))


def overpaid(scribe: Scribe) -> None:
    """More than the order takes; the source tells what is for the order."""
    week = scribe.week()
    made = scribe.order(week, buyer=scribe.stranger("Generous"))
    scribe.say(week, made, replace(scribe.payment(made, made.total, "bank"), amount=made.total + 1000))


def prepaid(scribe: Scribe) -> None:
    """Paid a week before the order is told."""
    week = scribe.week(3)
    made = scribe.order(week + 1)
    scribe.say(week, scribe.payment(made, made.total, "bank", scribe.moment(week)))
    scribe.say(week + 1, made)


def unlinked(scribe: Scribe) -> None:
    """Money that pays no order."""
    week, buyer = scribe.week(), scribe.stranger("Depositor")
    told = Payment(
        source=SOURCE,
        key=scribe.next_key("P"),
        at=scribe.moment(week),
        currency="USD",
        amount=scribe.chance.number(1000, 9000),
        gateway="bank",
        shares=(),
        buyer=buyer,
    )
    scribe.say(week, told)


def unpaid(scribe: Scribe) -> None:
    """Sold on account."""
    week = scribe.week()
    scribe.say(week, scribe.order(week, lines=scribe.lines("USD", 3, scribe.regime())))


def marketplace(scribe: Scribe) -> None:
    """A marketplace remits the tax: paid net of it, or gross."""
    week = scribe.week()
    made = _remitted(scribe, week)
    gross = scribe.chance.pick((True, False))
    scribe.say(week, made, scribe.payment(made, made.total if gross else made.total - made.remitted, "paypal"))


def _remitted(scribe: Scribe, week: int) -> Order:
    lines = [
        replace(line, taxes=(Tax("NY", "0.08875", share(line.total, 8875, 100_000), "marketplace"),))
        for line in scribe.lines("USD", 2)
    ]
    return scribe.order(week, lines=lines)


def renamed(scribe: Scribe) -> None:
    """A name with everything in it."""
    week, key = scribe.week(), scribe.next_key("n-")
    text = scribe.chance.pick(
        ('O\'Neil & Sons, Ltd. - "North": 1', "Łódź - Çelik  Ürün", "株式会社テスト", "A.B, C-D & E")
    )
    buyer = Buyer(key, f"{text} {key}", f"{key}@names.example")
    scribe.paid(week, scribe.order(week, buyer=buyer))


STORIES: Final[dict[str, tuple[int, Story]]] = {
    "sale": (20, sale),
    "taxed": (12, taxed),
    "discounted": (8, discounted),
    "currencies": (8, abroad),
    "nameless": (3, till),
    "zero": (2, nothing),
    "negative": (3, negative),
    "gift_cards_sold": (3, gift_sold),
    "gift_cards_used": (3, gift_used),
    "part_paid": (4, part_paid),
    "split": (5, split),
    "several_orders": (3, several),
    "overpaid": (2, overpaid),
    "prepaid": (3, prepaid),
    "unlinked": (2, unlinked),
    "unpaid": (4, unpaid),
    "marketplace": (4, marketplace),
    "names": (2, renamed),
}
"""Feature -> (how often, beside the others; its story)."""
RARE: Final[dict[str, tuple[int, Story]]] = {"long_orders": (1, long_order)}
"""Told so many times a month, however long it is."""
