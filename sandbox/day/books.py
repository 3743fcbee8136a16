"""The books as the auditor sees them: the stand-in's documents, read back into the shape of the expected ones.

The stand-in shows documents as Rutter's API does: amounts in major units, numbers on invoices and customer refunds,
strings on invoice payments and credit memos. Nothing here trusts our own records; customers, accounts and invoices are
looked up by id in the same snapshot.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar

from sandbox.day.documents import (
    CreditApplication,
    CreditMemo,
    CustomerRefund,
    Documents,
    Invoice,
    InvoicePayment,
    LinkedAmount,
)
from sandbox.day.money import minor
from sandbox.day.needs import ConnectionNeed

Snapshot = Mapping[str, Any]
"""One connection's objects by Rutter's plural names: `invoices`, `invoice_payments`, `invoice_credit_memos`,
`customer_refunds`, `customers`, `accounts`. Read it with decimals, never floats."""

Read = TypeVar("Read")

REFUND: Final = re.compile(r" \(refund ([^()]+)\)$")


def read(need: ConnectionNeed, snapshot: Snapshot) -> Documents:
    """All of one connection's documents; void ones are not there.

    Raises:
        sandbox.day.money.NotExactError: for an amount with more decimals than its currency.
    """
    return _Reader(need, snapshot).documents()


def read_report(needs: Mapping[str, ConnectionNeed], report: Snapshot) -> Documents:
    """The documents in the stand-in's answer to `GET /_sandbox/books`; `needs` by Rutter's connection id.

    Account names come from the report's `accounts`, where it has them, and from its trial balance, which
    leaves out accounts that stand at zero.
    """
    accounts = [{"id": row["account_id"], "name": row["account"]} for row in report["trial_balance"]]
    accounts += report.get("accounts", ())
    parts: list[Documents] = []
    for connection_id, need in needs.items():
        snapshot: dict[str, Any] = {"customers": report["customers"], "accounts": accounts}
        for row in report["documents"]:
            if row["connection_id"] == connection_id:
                snapshot.setdefault(f"{row['type']}s", []).append(row["document"])
        parts.append(read(need, snapshot))
    return together(parts)


def together(parts: Iterable[Documents]) -> Documents:
    """The documents of several connections."""
    whole = list(parts)
    return Documents(
        invoices=tuple(one for part in whole for one in part.invoices),
        invoice_payments=tuple(one for part in whole for one in part.invoice_payments),
        credit_memos=tuple(one for part in whole for one in part.credit_memos),
        credit_applications=tuple(one for part in whole for one in part.credit_applications),
        customer_refunds=tuple(one for part in whole for one in part.customer_refunds),
    )


def _amount(value: object, currency: str) -> int:
    return 0 if value is None else minor(Decimal(str(value)), currency)


def _day(value: str | None) -> date:
    return date.fromisoformat(value[:10]) if value else date.min


def _refund_marker(document: Snapshot) -> str:
    """The refund's id, when every line ends with the same one; else what identifies the document at all."""
    ends = {REFUND.search(line.get("description") or "") for line in document["line_items"]}
    keys = {end.group(1) if end else None for end in ends}
    return str(keys.pop()) if len(keys) == 1 and None not in keys else f"unmarked {document['id']}"


@dataclass(frozen=True)
class _Reader:
    need: ConnectionNeed
    snapshot: Snapshot

    def documents(self) -> Documents:
        return Documents(
            invoices=self._each("invoices", self._invoice),
            invoice_payments=self._each("invoice_payments", self._payment),
            credit_memos=self._each("invoice_credit_memos", self._credit_memo),
            credit_applications=tuple(
                one for memo in self._standing("invoice_credit_memos") for one in self._applications(memo)
            ),
            customer_refunds=self._each("customer_refunds", self._customer_refund),
        )

    def _standing(self, plural: str) -> list[Snapshot]:
        return [one for one in self.snapshot.get(plural, ()) if str(one.get("status")).lower() != "void"]

    def _each(self, plural: str, one: Callable[[Snapshot], Read]) -> tuple[Read, ...]:
        return tuple(one(document) for document in self._standing(plural))

    def _name(self, plural: str, field: str, key: str | None) -> str:
        found = (one[field] for one in self.snapshot.get(plural, ()) if one["id"] == key)
        return str(next(found, f"unknown {key}"))

    def _customer(self, document: Snapshot) -> str:
        return self._name("customers", "customer_name", document["customer_id"])

    def _lines(self, document: Snapshot, field: str) -> tuple[int, ...]:
        amounts = (_amount(line[field], document["currency_code"]) for line in document["line_items"])
        return tuple(sorted(amount for amount in amounts if amount))

    def _invoice_marker(self, invoice: Snapshot) -> str:
        """By its memo; by its number where the platform keeps no memo (Rutter: Xero)."""
        memo = str(invoice.get("memo") or "")
        if memo.startswith("Order "):
            return memo.partition(": ")[0]
        number = invoice.get("document_number")
        return f"Order {str(number).removeprefix(self.need.number_prefix)}" if number else f"unmarked {invoice['id']}"

    def _links(self, document: Snapshot, field: str) -> tuple[LinkedAmount, ...]:
        invoices = {one["id"]: one for one in self.snapshot.get("invoices", ())}
        return tuple(
            LinkedAmount(
                self._invoice_marker(invoices[link["id"]]) if link["id"] in invoices else f"unknown {link['id']}",
                _amount(link[field], document["currency_code"]),
            )
            for link in document["linked_invoices"]
        )

    def _invoice(self, invoice: Snapshot) -> Invoice:
        currency = invoice["currency_code"]
        return Invoice(
            connection=self.need.alias,
            marker=self._invoice_marker(invoice),
            currency=currency,
            total=_amount(invoice["total_amount"], currency),
            date=_day(invoice["issue_date"]),
            customer=self._customer(invoice),
            lines=self._lines(invoice, "total_amount"),
            tax=_amount(invoice["tax_amount"], currency),
        )

    def _payment(self, payment: Snapshot) -> InvoicePayment:
        memo = str(payment.get("memo") or "")
        return InvoicePayment(
            connection=self.need.alias,
            marker=memo if memo.startswith("Payment ") else f"unmarked {payment['id']}",
            currency=payment["currency_code"],
            total=_amount(payment["total_amount"], payment["currency_code"]),
            date=_day(payment["txn_date"]),
            customer=self._customer(payment),
            account=self._name("accounts", "name", payment["account_id"]),
            linked=self._links(payment, "amount"),
        )

    def _credit_memo(self, memo: Snapshot) -> CreditMemo:
        return CreditMemo(
            connection=self.need.alias,
            marker=_refund_marker(memo),
            currency=memo["currency_code"],
            total=_amount(memo["total_amount"], memo["currency_code"]),
            date=_day(memo["issue_date"]),
            customer=self._customer(memo),
            lines=self._lines(memo, "amount"),
        )

    def _applications(self, memo: Snapshot) -> list[CreditApplication]:
        """Rutter gives an application no id: it is what its credit memo shows as linked."""
        return [
            CreditApplication(
                connection=self.need.alias,
                marker=_refund_marker(memo),
                currency=memo["currency_code"],
                total=link.amount,
                customer=self._customer(memo),
                linked=(link,),
            )
            for link in self._links(memo, "allocated_amount")
        ]

    def _customer_refund(self, refund: Snapshot) -> CustomerRefund:
        currency = refund["currency_code"]
        return CustomerRefund(
            connection=self.need.alias,
            marker=_refund_marker(refund),
            currency=currency,
            total=_amount(refund["total_amount"], currency),
            date=_day(refund["transaction_date"]),
            customer=self._customer(refund),
            account=self._name("accounts", "name", refund["account_id"]),
            lines=self._lines(refund, "total_amount"),
        )
