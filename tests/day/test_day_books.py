"""Reading the books: Rutter's shapes, written by hand, become the documents they are."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sandbox.day.books import read, together
from sandbox.day.documents import (
    CreditApplication,
    CreditMemo,
    CustomerRefund,
    Documents,
    Invoice,
    InvoicePayment,
    LinkedAmount,
)
from sandbox.day.money import NotExactError
from sandbox.day.shops import ACME, BOREA

SNAPSHOT = """{
 "customers": [{"id": "c1", "customer_name": "Ada Abel"}],
 "accounts": [{"id": "a1", "name": "Stripe clearing"}],
 "invoices": [
  {"id": "i1", "memo": "Order 1001: gift", "document_number": "1001", "customer_id": "c1", "currency_code": "USD",
   "issue_date": "2026-11-02T00:00:00.000Z", "status": "partially_paid", "total_amount": 30.58, "tax_amount": 1.90,
   "line_items": [{"total_amount": 23.68}, {"total_amount": 5.00}, {"total_amount": 0}]},
  {"id": "i2", "memo": "Order 1002", "status": "void", "customer_id": "c1", "currency_code": "USD",
   "issue_date": "2026-11-02", "total_amount": 0, "tax_amount": 0, "line_items": []}],
 "invoice_payments": [
  {"id": "p1", "memo": "Payment ch_1", "customer_id": "c1", "account_id": "a1", "currency_code": "USD",
   "txn_date": "2026-11-02", "total_amount": "20.00", "linked_invoices": [{"id": "i1", "amount": "20"}]}],
 "invoice_credit_memos": [
  {"id": "m1", "customer_id": "c1", "currency_code": "USD", "issue_date": "2026-11-03", "status": "APPLIED",
   "total_amount": "3.10", "linked_invoices": [{"id": "i1", "allocated_amount": "3.1"}],
   "line_items": [{"amount": "3.00", "description": "A shirt (refund re_1)"},
                  {"amount": "0.10", "description": "Tax (refund re_1)"}]}],
 "customer_refunds": [
  {"id": "r1", "customer_id": "c1", "account_id": "a1", "currency_code": "KWD", "transaction_date": "2026-11-03",
   "total_amount": 1.234, "line_items": [{"total_amount": 1.234, "description": "Refund (refund 77)"}]}]
}"""


def snapshot() -> Any:
    return json.loads(SNAPSHOT, parse_float=Decimal)


def test_every_kind() -> None:
    day, later = date(2026, 11, 2), date(2026, 11, 3)
    on_order = LinkedAmount("Order 1001", 310)
    assert read(ACME, snapshot()) == Documents(
        invoices=(Invoice("acme", "Order 1001", "USD", 3058, day, "Ada Abel", (500, 2368), 190),),
        invoice_payments=(
            InvoicePayment(
                "acme",
                "Payment ch_1",
                "USD",
                2000,
                day,
                "Ada Abel",
                "Stripe clearing",
                (LinkedAmount("Order 1001", 2000),),
            ),
        ),
        credit_memos=(CreditMemo("acme", "re_1", "USD", 310, later, "Ada Abel", (10, 300)),),
        credit_applications=(CreditApplication("acme", "re_1", "USD", 310, "Ada Abel", (on_order,)),),
        customer_refunds=(CustomerRefund("acme", "77", "KWD", 1234, later, "Ada Abel", "Stripe clearing", (1234,)),),
    )


def test_an_invoice_without_memo_is_known_by_its_number() -> None:
    books = snapshot()
    books["invoices"][0]["memo"] = None
    assert read(BOREA, books).invoices[0].marker == "Order 1001"


def test_what_cannot_be_recognised_says_its_id() -> None:
    books = snapshot()
    books["invoice_credit_memos"][0]["line_items"][1]["description"] = "Tax (refund re_2)"
    books["invoice_payments"][0]["memo"] = None
    found = read(ACME, books)
    assert found.credit_memos[0].marker == "unmarked m1"
    assert found.invoice_payments[0].marker == "unmarked p1"


def test_an_amount_with_too_many_decimals_is_no_amount() -> None:
    books = snapshot()
    books["invoice_payments"][0]["total_amount"] = "20.001"
    with pytest.raises(NotExactError):
        read(ACME, books)


def test_several_connections_together() -> None:
    one, other = read(ACME, snapshot()), read(BOREA, snapshot())
    assert [invoice.connection for invoice in together([one, other]).invoices] == ["acme", "borea"]
