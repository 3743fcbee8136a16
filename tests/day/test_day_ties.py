"""What must hold on every day, whatever the seed."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sandbox.day.day import Day
from sandbox.day.documents import CreditMemo, CustomerRefund
from sandbox.day.generate import generate

ZONES = {"acme": ZoneInfo("America/New_York"), "borea": ZoneInfo("Europe/Berlin")}
CONNECTION = {
    "acme-stripe": "acme",
    "acme-shop": "acme",
    "acme-erp": "acme",
    "borea-shop": "borea",
    "borea-erp": "borea",
}

MOMENTS = st.integers(min_value=0, max_value=60 * 24 * 400).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
DAYS = st.builds(generate, st.integers(min_value=0, max_value=2**32), MOMENTS)


@settings(
    max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)  # a smaller seed explains nothing
@given(DAYS)
def test_a_day_holds_together(day: Day) -> None:
    assert len(day.facts.orders) >= 200
    _orders_tie(day)
    _refunds_tie(day)
    _money_is_bounded(day)
    _names_are_unique(day)
    _every_fact_is_told(day)
    _documents_are_the_facts(day)


def _orders_tie(day: Day) -> None:
    for order in day.facts.orders:
        goods = sum(line.total + sum(tax.amount for tax in line.taxes) for line in order.lines)
        carriage = order.shipping + sum(tax.amount for tax in order.shipping_taxes)
        assert order.total == goods + carriage + order.tip + order.rounding - order.discount, order
        assert order.total > 0
        for line in order.lines:
            shown = line.total + line.tax if order.prices_include_tax else line.total
            assert shown == line.unit * line.quantity - line.discount, line


def _refunds_tie(day: Day) -> None:
    sold = {(order.source, order.key, line.id): line for order in day.facts.orders for line in order.lines}
    for refund in day.facts.refunds:
        assert refund.amount > 0
        for line in refund.lines or ():
            whole = sold[refund.source, refund.order, line.id]
            assert 0 < line.quantity <= whole.quantity
            assert line.total * whole.quantity <= whole.total * line.quantity
        assert sum(back.amount for back in refund.money) in (0, refund.amount)
        if refund.lines is not None:
            goods = sum(line.total + sum(tax.amount for tax in line.taxes) for line in refund.lines)
            carriage = refund.shipping + sum(tax.amount for tax in refund.shipping_taxes)
            assert refund.amount == goods + carriage + refund.tip + refund.adjustment, refund


def _money_is_bounded(day: Day) -> None:
    """Nobody pays more than is owed, and nothing goes back that had not come in."""
    owed = {(order.source, order.key): order.total for order in day.facts.orders}
    for payment in day.facts.payments:
        assert sum(share.amount for share in payment.shares) == payment.amount > 0
        for share in payment.shares:
            owed[payment.source, share.order] -= share.amount
    held = {(payment.source, payment.key): payment.amount for payment in day.facts.payments}
    for refund in day.facts.refunds:
        for back in refund.money:
            held[refund.source, back.payment] -= back.amount
        if not refund.money:
            owed[refund.source, refund.order] -= refund.amount
    assert min(owed.values()) >= 0, "credits leave room on the invoice, so that arrival cannot change them"
    assert min(held.values()) >= 0


def _names_are_unique(day: Day) -> None:
    for connection in ("acme", "borea"):
        markers = Counter((type(one), one.marker) for one in day.expected.all() if one.connection == connection)
        assert max(markers.values()) == 1
    buyers: defaultdict[tuple[str, str], set[tuple[str, str | None, str | None]]] = defaultdict(set)
    for order in day.facts.orders:
        if order.buyer.name is not None:
            who = (order.source, order.buyer.id, order.buyer.email)
            buyers[CONNECTION[order.source], order.buyer.name].add(who)
    assert all(len(who) == 1 for who in buyers.values()), "one name, one person"


def _every_fact_is_told(day: Day) -> None:
    told = {(one.source, fact) for one in day.deliveries if not one.forged for fact in one.facts}
    facts = {(order.source, f"order:{order.key}") for order in day.facts.orders}
    facts |= {(payment.source, f"payment:{payment.key}") for payment in day.facts.payments}
    facts |= {(refund.source, f"refund:{refund.key}") for refund in day.facts.refunds}
    assert told == facts
    first: set[tuple[str, str]] = set()
    for one in day.deliveries:
        new = {(one.source, fact) for fact in one.facts} - first
        assert bool(new) == (one.expect in ("accepted", "parked", "held")), one.note
        first |= new


def _documents_are_the_facts(day: Day) -> None:
    """Local dates, totals and the split of an invoice's lines, reckoned a second time."""
    dated = {
        (CONNECTION[order.source], f"Order {order.number}"): order.completed_at.astimezone(
            ZONES[CONNECTION[order.source]]
        ).date()
        for order in day.facts.orders
    }
    assert len(dated) == len(day.expected.invoices)
    for invoice in day.expected.invoices:
        assert invoice.date == dated[invoice.connection, invoice.marker]
        assert sum(invoice.lines) + invoice.tax == invoice.total
        assert invoice.tax == 0 or invoice.connection == "acme"
    given_out: tuple[CreditMemo | CustomerRefund, ...] = (
        *day.expected.credit_memos,
        *day.expected.customer_refunds,
    )
    for given_back in given_out:
        assert sum(given_back.lines) == given_back.total
    assert len(given_out) == len(day.facts.refunds)
    assert {one.connection for one in day.expected.customer_refunds} == {"borea"}
