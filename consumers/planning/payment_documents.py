"""The document of a payment: an invoice payment."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from consumers.planning.clearing import Account
from consumers.planning.customers import Chosen
from consumers.planning.dates import Dated
from consumers.planning.numbering import payment_reference
from consumers.planning.payment_methods import Method
from schemas.connections import Connection
from schemas.documents import Applies, DocumentKind, Look, Ref, Write
from schemas.money import Money, major_units
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Money to be booked into an account: how much, whose, when, and on which invoices. No `applies`: on none."""

    key: str
    total: Money
    customer: Chosen
    account: Account
    dated: Dated
    memo: str
    reference: str
    applies: tuple[Applies, ...] = ()
    method: Method | None = None
    rate: Decimal | None = None
    """Home currency for one of the payment's, a decimal; None where it is not told or not taken."""
    left_out: int = 0
    why: tuple[str, ...] = ()


def invoice_payment(receipt: Receipt, connection: Connection) -> Write:
    """The write, with what the platform takes of it."""
    total, software = receipt.total, platform(connection.platform)
    referenced = software.has(Feature.PAYMENT_REFERENCE)
    reference = payment_reference(receipt.reference, software.reference_length)
    note = receipt.dated.note
    memo = receipt.memo if note is None else f"{receipt.memo}; {note}"
    body: dict[str, Any] = {
        "account_id": receipt.account.id,
        "customer_id": receipt.customer.id,
        "txn_date": receipt.dated.date,
        "currency_code": total.currency,
        "total_amount": total.major,
        "memo": memo,
        **({"reference": reference} if referenced else {}),
        **({"currency_rate": receipt.rate} if receipt.rate is not None else {}),
        **(receipt.method.fields if receipt.method is not None else {}),
    }
    if receipt.applies:
        body["linked_invoices"] = [
            {"id": Ref(one.document), "amount": major_units(one.minor, total.currency)} for one in receipt.applies
        ]
    method = () if receipt.method is None else receipt.method.why
    dated = () if note is None else (f"dated {receipt.dated.date}: {note}",)
    return Write(
        key=receipt.key,
        kind=DocumentKind.INVOICE_PAYMENT,
        body=body,
        total=total,
        look=Look(
            customer=receipt.customer.id,  # and no total: by its memo it is found with another total too: different
            date=receipt.dated.date,
            memo=memo,
            reference=reference if referenced else None,
        ),
        applies=receipt.applies,
        left_out=Money(receipt.left_out, total.currency) if receipt.left_out else None,
        why=(receipt.customer.why, receipt.account.why, *method, *receipt.why, *dated),
    )
