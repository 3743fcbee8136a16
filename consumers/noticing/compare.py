"""Comparing a document of ours with what is in the books. Pure.

What the books do not tell is no difference. Our own payments and credits explain what they took off; what they do not
explain, a person did. A number alone that differs is told once and changes nothing for later events: platforms may
number by themselves.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from consumers.noticing.sights import Gone, InBooks, Ours
from consumers.noticing.verdicts import Ambiguous, Difference, Moved, Noticed, Verdict, What
from schemas.books import Seen
from schemas.documents import DocumentKind
from schemas.money import major_units

CLOCKS: Final = timedelta(seconds=2)
"""How far Rutter's clock and ours may lie apart."""
Status = Literal["open", "paid", "void", "deleted", "changed"]


@dataclass(frozen=True, slots=True)
class _Paid:
    """What people paid off an invoice (minor units; negative: a payment of ours was taken off), and what is open."""

    by_hand: int
    open_minor: int | None


def compare(ours: Ours, books: InBooks | Gone, at: datetime) -> Verdict:
    """What was done to it since it was last looked at."""
    if isinstance(books, Gone):
        return _told(ours, What.DELETED, _instead(ours, "deleted"), Seen(status="deleted", at=at))
    if _older(ours, books):
        return Ambiguous()
    if _void(ours, books):
        return _void_found(ours, books, at)
    changed = (*_total(ours, books), *_customer(ours, books), *_settled(ours, books))
    paid = _paid(ours, books)
    if isinstance(paid, Ambiguous):
        return paid
    seen = _seen(ours, books, paid, at, changed=bool(changed))
    if changed and not _same(ours.seen, seen):
        return _told(ours, What.EDITED, (*changed, *_number(ours, books)), seen, paid.by_hand)
    if paid.by_hand != ours.by_hand:
        what = What.PAID if paid.by_hand > ours.by_hand else What.UNPAID
        return _told(ours, what, _money(ours, books, paid), seen, paid.by_hand)
    if seen is None and ours.seen is not None and ours.seen.status not in ("open", "paid"):
        return _told(ours, What.RESTORED, (), None)
    if _renumbered(ours, books):
        return Noticed(
            what=What.RENUMBERED,
            differences=_number(ours, books),
            seen=seen,
            by_hand=paid.by_hand,
            number=books.number,
        )
    return Moved(ours.seen if _same(ours.seen, seen) else seen)


def _told(ours: Ours, what: What, differences: tuple[Difference, ...], seen: Seen | None, by_hand: int = 0) -> Verdict:
    """The same as was told before is not told again."""
    if seen is not None and _same(ours.seen, seen) and by_hand == ours.by_hand:
        return Moved(ours.seen)
    return Noticed(what=what, differences=differences, seen=seen, by_hand=by_hand, number=ours.number_seen)


def _older(ours: Ours, books: InBooks) -> bool:
    """Whether this was read from the platform before our own last write on it. The clocks may differ a little."""
    if ours.touched_at is None or books.synced_at is None:
        return False
    return books.synced_at < ours.touched_at - CLOCKS


def _void(ours: Ours, books: InBooks) -> bool:
    """Said to be void, or (QuickBooks Desktop, NetSuite) paid with nothing in it."""
    emptied = (
        ours.kind is DocumentKind.INVOICE
        and books.total is not None
        and books.total.minor == 0
        and not books.open_minor
        and ours.total is not None
        and ours.total.minor != 0
    )
    return books.void or emptied


def _void_found(ours: Ours, books: InBooks, at: datetime) -> Verdict:
    if ours.voided:
        return Moved(None)
    return _told(ours, What.VOID, _instead(ours, "void"), Seen(status="void", at=at, total=books.total, open_minor=0))


def _instead(ours: Ours, books: str) -> tuple[Difference, ...]:
    return () if ours.total is None else (Difference("total", str(ours.total), books),)


def _total(ours: Ours, books: InBooks) -> tuple[Difference, ...]:
    if ours.total is None or books.total is None or books.total == ours.total:
        return ()
    return (Difference("total", str(ours.total), str(books.total)),)


def _customer(ours: Ours, books: InBooks) -> tuple[Difference, ...]:
    if books.customer is None or not ours.customers or books.customer in ours.customers:
        return ()
    return (Difference("customer", min(ours.customers), books.customer),)


def _settled(ours: Ours, books: InBooks) -> tuple[Difference, ...]:
    """Of a payment: what it took off each invoice of ours. Invoices of others that it was put on as well are theirs."""
    if books.settles is None or ours.total is None:
        return ()
    currency = ours.total.currency
    return tuple(
        Difference(f"taken off {invoice}", _amount(minor, currency), _amount(books.settles.get(invoice, 0), currency))
        for invoice, minor in sorted(ours.settles.items())
        if books.settles.get(invoice, 0) != minor
    )


def _paid(ours: Ours, books: InBooks) -> _Paid | Ambiguous:
    if ours.kind is not DocumentKind.INVOICE or books.open_minor is None or books.total is None:
        return _Paid(ours.by_hand, books.open_minor)
    gone = books.total.minor - books.open_minor
    least, most = gone - ours.taken - ours.pending, gone - ours.taken
    if least <= ours.by_hand <= most:
        return _Paid(ours.by_hand, books.open_minor)
    return Ambiguous() if ours.pending else _Paid(most, books.open_minor)


def _seen(ours: Ours, books: InBooks, paid: _Paid, at: datetime, *, changed: bool) -> Seen | None:
    if not changed and not paid.by_hand:
        return None
    status: Status = "changed" if changed else "paid" if paid.open_minor == 0 else "open"
    return Seen(status=status, at=at, total=books.total or ours.total, open_minor=paid.open_minor)


def _money(ours: Ours, books: InBooks, paid: _Paid) -> tuple[Difference, ...]:
    if books.total is None or paid.open_minor is None:
        return ()
    currency = books.total.currency
    expected = books.total.minor - ours.taken - ours.by_hand
    return (Difference("open", _amount(expected, currency), _amount(paid.open_minor, currency)),)


def _number(ours: Ours, books: InBooks) -> tuple[Difference, ...]:
    if ours.number is None or books.number is None or books.number == ours.number:
        return ()
    return (Difference("number", ours.number, books.number),)


def _renumbered(ours: Ours, books: InBooks) -> bool:
    """Whether its number is another one than was known; back to ours is no news."""
    return bool(_number(ours, books)) and books.number != ours.number_seen


def _same(one: Seen | None, other: Seen | None) -> bool:
    if one is None or other is None:
        return one is other
    return replace(one, at=other.at) == other


def _amount(minor: int, currency: str) -> str:
    return f"{major_units(minor, currency)} {currency}"
