"""The documents that must be in the books at the end of the day.

`marker` is how one is recognised: "Order 1001" and "Payment ch_1" in the memo; for credit memos and
customer refunds the refund's id, from the " (refund …)" that ends every line's description.
Amounts are minor units; `lines` are the lines' totals, sorted, zeros left out.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class LinkedAmount:
    """An amount set against an invoice, named by that invoice's marker."""

    invoice: str
    amount: int


@dataclass(frozen=True)
class Invoice:
    """`tax` is the header tax; where tax is a line of its own it is in `lines` and `tax` is 0."""

    connection: str
    marker: str
    currency: str
    total: int
    date: date
    customer: str
    lines: tuple[int, ...]
    tax: int


@dataclass(frozen=True)
class InvoicePayment:
    """`account` is the name of the clearing account it was paid into."""

    connection: str
    marker: str
    currency: str
    total: int
    date: date
    customer: str
    account: str
    linked: tuple[LinkedAmount, ...]


@dataclass(frozen=True)
class CreditMemo:
    """A refund's credit memo; its tax is always a line."""

    connection: str
    marker: str
    currency: str
    total: int
    date: date
    customer: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class CreditApplication:
    """A credit without money, set against its order's invoice."""

    connection: str
    marker: str
    currency: str
    total: int
    customer: str
    linked: tuple[LinkedAmount, ...]


@dataclass(frozen=True)
class CustomerRefund:
    """Money handed back; its tax is always a line. `account` is the clearing account it left from."""

    connection: str
    marker: str
    currency: str
    total: int
    date: date
    customer: str
    account: str
    lines: tuple[int, ...]


Document = Invoice | InvoicePayment | CreditMemo | CreditApplication | CustomerRefund


@dataclass(frozen=True)
class Documents:
    """All of them, by kind."""

    invoices: tuple[Invoice, ...]
    invoice_payments: tuple[InvoicePayment, ...]
    credit_memos: tuple[CreditMemo, ...]
    credit_applications: tuple[CreditApplication, ...]
    customer_refunds: tuple[CustomerRefund, ...]

    def all(self) -> tuple[Document, ...]:
        """Every document, invoices first."""
        return (
            *self.invoices,
            *self.invoice_payments,
            *self.credit_memos,
            *self.credit_applications,
            *self.customer_refunds,
        )
