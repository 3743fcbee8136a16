"""The documents of a refund: credit memo, credit application, customer refund."""

from dataclasses import dataclass
from typing import Any

from consumers.planning.amounts import refund_taxes
from consumers.planning.clearing import Account
from consumers.planning.customers import Chosen
from consumers.planning.dates import local_date
from consumers.planning.invoiced import Invoiced
from consumers.planning.keys import credit_application_key, credit_memo_key, customer_refund_key
from consumers.planning.lines import Part, body_lines
from consumers.planning.numbering import credit_memo_number
from schemas.connections import Connection
from schemas.documents import Applies, DocumentKind, Look, Ref, Write
from schemas.events import RefundIssued
from schemas.facts import Refund
from schemas.money import Money, major_units
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A refund with all that its documents need."""

    event: RefundIssued
    invoice: Invoiced
    customer: Chosen
    parts: tuple[Part, ...]
    connection: Connection

    @property
    def refund(self) -> Refund:
        """What the event tells."""
        return self.event.data.refund

    @property
    def date(self) -> str:
        """Where the merchant is."""
        return local_date(self.refund.issued_at, self.connection.time_zone)

    @property
    def total(self) -> Money:
        """What is given back."""
        return Money(self.refund.amount, self.refund.currency)

    @property
    def mark(self) -> str:
        """What every line's description ends with: the document is known by it, and found whatever its total became."""
        return f" (refund {self.refund.id})"

    @property
    def taxed(self) -> bool:
        """Whether any tax is given back."""
        return any(tax.amount for tax in refund_taxes(self.refund))

    @property
    def why(self) -> tuple[str, ...]:
        """The decisions that all its documents share."""
        return (self.customer.why, *dict.fromkeys(part.item.why for part in self.parts))


def credit_memo(returned: Returned) -> Write:
    """Left open: what it is set against, if anything, is a document of its own."""
    connection, refund = returned.connection, returned.refund
    key = credit_memo_key(refund.id)
    software = platform(connection.platform)
    numbered = software.has(Feature.CREDIT_NUMBER)
    number = (
        credit_memo_number(
            connection.mapping.numbers.prefix_of(returned.event.namespace),
            returned.event.namespace,
            key,
            software.number_length,
        )
        if numbered
        else None
    )
    body: dict[str, Any] = {
        "customer_id": returned.customer.id,
        "issue_date": returned.date,
        "currency_code": refund.currency,
        "line_items": body_lines(returned.parts, refund.currency, amounts="text", suffix=returned.mark),
    }
    if number is not None:
        body["document_number"] = number
    return Write(
        key=key,
        kind=DocumentKind.CREDIT_MEMO,
        body=body,
        total=returned.total,
        look=Look(
            document_number=number,
            customer=returned.customer.id,
            date=returned.date,
            description=returned.mark.strip(),
        ),
        taxed=returned.taxed,
        why=(*returned.why, "left open" if refund.money else "a credit without money"),
    )


def credit_application(returned: Returned, minor: int) -> Write:
    """Sets `minor` of the credit memo against the order's invoice. Rutter answers with no id and no total."""
    refund, invoice = returned.refund, returned.invoice
    memo = Ref(credit_memo_key(refund.id))
    return Write(
        key=credit_application_key(refund.id, invoice.order.id),
        kind=DocumentKind.CREDIT_APPLICATION,
        body={
            "customer_id": returned.customer.id,
            "invoice_credit_memo_id": memo,
            "transaction_date": returned.date,
            "currency_code": refund.currency,
            "linked_invoices": [{"id": invoice.ref, "allocated_amount": major_units(minor, refund.currency)}],
        },
        total=Money(minor, refund.currency),
        look=Look(total=Money(minor, refund.currency), parent=memo),
        applies=(Applies(invoice.order.id, invoice.ref.key, minor),),
        why=(f"applied to the invoice of order {invoice.order.number} up to what is open on it",),
    )


def customer_refund(returned: Returned, account: Account) -> Write:
    """Money back to the customer; it is linked to nothing."""
    refund = returned.refund
    return Write(
        key=customer_refund_key(refund.id),
        kind=DocumentKind.CUSTOMER_REFUND,
        body={
            "account_id": account.id,
            "customer_id": returned.customer.id,
            "transaction_date": returned.date,
            "currency_code": refund.currency,
            "line_items": body_lines(returned.parts, refund.currency, amounts="number", suffix=returned.mark),
        },
        total=returned.total,
        look=Look(
            customer=returned.customer.id,
            date=returned.date,
            description=returned.mark.strip(),
        ),
        taxed=returned.taxed,
        why=(*returned.why, account.why),
    )
