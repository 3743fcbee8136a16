"""Stories of giving back and of changing one's mind: refunds, credits, amendments, cancellations, chargebacks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from sandbox.month.facts import (
    Amendment,
    Back,
    Cancellation,
    Chargeback,
    FailedRefund,
    Line,
    Order,
    Payment,
    Refund,
    summed,
)
from sandbox.month.scribe import SOURCE, Scribe

Story = Callable[[Scribe], None]


def returned(line: Line, quantity: int) -> Line:
    """So many of a line, coming back: its share of total and taxes, never more than was sold."""
    part = tuple(replace(tax, amount=tax.amount * quantity // line.quantity) for tax in line.taxes)
    return replace(line, quantity=quantity, total=line.total * quantity // line.quantity, taxes=part)


def give_back(
    scribe: Scribe,
    order: Order,
    at: datetime,
    lines: tuple[Line, ...] | None,
    payment: Payment | None = None,
    *,
    amount: int = 0,
) -> Refund:
    """A refund of those lines, or of the amount; without a payment a credit."""
    whole = amount or sum(line.total + summed(line.taxes) for line in lines or ())
    money = () if payment is None else (Back(payment=payment.key, gateway=payment.gateway, amount=whole),)
    return Refund(
        source=SOURCE,
        key=scribe.next_key("R"),
        at=at,
        currency=order.currency,
        amount=whole,
        order=order.key,
        lines=lines,
        money=money,
    )


def sold(scribe: Scribe, week: int, gateway: str = "stripe", currency: str = "USD") -> tuple[Order, Payment]:
    """A taxed order, paid, both told."""
    made = scribe.order(week, currency=currency, lines=scribe.lines(currency, 2, scribe.regime()))
    return made, scribe.paid(week, made, gateway)


def partial(scribe: Scribe) -> None:
    """One of the first line comes back."""
    week = scribe.week(3)
    made, paid = sold(scribe, week, currency=scribe.chance.pick(("USD", "USD", "EUR", "JPY")))
    back = returned(made.lines[0], 1)
    scribe.say(week + 1, give_back(scribe, made, scribe.moment(week + 1), (back,), paid))


def full(scribe: Scribe) -> None:
    """Everything comes back, with shipping and tip."""
    week, regime = scribe.week(3), scribe.regime()
    made = replace(scribe.order(week, lines=scribe.lines("USD", 2, regime)), shipping=500, tip=200)
    paid = scribe.paid(week, made)
    back = give_back(scribe, made, scribe.moment(week + 1), made.lines, paid, amount=made.total)
    scribe.say(week + 1, replace(back, shipping=500, tip=200))


def amount_only(scribe: Scribe) -> None:
    """The source tells nothing but an amount."""
    week = scribe.week(3)
    made, paid = sold(scribe, week)
    scribe.say(week + 1, give_back(scribe, made, scribe.moment(week + 1), None, paid, amount=made.total // 3))


def twice(scribe: Scribe) -> None:
    """Two refunds of one order, both told before its payment."""
    week = scribe.week(3)
    made = scribe.order(week)
    paid = scribe.payment(made, made.total)
    first = give_back(scribe, made, made.at, None, paid, amount=made.total // 4)
    second = give_back(scribe, made, made.at, None, paid, amount=made.total // 5)
    scribe.say(week, made, first, second)
    scribe.say(week + 1, paid)


def two_ways(scribe: Scribe) -> None:
    """Money back through two gateways."""
    week = scribe.week(3)
    made = scribe.order(week)
    half = made.total // 2
    one, other = scribe.payment(made, half), scribe.payment(made, made.total - half, "paypal")
    scribe.say(week, made, one, other)
    back = give_back(scribe, made, scribe.moment(week + 1), made.lines, one, amount=made.total)
    money = tuple(Back(payment=paid.key, gateway=paid.gateway, amount=paid.amount) for paid in (one, other))
    scribe.say(week + 1, replace(back, money=money))


def credit(scribe: Scribe) -> None:
    """A credit without money, on what is still owed."""
    week = scribe.week(3)
    made = scribe.order(week, lines=scribe.lines("USD", 2, scribe.regime()))
    scribe.say(week, made)
    back = returned(made.lines[0], 1)
    scribe.say(week + 1, give_back(scribe, made, scribe.moment(week + 1), (back,), None))


def mixed(scribe: Scribe) -> None:
    """Half paid; a refund of all, as much in money as was paid and the rest as a credit."""
    week = scribe.week(3)
    made = scribe.order(week)
    paid = scribe.payment(made, made.total // 2)
    scribe.say(week, made, paid)
    back = give_back(scribe, made, scribe.moment(week + 1), made.lines, paid, amount=made.total)
    money = (Back(payment=paid.key, gateway=paid.gateway, amount=paid.amount),)
    scribe.say(week + 1, replace(back, money=money))


def amend(made: Order, revision: int, at: datetime, lines: tuple[Line, ...]) -> Amendment:
    """The order as it stands with those lines."""
    return Amendment(order=replace(made, lines=lines), revision=revision, at=at)


def amended_up(scribe: Scribe) -> None:
    """A line is added, and paid a week later."""
    week = scribe.week(2)
    made, _ = sold(scribe, week)
    more = replace(scribe.lines("USD", 1)[0], id="77")
    after = amend(made, 1, scribe.moment(week + 1), (*made.lines, more))
    scribe.say(week + 1, after)
    scribe.say(week + 2, scribe.payment(made, after.order.total - made.total, "stripe", scribe.moment(week + 2)))


def amended_down(scribe: Scribe) -> None:
    """A line is taken off before anything was paid; the rest is paid a week later."""
    week = scribe.week(2)
    made = scribe.order(week, lines=scribe.lines("USD", 2, scribe.regime()))
    scribe.say(week, made)
    after = amend(made, 1, scribe.moment(week + 1), made.lines[:1])
    scribe.say(week + 1, after)
    scribe.say(week + 2, scribe.payment(made, after.order.total, "bank", scribe.moment(week + 2)))


def amended_twice(scribe: Scribe) -> None:
    """Two changes; the older is told last, and counts no more."""
    week = scribe.week(2)
    made = scribe.order(week)
    scribe.say(week, made)
    more = tuple(replace(one, id=f"8{place}") for place, one in enumerate(scribe.lines("USD", 2)))
    scribe.say(week + 1, amend(made, 5, scribe.moment(week + 1), (*made.lines, *more)))
    scribe.say(week + 2, amend(made, 3, scribe.moment(week + 1), (*made.lines, more[0])))


def amended_swap(scribe: Scribe) -> None:
    """Another thing of the same price."""
    week = scribe.week(3)
    line = Line(id="1", sku="TEE-M", text="Tee shirt, medium", total=2399, unit=2399)
    made = scribe.order(week, lines=[line])
    scribe.paid(week, made)
    other = replace(line, id="2", sku="POSTER-A2", text="Poster, large")
    scribe.say(week + 1, amend(made, 1, scribe.moment(week + 1), (other,)))


def cancelled(scribe: Scribe) -> None:
    """Nothing was paid."""
    week = scribe.week(3)
    made = scribe.order(week, lines=scribe.lines("USD", 2, scribe.regime()))
    scribe.say(week, made)
    scribe.say(week + 1, Cancellation(source=SOURCE, order=made.key, at=scribe.moment(week + 1)))


def cancelled_part_paid(scribe: Scribe) -> None:
    """A part was paid."""
    week = scribe.week(3)
    made = scribe.order(week)
    scribe.say(week, made, scribe.payment(made, made.total // 3))
    scribe.say(week + 1, Cancellation(source=SOURCE, order=made.key, at=scribe.moment(week + 1)))


def cancelled_paid(scribe: Scribe) -> None:
    """All was paid, and all goes back."""
    week = scribe.week(3)
    made, paid = sold(scribe, week)
    at = scribe.moment(week + 1)
    back = give_back(scribe, made, at, made.lines, paid, amount=made.total)
    scribe.say(week + 1, Cancellation(source=SOURCE, order=made.key, at=at), back)


def taken_back(scribe: Scribe) -> None:
    """The payer's bank takes the money back."""
    week = scribe.week(3)
    _, paid = sold(scribe, week)
    scribe.say(week + 1, _reversal(scribe, paid, scribe.moment(week + 1), "chargeback"))


def failed(scribe: Scribe) -> None:
    """A debit that bounces after it was told."""
    week = scribe.week(3)
    _, paid = sold(scribe, week, "bank")
    scribe.say(week + 1, _reversal(scribe, paid, scribe.moment(week + 1), "failed"))


def _reversal(scribe: Scribe, paid: Payment, at: datetime, kind: str) -> Chargeback:
    return Chargeback(
        source=SOURCE,
        key=scribe.next_key("B"),
        payment=paid.key,
        at=at,
        currency=paid.currency,
        amount=paid.amount,
        kind="failed" if kind == "failed" else "chargeback",
    )


def refund_failed(scribe: Scribe) -> None:
    """The refund's money comes back."""
    week = scribe.week(2)
    made, paid = sold(scribe, week)
    back = give_back(scribe, made, scribe.moment(week + 1), (returned(made.lines[0], 1),), paid)
    scribe.say(week + 1, back)
    scribe.say(
        week + 2,
        FailedRefund(
            source=SOURCE,
            key=scribe.next_key("F"),
            refund=back.key,
            at=scribe.moment(week + 2),
            currency=back.currency,
            amount=back.amount,
        ),
    )


STORIES: Final[dict[str, tuple[int, Story]]] = {
    "refunds": (6, partial),
    "full_refunds": (3, full),
    "amount_refunds": (3, amount_only),
    "two_refunds": (2, twice),
    "two_gateways": (2, two_ways),
    "credits": (3, credit),
    "mixed_refunds": (2, mixed),
    "amended_up": (3, amended_up),
    "amended_down": (3, amended_down),
    "amended_twice": (2, amended_twice),
    "amended_swap": (2, amended_swap),
    "cancelled": (3, cancelled),
    "cancelled_part_paid": (2, cancelled_part_paid),
    "cancelled_paid": (2, cancelled_paid),
    "chargebacks": (3, taken_back),
    "failed_payments": (2, failed),
    "failed_refunds": (2, refund_failed),
}
