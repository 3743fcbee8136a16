"""How values read: amounts, times, states and their tones.

Green is done, amber waits by itself, red waits for a person.
"""

from datetime import datetime
from typing import Final

from consumers.about import NO_CURRENCY
from schemas.money import EXPONENTS, major_units

GOOD: Final = "good"
WAITS: Final = "waits"
PERSON: Final = "person"
PLAIN: Final = "plain"

_TONES: Final = {
    GOOD: "ready done written told new fuller Written",
    WAITS: "waiting due held sent in_doubt intended Deferred Unknown",
    PERSON: "parked refused different disabled needs_update paused unreadable conflict Rejected Conflict",
}
_TONE_OF: Final = {state: tone for tone, states in _TONES.items() for state in states.split()}
_WORDS: Final = {
    "due": "on its way",
    "in_doubt": "in doubt",
    "needs_update": "needs update",
    "different": "written different",
    "invoice_credit_memo": "credit memo",
    "invoice_credit_application": "credit application",
    "invoice_payment": "invoice payment",
    "customer_refund": "customer refund",
    "invoice_void": "void of the invoice",
    "order.completed": "order",
    "payment.received": "payment",
    "refund.issued": "refund",
    "order.amended": "order amended",
    "order.cancelled": "order cancelled",
    "payment.reversed": "payment reversed",
    "refund.reversed": "refund reversed",
    "attachment.added": "attachment",
    "account.requested": "account",
    "item.requested": "item",
}
_AGES: Final = ((86_400, "d"), (3_600, "h"), (60, "min"))


def tone(state: str) -> str:
    """The tone of a state, a verdict or an outcome."""
    return _TONE_OF.get(state, PLAIN)


def words(name: str) -> str:
    """A state, kind or type as people say it."""
    return _WORDS.get(name, name.replace("_", " "))


def amount(minor: int | None, currency: str | None) -> str:
    """`1,234.50`: with the currency's decimals, a true minus sign, no currency."""
    if minor is None or currency is None or currency == NO_CURRENCY:
        return ""
    if currency not in EXPONENTS:
        return f"{minor} minor units"
    return f"{major_units(minor, currency):,f}".replace("-", "\N{MINUS SIGN}")


def signed(minor: int, currency: str) -> str:
    """A difference: `+12.00`, `\N{MINUS SIGN}0.01`, `0.00`."""
    return ("+" if minor > 0 else "") + amount(minor, currency)


def moment(at: datetime | None) -> str:
    """`2026-11-02 10:15:03`, in UTC."""
    return "" if at is None else at.strftime("%Y-%m-%d %H:%M:%S")


def moment_exact(at: datetime) -> str:
    """To the millisecond, where the order of steps matters."""
    return at.strftime("%H:%M:%S.") + f"{at.microsecond // 1000:03}"


def day(at: datetime) -> str:
    """`2 November 2026`."""
    return f"{at.day} {at:%B %Y}"


def age(at: datetime | None, now: datetime) -> str:
    """How far from now, in the largest unit that says something: `5 min ago`, `in 3 h`, `never`."""
    if at is None:
        return "never"
    seconds = int((now - at).total_seconds())
    size = next((f"{abs(seconds) // unit} {name}" for unit, name in _AGES if abs(seconds) >= unit), None)
    if size is None:
        size = f"{abs(seconds)} s"
    return f"{size} ago" if seconds >= 0 else f"in {size}"
