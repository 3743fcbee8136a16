"""Stripe's orders: sessions of one line, invoices with theirs, and that both tie as Stripe's totals do."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.deliveries import Told, Unreadable
from schemas.facts import Address
from schemas.sources import NOUNS
from tests.handlers.bodies import CREATED, NOW, Body, applied, events, order_sum, the_order, the_payment, translated
from tests.handlers.stripe_bodies import invoice, invoice_line, session, stripe_event


def told(thing: Body, **changes: Any) -> Any:
    """A completed session or a paid invoice, translated."""
    kind = "invoice.paid" if thing["object"] == "invoice" else "checkout.session.completed"
    return translated("stripe", stripe_event(kind, thing), **changes)


def test_a_session_is_one_line_that_ties() -> None:
    """25.00 - 1.32 + 1.90 + 5.00 = 30.58; the tax of 0.40 on shipping is told apart."""
    thing = session(amount_total=3058, shipping_cost={"amount_subtotal": 500, "amount_tax": 40, "amount_total": 540})
    order = the_order(told(thing))
    (line,) = order.lines
    assert (order.id, order.number, order.currency, order.total) == ("pi_1", "pi_1", "USD", 3058)
    assert order.completed_at == NOW
    assert (line.sku, line.description, line.total, [tax.amount for tax in line.taxes]) == (
        None,
        "Checkout",
        2368,
        [150],
    )
    assert (order.shipping.total, [tax.amount for tax in order.shipping.taxes]) == (500, [40])
    assert order_sum(order) == 3058
    assert not order.prices_include_tax
    assert (order.customer.id, order.customer.name, order.customer.email) == ("cus_1", "Ada Byron", "ada@example.com")


def test_a_session_tells_its_payment() -> None:
    """The whole total, to its own order."""
    payment = the_payment(told(session(amount_total=3058)))
    assert (payment.id, payment.amount, payment.gateway, payment.method) == ("pi_1", 3058, "stripe", "card")
    assert applied(payment) == [("pi_1", 3058)]
    assert payment.reference is None


def test_tax_inside_the_prices() -> None:
    """25.00 - 1.32 + 5.00 = 28.68, of which 1.90 is tax."""
    order = the_order(told(session(amount_total=2868)))
    assert [line.total for line in order.lines] == [2178]
    assert order.prices_include_tax
    assert order_sum(order) == 2868
    shipped = session(amount_total=2868, shipping_cost={"amount_tax": 40})
    order = the_order(told(shipped))
    assert ([line.total for line in order.lines], order.shipping.total) == ([2218], 460)
    assert order_sum(order) == 2868


def test_a_session_that_ties_in_neither_way_keeps_its_figures() -> None:
    """It is for planning to park it."""
    order = the_order(told(session(amount_total=3000)))
    assert (order.total, order_sum(order)) == (3000, 3058)


def test_a_strange_shipping_tax_stays_on_the_line() -> None:
    """More tax on shipping than on everything."""
    order = the_order(told(session(amount_total=3058, shipping_cost={"amount_tax": 999})))
    assert [tax.amount for tax in order.lines[0].taxes] == [190]
    assert order.shipping.taxes == ()


def test_a_free_session() -> None:
    """An order over nothing, called by the session, with no payment."""
    free = session(amount_subtotal=2500, amount_total=0, payment_intent=None, payment_status="no_payment_required")
    found = told(free | {"total_details": {"amount_discount": 2500, "amount_shipping": 0, "amount_tax": 0}})
    assert [event.id for event in events(found)] == ["order:cs_1"]
    assert (the_order(found).total, order_sum(the_order(found))) == (0, 0)


def test_a_guest_with_an_address() -> None:
    """Newer and older places of the shipping address; a customer's e-mail given beforehand."""
    address = {"line1": "1 Pier", "line2": None, "city": "Hafen", "state": "HH", "postal_code": "1", "country": "DE"}
    expected = Address(address1="1 Pier", city="Hafen", region="HH", postal_code="1", country="DE")
    guest = session(
        customer=None,
        customer_email="early@example.com",
        customer_details={"email": None, "name": "Ada", "phone": "1", "address": address},
        shipping_details={"address": address},
    )
    order = the_order(told(guest))
    assert (order.customer.id, order.customer.email, order.customer.phone) == (None, "early@example.com", "1")
    assert order.customer.billing_address == expected
    assert order.shipping_address == expected
    newer = session(collected_information={"shipping_details": {"address": address}})
    assert the_order(told(newer)).shipping_address == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"metadata": {"description": "Six mugs"}}, "Six mugs"),
        ({"client_reference_id": "W10001"}, "Checkout W10001"),
        ({"metadata": None, "client_reference_id": ""}, "Checkout"),
    ],
)
def test_what_the_one_line_is_called(changes: Body, expected: str) -> None:
    """The reference is no order number: Stripe lets it be a customer's id."""
    order = the_order(told(session(**changes)))
    assert (order.lines[0].description, order.number) == (expected, "pi_1")


def test_an_expanded_customer_is_its_id() -> None:
    """Links may be objects."""
    assert the_order(told(session(customer={"id": "cus_9"}))).customer.id == "cus_9"


def test_another_sources_order_is_paid_when_named() -> None:
    """`order_reference` wins over the session's own order."""
    named = session(metadata={"order_id": "1001"})
    assert applied(the_payment(told(named, order_reference="metadata.order_id"))) == [("1001", 3058)]
    only_payments = {"order_reference": "metadata.order_id", "tells": frozenset({"payments"})}
    assert applied(the_payment(told(session(), **only_payments))) is None
    both = {"order_reference": "metadata.order_id", "tells": NOUNS}
    assert applied(the_payment(told(session(), **both))) == [("pi_1", 3058)]


def test_an_older_invoice() -> None:
    """Lines with their own discounts and taxes, and the payment it names."""
    line = invoice_line(amount=2568, discount_amounts=[{"amount": 100, "discount": "di_1"}])
    found = told(invoice(line, due_date=CREATED + 86_400))
    order, payment = the_order(found), the_payment(found)
    assert (order.id, order.number, order.total, order_sum(order)) == ("in_1", "ACME-0001", 2665, 2665)
    assert order.completed_at == datetime.fromtimestamp(CREATED - 5, UTC)
    assert order.due_at == datetime.fromtimestamp(CREATED + 86_400, UTC)
    (read,) = order.lines
    assert (read.id, read.sku, read.description, read.quantity, read.unit_price) == (
        "il_1",
        "prod_1",
        "A shirt",
        "2",
        "12.34",
    )
    assert [(tax.code, tax.amount) for tax in read.taxes] == [("txr_1", 197)]
    assert (payment.id, payment.reference, payment.amount) == ("pi_1", "ch_1", 2665)
    assert applied(payment) == [("in_1", 2665)]


BASIL_LINE = invoice_line(
    price=None,
    pricing={"price_details": {"product": "prod_2"}, "unit_amount_decimal": "1234.5"},
    quantity_decimal="2.5",
    tax_amounts=None,
    taxes=[
        {"amount": 183, "tax_behavior": "inclusive", "tax_rate_details": {"tax_rate": "txr_2"}},
        {"amount": 0, "tax_behavior": "inclusive", "tax_rate_details": None},
    ],
)


def test_a_basil_invoice_with_tax_inside() -> None:
    """24.68 with 1.83 tax in it, and 5.00 shipping with 0.37 in it; its payment is told elsewhere."""
    cost = {"amount_subtotal": 500, "amount_tax": 37, "amount_total": 500}
    basil = invoice(BASIL_LINE, charge=None, payment_intent=None, total=2968, number=None, shipping_cost=cost)
    found = told(basil)
    order = the_order(found)
    assert [event.type for event in events(found)] == ["order.completed"]
    (line,) = order.lines
    assert (line.sku, line.quantity, line.unit_price, line.total) == ("prod_2", "2.5", "12.345", 2285)
    assert [(tax.code, tax.amount) for tax in line.taxes] == [("txr_2", 183)]
    assert (order.shipping.total, order.number, order.prices_include_tax) == (463, "in_1", True)
    assert order_sum(order) == order.total == 2968


def test_an_invoice_with_shipping_tax_on_top() -> None:
    """26.65 + 5.00 + 0.40."""
    cost = {"amount_subtotal": 500, "amount_tax": 40, "amount_total": 540}
    order = the_order(told(invoice(total=3205, shipping_cost=cost)))
    assert (order.shipping.total, order_sum(order)) == (500, 3205)


def test_an_invoice_paid_out_of_band_is_an_order() -> None:
    """And says that no payment of it is told."""
    found = told(invoice(paid_out_of_band=True, charge=None, payment_intent=None))
    assert isinstance(found, Told)
    assert [event.id for event in found.events] == ["order:in_1"]
    assert found.notes == ("paid outside Stripe: no payment of it is told here",)


def test_an_invoice_over_nothing() -> None:
    """A trial."""
    line = invoice_line(amount=0, tax_amounts=[])
    trial = invoice(line, total=0, amount_paid=0, charge=None, payment_intent=None, status_transitions=None)
    assert the_order(told(trial)).total == 0
    assert the_order(told(trial)).completed_at == NOW


@pytest.mark.parametrize(
    ("quantity", "expected"), [(None, None), (0, "0"), (2.5, "2.5"), ("1.250", "1.250"), (10**25, None)]
)
def test_a_quantity_informs_or_is_null(quantity: Any, expected: str | None) -> None:
    """Never a reason to refuse an order, unless it is no number."""
    order = the_order(told(invoice(invoice_line(quantity=quantity, price=None))))
    assert (order.lines[0].quantity, order.lines[0].unit_price, order.lines[0].sku) == (expected, None, None)


def test_a_line_has_the_sku_that_the_seller_keeps() -> None:
    """In its metadata, before the product."""
    order = the_order(told(invoice(invoice_line(metadata={"sku": "MUG"}, description=None))))
    assert (order.lines[0].sku, order.lines[0].description) == ("MUG", "il_1")


THING = "$.data.object"
BAD: list[tuple[Body, str, str]] = [
    (session(amount_total=None), "amount_total", "missing"),
    (session(amount_total="3058"), "amount_total", "not a whole number"),
    (session(amount_total=30.58), "amount_total", "not a whole number"),
    (session(amount_total=-1), "amount_total", "less than nothing"),
    (session(amount_subtotal=10**18), "amount_subtotal", "no sensible amount of USD, which has 2 decimals"),
    (session(currency="usx"), "currency", "unknown currency"),
    (session(currency="Usd"), "currency", "unknown currency"),
    (session(payment_intent="p" * 1_000_000), "payment_intent", "longer than 4000 characters"),
    (session(payment_intent="p" * 256), "payment_intent", "an id longer than 255 bytes"),
    (session(payment_intent="p\n"), "payment_intent", "an id with characters that cannot be printed"),
    (session(payment_intent=7), "payment_intent", "not a text"),
    (session(payment_intent=None, id=""), "id", "empty"),
    (session(mode=None), "mode", "missing"),
    (session(customer_details="Ada"), "customer_details", "not an object"),
    (
        session(customer_details={"name": "\ud800"}),
        "customer_details.name",
        "has half a surrogate pair, which is no character",
    ),
    (session(payment_method_types="card"), "payment_method_types", "not a list"),
    (session(invoice_creation={"enabled": "yes"}), "invoice_creation.enabled", "not true or false"),
    (invoice(lines=None), "lines", "missing"),
    (
        invoice(lines={"has_more": True, "data": []}),
        "lines.has_more",
        "the invoice has more lines than the webhook carries",
    ),
    (invoice(lines={"data": None}), "lines.data", "missing"),
    (invoice(invoice_line(currency="eur")), "lines.data[0].currency", "another currency than the USD around it"),
    (invoice(invoice_line(), invoice_line(amount=None)), "lines.data[1].amount", "missing"),
    (invoice(invoice_line(quantity="two")), "lines.data[0].quantity", "not a decimal number"),
    (invoice(invoice_line(quantity=True)), "lines.data[0].quantity", "not a decimal number"),
    (invoice(total=-1), "total", "less than nothing"),
]


@pytest.mark.parametrize(("thing", "path", "reason"), BAD)
def test_a_field_that_cannot_be_read(thing: Body, path: str, reason: str) -> None:
    """By Stripe's own name of it."""
    assert told(thing) == Unreadable(f"{THING}.{path}", reason)


def test_lines_that_add_up_to_something_absurd() -> None:
    """Each is in bounds, their difference is not: named by what it should have become."""
    line = invoice_line(amount=-(10**15), discount_amounts=[{"amount": 1}], tax_amounts=[])
    found = told(invoice(line))
    assert isinstance(found, Unreadable)
    assert found.reason.startswith("OrderLine.total: ")
