"""A month made by hand, of a few facts."""

from datetime import UTC, datetime

from sandbox.month.facts import Buyer, Edit, Fact, Happened, Line, Order, Payment, Tax
from sandbox.month.generate import Month
from sandbox.month.merchant import merchant
from sandbox.month.scribe import SOURCE

BEGINS = datetime(2026, 10, 1, tzinfo=UTC)
ADA = Buyer("c-1", "Ada Byron", "ada@example.com")


def at(day: int) -> datetime:
    """Noon in New York, about."""
    return datetime(2026, 10, day, 16, tzinfo=UTC)


def order(key: str = "1", *, day: int = 2, **other: object) -> Order:
    """A blue mug of 14.50 with 1.29 of tax, carried for 5.00: 20.79 in all."""
    line = Line(id="1", sku="MUG-BLUE", text="Blue mug", total=1450, taxes=(Tax("NY", "0.08875", 129),))
    fields: dict[str, object] = {
        "source": SOURCE,
        "key": key,
        "number": key,
        "at": at(day),
        "currency": "USD",
        "buyer": ADA,
        "lines": (line,),
        "shipping": 500,
    }
    return Order(**{**fields, **other})  # type: ignore[arg-type]  # names and types are Order's own


def payment(made: Order, amount: int, key: str = "p", day: int = 3) -> Payment:
    """So much by Stripe."""
    return Payment(
        source=SOURCE,
        key=key,
        at=at(day),
        currency="USD",
        amount=amount,
        gateway="stripe",
        shares=((made.key, amount),),
    )


def month(platform: str, *told: tuple[int, Fact], edits: tuple[Edit, ...] = ()) -> Month:
    """(week, fact), nothing arriving: enough for the bookkeeper."""
    return Month(
        seed=1,
        merchant=merchant(platform),
        begins=BEGINS,
        happened=tuple(Happened(fact, week, "by hand") for week, fact in told),
        weeks=((), (), (), ()),
        edits=edits,
    )
