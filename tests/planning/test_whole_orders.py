"""Whatever happens to an order, in whatever order: documents balance, nothing is paid or credited past what is owed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumers.planning import plan
from schemas.books import Applied, Books, Link
from schemas.documents import DocumentKind, Ref, Write
from schemas.events import Event, OrderAmended, OrderCompleted, PaymentReceived, RefundIssued, RefundReversed
from schemas.facts import OrderLine
from schemas.mapping import Named, Policies
from schemas.money import Money, minor_units
from schemas.plans import Hold, Park, Post, Skip
from tests.planning.changes import amended, cancelled, charged_back, knowing, refund_failed
from tests.planning.shop import (
    ITEMS,
    LISTS,
    MAPPING,
    ada_linked,
    books,
    connection,
    line,
    order,
    payment,
    refund,
    returned,
    through,
)

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PLATFORMS = ("QUICKBOOKS", "XERO", "NETSUITE", "ZOHOBOOKS")
_ITEMS = replace(ITEMS, payment_reversal=Named(name="Sales"))


@dataclass
class Ledger:
    """A shop's books as plain sums: what planning is told of them, and what becomes of what it plans."""

    facts: Sequence[Event]
    platform: str
    policies: Policies
    writes: dict[str, Write] = field(default_factory=dict)
    outcomes: dict[str, Any] = field(default_factory=dict)

    def books(self) -> Books:
        """The snapshot: all facts are told, and what was written is proven."""
        of = connection(self.platform, replace(MAPPING, items=_ITEMS, policies=self.policies))
        told = [event for event in self.facts if isinstance(event, OrderCompleted | PaymentReceived | RefundIssued)]
        links = [
            Link(key=one.key, rutter_id=f"r-{one.key}", kind=one.kind.value, total=one.total)
            for one in self.writes.values()
        ]
        known = books(
            told,
            of=of,
            links=[ada_linked(), *links],
            applied={"1001": tuple(self._applied())},
            refunds=[event for event in told if isinstance(event, RefundIssued)],
            lists=LISTS,
        )
        return knowing(known, told=self.facts)

    def _applied(self) -> list[Applied]:
        return [
            Applied(by=one.key, minor=applies.minor, document=applies.document)
            for one in self.writes.values()
            for applies in one.applies
        ]

    def run(self, events: Sequence[Event]) -> "Ledger":
        """Each event as often as it has something to wait for, in that order."""
        for _ in range(len(events) + 1):
            for event in events:
                planned = plan(event, self.books())
                self.outcomes[event.key] = planned
                if isinstance(planned, Post):
                    self.writes |= {write.key: write for write in planned.writes if write.key not in self.writes}
        return self

    def total(self, *kinds: DocumentKind) -> int:
        """Of all documents of these kinds."""
        return sum(one.total.minor for one in self.writes.values() if one.kind in kinds and one.total is not None)

    def void(self) -> int:
        """What was taken out of the books."""
        voids = [one for one in self.writes.values() if one.kind is DocumentKind.INVOICE_VOID]
        return sum(self._minor(str(void.look.parent.key)) for void in voids if isinstance(void.look.parent, Ref))

    def receivable(self) -> int:
        """What the customer owes; below zero where there is open credit."""
        credited = self.total(DocumentKind.INVOICE_PAYMENT, DocumentKind.CREDIT_MEMO)
        return self.total(DocumentKind.INVOICE) - self.void() - credited

    def check(self) -> None:
        """What is true of any books."""
        for write in self.writes.values():
            if write.kind in {DocumentKind.INVOICE, DocumentKind.CREDIT_MEMO, DocumentKind.CUSTOMER_REFUND}:
                assert write.total == _added_up(write)
        for key, write in self.writes.items():
            taken = sum(one.minor for one in self._applied() if one.document == key)
            assert not taken or (write.kind is DocumentKind.INVOICE and taken <= self._minor(key))
        for write in self.writes.values():
            applied = sum(one.minor for one in write.applies)
            assert write.total is None or applied <= write.total.minor

    def _minor(self, key: str) -> int:
        total = self.writes[key].total
        return 0 if total is None else total.minor


def _added_up(write: Write) -> Money:
    extra = write.body.get("additional_fields", {})
    whole = sum((Decimal(one["total_amount"]) for one in write.body["line_items"]), Decimal(0))
    whole += extra.get("tax_amount", 0) + extra.get("shipping_amount", 0) - extra.get("discount_amount", 0)
    minor = minor_units(whole, "USD")
    assert minor is not None
    return Money(minor, "USD")


def _told(lines: Sequence[OrderLine], shipping: int, discount: int) -> OrderCompleted:
    whole = sum(one.total + sum(tax.amount for tax in one.taxes) for one in lines) + shipping
    discount = min(discount, whole)
    total = whole - discount
    return order(*lines, total=total, shipping=shipping, discount=discount)


LINES = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(["MUG", "TEE", None]), st.integers(0, 5000), st.integers(0, 400)),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one[0],
).map(lambda rows: [line(total, tax, number=number, sku=sku) for number, sku, total, tax in rows])
ORDERS = st.builds(_told, LINES, st.integers(0, 900), st.just(0) | st.integers(0, 50)).filter(
    lambda one: one.data.order.total > 0
)


@st.composite
def stories(draw: st.DrawFn) -> list[Event]:
    """An order, its revisions, payments of parts of it, refunds, and the end of some of them."""
    first = draw(ORDERS)
    events: list[Event] = [first]
    events += [amended(revision, draw(ORDERS)) for revision in range(1, draw(st.integers(0, 2)) + 1)]
    for number in range(draw(st.integers(0, 3))):
        amount = draw(st.integers(1, 6000))
        events.append(payment(amount, ("1001", amount), payment_id=f"pi_{number}"))
    for number in range(draw(st.integers(0, 2))):
        amount = draw(st.integers(1, 3000))
        cash = draw(st.sampled_from([0, amount, amount // 2]))
        money = [through(cash, "pi_0")] if cash else []
        lines = draw(st.sampled_from([(), (returned(amount),)]))
        events.append(refund(amount, *lines, id=f"re_{number}", money=money))
    if draw(st.booleans()):
        events.append(cancelled())
    if draw(st.booleans()):
        events.append(charged_back(draw(st.integers(1, 6000)), payment_id="pi_0", kind="failed"))
    if draw(st.booleans()):
        events.append(refund_failed(draw(st.integers(1, 3000)), "re_0"))
    return draw(st.permutations(events))


POLICIES = st.builds(
    Policies,
    refund=st.sampled_from(["credit_memo", "customer_refund"]),
    overpayment=st.sampled_from(["park", "open_credit"]),
    chargeback=st.sampled_from(["loss", "reopen", None]),
)


@QUICK
@given(stories(), st.sampled_from(PLATFORMS), POLICIES)
def test_documents_balance_and_nothing_is_taken_twice(events: list[Event], platform: str, policies: Policies) -> None:
    ledger = Ledger(events, platform, policies).run(events)
    ledger.check()
    given_back = [one for key, one in ledger.writes.items() if key.startswith(("credit_memo:re", "customer_refund:re"))]
    orders = [one for one in events if isinstance(one, OrderCompleted | OrderAmended)]
    dearest = max(
        one.data.order.total if isinstance(one, OrderCompleted) else one.data.amendment.order.total for one in orders
    )
    failed = sum(one.data.reversal.amount for one in events if isinstance(one, RefundReversed))
    assert sum(one.total.minor for one in given_back if one.total is not None) <= dearest + failed
    for planned in ledger.outcomes.values():
        assert isinstance(planned, Post | Hold | Park | Skip)


@QUICK
@given(stories(), st.sampled_from(PLATFORMS), POLICIES)
def test_planning_again_writes_nothing_more(events: list[Event], platform: str, policies: Policies) -> None:
    ledger = Ledger(events, platform, policies).run(events)
    before = dict(ledger.writes)
    assert ledger.run(events[::-1]).writes.keys() == before.keys()


@QUICK
@given(ORDERS, st.lists(ORDERS, min_size=1, max_size=3), st.sampled_from(PLATFORMS), st.randoms(use_true_random=False))
def test_the_books_come_to_the_last_revision_in_any_order(
    first: OrderCompleted, later: list[OrderCompleted], platform: str, chance: Any
) -> None:
    revisions = [amended(number, one) for number, one in enumerate(later, start=1)]
    events: list[Event] = [first, *revisions]
    chance.shuffle(events)
    ledger = Ledger((), platform, Policies(refund="credit_memo"))
    for event in events:  # told one by one: what is told late finds the books as the others left them
        ledger.facts = [*ledger.facts, event]
        ledger.run(ledger.facts)
    ledger.check()
    assert ledger.receivable() == later[-1].data.order.total


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_cancelled_order_is_not_owed_in_any_order(platform: str) -> None:
    first = order(line(4000, 320), line(1000, number=2), total=5320)
    less = amended(1, order(line(3000, 240), total=3240))
    paid = payment(2000, ("1001", 2000))
    totals = set()
    told: list[Event] = [first, less, paid, cancelled()]
    for events in permutations(told):
        ledger = Ledger((), platform, Policies(refund="credit_memo"))
        for event in events:
            ledger.facts = [*ledger.facts, event]
            ledger.run(ledger.facts)
        ledger.check()
        totals.add(ledger.receivable())
    assert totals == {0}
