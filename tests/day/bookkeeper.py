"""A bookkeeper with nothing but Rutter's API: enters documents by hand, one request each."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx

from sandbox.day.documents import CreditApplication, CreditMemo, CustomerRefund, Document, Invoice, InvoicePayment
from sandbox.day.money import major
from sandbox.day.needs import ConnectionNeed


@dataclass
class Bookkeeper:
    """Works for one connection. Remembers what it entered by kind and marker."""

    http: httpx.AsyncClient
    need: ConnectionNeed
    token: str = ""
    connection_id: str = ""
    item: str = ""
    accounts: dict[str, str] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)
    entered: dict[tuple[type, str], str] = field(default_factory=dict)

    async def open(self) -> None:
        """The company, with the clearing accounts that it does not have by itself."""
        need = self.need
        asked = {
            "platform": need.platform,
            "home_currency": need.home_currency,
            "currencies": list(need.currencies),
            "chart_of_accounts": [{"role": name, "name": name, "account_type": kind} for name, kind in need.accounts],
        }
        told = (await self.http.post("/_sandbox/connections", json=asked)).raise_for_status().json()
        self.token, self.connection_id = told["access_token"], told["connection_id"]
        self.item = told["items"]["Sales"]
        roles = {"Stripe clearing": "stripe_clearing", "Shopify clearing": "shopify_clearing"}
        self.accounts = {name: told["accounts"][roles.get(name, name)] for name in {*roles, *dict(need.accounts)}}

    async def enter(self, document: Document) -> None:
        """One document."""
        customer = await self._customer(document.customer, document.currency)
        made: dict[str, Any] = {}
        match document:
            case Invoice():
                body = self._invoice(document, customer)
                made = await self._post("invoice", "invoices", body)
            case InvoicePayment():
                made = await self._post("invoice_payment", "invoice_payments", self._payment(document, customer))
            case CreditMemo():
                body = {
                    "customer_id": customer,
                    "issue_date": str(document.date),
                    "currency_code": document.currency,
                    "line_items": self._given_back(document, as_text=True),
                }
                made = await self._post("invoice_credit_memo", "invoice_credit_memos", body)
            case CreditApplication():
                made = await self._apply(document, customer)
            case CustomerRefund():
                body = {
                    "account_id": self.accounts[document.account],
                    "customer_id": customer,
                    "transaction_date": str(document.date),
                    "currency_code": document.currency,
                    "line_items": self._given_back(document, as_text=False),
                }
                made = await self._post("customer_refund", "customer_refunds", body)
        self.entered[type(document), document.marker] = made.get("id", "")

    async def remove(self, path: str, key: str) -> None:
        """Take one document out of the books."""
        url = f"/versioned/accounting/{path}/{key}?access_token={self.token}"
        (await self.http.request("DELETE", url, json={})).raise_for_status()

    async def _post(self, singular: str, plural: str, body: dict[str, Any]) -> dict[str, Any]:
        url = f"/versioned/accounting/{plural}?access_token={self.token}"
        answer = await self.http.post(url, json={singular: body, "response_mode": "prefer_sync"})
        assert answer.is_success, answer.text
        made: dict[str, Any] = answer.json()[singular]
        return made

    async def _customer(self, name: str, currency: str) -> str:
        if name not in self.customers:
            body = {"contact_name": name, "additional_fields": {"currency_code": currency}}
            self.customers[name] = (await self._post("customer", "customers", body))["id"]
        return self.customers[name]

    def _invoice(self, invoice: Invoice, customer: str) -> dict[str, Any]:
        number = invoice.marker.removeprefix("Order ")
        body: dict[str, Any] = {
            "customer_id": customer,
            "issue_date": str(invoice.date),
            "currency_code": invoice.currency,
            "memo": invoice.marker,
            "document_number": number[-21:],
            "line_items": [
                {"total_amount": _number(one, invoice.currency), "item": {"id": self.item}} for one in invoice.lines
            ],
        }
        if invoice.tax:
            body["additional_fields"] = {"tax_amount": _number(invoice.tax, invoice.currency)}
        return body

    def _payment(self, payment: InvoicePayment, customer: str) -> dict[str, Any]:
        return {
            "account_id": self.accounts[payment.account],
            "customer_id": customer,
            "txn_date": str(payment.date),
            "currency_code": payment.currency,
            "total_amount": _number(payment.total, payment.currency),
            "memo": payment.marker,
            "linked_invoices": [
                {"id": self.entered[Invoice, link.invoice], "amount": _number(link.amount, payment.currency)}
                for link in payment.linked
            ],
        }

    async def _apply(self, credit: CreditApplication, customer: str) -> dict[str, Any]:
        (link,) = credit.linked
        body = {
            "customer_id": customer,
            "invoice_credit_memo_id": self.entered[CreditMemo, credit.marker],
            "transaction_date": "2026-11-02",
            "currency_code": credit.currency,
            "linked_invoices": [
                {
                    "id": self.entered[Invoice, link.invoice],
                    "allocated_amount": _number(link.amount, credit.currency),
                }
            ],
        }
        return await self._post("invoice_credit_application", "invoice_credit_applications", body)

    def _given_back(self, document: CreditMemo | CustomerRefund, *, as_text: bool) -> list[dict[str, Any]]:
        return [
            {
                "description": f"Line (refund {document.marker})",
                "total_amount": major(one, document.currency) if as_text else _number(one, document.currency),
                "item": {"id": self.item},
            }
            for one in document.lines
        ]


def _number(minor_units: int, currency: str) -> float:
    """A JSON number whose digits are the amount's: sums this small survive the way through a float."""
    return float(Decimal(major(minor_units, currency)))
