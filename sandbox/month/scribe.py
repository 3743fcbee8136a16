"""Writing down what happens: keys, numbers, moments, buyers and goods of the month, in seeded order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from sandbox.day.chance import Chance
from sandbox.day.money import share
from sandbox.day.shops import PARTS_OF_A_HUNDREDTH, name
from sandbox.month.facts import NOBODY, Buyer, Edit, Fact, Happened, Line, Order, Payment, Tax
from sandbox.month.merchant import Merchant

SOURCE: Final = "month-erp"
WEEKS: Final = {1: (1, 7), 2: (8, 14), 3: (15, 21), 4: (22, 30)}
"""Week -> its first and last day of the month."""
CLOSED_THROUGH_DAY: Final = 10
"""From the third week on, the month is closed through this day."""
GOODS: Final = (
    ("MUG-BLUE", "Blue mug", 1450),
    ("TEE-M", "Tee shirt, medium", 2399),
    ("TEE-L", "Tee shirt, large", 2399),
    ("POSTER-A2", "Harbour poster, A2", 1875),
    ("STICKERS", "Sticker sheet", 333),
    ("REPAIR", "Repair, an hour", 4500),
)
TAXED: Final = ((("NY", "0.08875"),), (("NY STATE", "0.04"), ("NYC", "0.04875")), (("NJ", "0.06625"),))
_FIRST_NAME: Final = 160
_REGULARS: Final = 120


class Scribe:
    """One month being written. `week` is where the story at hand stands; `feature` what it shows."""

    def __init__(self, seed: int, merchant: Merchant, month: datetime) -> None:
        """`month`: its first moment, UTC."""
        self.chance = Chance(seed, "month")
        self.merchant = merchant
        self.month = month
        self.feature = ""
        self.happened: list[Happened] = []
        self.edits: list[Edit] = []
        self._count = 0

    def say(self, week: int, *facts: Fact) -> None:
        """These are told in that week."""
        self.happened += [Happened(fact, week, self.feature) for fact in facts]

    def next_key(self, prefix: str) -> str:
        """A key that nothing else has."""
        self._count += 1
        return f"{prefix}{self._count:06d}"

    def week(self, last: int = 4) -> int:
        """A week that leaves room for what follows."""
        return self.chance.number(1, last)

    def moment(self, week: int, first: int = 0) -> datetime:
        """A moment of that week, by day; some are yesterday evening where the merchant is."""
        low, high = WEEKS[week]
        day = self.chance.number(max(low, first), high)
        hour = self.chance.pick((2, 14, 15, 18, 20))
        return self.month + timedelta(days=day - 1, hours=hour, seconds=self.chance.number(0, 3000))

    def buyer(self) -> Buyer:
        """A regular, or a guest who left a name and an e-mail."""
        number = self.chance.number(0, _REGULARS - 1)
        full = name(_FIRST_NAME + number)
        email = f"{full.lower().replace(' ', '.')}@{SOURCE}.example"
        return Buyer(f"c-{number}" if number % 3 else None, full, email)

    def stranger(self, title: str) -> Buyer:
        """A buyer of this one story."""
        key = self.next_key("s-")
        return Buyer(key, f"{title} {key}", f"{key}@stranger.example")

    def price(self, hundredths: int, currency: str) -> int:
        """A price in hundredths of a dollar, in minor units of the currency."""
        return max(1, share(hundredths, PARTS_OF_A_HUNDREDTH[currency], 100))

    def lines(self, currency: str, count: int = 0, regime: Sequence[tuple[str, str]] = (), off: int = 0) -> list[Line]:
        """So many lines of the merchant's goods, each less `off` per cent."""
        made: list[Line] = []
        for place in range(count or self.chance.number(1, 3)):
            sku, text, hundredths = self.chance.pick(GOODS)
            unit, quantity = self.price(hundredths, currency), self.chance.number(1, 4)
            total = unit * quantity - share(unit * quantity, off, 100)
            line = Line(id=str(place + 1), sku=sku, text=text, total=total, quantity=quantity, unit=unit)
            made.append(replace(line, taxes=taxes_on(total, regime)))
        return made

    def order(
        self,
        week: int,
        *,
        currency: str = "USD",
        buyer: Buyer | None = None,
        lines: Sequence[Line] = (),
        first: int = 0,
    ) -> Order:
        """An order of that week; `lines` left out are some of the merchant's goods, untaxed."""
        key = self.next_key("M")
        return Order(
            source=SOURCE,
            key=key,
            number=key,
            at=self.moment(week, first),
            currency=currency,
            buyer=self.buyer() if buyer is None else buyer,
            lines=tuple(lines) or tuple(self.lines(currency)),
        )

    def regime(self) -> tuple[tuple[str, str], ...]:
        """Some taxes."""
        return self.chance.pick(TAXED)

    def payment(self, order: Order, amount: int, gateway: str = "stripe", at: datetime | None = None) -> Payment:
        """So much paid on that order, an hour after it."""
        return Payment(
            source=SOURCE,
            key=self.next_key("P"),
            at=at or order.at + timedelta(hours=1),
            currency=order.currency,
            amount=amount,
            gateway=gateway,
            shares=((order.key, amount),),
        )

    def paid(self, week: int, order: Order, gateway: str = "") -> Payment:
        """The order and its payment in full, both told."""
        one = self.payment(order, order.total, gateway or self.chance.pick(("stripe", "paypal", "bank")))
        self.say(week, order, one)
        return one


def taxes_on(net: int, regime: Sequence[tuple[str, str]]) -> tuple[Tax, ...]:
    """Each tax on a net amount, rounded by itself."""
    return tuple(Tax(code, rate, share(net, int(Decimal(rate) * 100_000), 100_000)) for code, rate in regime)


def month_of(year: int, month: int) -> datetime:
    """Its first moment."""
    return datetime(year, month, 1, tzinfo=UTC)


__all__ = ["CLOSED_THROUGH_DAY", "GOODS", "NOBODY", "SOURCE", "TAXED", "WEEKS", "Scribe", "month_of", "taxes_on"]
