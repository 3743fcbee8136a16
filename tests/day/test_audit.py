"""The auditor sees a double, a loss, a cent, a stranger and a wrong customer; and nothing where all is well."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.day.audit import Difference, Doubled, Name, audit
from sandbox.day.day import Day
from sandbox.day.documents import Documents, LinkedAmount
from sandbox.day.generate import generate


@pytest.fixture(scope="module")
def day() -> Day:
    return generate(7, datetime(2026, 11, 2, 18, 30, tzinfo=UTC))


def test_right_books_are_clean(day: Day) -> None:
    found = audit(day, day.expected)
    assert found.is_clean
    assert (*found.missing, *found.doubled, *found.different, *found.unexpected) == ()
    assert found.matched == {
        "invoices": len(day.facts.orders),
        "invoice_payments": len(day.facts.payments),
        "credit_memos": len(day.expected.credit_memos),
        "credit_applications": len(day.expected.credit_applications),
        "customer_refunds": len(day.expected.customer_refunds),
    }
    assert {(one.connection, one.currency) for one in found.tie_out} >= {
        ("acme", "USD"),
        ("acme", "JPY"),
        ("acme", "KWD"),
        ("borea", "EUR"),
    }
    assert all(one.difference == 0 for one in found.tie_out)


def test_empty_books_are_not(day: Day) -> None:
    found = audit(day, Documents((), (), (), (), ()))
    assert len(found.missing) == len(day.expected.all())
    assert not found.is_clean


def test_a_planted_double(day: Day) -> None:
    one = day.expected.invoice_payments[3]
    books = replace(day.expected, invoice_payments=(*day.expected.invoice_payments, one))
    found = audit(day, books)
    assert found.doubled == (Doubled(Name("invoice_payments", "acme", one.marker), 2),)
    assert found.matched["invoice_payments"] == len(day.facts.payments) - 1
    off = [tied for tied in found.tie_out if not tied.ties]
    assert [(tied.connection, tied.currency, tied.difference) for tied in off] == [("acme", one.currency, -one.total)]
    assert not found.is_clean


def test_a_planted_loss(day: Day) -> None:
    lost, *kept = day.expected.customer_refunds
    found = audit(day, replace(day.expected, customer_refunds=tuple(kept)))
    assert found.missing == (Name("customer_refunds", "borea", lost.marker),)
    assert [tied.difference for tied in found.tie_out if not tied.ties] == [lost.total]
    assert not found.is_clean


def test_a_lost_credit_application(day: Day) -> None:
    """It moves no money in the sums, so only the documents tell."""
    lost, *kept = day.expected.credit_applications
    found = audit(day, replace(day.expected, credit_applications=tuple(kept)))
    assert found.missing == (Name("credit_applications", "acme", lost.marker),)
    assert all(tied.ties for tied in found.tie_out)
    assert not found.is_clean


def test_a_planted_cent(day: Day) -> None:
    one, *others = day.expected.invoices
    found = audit(day, replace(day.expected, invoices=(replace(one, total=one.total + 1), *others)))
    name = Name("invoices", "acme", one.marker)
    assert found.different == (Difference(name, "total", str(one.total), str(one.total + 1)),)
    assert [(tied.currency, tied.difference) for tied in found.tie_out if not tied.ties] == [(one.currency, 1)]
    assert not found.is_clean


def test_cents_that_cancel_over_two_documents(day: Day) -> None:
    one, other, *others = day.expected.invoices
    assert one.currency == other.currency
    wrong = (replace(one, total=one.total + 1), replace(other, total=other.total - 1), *others)
    found = audit(day, replace(day.expected, invoices=wrong))
    assert len(found.different) == 2
    assert not found.is_clean


def test_an_order_and_a_payment_that_are_off_by_the_same(day: Day) -> None:
    """The net ties; the legs do not."""
    invoice, *invoices = day.expected.invoices
    payment, *payments = day.expected.invoice_payments
    wrong = replace(
        day.expected,
        invoices=(replace(invoice, total=invoice.total + 1), *invoices),
        invoice_payments=(replace(payment, total=payment.total + 1), *payments),
    )
    found = audit(day, wrong)
    assert [tied.difference for tied in found.tie_out] == [0] * len(found.tie_out)
    assert any(not tied.ties for tied in found.tie_out)
    assert not found.is_clean


def test_documents_in_the_wrong_place(day: Day) -> None:
    one, *others = day.expected.invoice_payments
    for wrong in (
        replace(one, customer="Somebody Else"),
        replace(one, account="Till"),
        replace(one, currency="KWD"),
        replace(one, connection="borea"),
        replace(one, date=one.date + timedelta(days=1)),
    ):
        assert not audit(day, replace(day.expected, invoice_payments=(wrong, *others))).is_clean


def test_a_payment_on_another_invoice(day: Day) -> None:
    one, *others = day.expected.invoice_payments
    wrong = replace(one, linked=(LinkedAmount("Order 0", one.total),))
    found = audit(day, replace(day.expected, invoice_payments=(wrong, *others)))
    assert [(different.field, different.found) for different in found.different] == [
        ("linked", f"Order 0: {one.total}")
    ]


def test_the_order_of_links_does_not_matter(day: Day) -> None:
    turned = tuple(replace(one, linked=one.linked[::-1]) for one in day.expected.invoice_payments)
    assert any(len(one.linked) == 2 for one in turned)
    assert audit(day, replace(day.expected, invoice_payments=turned)).is_clean


def test_a_stranger(day: Day) -> None:
    stranger = replace(day.expected.invoices[0], marker="Order 0")
    found = audit(day, replace(day.expected, invoices=(*day.expected.invoices, stranger)))
    assert found.unexpected == (Name("invoices", "acme", "Order 0"),)
    assert not found.is_clean
