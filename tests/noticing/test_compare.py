"""Telling what a person did from what we wrote and what is there: by hand, and for anything of our own writing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.noticing import Ambiguous, Gone, InBooks, Moved, Noticed, Ours, What, compare
from schemas.books import Seen
from schemas.documents import DocumentKind
from schemas.money import Money

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
INVOICE, PAYMENT = DocumentKind.INVOICE, DocumentKind.INVOICE_PAYMENT


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def ours(**also: Any) -> Ours:
    given_: dict[str, Any] = {"kind": INVOICE, "total": usd(3000), "customers": frozenset({"c1"}), "number": "1001"}
    return Ours(**given_ | also)


def there(open_minor: int | None = 3000, **also: Any) -> InBooks:
    given_: dict[str, Any] = {"total": usd(3000), "customer": "c1", "number": "1001"}
    return InBooks(open_minor=open_minor, **given_ | also)


def seen(status: Any, total: int | None = 3000, open_minor: int | None = 3000) -> Seen:
    return Seen(status=status, at=NOW, total=None if total is None else usd(total), open_minor=open_minor)


@pytest.mark.parametrize(
    ("mine", "books", "what", "left"),
    [
        (ours(), there(1000), What.PAID, seen("open", open_minor=1000)),
        (ours(), there(0), What.PAID, seen("paid", open_minor=0)),
        (ours(taken=3000), there(3000), What.UNPAID, seen("open")),
        (ours(), there(3100, total=usd(3100)), What.EDITED, seen("changed", 3100, 3100)),
        (ours(), there(customer="c2"), What.EDITED, seen("changed")),
        (ours(), there(void=True), What.VOID, seen("void", open_minor=0)),
        (ours(), there(0, total=usd(0)), What.VOID, seen("void", 0, 0)),
        (ours(), Gone(), What.DELETED, seen("deleted", None, None)),
        (ours(), there(number="1001-A"), What.RENUMBERED, None),
        (ours(seen=seen("changed", 3100, 3100)), there(), What.RESTORED, None),
        (ours(kind=PAYMENT, settles={"i1": 3000}), there(None, settles={}), What.EDITED, seen("changed", 3000, None)),
    ],
)
def test_what_a_person_did(mine: Ours, books: InBooks | Gone, what: What, left: Seen | None) -> None:
    found = compare(mine, books, NOW)
    assert isinstance(found, Noticed)
    assert (found.what, found.seen) == (what, left)


@pytest.mark.parametrize(
    ("mine", "books"),
    [
        (ours(), there()),
        (ours(taken=1000), there(2000)),
        (ours(pending=1000), there(2000)),
        (ours(pending=1000), there(3000)),
        (ours(voided=True), there(void=True)),
        (ours(voided=True), there(0, total=usd(0))),
        (ours(customers=frozenset({"c1", "c2"})), there(customer="c2")),
        (ours(number_seen="77"), there(number="77")),
        (ours(), InBooks(total=None)),
        (ours(kind=PAYMENT, settles={"i1": 1000}), there(None, settles={"i1": 1000, "theirs": 2000})),
    ],
)
def test_what_nobody_did(mine: Ours, books: InBooks) -> None:
    assert compare(mine, books, NOW) == Moved(None)


def test_what_is_known_is_told_once_and_what_follows_of_our_own_quietly() -> None:
    known = ours(by_hand=1000, seen=seen("open", open_minor=2000))
    assert compare(known, there(2000), NOW + timedelta(hours=1)) == Moved(known.seen)
    assert compare(ours(by_hand=1000, taken=2000, seen=known.seen), there(0), NOW) == Moved(seen("paid", open_minor=0))
    gone = ours(seen=seen("deleted", None, None))
    assert compare(gone, Gone(), NOW + timedelta(hours=1)) == Moved(gone.seen)


def test_what_may_be_our_own_is_looked_at_later() -> None:
    assert compare(ours(pending=500), there(2000), NOW) == Ambiguous()
    late = NOW - timedelta(minutes=1)
    assert compare(ours(taken=3000, touched_at=NOW), there(3000, synced_at=late), NOW) == Ambiguous()
    assert isinstance(compare(ours(touched_at=NOW), there(0, synced_at=NOW), NOW), Noticed)


@given(
    total=st.integers(1, 10**9),
    share=st.fractions(0, 1),
    pending=st.fractions(0, 1),
    landed=st.booleans(),
    by_hand=st.fractions(0, 1),
)
def test_our_own_writes_are_never_a_persons(total: int, share: Any, pending: Any, landed: bool, by_hand: Any) -> None:
    theirs = int(total * by_hand)
    taken = int((total - theirs) * share)
    under_way = int((total - theirs - taken) * pending)
    left = total - theirs - taken - (under_way if landed else 0)
    mine = ours(total=usd(total), taken=taken, pending=under_way, by_hand=theirs)
    assert isinstance(compare(mine, there(left, total=usd(total)), NOW), Moved)


@given(total=st.integers(1, 10**9), share=st.fractions(0, 1), paid=st.integers(1, 10**9))
def test_what_a_person_paid_is_told_to_the_cent(total: int, share: Any, paid: int) -> None:
    taken = int(total * share)
    theirs = min(paid, total - taken)
    found = compare(ours(total=usd(total), taken=taken), there(total - taken - theirs, total=usd(total)), NOW)
    if theirs:
        assert isinstance(found, Noticed)
        assert (found.what, found.by_hand) == (What.PAID, theirs)
    else:
        assert found == Moved(None)
