"""What is in an order: lines with their taxes, and what an order of them comes to."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal

from sandbox.day.chance import Chance
from sandbox.day.facts import Buyer, Line, Order, Tax
from sandbox.day.money import share
from sandbox.day.shops import GOODS, PARTS_OF_A_HUNDREDTH, TAXES

Goods = tuple[str, str, int]
Regime = tuple[tuple[str, str], ...]

WHOLE = 100_000


def priced(hundredths: int, currency: str) -> int:
    """A price in hundredths of a dollar, in minor units of the currency."""
    return max(1, share(hundredths, PARTS_OF_A_HUNDREDTH[currency], 100))


def taxed(net: int, regime: Regime) -> tuple[Tax, ...]:
    """The taxes on a net amount, each rounded by itself."""
    return tuple(Tax(code, rate, share(net, int(Decimal(rate) * WHOLE), WHOLE)) for code, rate in regime)


def taken_out(gross: int, regime: Regime) -> tuple[Tax, ...]:
    """The taxes that a gross amount contains, each rounded by itself."""
    rates = [int(Decimal(rate) * WHOLE) for _, rate in regime]
    return tuple(
        Tax(code, rate, share(gross, part, WHOLE + sum(rates)))
        for (code, rate), part in zip(regime, rates, strict=True)
    )


def line(key: str, goods: Goods, currency: str, *, quantity: int, off: int, regime: Regime, included: bool) -> Line:
    """One line; `off` is its own discount in per cent, `included` says that prices contain the tax."""
    sku, description, hundredths = goods
    unit = priced(hundredths, currency)
    discount = share(unit * quantity, off, 100)
    left = unit * quantity - discount
    taxes = taken_out(left, regime) if included else taxed(left, regime)
    net = left - sum(tax.amount for tax in taxes) if included else left
    return Line(key, sku, description, quantity, unit, discount, net, taxes)


def basket(
    chance: Chance,
    connection: str,
    currency: str,
    new_id: Callable[[], str],
    *,
    regime: Regime,
    off: int = 0,
    included: bool = False,
    extra: Sequence[Goods] = (),
) -> tuple[Line, ...]:
    """One to three lines of the merchant's goods, and the `extra` ones."""
    goods = [*chance.several(GOODS[connection], chance.number(1, 3)), *extra]
    return tuple(
        line(new_id(), one, currency, quantity=chance.number(1, 4), off=off, regime=regime, included=included)
        for one in goods
    )


def some_tax(chance: Chance, connection: str) -> Regime:
    """A tax regime that is not empty."""
    return chance.pick([regime for regime in TAXES[connection] if regime])


def any_tax(chance: Chance, connection: str) -> Regime:
    """A tax regime, perhaps the empty one."""
    return chance.pick(TAXES[connection])


def order(
    *,
    source: str,
    key: str,
    number: str,
    completed_at: datetime,
    currency: str,
    buyer: Buyer,
    lines: tuple[Line, ...],
    shipping: int = 0,
    shipping_taxes: tuple[Tax, ...] = (),
    tip: int = 0,
    discount: int = 0,
    rounding: int = 0,
    included: bool = False,
) -> Order:
    """The order and what it comes to."""
    goods = sum(one.total + one.tax for one in lines)
    carriage = shipping + sum(tax.amount for tax in shipping_taxes)
    return Order(
        source=source,
        key=key,
        number=number,
        completed_at=completed_at,
        currency=currency,
        buyer=buyer,
        lines=lines,
        shipping=shipping,
        shipping_taxes=shipping_taxes,
        tip=tip,
        discount=discount,
        rounding=rounding,
        prices_include_tax=included,
        total=goods + carriage + tip + rounding - discount,
    )
